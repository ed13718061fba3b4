import { Buffer } from 'node:buffer'
import { isText, type JsonObject, parseObject } from './json.js'
import { TokenRefused } from './refused.js'

const MAXIMUM_LENGTH = 16_384

/** The two spellings of RFC 9068 section 4, byte for byte: our issuer writes no other casing of the media type. */
const TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt']

/** Anything else in a header (`jku`, `jwk`, `x5u`, `crit`, `b64` …) would tell the verifier how to verify. */
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

/**
 * Reads the header of a compact JWS (RFC 7515 section 7.1) and returns its `kid`. Nothing is verified yet, but what
 * passes is at most 16 KiB, in canonical form, of type `at+jwt`, signed with ES256 according to itself, and its header
 * has no other members. Refuses with `format`, `type`, `algorithm` or `key`.
 *
 * Canonical is not the same as unique: for an ECDSA signature (r, s) anyone can write (r, n − s), which is valid too, so
 * a token has two canonical strings. A cache, a replay check or a deny list goes by the verified `tokenId`.
 */
export function readKeyId(token: unknown): string {
  const header = readHeader(token)
  if (!TYPES.includes(header['typ'])) throw new TokenRefused('type', 'typ is not at+jwt')
  if (header['alg'] !== 'ES256') throw new TokenRefused('algorithm', 'alg is not ES256')
  if (Object.keys(header).some((member) => !HEADER_MEMBERS.includes(member)))
    throw new TokenRefused('format', 'the header has a member other than alg, kid and typ')
  const { kid } = header
  if (!isText(kid)) throw new TokenRefused('key', 'kid is missing or not a non-empty string')
  return kid
}

/** The header of any compact JWS of at most 16 KiB in canonical form; refuses with `format`. */
export function readHeader(token: unknown): JsonObject {
  if (typeof token !== 'string') throw new TokenRefused('format', 'the token is not a string')
  if (token.length > MAXIMUM_LENGTH) throw new TokenRefused('format', 'the token is longer than 16 KiB')
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

/** Parses the header or the payload; the parser's own message is dropped, since it may quote the token. */
export function parsePart(bytes: Uint8Array, part: 'header' | 'payload'): JsonObject {
  try {
    return parseObject(bytes)
  } catch {
    throw new TokenRefused('format', `the ${part} is not one JSON object in UTF-8 without duplicate members`)
  }
}
