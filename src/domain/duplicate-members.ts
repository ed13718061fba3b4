/**
 * Whether an object in this JSON text names a member twice. `JSON.parse` keeps the last of the two and says nothing, other
 * readers keep the first, so such a text has two meanings (RFC 8259 section 4; I-JSON, RFC 7493 section 2.3, forbids it).
 * Names are compared as they read, not as they are written: `"a"` and `"\u0061"` are the same name.
 *
 * @param json a text that `JSON.parse` accepts; of any other text the answer means nothing. Time grows with its length.
 */
export function hasDuplicateMember(json: string): boolean {
  /** The names seen so far in each object that is still open; null stands for an open array. */
  const open: (Set<string> | null)[] = []
  let nameFollows = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '{' || character === '[') open.push(character === '{' ? new Set() : null)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const end = endOfString(json, at)
      const names = nameFollows ? open.at(-1) : null
      if (names) {
        const name = readName(json.slice(at, end + 1))
        if (names.has(name)) return true
        names.add(name)
      }
      at = end
    }
    if (!isSpace(character)) nameFollows = character === '{' || character === ','
  }
  return false
}

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '"') return at
    if (json[at] === '\\') at++
  }
  return json.length
}

function readName(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t'
}
