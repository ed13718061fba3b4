import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { GrantedPower, RepresentationId, StoredState } from '../../src/domain/mandate.js'
import type { PartyId } from '../../src/domain/party.js'
import { Problem } from '../../src/domain/problem.js'
import type { Transaction } from '../../src/store/database.js'
import { holdGround } from '../../src/store/hold-ground.js'
import {
  type Change,
  type ChangedPower,
  type GivenBetween,
  type LockedMandate,
  clock,
  insertChange,
  insertMandate,
  lapsedOffers,
  lockMandate,
  overlappingMandates,
} from '../../src/store/mandate-store.js'
import { powersAsKnown, seeMandate, seeMandates, seeVersions } from '../../src/store/mandate-view-store.js'
import { BERGEN, OSLO } from '../support/catalogue.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { DAY, type Given, HOUR, SEE_PENSION, confirmedFor, furnish, give, newMandate, newPerson, sql } from './given.js'

let stage: TestDatabase
let kari: PartyId
let ola: PartyId
let per: PartyId

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  kari = await newPerson(stage.database, 'Kari')
  ola = await newPerson(stage.database, 'Ola')
  per = await newPerson(stage.database, 'Per')
})
afterAll(() => stage.drop())

/** Locks the mandate and makes one change, in the open transaction. */
async function changeIn(
  tx: Transaction,
  mandateId: string,
  change: Exclude<Change, 'given'>,
  powersOf: (locked: LockedMandate) => readonly ChangedPower[],
): Promise<number> {
  const locked = await lockMandate(tx, mandateId)
  if (locked === null) throw new Error('there is no such mandate')
  const made = { mandateId, change, madeBy: locked.principal, madeAt: locked.moment, reason: null }
  return insertChange(tx, { ...made, confirmed: await confirmedFor(tx, change, locked.principal) }, powersOf(locked))
}

/** The same in a transaction of its own: every power goes to this state, and perhaps to another end. */
function change(
  mandateId: string,
  kind: Exclude<Change, 'given'>,
  state: StoredState,
  validUntil?: Date,
): Promise<number> {
  return stage.database.transaction((tx) =>
    changeIn(tx, mandateId, kind, (locked) => locked.powers.map((power) => turned(power, state, validUntil))),
  )
}

function turned(power: GrantedPower, state: StoredState, validUntil = power.validUntil): ChangedPower {
  return { powerId: power.powerId, state, validUntil }
}

const from = (time: number, days: number): Date => new Date(time + days * DAY)

async function twoPeople(): Promise<{ principal: PartyId; representative: PartyId }> {
  return { principal: await newPerson(stage.database), representative: await newPerson(stage.database, 'Ola') }
}

const byPrincipal = (pair: Omit<GivenBetween, 'giver'>): GivenBetween => ({ ...pair, giver: pair.principal })

describe('a new mandate', () => {
  test('reads back as it was given', async () => {
    const pair = await twoPeople()
    const object = 'Sak 2026/14 «æøå» \\ \' " \u0001'
    const given = await newMandate(stage.database, {
      ...pair,
      powers: [{}, { action: 'write', object }, { service: 'muni.school', provider: OSLO }],
    })
    await stage.database.transaction((tx) => insertMandate(tx, given))
    const seen = await seeMandate(stage.database, given.mandateId, pair.representative)
    expect(seen).toMatchObject({ mandateId: given.mandateId, version: 1, answerBy: null, ...partiesOf(pair) })
    expect(seen?.powers).toEqual(given.powers.map((power) => ({ ...power, state: 'active', catalogueVersion: 1 })))
    const [version] = await seeVersions(stage.database, given.mandateId)
    expect(version).toMatchObject({ version: 1, change: 'given', madeBy: pair.principal, text: given.confirmed.text })
    expect(version?.textHash).toEqual(given.confirmed.textHash)
  })

  test('is seen by its two parties only, and listed for them', async () => {
    const pair = await twoPeople()
    const { mandateId } = await give(stage.database, pair)
    expect(await seeMandate(stage.database, mandateId, per)).toBeNull()
    expect(await seeMandate(stage.database, '00000000-0000-7000-8000-000000000000', per)).toBeNull()
    for (const party of [pair.principal, pair.representative]) {
      expect((await seeMandates(stage.database, party, null, 10)).map((one) => one.mandateId)).toEqual([mandateId])
    }
    expect(await seeMandates(stage.database, per, null, 10)).toEqual([])
  })

  test('to oneself is refused by the database', async () => {
    await expect(give(stage.database, { principal: kari, representative: kari })).rejects.toMatchObject({
      code: '23514',
    })
  })

  test('that is empty in time is refused by the database', async () => {
    const same = new Date('2026-03-02T11:00:00Z')
    await expect(
      give(stage.database, { ...(await twoPeople()), validFrom: same, validUntil: same }),
    ).rejects.toMatchObject({
      code: '23514',
    })
  })

  test('on a service that its catalogue version does not have is refused by the database', async () => {
    const wish = { ...(await twoPeople()), powers: [{ service: 'nav.unheard-of' }] }
    await expect(give(stage.database, wish)).rejects.toMatchObject({ code: '23503' })
  })

  test('on consents is refused by the database', async () => {
    const wish = { ...(await twoPeople()), powers: [{ service: 'health.journal', action: 'consent' as const }] }
    await expect(give(stage.database, wish)).rejects.toMatchObject({ code: '23514' })
  })

  test('leaves nothing behind when its transaction fails', async () => {
    const pair = await twoPeople()
    const given = await newMandate(stage.database, pair)
    const failing = stage.database.transaction(async (tx) => {
      await insertMandate(tx, given)
      throw new Error('on second thoughts')
    })
    await expect(failing).rejects.toThrow('on second thoughts')
    expect(await seeMandates(stage.database, pair.principal, null, 10)).toEqual([])
    await give(stage.database, pair)
  })
})

describe('changes', () => {
  const changes: readonly (readonly [
    kind: Exclude<Change, 'given'>,
    from: 'offered' | 'active',
    state: StoredState,
  ])[] = [
    ['accepted', 'offered', 'active'],
    ['declined', 'offered', 'declined'],
    ['cancelled', 'offered', 'cancelled'],
    ['frozen', 'active', 'frozen'],
    ['ended', 'active', 'ended'],
    ['narrowed', 'active', 'active'],
    ['extended', 'active', 'active'],
  ]

  test.each(changes)('%s', async (kind, before, state) => {
    const pair = await twoPeople()
    const { mandateId } = await give(stage.database, {
      ...pair,
      state: before,
      answerBy: new Date('2099-01-01T00:00:00Z'),
    })
    const seenBefore = await seeMandate(stage.database, mandateId, pair.principal)
    const end = kind === 'extended' ? 40 : kind === 'narrowed' ? 10 : 30
    const validUntil = from(seenBefore?.powers[0]?.validFrom.getTime() ?? 0, end)
    expect(await change(mandateId, kind, state, validUntil)).toBe(2)
    const seen = await seeMandate(stage.database, mandateId, pair.principal)
    expect(seen).toMatchObject({ version: 2, powers: [{ state, validUntil }] })
    expect((await seeVersions(stage.database, mandateId)).map((one) => one.change)).toEqual(['given', kind])
  })

  test('thawed, after it was frozen', async () => {
    const pair = await twoPeople()
    const { mandateId } = await give(stage.database, pair)
    await change(mandateId, 'frozen', 'frozen')
    expect(await change(mandateId, 'thawed', 'active')).toBe(3)
    expect(await seeMandate(stage.database, mandateId, pair.principal)).toMatchObject({ powers: [{ state: 'active' }] })
  })

  test('of one power leave the others as they are', async () => {
    const pair = await twoPeople()
    const { mandateId, powerIds } = await give(stage.database, { ...pair, powers: [{}, { action: 'write' }] })
    const [first] = powerIds
    await stage.database.transaction((tx) =>
      changeIn(tx, mandateId, 'narrowed', ({ powers }) =>
        powers.filter(({ powerId }) => powerId === first).map((power) => turned(power, 'ended')),
      ),
    )
    const seen = await seeMandate(stage.database, mandateId, pair.principal)
    expect(seen?.powers.map(({ action, state }) => [action, state])).toEqual([
      ['read', 'ended'],
      ['write', 'active'],
    ])
  })

  test('several in one transaction, each with its own moment', async () => {
    const { mandateId } = await give(stage.database, await twoPeople())
    await stage.database.transaction(async (tx) => {
      for (const state of ['frozen', 'active', 'frozen', 'active', 'ended'] as const) {
        await changeIn(
          tx,
          mandateId,
          state === 'ended' ? 'ended' : state === 'frozen' ? 'frozen' : 'thawed',
          ({ powers }) => powers.map((power) => turned(power, state)),
        )
      }
    })
    const versions = await seeVersions(stage.database, mandateId)
    expect(versions.map(({ powers }) => powers.map(({ state }) => state))).toEqual(
      ['active', 'frozen', 'active', 'frozen', 'active', 'ended'].map((state) => [state]),
    )
  })

  test('by an older transaction that writes later come after what was written meanwhile', async () => {
    const { mandateId } = await give(stage.database, await twoPeople())
    await stage.database.transaction(async (older) => {
      await sql(older, 'select now()')
      await change(mandateId, 'frozen', 'frozen')
      await changeIn(older, mandateId, 'ended', ({ powers }) => powers.map((power) => turned(power, 'ended')))
    })
    const versions = await seeVersions(stage.database, mandateId)
    expect(versions.map(({ powers }) => powers[0]?.state)).toEqual(['active', 'frozen', 'ended'])
    const made = versions.map(({ madeAt }) => madeAt.getTime())
    expect(made).toEqual(made.toSorted((a, b) => a - b))
  })

  test('of a power that is not there are a fault of ours and change nothing', async () => {
    const pair = await twoPeople()
    const { mandateId } = await give(stage.database, pair)
    const other = await give(stage.database, await twoPeople())
    const powerId = other.powerIds[0] ?? ''
    const foreign = stage.database.transaction((tx) =>
      changeIn(tx, mandateId, 'ended', ({ powers }) => powers.map((power) => ({ ...turned(power, 'ended'), powerId }))),
    )
    await expect(foreign).rejects.toThrow('a power that was to change is not there')
    expect(await seeMandate(stage.database, mandateId, pair.principal)).toMatchObject({ version: 1 })
  })

  test('an extension is pinned to the catalogue version of the text that was confirmed', async () => {
    const pair = await twoPeople()
    const { mandateId } = await give(stage.database, pair)
    const seen = await seeMandate(stage.database, mandateId, pair.principal)
    await change(mandateId, 'extended', 'active', from(seen?.instant.getTime() ?? 0, 60))
    expect((await seeVersions(stage.database, mandateId)).map((one) => one.catalogueVersion)).toEqual([1, 1])
  })

  test('are shown as they were known at any moment', async () => {
    const { mandateId } = await give(stage.database, await twoPeople())
    const before = (await clock(stage.database)).instant
    await sql(stage.database, 'select pg_sleep(0.01)')
    await change(mandateId, 'ended', 'ended')
    await sql(stage.database, 'select pg_sleep(0.01)')
    const after = (await clock(stage.database)).instant
    expect(await powersAsKnown(stage.database, mandateId, before)).toMatchObject([{ state: 'active' }])
    expect(await powersAsKnown(stage.database, mandateId, after)).toMatchObject([{ state: 'ended' }])
    expect(await powersAsKnown(stage.database, mandateId, new Date('2020-01-01T00:00:00Z'))).toEqual([])
  })
})

describe('the same power for the same time', () => {
  const powers = Array.from({ length: 100 }, (_, number) => ({ object: `case ${number}` }))
  const twin = (pair: { principal: PartyId; representative: PartyId }, more: object = {}): Promise<Given> =>
    give(stage.database, { ...pair, ...more })

  test('is not given twice', async () => {
    const pair = await twoPeople()
    await twin(pair)
    await expect(twin(pair)).rejects.toMatchObject({ code: 'overlapping_mandate' })
  })

  test.each<readonly [what: string, first: object, second: object]>([
    ['to another', {}, { otherRepresentative: true }],
    ['another action', {}, { powers: [{ action: 'write' }] }],
    [
      'at another provider',
      { powers: [{ service: 'muni.school', provider: OSLO }] },
      { powers: [{ service: 'muni.school', provider: BERGEN }] },
    ],
    [
      'at one provider beside everywhere',
      { powers: [{ service: 'muni.school' }] },
      { powers: [{ service: 'muni.school', provider: BERGEN }] },
    ],
    ['for another object', { powers: [{ object: 'a' }] }, { powers: [{ object: 'A' }] }],
    [
      'after the first has ended',
      { validFrom: from(0, 1), validUntil: from(0, 2) },
      { validFrom: from(0, 2), validUntil: from(0, 3) },
    ],
  ])('but may be given %s', async (_what, first, second) => {
    const pair = await twoPeople()
    await twin(pair, first)
    const other = 'otherRepresentative' in second ? { representative: per } : {}
    await twin(pair, { ...second, ...other })
  })

  test('is given again when the first one was ended, declined or cancelled', async () => {
    for (const [state, kind] of [
      ['ended', 'ended'],
      ['declined', 'declined'],
      ['cancelled', 'cancelled'],
    ] as const) {
      const pair = await twoPeople()
      const { mandateId } = await twin(pair)
      await expect(twin(pair)).rejects.toThrow(Problem)
      await change(mandateId, kind, state)
      await twin(pair)
    }
  })

  test('is not given while the first one is frozen or offered', async () => {
    const frozen = await twoPeople()
    const { mandateId } = await twin(frozen)
    await change(mandateId, 'frozen', 'frozen')
    await expect(twin(frozen)).rejects.toMatchObject({ code: 'overlapping_mandate' })
    const offered = await twoPeople()
    await twin(offered, { state: 'offered' })
    await expect(twin(offered)).rejects.toMatchObject({ code: 'overlapping_mandate' })
  })

  test('is not reached by extending either', async () => {
    const pair = await twoPeople()
    const { instant } = await clock(stage.database)
    const first = await twin(pair, { validFrom: instant, validUntil: from(instant.getTime(), 2) })
    await twin(pair, { validFrom: from(instant.getTime(), 3), validUntil: from(instant.getTime(), 9) })
    const extended = change(first.mandateId, 'extended', 'active', from(instant.getTime(), 5))
    await expect(extended).rejects.toMatchObject({ code: 'overlapping_mandate' })
    await change(first.mandateId, 'extended', 'active', from(instant.getTime(), 3))
  })

  test('of many that give it at once exactly one does, and the others learn why', async () => {
    for (let round = 0; round < 8; round++) {
      const pair = await twoPeople()
      const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => twin(pair)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'overlapping_mandate' })
      }
    }
  })

  test('of two that give many at once, in opposite order, exactly one does, and the other learns why', async () => {
    for (let round = 0; round < 8; round++) {
      const pair = await twoPeople()
      const outcomes = await Promise.allSettled([twin(pair, { powers }), twin(pair, { powers: powers.toReversed() })])
      const failed = outcomes.filter(({ status }) => status === 'rejected')
      expect(failed).toMatchObject([{ reason: { code: 'overlapping_mandate' } }])
    }
  })

  test('of giving and extending into it at once exactly one succeeds', async () => {
    for (let round = 0; round < 8; round++) {
      const pair = await twoPeople()
      const { instant } = await clock(stage.database)
      const start = instant.getTime()
      const first = await twin(pair, { powers, validFrom: instant, validUntil: from(start, 2) })
      const outcomes = await Promise.allSettled([
        change(first.mandateId, 'extended', 'active', from(start, 5)),
        twin(pair, { powers: powers.toReversed(), validFrom: from(start, 3), validUntil: from(start, 9) }),
      ])
      const failed = outcomes.filter(({ status }) => status === 'rejected')
      expect(failed).toMatchObject([{ reason: { code: 'overlapping_mandate' } }])
    }
  })

  test('is found before it is tried', async () => {
    const pair = await twoPeople()
    const { mandateId } = await twin(pair)
    const { instant } = await clock(stage.database)
    const power = { ...SEE_PENSION, validFrom: instant, validUntil: from(instant.getTime(), 1) }
    const find = (other: object): Promise<string[]> =>
      overlappingMandates(stage.database, byPrincipal(pair), [{ ...power, ...other }])
    expect(await find({})).toEqual([mandateId])
    expect(await find({ action: 'write' })).toEqual([])
    expect(await find({ object: 'a' })).toEqual([])
    expect(await find({ provider: OSLO })).toEqual([])
    expect(await find({ validFrom: from(instant.getTime(), 40), validUntil: from(instant.getTime(), 41) })).toEqual([])
    expect(await overlappingMandates(stage.database, { ...byPrincipal(pair), representative: per }, [power])).toEqual(
      [],
    )
    expect(await overlappingMandates(stage.database, byPrincipal(pair), [])).toEqual([])
  })
})

describe('offers that were not answered in time', () => {
  test('are found for the pair, and only while they stand', async () => {
    const pair = await twoPeople()
    const past = new Date(Date.now() - HOUR)
    const offer = { ...pair, state: 'offered' as const }
    const { mandateId } = await give(stage.database, { ...offer, answerBy: past })
    await give(stage.database, { ...offer, powers: [{ action: 'write' }], answerBy: new Date(Date.now() + HOUR) })
    expect(await lapsedOffers(stage.database, byPrincipal(pair))).toEqual([mandateId])
    expect(
      await lapsedOffers(
        stage.database,
        byPrincipal({ principal: pair.representative, representative: pair.principal }),
      ),
    ).toEqual([])
    await change(mandateId, 'cancelled', 'cancelled')
    expect(await lapsedOffers(stage.database, byPrincipal(pair))).toEqual([])
  })
})

describe('whoever changes a mandate and whoever issues a token from it wait for each other', () => {
  /** Runs `second` while `first` holds its lock, and tells in which order they ended. */
  async function order(
    first: (tx: Transaction) => Promise<unknown>,
    second: (tx: Transaction) => Promise<unknown>,
  ): Promise<string[]> {
    const ended: string[] = []
    let locked: () => void = () => undefined
    const isLocked = new Promise<void>((resolve) => (locked = resolve))
    const one = stage.database.transaction(async (tx) => {
      await first(tx)
      locked()
      await sql(tx, 'select pg_sleep(0.15)')
      ended.push('first')
    })
    await isLocked
    const two = stage.database.transaction(async (tx) => {
      await second(tx)
      ended.push('second')
    })
    await Promise.all([one, two])
    return ended
  }

  const held = (mandateId: string) => (tx: Transaction) => holdGround(tx, mandateId as RepresentationId)
  const locked = (mandateId: string) => (tx: Transaction) => lockMandate(tx, mandateId)

  test.each<
    readonly [what: string, first: typeof held | typeof locked, second: typeof held | typeof locked, ended: string[]]
  >([
    ['a change waits for a token', held, locked, ['first', 'second']],
    ['a token waits for a change', locked, held, ['first', 'second']],
    ['a change waits for a change', locked, locked, ['first', 'second']],
    ['a token does not wait for a token', held, held, ['second', 'first']],
  ])('%s', async (_what, first, second, expected) => {
    const { mandateId } = await give(stage.database, await twoPeople())
    expect(await order(first(mandateId), second(mandateId))).toEqual(expected)
  })

  test('no one waits at another mandate', async () => {
    const one = await give(stage.database, await twoPeople())
    const other = await give(stage.database, await twoPeople())
    expect(await order(locked(one.mandateId), locked(other.mandateId))).toEqual(['second', 'first'])
  })

  test('who waited sees what was changed meanwhile, and has a later moment', async () => {
    const { mandateId } = await give(stage.database, await twoPeople())
    let moment = ''
    let seen: LockedMandate | null = null
    await order(
      async (tx) => {
        await changeIn(tx, mandateId, 'ended', ({ powers }) => powers.map((power) => turned(power, 'ended')))
        const [row] = await sql<{ moment: string }>(
          tx,
          'select max(lower(recorded))::text as moment from mandate_power where mandate_id = $1',
          [mandateId],
        )
        moment = row?.moment ?? ''
      },
      async (tx) => {
        seen = await lockMandate(tx, mandateId)
      },
    )
    expect(seen).toMatchObject({ version: 2, powers: [{ state: 'ended' }] })
    const [{ later } = { later: false }] = await sql<{ later: boolean }>(
      stage.database,
      'select $1::timestamptz > $2::timestamptz as later',
      [(seen as LockedMandate | null)?.moment, moment],
    )
    expect(later).toBe(true)
  })

  test('there is nothing to hold or lock where there is no mandate', async () => {
    const none = '00000000-0000-7000-8000-000000000000'
    expect(await stage.database.transaction((tx) => lockMandate(tx, none))).toBeNull()
    expect(await stage.database.transaction((tx) => holdGround(tx, none as RepresentationId))).toBeNull()
  })
})

function partiesOf({ principal, representative }: { principal: PartyId; representative: PartyId }): object {
  return {
    principal: { partyId: principal, name: 'Kari Nordmann', bornYear: 1950 },
    representative: { partyId: representative, name: 'Ola Nordmann', bornYear: 1950 },
  }
}

test('Kari, Ola and Per are three', () => {
  expect(new Set([kari, ola, per]).size).toBe(3)
})
