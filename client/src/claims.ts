import { isObject, isText, type JsonObject } from './json.js'
import { TokenRefused } from './refused.js'

/** How far the issuer's clock and ours may be apart, in seconds. */
const CLOCK_SKEW = 30
/** The longest life that the issuer gives a token, in seconds. */
const MAXIMUM_LIFETIME = 300

export function readText(object: JsonObject, name: string): string {
  const value = object[name]
  if (!isText(value)) throw new TokenRefused('claims', `${name} is missing or not a non-empty string`)
  return value
}

/** A NumericDate (RFC 7519 section 2) in whole seconds. */
export function readSeconds(claims: JsonObject, name: string): number {
  const value = claims[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TokenRefused('claims', `${name} is missing or not in whole seconds`)
  return value
}

export interface Times {
  readonly issuedAt: number
  readonly expiresAt: number
  readonly authenticatedAt: number
}

/** Checks `iat`, `nbf` if present, `exp` and `auth_time` against `now`, in seconds since 1970. */
export function readTimes(claims: JsonObject, now: number): Times {
  const issuedAt = readSeconds(claims, 'iat')
  const expiresAt = readSeconds(claims, 'exp')
  const authenticatedAt = readSeconds(claims, 'auth_time')
  const notBefore = claims['nbf'] === undefined ? issuedAt : readSeconds(claims, 'nbf')
  if (Math.max(issuedAt, notBefore) > now + CLOCK_SKEW)
    throw new TokenRefused('not_yet_valid', 'iat or nbf lies in the future')
  if (expiresAt <= now - CLOCK_SKEW) throw new TokenRefused('expired', 'exp has passed')
  if (expiresAt <= issuedAt || expiresAt > issuedAt + MAXIMUM_LIFETIME)
    throw new TokenRefused('lifetime', 'exp is not within 300 seconds after iat')
  if (authenticatedAt > issuedAt + CLOCK_SKEW) throw new TokenRefused('claims', 'auth_time lies after iat')
  return { issuedAt, expiresAt, authenticatedAt }
}

/** A person as an identity provider names it to this service: the issuer, and the pairwise `sub` in its id_token. */
export interface User {
  readonly issuer: string
  readonly subject: string
}

/**
 * The one who acts; where a user is given, it must be that one. Without this, a token caught elsewhere could be put into
 * another person's session. An `act` inside `act` (RFC 8693 section 4.1) is history and decides nothing.
 */
export function readActor(claims: JsonObject, user: User | null): User {
  const { act } = claims
  if (!isObject(act) || !isText(act['iss']) || !isText(act['sub']) || act['sub_profile'] !== 'user')
    throw new TokenRefused('actor_missing', 'act is missing or does not name a user by iss and sub')
  if (user !== null && (act['iss'] !== user.issuer || act['sub'] !== user.subject))
    throw new TokenRefused('actor_mismatch', 'act is not the logged-in user')
  return { issuer: act['iss'], subject: act['sub'] }
}
