import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { v7 as timeOrderedId } from 'uuid'
import type { RepresentationId } from '../../src/domain/mandate.js'
import { statement } from '../../src/store/database.js'
import type { GroundPrint } from '../../src/store/hold-ground.js'
import {
  type IssuedOn,
  LIST_SIZE,
  type StatusPlace,
  allotStatusEntry,
  freeStatusEntries,
  plantDecoys,
  tendStatusLists,
} from '../../src/store/status-entry-store.js'
import { readStatuses } from '../../src/store/status-list-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

const MINUTE = 60_000
const AUDIENCE = 'https://nav-web.example.no'

let database: TestDatabase
let ground: RepresentationId

const run = (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
  database.database.query(statement(createHash('sha256').update(text).digest('hex').slice(0, 20), text), values)

beforeAll(async () => {
  database = await testDatabase(4)
  await run(`insert into client (client_id, name, organisation, jwks, services, may_use_numbers)
    values ('nav-web', 'nav-web', '889640782', '{"keys":[]}', '{}', false)`)
  await run(`insert into audience (audience, client_id, kind, services) values ($1, 'nav-web', 'web', '{}')`, [
    AUDIENCE,
  ])
})
afterAll(() => database.drop())

beforeEach(async () => {
  await run('delete from status_entry')
  const [principal, representative, id] = [timeOrderedId(), timeOrderedId(), timeOrderedId()]
  await run(`insert into party (party_id, kind) values ($1, 'person'), ($2, 'person')`, [principal, representative])
  await run(
    `insert into representation (representation_id, principal, representative, basis, source, source_reference)
     values ($1, $2, $3, 'parent', 'test', 'x')`,
    [id, principal, representative],
  )
  ground = id as RepresentationId
})

function allot(expiresAt: Date, print = '1'): Promise<StatusPlace> {
  const issued: IssuedOn = { representationId: ground, audience: AUDIENCE, print: print as GroundPrint, expiresAt }
  return database.database.transaction((tx) => allotStatusEntry(tx, issued))
}

async function entries(): Promise<number> {
  return Number((await run('select count(*) from status_entry'))[0]?.['count'])
}

/** Until when the entry is kept for a token; later than the token lives, so that the next one need not write. */
async function keptUntil(): Promise<Date> {
  return (await run('select tokens_until from status_entry where decoy is null'))[0]?.['tokens_until'] as Date
}

describe('an index', () => {
  test('is used again no sooner than 15 minutes after its last token expired', async () => {
    const expiresAt = new Date(Date.now() + 5 * MINUTE)
    const first = await allot(expiresAt)
    const kept = await keptUntil()
    expect(kept.getTime()).toBeGreaterThanOrEqual(expiresAt.getTime())
    await freeStatusEntries(database.database, new Date(expiresAt.getTime() + 15 * MINUTE))
    expect(await allot(expiresAt)).toEqual(first)
    await freeStatusEntries(database.database, new Date(kept.getTime() + 15 * MINUTE - 1))
    expect(await entries()).toBe(1)
    await freeStatusEntries(database.database, new Date(kept.getTime() + 15 * MINUTE))
    expect(await entries()).toBe(0)
  })

  test('is kept longer when another token comes', async () => {
    const first = await allot(new Date(Date.now() + 5 * MINUTE))
    const kept = await keptUntil()
    const later = new Date(kept.getTime() + MINUTE)
    expect(await allot(later)).toEqual(first)
    expect((await keptUntil()).getTime()).toBeGreaterThanOrEqual(later.getTime())
    await freeStatusEntries(database.database, new Date(kept.getTime() + 15 * MINUTE))
    expect(await allot(later)).toEqual(first)
  })

  test('tells nothing any more for ten minutes before it is used again', async () => {
    const place = await allot(new Date(), '1')
    const told = async (): Promise<boolean> =>
      (await readStatuses(database.database)).lists[0]?.set.some(({ index }) => index === place.index) === true
    expect(await told()).toBe(true)
    await run(`update status_entry set tokens_until = clock_timestamp() - interval '4 minutes 50 seconds'`)
    expect(await told()).toBe(true)
    await run(`update status_entry set tokens_until = clock_timestamp() - interval '5 minutes'`)
    expect(await told()).toBe(false)
    await freeStatusEntries(database.database, new Date(Date.now() + 9 * MINUTE))
    expect(await entries()).toBe(1)
  })

  test('is another for each state of the ground, and random', async () => {
    const until = new Date(Date.now() + MINUTE)
    const indexes: number[] = []
    for (let print = 0; print < 40; print++) indexes.push((await allot(until, String(print))).index)
    expect(new Set(indexes).size).toBe(40)
    expect(Math.max(...indexes)).toBeGreaterThan(LIST_SIZE / 2)
    expect(Math.min(...indexes)).toBeLessThan(LIST_SIZE / 2)
    const rising = indexes.filter((index, at) => at > 0 && index > (indexes[at - 1] ?? 0)).length
    expect(rising).toBeGreaterThan(5)
    expect(rising).toBeLessThan(35)
  })
})

describe('a list that fills', () => {
  test('takes no new ones, another begins, and it takes again when it has emptied', async () => {
    const until = new Date(Date.now() + MINUTE)
    const tend = (): Promise<void> => tendStatusLists(database.database, 3)
    for (const print of ['1', '2']) expect((await allot(until, print)).listId).toBe(1)
    await tend()
    expect((await allot(until, '3')).listId).toBe(1)
    await tend()
    expect((await allot(until, '4')).listId).toBe(2)
    expect((await allot(until, '1')).listId).toBe(1)
    await run('delete from status_entry')
    await tend()
    expect((await allot(until, '5')).listId).toBe(1)
    expect(await run('select list_id, taking from status_list order by list_id')).toEqual([
      { list_id: 1, taking: true },
      { list_id: 2, taking: true },
    ])
  })

  test('never gives out an index that a decoy has', async () => {
    const decoys = Array.from({ length: 8 }, (_, index) => ({ index, status: 1 as const, seconds: 600 }))
    await plantDecoys(database.database, 1, decoys)
    await expect(
      run(
        `insert into status_entry (list_id, idx, representation_id, audience, stands_on, tokens_until)
         values (1, 3, $1, $2, 1, clock_timestamp())`,
        [ground, AUDIENCE],
      ),
    ).rejects.toThrow(/duplicate key/)
  })
})
