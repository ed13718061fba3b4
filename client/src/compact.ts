import { Buffer } from 'node:buffer'
import type { CryptoKey } from 'jose'
import { isText, type JsonObject, parseObject } from './json.js'
import { TokenRefused } from './refused.js'

/** One kind of what our issuer signs: its `typ`, and its greatest length. */
export interface TokenKind {
  readonly type: 'at+jwt' | 'statuslist+jwt' | 'secevent+jwt'
  readonly maximumLength: number
}

/** Anything else in a header (`jku`, `jwk`, `x5u`, `crit`, `b64` …) would tell the verifier how to verify. */
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

/**
 * Reads the header of a compact JWS (RFC 7515 section 7.1) and returns its `kid`. Nothing is verified yet, but what
 * passes is not too long, in canonical form, of this kind, signed with ES256 according to itself, and its header has no
 * other members. Refuses with `format`, `type`, `algorithm` or `key`.
 *
 * Canonical is not the same as unique: for an ECDSA signature (r, s) anyone can write (r, n − s), which is valid too, so
 * a token has two canonical strings. A cache, a replay check or a deny list goes by the verified `tokenId`.
 */
export function readKeyId(token: unknown, { type, maximumLength }: TokenKind): string {
  const header = readHeader(token, maximumLength)
  // Byte for byte: our issuer writes no other casing of the media type (RFC 9068 section 4).
  if (header['typ'] !== type && header['typ'] !== `application/${type}`)
    throw new TokenRefused('type', `typ is not ${type}`)
  if (header['alg'] !== 'ES256') throw new TokenRefused('algorithm', 'alg is not ES256')
  if (Object.keys(header).some((member) => !HEADER_MEMBERS.includes(member)))
    throw new TokenRefused('format', 'the header has a member other than alg, kid and typ')
  const { kid } = header
  if (!isText(kid)) throw new TokenRefused('key', 'kid is missing or not a non-empty string')
  return kid
}

/** The header of any compact JWS of at most this length in canonical form; refuses with `format`. */
export function readHeader(token: unknown, maximumLength: number): JsonObject {
  if (typeof token !== 'string') throw new TokenRefused('format', 'the token is not a string')
  if (token.length > maximumLength)
    throw new TokenRefused('format', `the token is longer than ${maximumLength / 1024} KiB`)
  const segments = token.split('.', 4).map(canonicalBytes)
  const [headerBytes] = segments
  if (segments.length !== 3 || headerBytes === undefined || segments.includes(undefined))
    throw new TokenRefused('format', 'the token is not three canonical base64url segments')
  return parsePart(headerBytes, 'header')
}

/**
 * Decodes one non-empty base64url segment, or gives undefined unless it is spelt in the only canonical way (RFC 4648
 * section 3.5). Signature libraries also take padding, white space and spare bits that are set, so that one signed
 * content would have many spellings (RFC 8725bis, "Check JWT Format Type").
 */
function canonicalBytes(segment: string): Uint8Array | undefined {
  const bytes = Buffer.from(segment, 'base64url')
  return segment !== '' && bytes.toString('base64url') === segment ? bytes : undefined
}

const ES256 = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * Verifies the signature of what `readKeyId` or `readHeader` has let through, and reads the payload. Refuses with
 * `signature` or `format`. Web Crypto is asked directly: the form has been read, more strictly than libraries do.
 *
 * @param key on P-256; TypeError for another.
 */
export async function readSigned(token: string, key: CryptoKey): Promise<JsonObject> {
  if (!('namedCurve' in key.algorithm) || key.algorithm.namedCurve !== 'P-256')
    throw new TypeError('the key is not on P-256')
  const end = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  const holds = await crypto.subtle.verify(ES256, key, signature, Buffer.from(token.slice(0, end)))
  if (!holds) throw new TokenRefused('signature', 'the signature does not hold')
  return parsePart(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url'), 'payload')
}

/** Parses the header or the payload; the parser's own message is dropped, since it may quote the token. */
function parsePart(bytes: Uint8Array, part: 'header' | 'payload'): JsonObject {
  try {
    return parseObject(bytes)
  } catch {
    throw new TokenRefused('format', `the ${part} is not one JSON object in UTF-8 without duplicate members`)
  }
}
