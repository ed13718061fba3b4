import type { Identifier } from '../domain/identifier.js'
import type { BulkConnection } from '../store/bulk-connection.js'
import { moveCursor, numbersAfter, toldOf } from '../store/register-progress.js'
import { POPULATION_REGISTER as SOURCE, fetchPersons } from './fetch-persons.js'
import type { FollowPersonsOptions } from './follow-persons.js'
import { personNumber } from './staged-person.js'
import { takeIn } from './take-in.js'

const AT_ONCE = 1000
const SCHEMES = ['fnr', 'dnr'] as const
const BEFORE_ALL = { scheme: '', value: '' } as const

/**
 * Reads everyone whom we know, and whom the register lists if it does, and changes only what differs. Then the cursor
 * stands after what was the register's newest event before it began, so that nothing that happens meanwhile is missed.
 * Broken off, it begins again: what was taken in until then is the same already.
 *
 * @throws RegisterFault
 */
export async function comparePersons(connection: BulkConnection, options: FollowPersonsOptions): Promise<void> {
  const latest = await options.register.latestSequence()
  let after: { readonly scheme: string; readonly value: string } | undefined = BEFORE_ALL
  while (after !== undefined) {
    const numbers: readonly Identifier[] = await numbersAfter(connection, SCHEMES, after, AT_ONCE)
    await compare(connection, options, numbers)
    after = numbers.at(-1)
  }
  await compareListed(connection, options)
  await connection.transaction((tx) => moveCursor(tx, SOURCE, { position: latest + 1 }))
}

async function compareListed(connection: BulkConnection, options: FollowPersonsOptions): Promise<void> {
  let waiting: Identifier[] = []
  const flush = async (): Promise<void> => {
    const told = await toldOf(connection, SOURCE, waiting)
    const unknown = waiting.filter(({ value }) => told.get(value)?.told !== true)
    waiting = []
    await compare(connection, options, unknown)
  }
  for await (const value of options.listing?.() ?? []) {
    const number = personNumber(value, options.series)
    if (number !== null) waiting.push(number)
    if (waiting.length >= AT_ONCE) await flush()
  }
  await flush()
}

async function compare(
  connection: BulkConnection,
  options: FollowPersonsOptions,
  numbers: readonly Identifier[],
): Promise<void> {
  options.signal?.throwIfAborted()
  if (numbers.length === 0) return
  const fetched = await fetchPersons({ register: options.register, db: connection, options }, numbers, [])
  const { refused } = await takeIn(connection, { source: SOURCE, kind: 'person' }, fetched, options.onDeaths)
  if (Object.keys(refused).length > 0) options.onRefused(SOURCE, refused)
}
