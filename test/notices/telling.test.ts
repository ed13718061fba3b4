import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { addDays, osloDay, startOfDay } from '../../src/domain/calendar.js'
import { NOTICE_KINDS, type NoticeKind } from '../../src/domain/notice.js'
import type { PartyId } from '../../src/domain/party.js'
import { keepNotices, tellAll } from '../../src/notices/telling.js'
import { Database } from '../../src/store/database.js'
import { listen } from '../../src/store/listening.js'
import { noteGroundUses } from '../../src/store/ground-use-store.js'
import { causeNotices, noteWhatIsDue, tellNotices } from '../../src/store/notice-cause-store.js'
import { insertChange, lockMandate } from '../../src/store/mandate-store.js'
import { putFirstUseDigest } from '../../src/store/notice-setting-store.js'
import { seeNotices } from '../../src/store/notice-store.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import {
  insertTrustedContact,
  layDownTrustedContact,
  takeBackTrustedContact,
} from '../../src/store/trusted-contact-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { DAY, HOUR, REGISTER, confirmedFor, furnish, give, newPerson, sql } from '../store/given.js'

let stage: TestDatabase
/** Who may put the past in order, and who may end others' sessions. */
let owner: Database
let superuser: Database
beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  owner = await Database.open({ url: stage.ownerUrl, connections: 1 })
  superuser = await Database.open({ url: stage.superuserUrl, connections: 1 })
})
afterAll(async () => {
  await Promise.all([owner.close(), superuser.close()])
  await stage.drop()
})

const KINDS = Object.keys(NOTICE_KINDS) as NoticeKind[]
const ALL_BUT_OVERVIEW = KINDS.filter((kind) => kind !== 'yearly_overview')
const BOTH = ['email', 'sms'] as const

let kari: PartyId
let ola: PartyId
beforeEach(async () => {
  kari = await newPerson(stage.database, 'Kari')
  ola = await newPerson(stage.database, 'Ola')
})

/** What someone has been told so far, first to last; of the yearly overview, whose day is each one's own, in its test. */
async function told(party: PartyId, kinds: readonly NoticeKind[] = ALL_BUT_OVERVIEW): Promise<string[]> {
  await tellAll(stage.database, [])
  return (await seeNotices(stage.database, party, kinds, null, 1_000)).map(({ kind }) => kind).reverse()
}

interface Turning {
  readonly change: 'accepted' | 'declined' | 'frozen' | 'thawed' | 'ended' | 'narrowed' | 'extended' | 'cancelled'
  readonly by?: PartyId
  readonly quiet?: boolean
  readonly until?: Date
}

const STATE_AFTER = {
  accepted: 'active',
  declined: 'declined',
  cancelled: 'cancelled',
  frozen: 'frozen',
  thawed: 'active',
  ended: 'ended',
  narrowed: null,
  extended: null,
} as const

async function turn(mandateId: string, { change, by, quiet = false, until }: Turning): Promise<void> {
  await stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('there is no such mandate')
    const made = { mandateId, change, madeBy: by ?? locked.principal, madeAt: locked.moment, reason: null, quiet }
    const powers = locked.powers.map(({ powerId, state, validUntil }) => ({
      powerId,
      state: STATE_AFTER[change] ?? state,
      validUntil: until ?? validUntil,
    }))
    await insertChange(tx, { ...made, confirmed: await confirmedFor(tx, change, made.madeBy) }, powers)
  })
}

const statesOf = (party: PartyId): Promise<{ channel: string; instead: boolean; occasion: string; due: boolean }[]> =>
  sql(
    stage.database,
    `select channel, instead_of_email as instead, occasion, due_at <= clock_timestamp() as due
       from notice_delivery where party_id = $1 order by length(occasion), occasion, channel`,
    [party],
  )

describe('changes of a mandate', () => {
  test('are told to both, each once, in order', async () => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola, state: 'offered' })
    for (const change of ['accepted', 'frozen', 'thawed', 'narrowed', 'extended', 'ended'] as const) {
      await turn(mandateId, { change, by: change === 'accepted' ? ola : kari })
    }
    const all = ['given', 'accepted', 'frozen', 'thawed', 'narrowed', 'extended', 'ended']
    expect(await told(kari)).toEqual(all)
    expect(await told(ola)).toEqual(all)
    expect(await told(kari)).toEqual(all)
  })

  test('a refusal, and an offer taken back', async () => {
    const refused = await give(stage.database, { principal: kari, representative: ola, state: 'offered' })
    await turn(refused.mandateId, { change: 'declined', by: ola })
    const taken = await give(stage.database, { principal: kari, representative: ola, state: 'offered' })
    await turn(taken.mandateId, { change: 'cancelled' })
    expect(await told(kari)).toEqual(['given', 'declined', 'given', 'cancelled'])
    expect(await told(ola)).toEqual(['given', 'declined', 'given', 'cancelled'])
  })

  test('one that is rolled back is told to no one', async () => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
    const failed = stage.database.transaction(async (tx) => {
      const locked = await lockMandate(tx, mandateId)
      if (locked === null) throw new Error('there is no such mandate')
      const made = { mandateId, change: 'ended' as const, madeBy: kari, madeAt: locked.moment, reason: null }
      await insertChange(tx, { ...made, confirmed: null }, [])
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    expect(await told(ola)).toEqual(['given'])
  })

  test('what was passed on is told to all three, and its quiet end to the giver and whoever ended it', async () => {
    const per = await newPerson(stage.database, 'Per')
    const passable = { principal: kari, representative: ola, powers: [{ passingOn: true }] }
    const { mandateId: parent } = await give(stage.database, passable)
    const below = { principal: kari, representative: per, through: { parent, middle: ola } }
    const first = await give(stage.database, below)
    await turn(first.mandateId, { change: 'ended', by: ola, quiet: true })
    const second = await give(stage.database, below)
    await turn(second.mandateId, { change: 'ended', by: kari, quiet: true })
    expect(await told(kari)).toEqual(['given', 'passed_on', 'ended', 'passed_on', 'ended'])
    expect(await told(ola)).toEqual(['given', 'passed_on', 'ended', 'passed_on'])
    expect(await told(per)).toEqual(['passed_on', 'passed_on'])
  })

  test('ended quietly: the other is told nothing', async () => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
    await turn(mandateId, { change: 'ended', quiet: true })
    expect(await told(kari)).toEqual(['given', 'ended'])
    expect(await told(ola)).toEqual(['given'])
  })

  test('only an end is quiet', async () => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
    await expect(turn(mandateId, { change: 'frozen', quiet: true })).rejects.toMatchObject({ code: '23514' })
  })

  test('neither an organisation nor the dead are told', async () => {
    const firm = await ensureParty(stage.database, { scheme: 'orgnr', value: '889640782' })
    const { mandateId } = await give(stage.database, { principal: kari, representative: firm })
    await recordPartyFacts(stage.database, kari, {
      source: REGISTER,
      name: 'Kari Nordmann',
      familyName: 'Nordmann',
      bornOn: '1950-05-17',
      diedOn: '2026-01-02',
      protectedAddress: false,
      ceased: false,
      capacityLost: [],
      residences: [],
    })
    await turn(mandateId, { change: 'ended', by: firm })
    expect(await told(kari)).toEqual([])
    expect(await told(firm)).toEqual([])
  })

  test('a kind that this program does not know waits for one that does, and holds up nothing', async () => {
    await sql(
      stage.database,
      `insert into notice_cause (kind, party_id, subject, edition) values ('newer', $1, $1, '')`,
      [kari],
    )
    await give(stage.database, { principal: kari, representative: ola })
    expect(await told(kari)).toEqual(['given'])
    const waiting = await sql(stage.database, `select from notice_cause where kind = 'newer'`)
    expect(waiting).toHaveLength(1)
  })

  test('anyone else’s kind is one call in the transaction', async () => {
    const request = {
      kind: 'request_received',
      partyId: kari,
      subject: randomUUID(),
      edition: '1',
      other: ola,
    } as const
    await stage.database.transaction((tx) => causeNotices(tx, [request, request]))
    await stage.database.transaction((tx) => causeNotices(tx, [request]))
    expect(await told(kari)).toEqual(['request_received'])
    const [notice] = await seeNotices(stage.database, kari, KINDS, null, 1)
    expect(notice).toMatchObject({ other: 'Ola Nordmann', mandate: null })
  })
})

describe('whom the principal trusts', () => {
  let trusted: PartyId
  beforeEach(async () => {
    trusted = await newPerson(stage.database, 'Trygg')
  })

  const trust = (contact = trusted): Promise<unknown> =>
    stage.database.transaction((tx) => insertTrustedContact(tx, kari, contact))
  const offer = (): Promise<{ mandateId: string }> =>
    give(stage.database, { principal: kari, representative: ola, state: 'offered', powers: [{ object: randomUUID() }] })

  test('is told of what becomes more, each once, by an SMS too, and not of the rest', async () => {
    await trust()
    const { mandateId } = await offer()
    const changes = ['accepted', 'frozen', 'thawed', 'narrowed', 'extended', 'ended'] as const
    const heard: number[] = [(await told(trusted)).length]
    for (const change of changes) {
      await turn(mandateId, { change, by: change === 'accepted' ? ola : kari })
      heard.push((await told(trusted)).length)
    }
    expect(heard).toEqual([1, 2, 2, 3, 3, 4, 4])
    const declined = await offer()
    await turn(declined.mandateId, { change: 'declined', by: ola })
    const ended = await give(stage.database, { principal: kari, representative: ola })
    await tellAll(stage.database, BOTH)
    const before = await told(trusted)
    await turn(ended.mandateId, { change: 'ended', quiet: true })
    expect(await told(trusted)).toEqual(before)
    expect(new Set(before)).toEqual(new Set(['contact_told']))
    expect(before).toHaveLength(6)
    expect(await told(ola)).not.toContain('contact_told')
    expect(await told(kari)).not.toContain('contact_told')
    expect((await statesOf(trusted)).map(({ channel, instead }) => [channel, instead])).toContainEqual(['sms', false])
    const [notice] = await seeNotices(stage.database, trusted, KINDS, null, 1)
    expect(notice).toMatchObject({ other: 'Kari Nordmann', mandate: null, data: {} })
    expect(JSON.stringify(notice)).not.toContain(ended.mandateId)
  })

  test('exactly once, also by whoever goes on where another was killed', async () => {
    await trust()
    for (let count = 0; count < 3; count++) await offer()
    expect(await tellNotices(stage.database, 1, [])).toBe(1)
    expect(await told(trusted)).toHaveLength(3)
    expect(await told(trusted)).toEqual(['contact_told', 'contact_told', 'contact_told'])
  })

  const untold: [name: string, situation: () => Promise<unknown>][] = [
    ['who was named after it', async () => [await offer(), await trust()]],
    [
      'who was taken back before it is told',
      async () => [
        await trust(),
        await offer(),
        await stage.database.transaction((tx) => takeBackTrustedContact(tx, kari)),
      ],
    ],
    [
      'who has laid it down',
      async () => {
        const { contactId } = await stage.database.transaction((tx) => insertTrustedContact(tx, kari, trusted))
        await stage.database.transaction((tx) => layDownTrustedContact(tx, trusted, contactId))
        await offer()
      },
    ],
    ['who has died', async () => [await trust(), await die(trusted), await offer()]],
    ['whose principal has died', async () => [await trust(), await die(kari), await offer()]],
    [
      'who is party to it',
      async () => [await trust(), await give(stage.database, { principal: kari, representative: trusted })],
    ],
    [
      'of what the principal is given',
      async () => [await trust(), await give(stage.database, { principal: ola, representative: kari })],
    ],
  ]
  test.each(untold)('not %s', async (_name, situation) => {
    await situation()
    expect(await told(trusted)).not.toContain('contact_told')
  })

  const die = (party: PartyId): Promise<unknown> =>
    recordPartyFacts(stage.database, party, {
      ...{ source: REGISTER, name: 'Død', familyName: 'Nordmann', bornOn: '1950-05-17', diedOn: '2026-01-01' },
      ...{ protectedAddress: false, ceased: false, capacityLost: [], residences: [] },
    })
})

describe('with several who tell', () => {
  test('two instances, and one that is killed: everything once, in order', async () => {
    const faults: unknown[] = []
    const options = { databaseUrl: stage.serverUrl, channels: BOTH, onFault: (error: unknown) => faults.push(error) }
    const stops = await Promise.all([keepNotices(options), keepNotices(options)])
    const mandates = await Promise.all(
      Array.from({ length: 5 }, () =>
        give(stage.database, { principal: kari, representative: ola, powers: [{ object: randomUUID() }] }),
      ),
    )
    await Promise.all(mandates.map(({ mandateId }) => turn(mandateId, { change: 'frozen' })))
    // Whoever holds the office loses its session in the middle of its work, as by a kill.
    await sql(
      superuser,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fullmakt-office' and datname = current_database()`,
    )
    await Promise.all(mandates.map(({ mandateId }) => turn(mandateId, { change: 'ended' })))
    const wanted = 15
    for (let tries = 0; (await countOf(kari)) < wanted && tries < 200; tries++) await pass(50)
    await Promise.all(stops.map((stop) => stop()))
    expect(faults).not.toEqual([])
    const seen = await seeNotices(stage.database, kari, KINDS, null, 1_000)
    expect(seen).toHaveLength(wanted)
    for (const { mandateId } of mandates) {
      const kinds = seen.filter(({ subject }) => subject === mandateId).map(({ kind }) => kind)
      expect(kinds.reverse()).toEqual(['given', 'frozen', 'ended'])
    }
    const numbers = await sql<{ number: string }>(
      stage.database,
      'select number::text from notice where party_id = $1 order by notice.number',
      [kari],
    )
    expect(numbers.map(({ number }) => Number(number))).toEqual(Array.from({ length: wanted }, (_, index) => index + 1))
    // One e-mail and one SMS for each transaction.
    expect(await statesOf(kari)).toHaveLength(2 * wanted)
  })

  test('killed between two batches, the rest is told by the next one', async () => {
    for (let count = 0; count < 3; count++) {
      await give(stage.database, { principal: kari, representative: ola, powers: [{ object: randomUUID() }] })
    }
    expect(await tellNotices(stage.database, 1, [])).toBe(1)
    expect(await told(kari)).toEqual(['given', 'given', 'given'])
    expect(await tellNotices(stage.database, 10, [])).toBe(0)
  })
})

describe('by time alone', () => {
  /** The clock of the notices is put back, so that what lies between is looked at as after a standstill. */
  const standstill = (since: Date): Promise<unknown> =>
    sql(stage.database, 'update notice_clock set looked_until = $1', [since.toISOString()])

  async function heldUntil(end: Date, givenDaysAgo: number): Promise<string> {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola, validUntil: end })
    await age(mandateId, givenDaysAgo)
    return mandateId
  }

  /** As if it had been given so many days ago. */
  async function age(mandateId: string, days: number): Promise<void> {
    await sql(owner, `update mandate_version set made_at = made_at - make_interval(days => $2) where mandate_id = $1`, [
      mandateId,
      days,
    ])
  }

  const morningOf = (day: string): Date => new Date(startOfDay(day).getTime() + 9.5 * HOUR)

  test('30 and 7 days before the end, to both, once, however often it is looked', async () => {
    const lastDay = addDays(osloDay(new Date()), 100)
    await standstill(new Date())
    await heldUntil(startOfDay(addDays(lastDay, 1)), 60)
    await told(kari)
    const heard: string[][] = []
    for (const ahead of [32, 31, 30, 29, 29, 8, 7, 6, 1]) {
      const before = await told(kari)
      await noteWhatIsDue(stage.database, morningOf(addDays(lastDay, 1 - ahead)))
      heard.push((await told(kari)).slice(before.length))
    }
    expect(heard).toEqual([[], [], ['ends_in_30_days'], [], [], [], ['ends_in_7_days'], [], []])
    expect((await told(ola)).slice(1)).toEqual(['ends_in_30_days', 'ends_in_7_days'])
    const [notice] = await seeNotices(stage.database, kari, ALL_BUT_OVERVIEW, null, 1)
    expect(notice?.data).toEqual({ day: lastDay })
  })

  test('and when it has expired, to both and to whoever passed it on, once; what ended before is not told of', async () => {
    const per = await newPerson(stage.database, 'Per')
    const lastDay = addDays(osloDay(new Date()), 300)
    const end = startOfDay(addDays(lastDay, 1))
    await standstill(new Date())
    const passable = { principal: kari, representative: ola, powers: [{ passingOn: true }], validUntil: end }
    const { mandateId: parent } = await give(stage.database, passable)
    const through = { parent, middle: ola }
    const passed = await give(stage.database, { principal: kari, representative: per, validUntil: end, through })
    await age(parent, 60)
    await age(passed.mandateId, 60)
    const over = await give(stage.database, { principal: kari, representative: per, validUntil: end })
    await turn(over.mandateId, { change: 'ended' })
    await told(kari)
    const expired = async (party: PartyId): Promise<number> =>
      (await told(party)).filter((kind) => kind === 'expired').length
    const heard: number[] = []
    for (const [days, hours] of [
      [0, 0],
      [0, 23],
      [1, 8],
      [1, 9.5],
      [1, 9.5],
      [2, 9.5],
      [40, 9.5],
    ] as const) {
      await noteWhatIsDue(stage.database, new Date(startOfDay(addDays(lastDay, days)).getTime() + hours * HOUR))
      heard.push(await expired(kari))
    }
    // His own, and what was passed on from it.
    expect(heard).toEqual([0, 0, 0, 2, 2, 2, 2])
    expect([await expired(ola), await expired(per)]).toEqual([2, 1])
    const [notice] = await seeNotices(stage.database, kari, ['expired'], null, 1)
    expect(notice?.data).toEqual({ day: lastDay })
  })

  test('what was held is told of like the others once it has taken effect', async () => {
    const lastDay = addDays(osloDay(new Date()), 100)
    await standstill(new Date())
    const validUntil = startOfDay(addDays(lastDay, 1))
    const { mandateId } = await give(stage.database, {
      principal: kari,
      representative: ola,
      state: 'held',
      validUntil,
    })
    await age(mandateId, 60)
    await noteWhatIsDue(stage.database, morningOf(addDays(lastDay, -6)))
    await noteWhatIsDue(stage.database, morningOf(addDays(lastDay, 1)))
    expect(await told(ola)).toEqual(['given', 'ends_in_7_days', 'expired'])
  })

  test('two who look at once tell it once', async () => {
    const lastDay = addDays(osloDay(new Date()), 200)
    await standstill(new Date())
    await heldUntil(startOfDay(addDays(lastDay, 1)), 60)
    await told(kari)
    const due = morningOf(addDays(lastDay, -29))
    await Promise.all([1, 2, 3, 4].map(() => noteWhatIsDue(stage.database, due)))
    expect(await told(kari)).toEqual(['given', 'ends_in_30_days'])
  })

  test.each([
    ['that begins 40 days before and ends 10 days before', -40, -10, ['ends_in_30_days']],
    ['that begins 40 days before and ends 3 days before', -40, -3, ['ends_in_7_days']],
    ['that begins 20 days before and ends 3 days before', -20, -3, ['ends_in_7_days']],
    ['that outlasts the mandate', -40, 2, ['expired']],
  ])('after a standstill %s', async (_name, from, to, wanted) => {
    const lastDay = addDays(osloDay(new Date()), 400)
    await heldUntil(startOfDay(addDays(lastDay, 1)), 60)
    await told(kari)
    await standstill(morningOf(addDays(lastDay, from)))
    await noteWhatIsDue(stage.database, morningOf(addDays(lastDay, to)))
    const heard = (await told(kari)).filter((kind) => kind.startsWith('ends') || kind === 'expired')
    expect(heard).toEqual(wanted)
  })

  test('what was extended is told of again before its new end', async () => {
    const today = osloDay(new Date())
    const mandateId = await heldUntil(startOfDay(addDays(today, 40)), 60)
    await standstill(new Date())
    await noteWhatIsDue(stage.database, morningOf(addDays(today, 11)))
    await told(kari)
    await turn(mandateId, { change: 'extended', until: startOfDay(addDays(today, 101)) })
    await age(mandateId, 60)
    await noteWhatIsDue(stage.database, morningOf(addDays(today, 72)))
    expect(await told(kari)).toEqual(['given', 'ends_in_30_days', 'extended', 'ends_in_30_days'])
  })

  test('one that was given a week ago for a month is told of 7 days before, not 30', async () => {
    const today = osloDay(new Date())
    await heldUntil(startOfDay(addDays(today, 31)), 1)
    await told(kari)
    await standstill(new Date())
    await noteWhatIsDue(stage.database, morningOf(addDays(today, 2)))
    expect(await told(kari)).toEqual(['given'])
    await noteWhatIsDue(stage.database, morningOf(addDays(today, 25)))
    expect(await told(kari)).toEqual(['given', 'ends_in_7_days'])
  })

  test('one that has ended is not told of', async () => {
    const today = osloDay(new Date())
    const mandateId = await heldUntil(startOfDay(addDays(today, 61)), 60)
    await turn(mandateId, { change: 'ended' })
    await standstill(new Date())
    await noteWhatIsDue(stage.database, morningOf(addDays(today, 32)))
    expect(await told(kari)).toEqual(['given', 'ended'])
  })

  test('unused for a year: to the giver alone, once for each time of rest', async () => {
    const today = osloDay(new Date())
    const mandateId = await heldUntil(startOfDay(addDays(today, 1_000)), 300)
    await told(kari)
    await standstill(new Date())
    const due = new Date(Date.now() + 66 * DAY)
    await noteWhatIsDue(stage.database, due)
    await noteWhatIsDue(stage.database, new Date(due.getTime() + 30 * DAY))
    expect(only(await told(kari), 'unused')).toHaveLength(1)
    expect(only(await told(ola), 'unused')).toHaveLength(0)
    const used = { representationId: mandateId, service: 'nav.pension', happenedAt: new Date(due.getTime() + 31 * DAY) }
    await stage.database.transaction((tx) => noteGroundUses(tx, [used]))
    await noteWhatIsDue(stage.database, new Date(due.getTime() + 200 * DAY))
    expect(only(await told(kari), 'unused')).toHaveLength(1)
    await noteWhatIsDue(stage.database, new Date(due.getTime() + (31 + 367) * DAY))
    expect(only(await told(kari), 'unused')).toHaveLength(2)
  })

  test('the yearly overview: on one day of the year, of what holds then', async () => {
    await heldUntil(startOfDay(addDays(osloDay(new Date()), 2_000)), 0)
    await told(kari)
    await standstill(new Date())
    const start = Date.now()
    const counts: number[] = []
    for (const days of [100, 200, 300, 366, 500, 731]) {
      await noteWhatIsDue(stage.database, new Date(start + days * DAY))
      counts.push((await told(kari, ['yearly_overview'])).length)
    }
    expect(counts.at(3)).toBe(1)
    expect(counts.at(-1)).toBe(2)
    expect(await told(ola, ['yearly_overview'])).toEqual([])
    const [notice] = (await seeNotices(stage.database, kari, KINDS, null, 100)).filter(
      ({ kind }) => kind === 'yearly_overview',
    )
    expect(notice?.data).toEqual({ count: 1 })
  })

  test('a clock that is behind looks at nothing and stays where it is', async () => {
    const ahead = new Date(Date.now() + 5 * DAY)
    await standstill(ahead)
    await noteWhatIsDue(stage.database, new Date())
    const [clock] = await sql<{ at: Date }>(stage.database, 'select looked_until as at from notice_clock')
    expect(clock?.at).toEqual(ahead)
  })
})

describe('uses', () => {
  test('the first one at each service is told to the giver, later ones are not', async () => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
    const use = (service: string, happenedAt = new Date()) =>
      stage.database.transaction((tx) => noteGroundUses(tx, [{ representationId: mandateId, service, happenedAt }]))
    await Promise.all([use('nav.pension'), use('nav.pension'), use('nav.pension')])
    await use('skatt.melding')
    await use('nav.pension', new Date(Date.now() + HOUR))
    expect(only(await told(kari), 'first_use')).toHaveLength(2)
    expect(only(await told(ola), 'first_use')).toEqual([])
    const [kept] = await sql<{ later: boolean }>(
      stage.database,
      `select last_used_at > first_used_at as later from ground_use where representation_id = $1 and service_id = 'nav.pension'`,
      [mandateId],
    )
    expect(kept?.later).toBe(true)
  })

  test.each([
    ['each', 2],
    ['weekly', 2],
    ['never', 0],
  ] as const)('by e-mail %s, as the giver has chosen; the inbox has them all', async (digest, messages) => {
    const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
    await told(kari)
    await stage.database.transaction((tx) => putFirstUseDigest(tx, kari, digest))
    for (const service of ['nav.pension', 'skatt.melding']) {
      const use = { representationId: mandateId, service, happenedAt: new Date() }
      await stage.database.transaction((tx) => noteGroundUses(tx, [use]))
      await tellAll(stage.database, BOTH)
    }
    expect(only(await told(kari), 'first_use')).toHaveLength(2)
    const deliveries = await statesOf(kari)
    const expected = digest === 'each' ? 4 : messages
    expect(deliveries).toHaveLength(expected)
    if (digest === 'weekly') {
      expect(deliveries.every(({ due, occasion }) => !due && occasion.startsWith('week of '))).toBe(true)
    }
    if (digest === 'each') expect(deliveries.map(({ due }) => due)).toEqual([true, true, true, true])
  })
})

describe('what goes out', () => {
  test('one e-mail for all that a transaction causes; an SMS always where it is about safety, else instead of e-mail', async () => {
    const [first, second] = [
      await give(stage.database, { principal: kari, representative: ola }),
      await give(stage.database, { principal: kari, representative: ola, powers: [{ object: 'other' }] }),
    ]
    await told(kari)
    await stage.database.transaction(async (tx) => {
      for (const { mandateId } of [first, second]) {
        const locked = await lockMandate(tx, mandateId)
        if (locked === null) throw new Error('there is no such mandate')
        const powers = locked.powers.map(({ powerId, validUntil }) => ({
          powerId,
          validUntil,
          state: 'frozen' as const,
        }))
        const made = { mandateId, change: 'frozen' as const, madeBy: kari, madeAt: locked.moment, reason: null }
        await insertChange(tx, { ...made, confirmed: null }, powers)
      }
    })
    await tellAll(stage.database, BOTH)
    expect(await told(kari)).toEqual(['given', 'given', 'frozen', 'frozen'])
    expect((await statesOf(kari)).map(({ channel, instead }) => [channel, instead])).toEqual([
      ['email', false],
      ['sms', true],
    ])
    await turn(first.mandateId, { change: 'ended' })
    await tellAll(stage.database, ['sms'])
    expect((await statesOf(kari)).slice(2).map(({ channel, instead }) => [channel, instead])).toEqual([['sms', false]])
  })
})

const only = (kinds: readonly string[], kind: string): string[] => kinds.filter((one) => one === kind)
const pass = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function countOf(party: PartyId): Promise<number> {
  const [row] = await sql<{ count: number }>(stage.database, 'select count(*)::int from notice where party_id = $1', [
    party,
  ])
  return row?.count ?? 0
}

test('whoever tells is woken by what is to be told, and not by himself: where there is nothing he rests', async () => {
  const heard: (string | null)[] = []
  const stop = await listen({
    databaseUrl: stage.serverUrl,
    channel: 'notices_caused',
    onNotice: (payload) => heard.push(payload),
    onFault: (error) => {
      throw error as Error
    },
  })
  await noteWhatIsDue(stage.database, new Date())
  heard.length = 0
  await noteWhatIsDue(stage.database, new Date())
  await give(stage.database, { principal: kari, representative: ola })
  while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await stop()
  expect(heard).toEqual([''])
})
