import { Buffer } from 'node:buffer'
import { inflateSync } from 'node:zlib'
import { readSeconds } from './claims.js'
import { readKeyId, readSigned, type TokenKind } from './compact.js'
import { isObject, isText, type JsonObject } from './json.js'
import type { KeySource } from './keys.js'
import { TokenRefused } from './refused.js'

/** A list of 2^20 entries that compress to nothing is 342 KiB in base64url, and its token half a MiB at most. */
export const STATUS_LIST: TokenKind = { type: 'statuslist+jwt', maximumLength: 524_288 }

/** The bits of an entry: our issuer writes no other lists. */
const BITS = 2
/** 2^20 entries of 2 bits. */
const MAXIMUM_BYTES = 262_144
/** A list older than this is no proof that nothing has ended, whatever it says of itself. Seconds. */
const MAXIMUM_AGE = 90
/** How far the issuer's clock and ours may be apart, in seconds. */
const CLOCK_SKEW = 30

/** A list that held. */
export interface StatusList {
  readonly issuedAt: number
  readonly expiresAt: number
  /** Seconds after which the issuer wants it fetched anew. */
  readonly ttl: number
  readonly bytes: Uint8Array
}

/**
 * Verifies a Status List Token (draft-ietf-oauth-status-list-21, section 5.1) of this issuer for the list at this
 * address, and opens it. Whether it is young enough for a given moment is for `checkAge` to say.
 */
export async function readStatusList(
  token: string,
  { issuer, uri, keys }: { readonly issuer: string; readonly uri: string; readonly keys: KeySource },
): Promise<StatusList> {
  const key = await keys(readKeyId(token, STATUS_LIST), STATUS_LIST.type)
  if (key === undefined) throw new TokenRefused('key', 'kid is not a key of the issuer')
  const claims = await readSigned(token, key)
  if (claims['iss'] !== issuer) throw new TokenRefused('issuer', 'iss is not the issuer')
  if (claims['sub'] !== uri) throw new TokenRefused('claims', 'sub is not the address of the list')
  const issuedAt = readSeconds(claims, 'iat')
  const expiresAt = readSeconds(claims, 'exp')
  const ttl = readSeconds(claims, 'ttl')
  if (ttl === 0) throw new TokenRefused('claims', 'ttl is not positive')
  return { issuedAt, expiresAt, ttl, bytes: inflate(packedIn(claims)) }
}

/** Refuses a list that is too old at this moment, or lies in the future. */
export function checkAge({ issuedAt, expiresAt }: StatusList, now: Date): void {
  const second = now.getTime() / 1000
  if (issuedAt > second + CLOCK_SKEW) throw unavailable('the status list lies in the future')
  if (second - issuedAt > MAXIMUM_AGE || expiresAt <= second) throw unavailable('the status list is too old')
}

/** The value of one entry, each of so many bits, the first in the lowest bits of the first byte; undefined beyond the end. */
export function statusAt(bytes: Uint8Array, bits: 1 | 2 | 4 | 8, index: number): number | undefined {
  const perByte = 8 / bits
  const byte = bytes[Math.floor(index / perByte)]
  return byte === undefined ? undefined : (byte >> ((index % perByte) * bits)) & ((1 << bits) - 1)
}

/** Refuses an entry that is not valid, or not in the list. */
export function checkEntry({ bytes }: StatusList, index: number): void {
  switch (statusAt(bytes, BITS, index)) {
    case 0:
      return
    case 1:
      throw new TokenRefused('status_ended', 'the ground has ended or changed since the token was issued')
    case 2:
      throw new TokenRefused('status_suspended', 'the ground is frozen')
    case undefined:
    default:
      throw unavailable('the status list does not tell of the token')
  }
}

export function unavailable(message: string, options?: ErrorOptions): TokenRefused {
  return new TokenRefused('status_unavailable', message, options)
}

function packedIn(claims: JsonObject): Uint8Array {
  const list = claims['status_list']
  if (!isObject(list) || list['bits'] !== BITS) throw new TokenRefused('claims', 'status_list is not one of 2 bits')
  const { lst } = list
  const bytes = isText(lst) ? Buffer.from(lst, 'base64url') : Buffer.alloc(0)
  if (bytes.length === 0 || bytes.toString('base64url') !== lst)
    throw new TokenRefused('claims', 'lst is not canonical base64url')
  return bytes
}

/** ZLIB (RFC 1950), one stream and nothing after it, into at most 256 KiB. */
function inflate(packed: Uint8Array): Uint8Array {
  const { buffer, engine } = tryInflate(packed)
  if (engine.bytesWritten !== packed.length) throw new TokenRefused('format', 'lst goes on after the end of the list')
  return buffer
}

function tryInflate(packed: Uint8Array): Inflated {
  try {
    const inflated: unknown = inflateSync(packed, { maxOutputLength: MAXIMUM_BYTES, info: true })
    return inflated as Inflated
  } catch (cause) {
    throw new TokenRefused('format', 'lst does not inflate to a list of at most 2^20 entries', { cause })
  }
}

/** What `info` makes of the answer; `bytesWritten` counts what went in and was used. */
interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}
