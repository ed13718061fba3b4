import type { Identifier } from '../domain/identifier.js'
import type { Queryable } from '../store/database.js'
import { numbersOfRelated, toldOf } from '../store/register-progress.js'
import type { StagedRefusal } from '../store/register-staging.js'
import type { StagedParty } from '../store/staged-rows.js'
import type { Folkeregisteret } from './folkeregisteret.js'
import { RegisterFault } from './register-fault.js'
import { type DocumentOptions, type ReadDocument, mentionedIn, readDocument } from './read-documents.js'

/** The name under which facts of Folkeregisteret are kept. */
export const POPULATION_REGISTER = 'freg'

/** What the register says now of some people: to be merged, together. */
export interface Fetched {
  readonly parties: readonly StagedParty[]
  readonly refusals: readonly StagedRefusal[]
  /** Numbers of which neither the register nor we know anything. */
  readonly strangers: readonly Identifier[]
}

export interface PersonSource {
  readonly register: Folkeregisteret
  readonly db: Queryable
  readonly options: DocumentOptions
}

/** How far one goes from those whom one was asked about: to their relatives, and on to people nobody has told us of. */
const MOST_ROUNDS = 4

/** Few enough that reading them does not hold up everything else. */
const READ_AT_ONCE = 250

/**
 * What the register says of these people now, of everyone they mention of whom we know nothing yet, and of both sides of
 * every relation of those in `related`: one event concerns one person, a relation has two.
 *
 * @throws RegisterFault, and then nothing of it is to be believed.
 */
export async function fetchPersons(
  source: PersonSource,
  wanted: readonly Identifier[],
  related: readonly Identifier[],
): Promise<Fetched> {
  const { db, options } = source
  const parties = new Map<string, StagedParty>()
  const refusals: StagedRefusal[] = []
  const strangers: Identifier[] = []
  const asked = new Set<string>()
  const bothSidesOf = new Set(related.map(({ value }) => value))
  let next = [...wanted, ...(await numbersOfRelated(db, POPULATION_REGISTER, related))]
  for (let round = 0; round < MOST_ROUNDS && next.length > 0; round += 1) {
    const numbers = [...new Map(next.map((number) => [number.value, number])).values()]
    const mentioned: Identifier[] = []
    const withRelatives: Identifier[] = []
    for (const { number, read } of await readPersons(
      source,
      numbers.filter(({ value }) => !asked.has(value)),
    )) {
      asked.add(number.value)
      if (read === 'stranger') strangers.push(number)
      else if ('refused' in read) refusals.push({ identifier: number, code: read.refused })
      else {
        parties.set(currentNumber(read.staged).value, read.staged)
        ;(bothSidesOf.has(number.value) ? withRelatives : mentioned).push(...mentionedIn(read.person, options))
      }
    }
    const told = await toldOf(db, POPULATION_REGISTER, mentioned)
    next = [...withRelatives, ...mentioned.filter(({ value }) => told.get(value)?.told !== true)]
  }
  return { parties: [...parties.values()], refusals, strangers }
}

interface ReadPerson {
  readonly number: Identifier
  /** A stranger is one of whom neither the register nor we know anything. */
  readonly read: ReadDocument | 'stranger'
}

async function readPersons(source: PersonSource, numbers: readonly Identifier[]): Promise<readonly ReadPerson[]> {
  const found: ReadPerson[] = []
  for (let start = 0; start < numbers.length; start += READ_AT_ONCE)
    found.push(...(await readSome(source, numbers.slice(start, start + READ_AT_ONCE))))
  return found
}

/** A document that cannot even be told whose it is fails the whole answer: it is narrowed down to the one it is about. */
async function readSome(source: PersonSource, numbers: readonly Identifier[]): Promise<readonly ReadPerson[]> {
  try {
    return await readTogether(source, numbers)
  } catch (error) {
    if (!(error instanceof RegisterFault && error.code === 'malformed' && error.detail?.startsWith('person') === true))
      throw error
    if (numbers.length <= 1) return numbers.map((number) => ({ number, read: { refused: error.code } }))
    const half = Math.ceil(numbers.length / 2)
    return [...(await readSome(source, numbers.slice(0, half))), ...(await readSome(source, numbers.slice(half)))]
  }
}

async function readTogether({ register, db, options }: PersonSource, numbers: readonly Identifier[]) {
  const documents = await register.persons(numbers.map(({ value }) => value))
  const reads = new Map([...documents].map(([value, document]) => [value, readOne(document, options)]))
  // Whoever has a number that is new to us may be someone whom we know by an earlier one, and only history tells.
  const current = new Map(
    [...reads].flatMap(([value, read]) =>
      read === null || 'refused' in read ? [] : [[value, currentNumber(read.staged)] as const],
    ),
  )
  const told = await toldOf(db, POPULATION_REGISTER, [...current.values(), ...numbers])
  const unknown = [...current].filter(([, { value }]) => told.get(value)?.known !== true).map(([value]) => value)
  const withHistory = unknown.length === 0 ? [] : await register.persons(unknown, 'always')
  for (const [value, document] of withHistory) reads.set(value, readOne(document, options))
  return numbers.map((number): ReadPerson => {
    const read = reads.get(number.value) ?? null
    if (read !== null) return { number, read }
    const wasTold = told.get(number.value)?.told === true
    return { number, read: wasTold ? { refused: 'unknown_to_register' } : 'stranger' }
  })
}

function readOne(document: unknown, options: DocumentOptions): ReadDocument | null {
  return document === null ? null : readDocument(document, options)
}

function currentNumber(party: StagedParty): Identifier {
  const current = party.identifiers.find((identifier) => identifier.current)
  if (current === undefined) throw new Error('a person was read without a number')
  return current
}
