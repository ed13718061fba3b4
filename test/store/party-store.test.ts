import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Identifier } from '../../src/domain/identifier.js'
import type { PartyId } from '../../src/domain/party.js'
import type { Transaction } from '../../src/store/database.js'
import {
  type PartyFacts,
  confirmRegisterFresh,
  ensureParty,
  findParty,
  namedParties,
  recordPartyFacts,
  replaceIdentifier,
} from '../../src/store/party-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { REGISTER, furnish, overtaken, sql } from './given.js'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
})
afterAll(() => stage.drop())

let numbers = 0
const identifier = (): Identifier => ({ scheme: 'eidas', value: `NO/NO/person-${++numbers}` })
const newParty = (): Promise<PartyId> => ensureParty(stage.database, identifier())

const count = async (what: string): Promise<number> => {
  const [row] = await sql<{ count: number }>(stage.database, `select count(*)::int as count from ${what}`)
  return row?.count ?? 0
}

describe('identifiers', () => {
  test('a party is made once and found ever after', async () => {
    const number: Identifier = { scheme: 'fnr', value: '28816196088' }
    expect(await findParty(stage.database, number)).toBeNull()
    const partyId = await ensureParty(stage.database, number)
    expect(await ensureParty(stage.database, number)).toBe(partyId)
    expect(await findParty(stage.database, number)).toBe(partyId)
  })

  test('the same digits under another scheme are another party', async () => {
    const value = '889640782'
    const organisation = await ensureParty(stage.database, { scheme: 'orgnr', value })
    expect(await ensureParty(stage.database, { scheme: 'eidas', value })).not.toBe(organisation)
    expect(await namedParties(stage.database, [organisation])).toMatchObject([{ kind: 'organisation', name: '' }])
  })

  test('identifiers are compared byte for byte', async () => {
    const partyId = await ensureParty(stage.database, { scheme: 'eidas', value: 'SE/NO/abc' })
    expect(await findParty(stage.database, { scheme: 'eidas', value: 'SE/NO/ABC' })).toBeNull()
    expect(await findParty(stage.database, { scheme: 'eidas', value: 'SE/NO/abc ' })).toBeNull()
    expect(await findParty(stage.database, { scheme: 'eidas', value: 'SE/NO/abc' })).toBe(partyId)
  })

  test('fifty who come at once with one new number make one party', async () => {
    const number = identifier()
    const before = [await count('party'), await count('party_identifier')]
    const parties = await Promise.all(Array.from({ length: 50 }, () => ensureParty(stage.database, number)))
    expect(new Set(parties).size).toBe(1)
    expect([await count('party'), await count('party_identifier')]).toEqual(before.map((number) => number + 1))
  })

  test('fifty with fifty new numbers make fifty', async () => {
    const parties = await Promise.all(Array.from({ length: 50 }, newParty))
    expect(new Set(parties).size).toBe(50)
  })

  test('a party bears several over time, and each of them finds it', async () => {
    const [dnr, fnr, later] = [identifier(), identifier(), identifier()]
    const partyId = await ensureParty(stage.database, dnr)
    expect(await replaceIdentifier(stage.database, dnr, fnr)).toBe(partyId)
    expect(await replaceIdentifier(stage.database, fnr, later)).toBe(partyId)
    for (const number of [dnr, fnr, later]) expect(await ensureParty(stage.database, number)).toBe(partyId)
    const rows = await sql(
      stage.database,
      'select value, replaced_at is null as current from party_identifier where party_id = $1 order by known_since',
      [partyId],
    )
    expect(rows).toEqual([
      { value: dnr.value, current: false },
      { value: fnr.value, current: false },
      { value: later.value, current: true },
    ])
  })

  test('being told of a replacement again changes nothing', async () => {
    const [old, now] = [identifier(), identifier()]
    const partyId = await ensureParty(stage.database, old)
    await replaceIdentifier(stage.database, old, now)
    const rows = (): Promise<unknown[]> =>
      sql(stage.database, 'select * from party_identifier where party_id = $1 order by value', [partyId])
    const before = await rows()
    expect(await replaceIdentifier(stage.database, old, now)).toBe(partyId)
    expect(await rows()).toEqual(before)
  })

  test('no one is replaced where no one is known, and no one is taken over by another', async () => {
    const [unknown, one, other] = [identifier(), identifier(), identifier()]
    expect(await replaceIdentifier(stage.database, unknown, identifier())).toBeNull()
    const oneParty = await ensureParty(stage.database, one)
    const otherParty = await ensureParty(stage.database, other)
    await expect(replaceIdentifier(stage.database, one, other)).rejects.toMatchObject({ code: '23505' })
    expect(await findParty(stage.database, one)).toBe(oneParty)
    expect(await findParty(stage.database, other)).toBe(otherParty)
  })
})

const FACTS: PartyFacts = {
  source: REGISTER,
  name: 'Kari Nordmann',
  familyName: 'Nordmann',
  bornOn: '2008-02-29',
  diedOn: null,
  protectedAddress: false,
  ceased: false,
  capacityLost: [],
  residences: [],
}

const record = (partyId: PartyId, facts: Partial<PartyFacts> = {}): Promise<void> =>
  recordPartyFacts(stage.database, partyId, { ...FACTS, ...facts })

interface FactRow {
  readonly name: string
  readonly from: string
  readonly until: string | null
}

const historyOf = (partyId: PartyId): Promise<FactRow[]> =>
  sql(
    stage.database,
    `select name, lower(recorded)::text as "from", upper(recorded)::text as until
       from party_fact where party_id = $1 order by lower(recorded)`,
    [partyId],
  )

describe('what a register says', () => {
  test('reads back as it was told, days as days', async () => {
    const partyId = await newParty()
    await record(partyId, {
      diedOn: '2026-03-29',
      protectedAddress: true,
      ceased: false,
      capacityLost: [],
      residences: [],
    })
    const { source, ...told } = {
      ...FACTS,
      diedOn: '2026-03-29',
      protectedAddress: true,
      ceased: false,
      capacityLost: [],
      residences: [],
    }
    expect(await namedParties(stage.database, [partyId])).toMatchObject([{ partyId, kind: 'person', ...told }])
    expect(source).toBe(REGISTER)
  })

  test('of a party it has not told of nothing is known', async () => {
    const partyId = await newParty()
    expect(await namedParties(stage.database, [partyId])).toEqual([
      {
        ...{
          partyId,
          kind: 'person',
          name: '',
          familyName: null,
          organisationNumber: null,
          bornOn: null,
          diedOn: null,
        },
        ...{ protectedAddress: false, ceased: false, capacityLost: [], residences: [], factsFreshAt: null },
      },
    ])
  })

  test('told again the same, nothing is written', async () => {
    const partyId = await newParty()
    await record(partyId)
    const before = await historyOf(partyId)
    await record(partyId)
    expect(await historyOf(partyId)).toEqual(before)
  })

  test.each<readonly [what: string, change: Partial<PartyFacts>]>([
    ['a name', { name: 'Kari Hansen' }],
    ['a family name', { familyName: null }],
    ['a birth date', { bornOn: null }],
    ['a death', { diedOn: '2026-03-01' }],
    ['a protection', { protectedAddress: true, ceased: false, capacityLost: [], residences: [] }],
  ])('%s that changes closes what was known and adds what is', async (_what, change) => {
    const partyId = await newParty()
    await record(partyId)
    await record(partyId, change)
    expect(await historyOf(partyId)).toHaveLength(2)
    const { source, ...now } = { ...FACTS, ...change }
    expect(await namedParties(stage.database, [partyId])).toMatchObject([now])
    expect(source).toBe(REGISTER)
  })

  test('nothing is known by a register that has never been complete', async () => {
    await expect(record(await newParty(), { source: 'hearsay' })).rejects.toMatchObject({ code: '23503' })
  })

  test('is known without a gap and once at a time, whoever writes, in whatever order', async () => {
    const rounds = fc.array(
      fc.record({
        how: fc.constantFrom('one after the other', 'at once', 'in one transaction'),
        names: fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(rounds, async (played) => {
        const partyId = await newParty()
        for (const { how, names } of played) {
          if (how === 'at once') await Promise.all(names.map((name) => record(partyId, { name })))
          else if (how === 'one after the other') for (const name of names) await record(partyId, { name })
          else {
            await stage.database.transaction(async (tx) => {
              for (const name of names) await recordPartyFacts(tx, partyId, { ...FACTS, name })
            })
          }
          const [now] = await namedParties(stage.database, [partyId])
          if (how === 'at once') expect(names).toContain(now?.name)
          else expect(now?.name).toBe(names.at(-1))
        }
        const history = await historyOf(partyId)
        expect(history.at(-1)?.until).toBeNull()
        expect(history.slice(1).map(({ from }) => from)).toEqual(history.slice(0, -1).map(({ until }) => until))
        for (const [index, { name }] of history.entries()) expect(history[index + 1]?.name).not.toBe(name)
      }),
      { numRuns: 25 },
    )
  })

  test('of two that record at once both are recorded: none is lost', async () => {
    for (const known of [true, false]) {
      const partyId = await newParty()
      if (known) await record(partyId)
      const first = (tx: Transaction): Promise<void> => recordPartyFacts(tx, partyId, { ...FACTS, name: 'A' })
      await overtaken(stage.database, first, () => record(partyId, { name: 'B' }))
      const names = (await historyOf(partyId)).map(({ name }) => name)
      expect(names).toEqual([...(known ? [FACTS.name] : []), 'A', 'B'])
    }
  })

  test('by an older transaction comes after what another recorded meanwhile', async () => {
    const partyId = await newParty()
    await record(partyId, { name: 'A' })
    await stage.database.transaction(async (tx) => {
      await sql(tx, 'select now()')
      await record(partyId, { name: 'B' })
      await recordPartyFacts(tx, partyId, { ...FACTS, name: 'C' })
    })
    expect((await historyOf(partyId)).map(({ name }) => name)).toEqual(['A', 'B', 'C'])
  })
})

describe('how fresh a register is', () => {
  test('goes forward only', async () => {
    const freshAt = async (): Promise<Date | undefined> => {
      const [row] = await sql<{ at: Date }>(
        stage.database,
        `select fresh_at as at from register_freshness where source = 'x'`,
      )
      return row?.at
    }
    await confirmRegisterFresh(stage.database, 'x')
    const first = await freshAt()
    await sql(
      stage.database,
      `update register_freshness set fresh_at = fresh_at + interval '1 hour' where source = 'x'`,
    )
    await confirmRegisterFresh(stage.database, 'x')
    expect((await freshAt())?.getTime()).toBe((first?.getTime() ?? 0) + 3_600_000)
  })

  test('is told with the facts it gave, and with no others', async () => {
    const partyId = await newParty()
    await record(partyId)
    const [party] = await namedParties(stage.database, [partyId])
    expect(Date.now() - (party?.factsFreshAt?.getTime() ?? 0)).toBeLessThan(60_000)
  })
})
