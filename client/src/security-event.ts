import { readSeconds, readText } from './claims.js'
import { readKeyId, readSigned, type TokenKind } from './compact.js'
import { isObject, type JsonObject } from './json.js'
import type { KeySource } from './keys.js'
import { TokenRefused } from './refused.js'

/** One event of one ground: some 600 characters. */
export const SECURITY_EVENT: TokenKind = { type: 'secevent+jwt', maximumLength: 4_096 }

/** How far the issuer's clock and ours may be apart, in seconds. */
const CLOCK_SKEW = 30

/** What can become of a ground. One that is not known here counts as a change. */
export type GroundEventType =
  | 'delegation-revoked'
  | 'delegation-suspended'
  | 'delegation-resumed'
  | 'delegation-scope-changed'
  | 'delegation-expired'
  | 'principal-status-changed'
  | 'other'

const KNOWN: readonly string[] = [
  'delegation-revoked',
  'delegation-suspended',
  'delegation-resumed',
  'delegation-scope-changed',
  'delegation-expired',
  'principal-status-changed',
] satisfies GroundEventType[]

/** An event that held. */
export interface GroundEvent {
  readonly type: GroundEventType
  /** Of the ground, as in a token's `identifier`. */
  readonly handle: string
  /** What was issued in this second or before may say more than holds now. Seconds since 1970. */
  readonly second: number
  readonly eventId: string
}

/** For whom and from whom an event must be. */
export interface ExpectedEvent {
  readonly issuer: string
  /** The audience of events: the client itself, not one of its audiences. */
  readonly clientId: string
  readonly keys: KeySource
}

/**
 * Verifies a Security Event Token (RFC 8417) of this issuer for this client, about one ground (RFC 9493, `opaque`). Like
 * any token it must be in strict form; it has no `sub` and no `exp`, so that it passes for nothing else.
 */
export async function readSecurityEvent(
  token: string,
  { issuer, clientId, keys }: ExpectedEvent,
  now: Date,
): Promise<GroundEvent> {
  const key = await keys(readKeyId(token, SECURITY_EVENT), SECURITY_EVENT.type)
  if (key === undefined) throw new TokenRefused('key', 'kid is not a key of the issuer')
  const claims = await readSigned(token, key)
  if (claims['iss'] !== issuer) throw new TokenRefused('issuer', 'iss is not the issuer')
  if (claims['aud'] !== clientId) throw new TokenRefused('audience', 'aud is not this client alone, as one string')
  if (claims['sub'] !== undefined || claims['exp'] !== undefined)
    throw new TokenRefused('claims', 'sub or exp has no place in an event')
  if (readSeconds(claims, 'iat') > now.getTime() / 1000 + CLOCK_SKEW)
    throw new TokenRefused('not_yet_valid', 'iat lies in the future')
  const eventId = readText(claims, 'jti')
  return { ...readEvent(claims, `${issuer}/secevent/event-type/`), handle: readSubject(claims), eventId }
}

function readSubject(claims: JsonObject): string {
  const subject = claims['sub_id']
  if (!isObject(subject) || subject['format'] !== 'opaque')
    throw new TokenRefused('claims', 'sub_id is missing or not opaque')
  return readText(subject, 'id')
}

function readEvent(claims: JsonObject, prefix: string): { type: GroundEventType; second: number } {
  const { events } = claims
  const [event, ...others] = isObject(events) ? Object.entries(events) : []
  if (event === undefined || others.length > 0)
    throw new TokenRefused('claims', 'events does not hold exactly one event')
  const [uri, content] = event
  if (!uri.startsWith(prefix) || !isObject(content))
    throw new TokenRefused('claims', 'the event is not one of the issuer')
  const name = uri.slice(prefix.length)
  const type = KNOWN.includes(name) ? (name as GroundEventType) : 'other'
  return { type, second: readSeconds(content, 'event_timestamp') }
}
