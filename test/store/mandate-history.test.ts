import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredState } from '../../src/domain/mandate.js'
import type { Transaction } from '../../src/store/database.js'
import { type Change, insertChange, lockMandate } from '../../src/store/mandate-store.js'
import { seeVersions } from '../../src/store/mandate-view-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { DAY, confirmedFor, furnish, give, newPerson, sql } from './given.js'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
})
afterAll(() => stage.drop())

/** A change to the powers at these places, as far as they have not ended. */
interface Step {
  readonly change: Extract<Change, 'frozen' | 'thawed' | 'narrowed' | 'extended' | 'ended'>
  readonly places: readonly number[]
  readonly days: number
}

const STATE_AFTER = {
  frozen: 'frozen',
  thawed: 'active',
  narrowed: 'active',
  extended: 'active',
  ended: 'ended',
} as const satisfies Record<Step['change'], StoredState>

const step: fc.Arbitrary<Step> = fc.record({
  change: fc.oneof(
    { arbitrary: fc.constantFrom('frozen', 'thawed', 'narrowed', 'extended'), weight: 9 },
    { arbitrary: fc.constant('ended'), weight: 1 },
  ),
  places: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }),
  days: fc.integer({ min: 1, max: 900 }),
})

/** Steps one after the other, several in one transaction, or all at once from connections of their own. */
const histories = fc.array(
  fc.record({
    how: fc.constantFrom('one after the other', 'in one transaction', 'at once', 'by an older transaction'),
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 4 },
)

/** What a version left behind: the state and the end of each power that it changed. */
type Left = ReadonlyMap<string, { readonly state: StoredState; readonly validUntil: Date }>

/** Runs the steps and tells what each version left, by its number. */
async function play(
  mandateId: string,
  history: readonly { readonly how: string; readonly steps: readonly Step[] }[],
): Promise<Map<number, Left>> {
  const left = new Map<number, Left>()
  const make = async (tx: Transaction, { change, places, days }: Step): Promise<void> => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('the mandate has gone')
    const powers = locked.powers.filter(({ state }, place) => places.includes(place) && state !== 'ended')
    if (powers.length === 0) return
    const changed = powers.map(({ powerId, validFrom }) => ({
      powerId,
      state: STATE_AFTER[change],
      validUntil: new Date(validFrom.getTime() + days * DAY),
    }))
    const made = { mandateId, change, madeBy: locked.principal, madeAt: locked.moment, reason: null }
    const version = await insertChange(tx, { ...made, confirmed: await confirmedFor(tx, change, locked.principal) }, changed)
    left.set(version, new Map(changed.map(({ powerId, ...after }) => [powerId, after])))
  }
  const alone = (one: Step): Promise<void> => stage.database.transaction((tx) => make(tx, one))

  for (const { how, steps } of history) {
    if (how === 'at once') await Promise.all(steps.map(alone))
    else if (how === 'one after the other') for (const one of steps) await alone(one)
    else {
      await stage.database.transaction(async (tx) => {
        const [first, ...others] = steps
        if (how === 'by an older transaction' && first !== undefined) {
          await sql(tx, 'select now()')
          await alone(first)
        }
        for (const one of how === 'by an older transaction' ? others : steps) await make(tx, one)
      })
    }
  }
  return left
}

interface Row {
  readonly id: string
  readonly version: number
  readonly state: StoredState
  readonly validUntil: Date
  readonly from: string
  readonly until: string | null
}

function rowsOf(mandateId: string): Promise<Row[]> {
  return sql<Row>(
    stage.database,
    `select mandate_power_id as id, version, state, upper(valid) as "validUntil",
            lower(recorded)::text as "from", upper(recorded)::text as until
       from mandate_power where mandate_id = $1 order by mandate_power_id, lower(recorded)`,
    [mandateId],
  )
}

/** How many rows of each power were known a microsecond before, at, and a microsecond after each moment of the history. */
function knownAround(mandateId: string): Promise<{ id: string; moment: string; known: number; begun: boolean }[]> {
  return sql(
    stage.database,
    `with moments as (
       select distinct m + d * interval '1 microsecond' as moment
         from mandate_power, unnest(array[lower(recorded), upper(recorded)]) as m, unnest(array[-1, 0, 1]) as d
        where mandate_id = $1 and m is not null
     ), powers as (
       select mandate_power_id as id, min(lower(recorded)) as given from mandate_power where mandate_id = $1 group by 1
     )
     select p.id, t.moment::text, t.moment >= p.given as begun,
            (select count(*)::int from mandate_power w where w.mandate_power_id = p.id and w.recorded @> t.moment) as known
       from powers p cross join moments t`,
    [mandateId],
  )
}

describe('what was known when', () => {
  test('has each state once, without a gap and without two at a time, whatever was changed and by whom at once', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const pair = {
          principal: await newPerson(stage.database),
          representative: await newPerson(stage.database, 'Ola'),
        }
        const powers = [{}, { action: 'write' as const }, { object: 'a' }]
        const { mandateId, powerIds } = await give(stage.database, { ...pair, powers })
        const left = await play(mandateId, history)

        const rows = await rowsOf(mandateId)
        for (const id of powerIds) {
          const own = rows.filter((row) => row.id === id)
          expect(own.at(-1)?.until).toBeNull()
          expect(own.slice(1).map(({ from }) => from)).toEqual(own.slice(0, -1).map(({ until }) => until))
          const changedBy = [1, ...[...left].filter(([, after]) => after.has(id)).map(([version]) => version)].sort(
            (a, b) => a - b,
          )
          expect(own.map(({ version }) => version)).toEqual(changedBy)
        }
        for (const { known, begun } of await knownAround(mandateId)) expect(known).toBe(begun ? 1 : 0)
        await expectVersions(mandateId, left)
      }),
      { numRuns: 25 },
    )
  })
})

/** Every version, read back as it was known when it was made, shows what all the versions up to it have left. */
async function expectVersions(mandateId: string, left: ReadonlyMap<number, Left>): Promise<void> {
  const versions = await seeVersions(stage.database, mandateId)
  expect(versions.map(({ version }) => version)).toEqual([1, ...Array.from(left, (_, index) => index + 2)])
  const [given] = versions
  const now = new Map(given?.powers.map(({ powerId, state, validUntil }) => [powerId, { state, validUntil }]))
  for (const { version, powers } of versions) {
    for (const [powerId, after] of left.get(version) ?? []) now.set(powerId, after)
    const seen = new Map(powers.map(({ powerId, state, validUntil }) => [powerId, { state, validUntil }]))
    expect([version, seen]).toEqual([version, now])
  }
}
