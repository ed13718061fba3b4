import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml'

/** A file of the catalogue that cannot be used. The message reads `catalogue/services/nav.yaml:12: reason`. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError'

  constructor(
    readonly file: string,
    readonly line: number,
    readonly reason: string,
  ) {
    super(`${file}:${line}: ${reason}`)
  }
}

/** A value in a file: what it is, what it is called there, and on which line to look for it. */
export interface Place {
  readonly file: string
  readonly lines: LineCounter
  readonly name: string
  readonly line: number
  readonly node: unknown
}

/** Turns a place into a value or refuses it. With `whenMissing` the member may be left out of its record. */
export interface Reader<T> {
  (place: Place): T
  readonly whenMissing?: { readonly value: T }
}

/** What is wrong with a value that was well formed, and at which member of it: `['mandate', 'actions', 0]`. */
export interface Complaint {
  readonly at: readonly (string | number)[]
  readonly reason: string
}

type Fields = Readonly<Record<string, Reader<unknown>>>
type Read<F extends Fields> = { readonly [K in keyof F]: F[K] extends Reader<infer T> ? T : never }

/**
 * Parses one YAML 1.2 file. Keys are texts; duplicate ones are left for `record` to name.
 *
 * @throws CatalogueError for anything the parser complains of, warnings included.
 */
export function openYaml(file: string, content: string): Place {
  const lines = new LineCounter()
  const document = parseDocument(content, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  })
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) {
    throw new CatalogueError(file, lines.linePos(fault.pos[0]).line, `broken YAML: ${fault.message}`)
  }
  return { file, lines, name: 'file', line: 1, node: document.contents }
}

export function refuse(place: Place, reason: string): never {
  throw new CatalogueError(place.file, place.line, reason)
}

/** A map with exactly these members; `selfFromAge` here is `self_from_age` in the file. */
export function record<F extends Fields>(fields: F): Reader<Read<F>> {
  const keys = new Map(Object.keys(fields).map((key) => [snakeCase(key), key]))
  return (place) => {
    const members = membersOf(place)
    for (const [name, member] of members) if (!keys.has(name)) refuse(member, `unknown member "${name}"`)
    const values = [...keys].map(([name, key]) => [key, readMember(place, members.get(name), name, fields[key])])
    return Object.fromEntries(values) as Read<F>
  }
}

function readMember(place: Place, member: Place | undefined, name: string, read: Reader<unknown> | undefined): unknown {
  if (member !== undefined) return read?.(member)
  return read?.whenMissing === undefined ? refuse(place, `missing member "${name}"`) : read.whenMissing.value
}

/** A list; with `distinct`, no two items may have the same key. */
export function list<T>(item: Reader<T>, distinct?: (value: T) => string): Reader<readonly T[]> {
  return (place) => {
    const seen = new Set<string>()
    return itemsOf(place).map((at) => {
      const value = item(at)
      const key = distinct?.(value)
      if (key !== undefined && seen.has(key)) refuse(at, `"${key}" stands twice in "${place.name}"`)
      if (key !== undefined) seen.add(key)
      return value
    })
  }
}

export const text: Reader<string> = (place) => {
  const value = scalarOf(place)
  if (typeof value !== 'string') refuse(place, `"${place.name}" must be a text, not ${show(value)}`)
  return value.trim() === '' ? refuse(place, `"${place.name}" is empty`) : value
}

export const yesOrNo: Reader<boolean> = (place) => {
  const value = scalarOf(place)
  return typeof value === 'boolean' ? value : refuse(place, `"${place.name}" must be true or false, not ${show(value)}`)
}

export function whole(from: number, to: number): Reader<number> {
  return (place) => {
    const value = scalarOf(place)
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value
    return refuse(place, `"${place.name}" must be a whole number from ${from} to ${to}, not ${show(value)}`)
  }
}

/** One of the known values; `kind` is what such a value is called in the reason of a refusal. */
export function oneOf<const T extends string | number>(kind: string, known: readonly T[]): Reader<T> {
  return (place) => {
    const value = scalarOf(place)
    return known.find((each) => each === value) ?? refuse(place, `unknown ${kind} ${show(value)}`)
  }
}

export function matching(pattern: RegExp, kind: string): Reader<string> {
  return (place) => {
    const value = text(place)
    return pattern.test(value) ? value : refuse(place, `${show(value)} is not ${kind}`)
  }
}

export function optional<T>(read: Reader<T>, value: T): Reader<T> {
  return Object.assign((place: Place) => read(place), { whenMissing: { value } })
}

/** The member must be there but may be `null`. */
export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (place) => (isScalar(place.node) && place.node.value === null ? null : read(place))
}

export function mapped<T, U>(read: Reader<T>, change: (value: T) => U): Reader<U> {
  return (place) => change(read(place))
}

/** Reads, then asks each rule what is wrong; the first complaint refuses the file at the member it names. */
export function checked<T>(read: Reader<T>, ...rules: readonly ((value: T) => Complaint | null)[]): Reader<T> {
  return (place) => {
    const value = read(place)
    for (const rule of rules) {
      const complaint = rule(value)
      if (complaint !== null) refuse(complaint.at.reduce(within, place), complaint.reason)
    }
    return value
  }
}

/** The place of a member or an item, or the whole where the file does not spell it out. */
function within(place: Place, step: string | number): Place {
  const found = typeof step === 'number' ? itemsOf(place)[step] : membersOf(place).get(snakeCase(step))
  return found ?? place
}

/** A member stands on the line of its key, whatever the layout of its value. */
function membersOf(place: Place): ReadonlyMap<string, Place> {
  if (!isMap(place.node)) refuse(place, `"${place.name}" must have members`)
  const members = new Map<string, Place>()
  for (const { key, value } of place.node.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const member = inside(place, name, key, value)
    if (members.has(name)) refuse(member, `duplicate member "${name}"`)
    members.set(name, member)
  }
  return members
}

function itemsOf(place: Place): readonly Place[] {
  if (!isSeq(place.node)) refuse(place, `"${place.name}" must be a list`)
  return place.node.items.map((item) => inside(place, place.name, item, item))
}

function inside(place: Place, name: string, where: unknown, node: unknown): Place {
  const offset = isNode(where) ? where.range?.[0] : undefined
  const line = offset === undefined ? place.line : place.lines.linePos(offset).line
  const found = { ...place, name, line, node }
  return isAlias(node) ? refuse(found, 'an alias (*) has no place in the catalogue: write the value out') : found
}

function scalarOf({ node }: Place): unknown {
  return isScalar(node) ? node.value : node
}

function show(value: unknown): string {
  if (isMap(value)) return 'members'
  return isSeq(value) ? 'a list' : JSON.stringify(value ?? null)
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
