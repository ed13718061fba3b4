import { numberIn, textIn, textOrNull } from './answer-members.js'
import { unexpected } from './call-failed.js'
import type { Power } from './ground.js'
import type { IssuerCalls } from './issuer-calls.js'
import type { ProofKey } from './proof-key.js'

/** What is exchanged for a token, and how much of it. */
export interface Exchange {
  readonly handle: string
  readonly actorGrant: string
  /** What the token is to give; it gives no more, and less where not all of it is allowed. Null for all there is here. */
  readonly powers: readonly Power[] | null
  /** The key that the token is bound to, as an `api` audience demands; null for a `web` one. */
  readonly proofKey: ProofKey | null
  /** The act that several have agreed to, and which the token is for alone; null for none. */
  readonly act: { readonly id: string; readonly contentHash: string } | null
  /** Another audience than this service's own that it is registered for. */
  readonly audience?: string | undefined
}

export interface DelegationToken {
  readonly token: string
  /** How it is sent: `Authorization: Bearer …`, or `DPoP …` with a proof of the key for each request. */
  readonly type: 'Bearer' | 'DPoP'
  /** 300 s ahead at most. Then it is exchanged anew, as long as the session lasts. */
  readonly expiresAt: Date
  /** What was given, each as `nav.pension.read`. */
  readonly scope: readonly string[]
  /** For services with a legal basis to know it; null for others. Never to be logged. */
  readonly principalNumber: string | null
}

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * Exchanges a representation for a token (RFC 8693, RFC 9396). Sent once: what was lost on the way is asked for anew by
 * the user's next request, and an act that several agreed to gives one token.
 *
 * Throws `CallFailed`: `invalid_request` where session and representation give nothing now (ended, frozen, not his),
 * `invalid_scope` where they do not give what was asked for, `invalid_target` for an audience of somebody else.
 */
export async function exchangeFor(
  issuer: string,
  audience: string,
  calls: IssuerCalls,
  exchange: Exchange,
): Promise<DelegationToken> {
  const { proofKey } = exchange
  const askedAt = Date.now()
  const dpop = proofKey === null ? undefined : (address: string) => proofKey.prove('POST', new URL(address), null)
  const answer = await calls.postForm('token', formOf(issuer, exchange.audience ?? audience, exchange), dpop)
  const type = proofKey === null ? 'Bearer' : 'DPoP'
  if (answer['token_type'] !== type) throw unexpected('token_type is not what was asked for')
  if (answer['issued_token_type'] !== ACCESS_TOKEN) throw unexpected('issued_token_type is not an access token')
  return Object.freeze({
    token: textIn(answer, 'access_token'),
    type,
    expiresAt: new Date(askedAt + numberIn(answer, 'expires_in') * 1000),
    scope: Object.freeze(textIn(answer, 'scope').split(' ')),
    principalNumber: textOrNull(answer, 'principal_identifier'),
  })
}

function formOf(
  issuer: string,
  resource: string,
  { handle, actorGrant, powers, act }: Exchange,
): Readonly<Record<string, string>> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: handle,
    subject_token_type: `${issuer}/token-type/representation-handle`,
    actor_token: actorGrant,
    actor_token_type: `${issuer}/token-type/actor-grant`,
    requested_token_type: ACCESS_TOKEN,
    resource,
    ...(powers === null ? {} : narrowedTo(issuer, powers)),
    ...(act === null ? {} : { act_reference: `${act.id}.${act.contentHash}` }),
  }
}

function narrowedTo(issuer: string, powers: readonly Power[]): { scope: string; authorization_details: string } {
  const details = powers.map(({ service, action, provider, object }) => ({
    type: `${issuer}/rar/representation`,
    datatypes: [service],
    actions: [action],
    ...(provider === null ? {} : { provider }),
    ...(object === null ? {} : { object }),
  }))
  return {
    scope: [...new Set(powers.map(({ service, action }) => `${service}.${action}`))].join(' '),
    authorization_details: JSON.stringify(details),
  }
}
