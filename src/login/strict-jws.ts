import { hasDuplicateMember } from '../domain/duplicate-members.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** What a compact JWS says. Nothing of it is verified yet. */
export interface UnverifiedJws {
  readonly header: JsonObject
  readonly payload: JsonObject
}

/** A token that we do not take. The message says what is wrong and repeats nothing of the token. */
export class TokenRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TokenRefused'
  }
}

const LONGEST = 16_384
const SEGMENT = /^[A-Za-z0-9_-]+$/

/**
 * Headers by which a token would tell its reader where to find the key or how to read it. `x5c` is none of them: ID-porten
 * sends it in logout tokens, and it is never looked at, for keys come from the issuer's own metadata alone.
 */
const STEERING_HEADERS = ['jku', 'jwk', 'x5u', 'crit', 'b64', 'zip']

/** A byte order mark is kept, so that JSON.parse refuses it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a JWS in compact form (RFC 7515 section 7.1) that holds a JWT. Stands before the signature library, which also
 * takes padding, white space and spare bits in the last character of a segment, so that one signed content would have
 * many spellings (RFC 8725bis, "Check JWT Format Type"). What passes has three segments in canonical base64url, at most
 * 16 KiB together; header and payload are JSON objects in UTF-8 without duplicate members; the header does not steer.
 *
 * Canonical is not unique: of an ECDSA signature (r, s) anyone can make (r, n − s). So replay is told by the verified
 * `jti`, never by the text of a token.
 *
 * @param mayHold the steering header that this kind of token has by its nature: `jwk`, in a proof of possession.
 * @throws TokenRefused
 */
export function readStrictJws(token: unknown, mayHold?: 'jwk'): UnverifiedJws {
  if (typeof token !== 'string') throw new TokenRefused('the token is not a text')
  if (token.length > LONGEST) throw new TokenRefused('the token is longer than 16 KiB')
  const segments = token.split('.')
  const [header, payload] = segments
  if (header === undefined || payload === undefined || segments.length !== 3 || !segments.every(isCanonical)) {
    throw new TokenRefused('the token is not three segments of canonical base64url')
  }
  const parts = { header: readObject(header, 'header'), payload: readObject(payload, 'payload') }
  const steering = STEERING_HEADERS.find((name) => name !== mayHold && Object.hasOwn(parts.header, name))
  if (steering !== undefined) throw new TokenRefused(`the header has the member ${steering}`)
  return parts
}

function isCanonical(segment: string): boolean {
  return SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment
}

function readObject(segment: string, part: 'header' | 'payload'): JsonObject {
  const { text, value } = parse(segment, part)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenRefused(`the ${part} is not a JSON object`)
  }
  if (hasDuplicateMember(text)) throw new TokenRefused(`the ${part} names a member twice`)
  return value as JsonObject
}

/** The parser's own message is dropped: it may quote the token. */
function parse(segment: string, part: 'header' | 'payload'): { text: string; value: unknown } {
  try {
    const text = UTF8.decode(Buffer.from(segment, 'base64url'))
    return { text, value: JSON.parse(text) as unknown }
  } catch {
    throw new TokenRefused(`the ${part} is not JSON in UTF-8`)
  }
}
