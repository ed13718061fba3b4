export type JsonObject = Readonly<Record<string, unknown>>

/** A delegation token nests four levels deep. The bound keeps the walk below from exhausting the stack. */
const MAXIMUM_DEPTH = 32

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d

/** A byte order mark is kept, so that JSON.parse refuses it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads one JSON object (RFC 8259) and accepts only what every reader would read alike: well-formed UTF-8, no member
 * twice in an object (I-JSON, RFC 7493 section 2.3; JSON.parse keeps the last and says nothing), at most 32 levels.
 * Throws TypeError for bad UTF-8, SyntaxError for the rest; a message may quote the text, so it must not be passed on.
 */
export function parseObject(bytes: Uint8Array): JsonObject {
  const written = countMembers(bytes)
  const value: unknown = JSON.parse(UTF8.decode(bytes))
  if (!isObject(value)) throw new SyntaxError('not a JSON object')
  if (countKept(value) !== written) throw new SyntaxError('a member stands twice in an object')
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** In valid JSON each colon outside a string is one member. Whether the text is valid is for JSON.parse to say. */
function countMembers(text: Uint8Array): number {
  let members = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]
    if (byte === QUOTE) at = endOfString(text, at)
    else if (byte === COLON) members++
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth--
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      if (++depth > MAXIMUM_DEPTH) throw new SyntaxError('nested too deep')
    }
  }
  return members
}

function endOfString(text: Uint8Array, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const byte = text[at]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  return text.length
}

function countKept(value: object): number {
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value)
  let members = Array.isArray(value) ? 0 : children.length
  for (const child of children) if (typeof child === 'object' && child !== null) members += countKept(child)
  return members
}
