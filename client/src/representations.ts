import { instantIn, instantOrNull, numberIn, objectIn, objectsIn, oneOf, textIn, textOrNull } from './answer-members.js'
import { unexpected } from './call-failed.js'
import { ACTIONS, BASES, type Basis, type Power } from './ground.js'
import { contentOf, type IssuerCalls } from './issuer-calls.js'
import type { JsonObject } from './json.js'

/** Someone for whom the user may act here. */
export interface Representation {
  /** What is exchanged for a token; this service's own name for the ground. */
  readonly handle: string
  readonly principal: { readonly handle: string; readonly name: string; readonly bornYear: number | null }
  readonly basis: Basis
  /** Handle of the organisation through which the user may; null where there is none. */
  readonly via: string | null
  readonly powers: readonly ListedPower[]
}

export interface ListedPower extends Power {
  /** When the ground stops covering it; null where no end is set. */
  readonly validUntil: Date | null
}

/** A represented session, and for whom it may act. */
export interface OpenedSession {
  /** The `actorGrant` of exchanges. A secret: it stays in this service's own session, on its own machines. */
  readonly actorGrant: string
  /** Two hours after the login at most. */
  readonly expiresAt: Date
  /** Without an exchange for so many seconds it ends. */
  readonly idleSeconds: number
  readonly representations: readonly Representation[]
  /** False when the user may act for more people than are listed. */
  readonly complete: boolean
}

/**
 * Opens a represented session for the user who just logged in, and lists for whom he may act here.
 *
 * @param idToken of this service's own login, at most 120 s old. `CallFailed` with `invalid_login_token` for another.
 */
export async function openSession(issuer: string, calls: IssuerCalls, idToken: string): Promise<OpenedSession> {
  const body = { login_token: idToken, login_token_type: 'urn:ietf:params:oauth:token-type:id_token' }
  const answer = contentOf(await calls.postJson(() => `${issuer}/v1/representations`, body))
  const { complete } = answer
  if (typeof complete !== 'boolean') throw unexpected('complete is neither true nor false')
  return {
    actorGrant: textIn(answer, 'actor_grant'),
    expiresAt: instantIn(answer, 'actor_grant_expires_at'),
    idleSeconds: numberIn(answer, 'actor_grant_idle_seconds'),
    representations: objectsIn(answer, 'representations').map(representationIn),
    complete,
  }
}

/** Ends it, as must be done at the user's logout. Does not fail for one that is over. */
export async function endSession(issuer: string, calls: IssuerCalls, actorGrant: string): Promise<void> {
  await calls.postJson(() => `${issuer}/v1/representations/end`, { actor_grant: actorGrant })
}

function representationIn(representation: JsonObject): Representation {
  const principal = objectIn(representation, 'principal')
  return {
    handle: textIn(representation, 'handle'),
    principal: {
      handle: textIn(principal, 'handle'),
      name: textIn(principal, 'name'),
      bornYear: principal['born_year'] === null ? null : numberIn(principal, 'born_year'),
    },
    basis: oneOf(BASES, representation, 'basis'),
    via: representation['via'] === undefined ? null : textIn(objectIn(representation, 'via'), 'handle'),
    powers: objectsIn(representation, 'powers').map((power) => ({
      service: textIn(power, 'service'),
      action: oneOf(ACTIONS, power, 'action'),
      provider: textOrNull(power, 'provider'),
      object: textOrNull(power, 'object'),
      validUntil: instantOrNull(power, 'valid_until'),
    })),
  }
}
