/**
 * The value as canonical JSON (RFC 8785): members sorted by the UTF-16 code units of their names, no white space, numbers
 * and strings as ECMAScript writes them. The same value is always the same text. Members that are undefined are left out.
 *
 * @throws Error for what has no place in it: a number that is not finite, a lone surrogate, anything that is not JSON.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value)
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && !('toJSON' in value)) return canonicalObject(value)
  throw new Error('this has no place in JSON')
}

function canonicalObject(value: object): string {
  const members = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member !== undefined) text += `${text === '' ? '' : ','}${canonicalString(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new Error('a lone surrogate is not Unicode')
  return JSON.stringify(value)
}
