import { type Assurance, readAssurance } from './assurance.js'
import { readActor, readText, readTimes, type User } from './claims.js'
import { readKeyId, readSigned, type TokenKind } from './compact.js'
import { type Action, type Basis, type Obligation, type Power, ACTIONS, covering, readGround } from './ground.js'
import { isText } from './json.js'
import type { KeySource } from './keys.js'
import { checkPossession, type PresentedProof } from './proof.js'
import { TokenRefused } from './refused.js'
import type { SeenTokens } from './seen.js'
import { readStatusReference, type StatusSource } from './statuses.js'
import { Verified, type VerifiedToken } from './verified-token.js'

export { remoteKeys, type KeySource } from './keys.js'
export { type PresentedProof, type ProofMemory, rememberProofs } from './proof.js'
export { type EventsOptions, type FollowedEvents, followEvents } from './events.js'
export type { GroundEvent, GroundEventType } from './security-event.js'
export { remoteStatuses, type IssuedGround, type StatusReference, type StatusSource } from './statuses.js'
export type { VerifiedToken } from './verified-token.js'
export { TokenRefused, type RefusalCode } from './refused.js'
export { rememberTokens, type SeenTokens } from './seen.js'
export type { Action, Assurance, Basis, Obligation, Power, User }

const DELEGATION_TOKEN: TokenKind = { type: 'at+jwt', maximumLength: 16_384 }

/** What the token must say. All of it is required: a check that can be left out will be. */
export interface Expected {
  readonly keys: KeySource
  readonly statuses: StatusSource
  /** The issuer's identifier, exactly as in its metadata. */
  readonly issuer: string
  /** The audience under which this service is registered. */
  readonly audience: string
  readonly now: Date
  /** What the service is about to do. */
  readonly power: Power
  /**
   * The service's own logged-in user, as its identity provider names him or her to this service; where there is no session,
   * the one of whom the user's own token tells, which came with the request and was verified. Null for a service that has
   * neither: it takes only tokens that are bound to a key.
   */
  readonly user: User | null
  /** How the sender proves the key that the token is bound to; null for a service that takes no such tokens. */
  readonly proof: PresentedProof | null
  /** The least level at which the user must have logged in. */
  readonly minimumAssurance: Assurance
  /**
   * Asks the issuer itself about the token and refuses one that does not hold now. It is asked where the token says that
   * the status list is not enough, as for services of the highest risk class. Null for a service that takes no such tokens.
   */
  readonly introspect: Introspector | null
  /** Where signatures that held are remembered; left out, each is checked each time. */
  readonly seen?: SeenTokens | undefined
}

/** Resolves for a token that the issuer says is active, throws `TokenRefused` for another and when it cannot know. */
export type Introspector = (token: string, tokenId: string) => Promise<void>

/**
 * Verifies a delegation token (RFC 9068, RFC 8693 `act`, RFC 9396) for one thing that this service is about to do.
 *
 * Checks in this order: form, type, algorithm, key, signature, issuer, audience, time, proof, actor, power, assurance, and
 * at last whether the ground still stands (Token Status List, and introspection where the token demands it), for which the
 * issuer may have to be asked. Nothing of the payload is read before the signature held. Claims it does not know are
 * ignored. A token that is bound to a key (`cnf`) is taken only with the proof of it (RFC 9449 section 7), one that is not
 * only with a user to hold `act` against. The clocks may be 30 s apart.
 *
 * Throws `TokenRefused` for a bad token and when keys or status could not be had, TypeError when something of `expected` is left out.
 */
export async function verify(token: string, expected: Expected): Promise<VerifiedToken> {
  const { keys, statuses, issuer, audience, now, power, user, proof, minimumAssurance, introspect } = complete(expected)
  const known = typeof token === 'string' ? expected.seen?.recall(token) : undefined
  const keyId = known?.keyId ?? readKeyId(token, DELEGATION_TOKEN)
  const key = await keys(keyId, DELEGATION_TOKEN.type)
  if (key === undefined) throw new TokenRefused('key', 'kid is not a key of the issuer')
  // A key that the issuer has withdrawn or replaced since then vouches for nothing.
  const wasSeen = known?.key === key
  const claims = wasSeen ? known.claims : await readSigned(token, key)

  if (claims['iss'] !== issuer) throw new TokenRefused('issuer', 'iss is not the issuer')
  if (claims['aud'] !== audience) throw new TokenRefused('audience', 'aud is not this audience alone, as one string')
  const { issuedAt, expiresAt, authenticatedAt } = readTimes(claims, now.getTime() / 1000)
  const principal = readText(claims, 'sub')
  const tokenId = readText(claims, 'jti')
  const evaluationId = readText(claims, 'evaluation_id')
  readText(claims, 'client_id')
  const isBound = await checkPossession(token, claims['cnf'], proof, now)
  if (!isBound && user === null)
    throw new TokenRefused('proof_required', 'the token is bound to no key, and there is no user to hold it against')
  const actor = readActor(claims, user)
  const ground = wasSeen ? known.ground : readGround(claims, issuer, audience)
  const { handle, basis, obligations } = covering(ground, power, now)
  const status = readStatusReference(claims, issuer)
  const assurance = readAssurance(readText(claims, 'acr'), minimumAssurance)
  await statuses(status, now, { handle, issuedAt })
  if (obligations.includes('introspect')) await introspected(token, tokenId, introspect)
  if (!wasSeen) expected.seen?.remember(token, { keyId, key, claims, ground })

  const facts = { principal, actor, power, basis, handle, assurance, isBound, obligations, tokenId, evaluationId }
  return new Verified(facts, authenticatedAt, expiresAt)
}

async function introspected(token: string, tokenId: string, introspect: Introspector | null): Promise<void> {
  if (introspect === null)
    throw new TokenRefused(
      'introspection_required',
      'the token must be introspected, and this service does not do that',
    )
  await introspect(token, tokenId)
}

/** For callers without types, and for values that come from elsewhere: a missing expectation must never match a missing claim. */
function complete(expected: Expected): Expected {
  const { keys, statuses, issuer, audience, now, power, user, proof, minimumAssurance, introspect } = expected
  must(typeof keys === 'function', 'keys')
  must(typeof statuses === 'function', 'statuses')
  must(isText(issuer), 'issuer')
  must(isText(audience), 'audience')
  must(Number.isFinite(now.getTime()), 'now')
  must(isText(power.service) && ACTIONS.includes(power.action), 'power')
  must(power.provider === null || isText(power.provider), 'power.provider')
  must(power.object === null || isText(power.object), 'power.object')
  must(user === null || (isText(user.issuer) && isText(user.subject)), 'user')
  must(
    proof === null || (isText(proof.method) && proof.url instanceof URL && typeof proof.isFirst === 'function'),
    'proof',
  )
  must(user !== null || proof !== null, 'user')
  must(minimumAssurance === 'substantial' || minimumAssurance === 'high', 'minimumAssurance')
  must(introspect === null || typeof introspect === 'function', 'introspect')
  return expected
}

function must(given: boolean, name: string): void {
  if (!given) throw new TypeError(`verify: "${name}" is missing or not valid`)
}
