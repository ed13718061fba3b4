import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { reachesAge } from '../../src/domain/calendar.js'
import type { RepresentationId } from '../../src/domain/mandate.js'
import type { PartyId } from '../../src/domain/party.js'
import { Catalogues } from '../../src/store/catalogue-store.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { endEmployment } from '../../src/store/employment-store.js'
import { eventRange, eventsAfter } from '../../src/store/event-store.js'
import { noteBirthdays } from '../../src/store/ground-change-store.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { insertChange, lockMandate } from '../../src/store/mandate-store.js'
import { recordPartyFacts } from '../../src/store/party-store.js'
import { allotStatusEntry } from '../../src/store/status-entry-store.js'
import { birthdaysOn, eventsOf, noteTime, tellChanges } from '../../src/tokens/event-telling.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { CATALOGUE } from '../support/catalogue.js'
import { tellRelation } from '../support/relations.js'
import { REGISTER, furnish, give, newPerson, sql } from '../store/given.js'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  for (const clientId of ['nav-web', 'other-web', 'idle-web']) await register(clientId)
})
afterAll(() => stage.drop())

async function register(clientId: string): Promise<void> {
  const login = { loginIssuer: null, loginClientId: null, workLoginIssuer: null, workLoginClientId: null }
  const may = { mayTellEmployments: false, mayUseNumbers: false, mayRule: [] }
  const own = { clientId, name: clientId, organisation: '889640782', jwks: { keys: [] }, services: [] }
  await putClient(stage.database, { ...own, ...login, ...may })
  const audience = { audience: `https://${clientId}.example.no`, clientId, services: [] }
  await putAudience(stage.database, { ...audience, kind: 'web', details: 'own' })
}

async function handleFor(clientId: string, ground: string): Promise<string> {
  const id = ground as RepresentationId
  return (await ensureHandles(stage.database, clientId, [], [id])).ofRepresentation(id)
}

/** What of these handles each client has been told of that ground, in order. */
async function told(clientId: string, handle: string): Promise<string[]> {
  const events = await eventsAfter(stage.database, clientId, 0, 1_000)
  return events.filter((event) => event.handle === handle).map(({ type }) => type)
}

/** Two clients with a handle each, both told of the same; a third that has none is told nothing. */
async function toldOf(ground: string, change: () => Promise<unknown>): Promise<string[]> {
  const [nav, other] = [await handleFor('nav-web', ground), await handleFor('other-web', ground)]
  await tellChanges(stage.database)
  const before = await told('nav-web', nav)
  await change()
  await noteTime(stage.database, new Catalogues())
  await tellChanges(stage.database)
  const events = await told('nav-web', nav)
  expect(await told('other-web', other)).toEqual(events)
  expect(await told('nav-web', other)).toEqual([])
  return events.slice(before.length)
}

type Turn = 'frozen' | 'thawed' | 'ended'

async function turn(mandateId: string, ...changes: Turn[]): Promise<void> {
  for (const change of changes) {
    await stage.database.transaction(async (tx) => {
      const locked = await lockMandate(tx, mandateId)
      if (locked === null) throw new Error('there is no such mandate')
      const state = change === 'thawed' ? ('active' as const) : change
      const powers = locked.powers
        .filter(({ validUntil }) => validUntil > locked.instant)
        .map(({ powerId, validUntil }) => ({ powerId, validUntil, state }))
      const made = { mandateId, change, madeBy: locked.principal, madeAt: locked.moment, reason: null } as const
      await insertChange(tx, { ...made, confirmed: null }, powers)
    })
  }
}

/** So that of so many powers the first ends then. */
async function narrow(mandateId: string, validUntil: Date): Promise<void> {
  await stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    const [power] = locked?.powers ?? []
    if (locked === null || power === undefined) throw new Error('there is no such mandate')
    const made = { mandateId, change: 'narrowed', madeBy: locked.principal, madeAt: locked.moment } as const
    const changed = [{ powerId: power.powerId, state: power.state, validUntil }]
    await insertChange(tx, { ...made, reason: null, confirmed: null }, changed)
  })
}

const pass = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
const soon = (): Date => new Date(Date.now() + 150)

let kari: PartyId
let ola: PartyId
beforeEach(async () => {
  kari = await newPerson(stage.database)
  ola = await newPerson(stage.database)
})

const facts = { source: REGISTER, name: 'Ny Nordmann', familyName: 'Nordmann', bornOn: '1950-05-17', diedOn: null }
const rest = { protectedAddress: false, ceased: false, capacityLost: [], residences: [] }
const moves = (partyId: PartyId, residence: string) => (): Promise<unknown> =>
  recordPartyFacts(stage.database, partyId, { ...facts, ...rest, residences: [residence] })

const rule = (principal: PartyId, from = 'now()', until = 'null'): Promise<unknown> =>
  sql(
    stage.database,
    `insert into ruling (ruling_id, kind, principal, made_by_client, reference, valid, recorded)
     values (gen_random_uuid(), 'care_order', $1, 'nav-web', $2, tstzrange(${from}, ${until}), tstzrange(clock_timestamp(), null))`,
    [principal, randomUUID()],
  )

describe('of a mandate', () => {
  let mandateId: string
  beforeEach(async () => {
    const powers = [{}, { action: 'write' as const }]
    mandateId = (await give(stage.database, { principal: kari, representative: ola, powers })).mandateId
  })
  const inAWhile = async (): Promise<void> => {
    await narrow(mandateId, soon())
    await tellChanges(stage.database)
    await pass(200)
  }

  test.each<[string, () => Promise<unknown>, string[]]>([
    ['frozen', () => turn(mandateId, 'frozen'), ['delegation-suspended']],
    ['frozen and thawed', () => turn(mandateId, 'frozen', 'thawed'), ['delegation-suspended', 'delegation-resumed']],
    ['ended', () => turn(mandateId, 'ended'), ['delegation-revoked']],
    ['frozen and ended', () => turn(mandateId, 'frozen', 'ended'), ['delegation-revoked']],
    ['narrowed', () => narrow(mandateId, new Date(Date.now() + 60_000)), ['delegation-scope-changed']],
    ['in part expired', inAWhile, ['delegation-scope-changed', 'delegation-scope-changed']],
    [
      'ended when part of it had expired',
      () => inAWhile().then(() => turn(mandateId, 'ended')),
      ['delegation-scope-changed', 'delegation-revoked'],
    ],
    ['whose giver has moved', () => moves(kari, 'a')(), ['principal-status-changed']],
    ['whose taker has moved', () => moves(ola, 'b')(), ['delegation-scope-changed']],
    ['whose giver something is ruled about', () => rule(kari), ['delegation-scope-changed']],
    ['nothing happened to', () => Promise.resolve(), []],
    ['of others', () => moves(kari, 'c')().then(() => newPerson(stage.database)), ['principal-status-changed']],
  ])('%s', async (_, change, events) => {
    expect(await toldOf(mandateId, change)).toEqual(events)
  })

  test('expired', async () => {
    const validUntil = soon()
    const short = await give(stage.database, { principal: ola, representative: kari, validUntil })
    expect(await toldOf(short.mandateId, () => pass(200))).toEqual(['delegation-expired'])
    expect(await toldOf(short.mandateId, () => turn(short.mandateId, 'ended').catch(() => undefined))).toEqual([])
  })
})

describe('of what was passed on', () => {
  test.each<[string, Turn[], Turn[], string[]]>([
    ['the parent was frozen', ['frozen'], [], ['delegation-suspended']],
    ['the parent was frozen and thawed', ['frozen', 'thawed'], [], ['delegation-suspended', 'delegation-resumed']],
    ['the parent was ended', ['ended'], [], ['delegation-revoked']],
    ['the parent was ended, and so was it', ['ended'], ['ended'], ['delegation-revoked']],
  ])('%s', async (_, above, below, events) => {
    const mari = await newPerson(stage.database)
    const parent = await give(stage.database, { principal: kari, representative: mari, powers: [{ passingOn: true }] })
    const through = { parent: parent.mandateId, middle: mari }
    const passed = await give(stage.database, { principal: kari, representative: ola, through })
    const change = async (): Promise<void> => {
      await turn(parent.mandateId, ...above)
      await turn(passed.mandateId, ...below)
    }
    expect(await toldOf(passed.mandateId, change)).toEqual(events)
  })

  test('it is frozen itself: the thaw of the parent does not resume it', async () => {
    const mari = await newPerson(stage.database)
    const parent = await give(stage.database, { principal: kari, representative: mari, powers: [{ passingOn: true }] })
    const through = { parent: parent.mandateId, middle: mari }
    const passed = await give(stage.database, { principal: kari, representative: ola, through })
    expect(await toldOf(passed.mandateId, () => turn(passed.mandateId, 'frozen'))).toEqual(['delegation-suspended'])
    expect(await toldOf(passed.mandateId, () => turn(parent.mandateId, 'frozen', 'thawed'))).toEqual([])
    expect(await toldOf(passed.mandateId, () => turn(passed.mandateId, 'thawed'))).toEqual(['delegation-resumed'])
    expect(await toldOf(passed.mandateId, moves(mari, 'd'))).toEqual(['delegation-scope-changed'])
  })
})

describe('of a ground by law', () => {
  let ground: string
  const closed = `update relation_version set recorded = tstzrange(lower(recorded), clock_timestamp())
    where representation_id = $1 and upper_inf(recorded)`
  const again = `with closed as (${closed} returning *)
    insert into relation_version (representation_id, says, tasks, valid, recorded)
    select representation_id, 'mor', tasks, valid, tstzrange(upper(recorded), null) from closed`
  const relation = (representative: PartyId, more = {}): Promise<string> =>
    tellRelation(stage.database, {
      principal: kari,
      representative,
      basis: 'parent',
      says: 'felles',
      source: REGISTER,
      ...more,
    })
  beforeEach(async () => {
    ground = await relation(ola)
  })

  test.each<[string, () => Promise<unknown>, string[]]>([
    ['the register says no more of it', () => sql(stage.database, closed, [ground]), ['delegation-revoked']],
    ['the register says something else', () => sql(stage.database, again, [ground]), ['delegation-scope-changed']],
    [
      'another parent is told of',
      () => newPerson(stage.database).then((other) => relation(other)),
      ['delegation-scope-changed'],
    ],
    ['the child has moved', () => moves(kari, 'e')(), ['principal-status-changed']],
    ['something is ruled about the child', () => rule(kari), ['delegation-scope-changed']],
    [
      'a ruling begins and ends by time',
      () => rule(kari, `now() + interval '100 ms'`, `now() + interval '200 ms'`).then(() => pass(300)),
      ['delegation-scope-changed'],
    ],
    [
      'the child comes of age',
      () => noteBirthdays(stage.database, [{ bornOn: '1950-05-17', how: 'grown' }]),
      ['delegation-expired'],
    ],
    [
      'the child reaches an age that matters',
      () => noteBirthdays(stage.database, [{ bornOn: '1950-05-17', how: 'time' }]),
      ['delegation-scope-changed'],
    ],
  ])('%s', async (_, change, events) => {
    expect(await toldOf(ground, change)).toEqual(events)
  })

  test('whose time is over', async () => {
    const short = await relation(await newPerson(stage.database), { until: soon().toISOString() })
    expect(await toldOf(short, () => pass(200))).toEqual(['delegation-expired'])
  })

  test('guardianship of an adult outlives a birthday', async () => {
    const guardian = await newPerson(stage.database)
    const of = await relation(guardian, { basis: 'guardian', says: 'voksen' })
    const birthday = () => noteBirthdays(stage.database, [{ bornOn: '1950-05-17', how: 'grown' }])
    expect(await toldOf(of, birthday)).toEqual(['delegation-scope-changed'])
  })
})

test('an employment that ends is told of, and so is what its employee uses by it', async () => {
  const [firm, anna] = [await newPerson(stage.database), await newPerson(stage.database)]
  const employmentId = randomUUID()
  await sql(
    stage.database,
    `with identity as (insert into representation (representation_id, principal, representative, basis, source, source_reference)
       values ($1, $2, $3, 'employment', 'told', gen_random_uuid()::text) returning representation_id)
     insert into employment (employment_id, told_by, valid, recorded)
     select representation_id, 'nav-web', tstzrange(now() - interval '1 day', null), tstzrange(clock_timestamp(), null) from identity`,
    [employmentId, firm, anna],
  )
  const used = await give(stage.database, { principal: kari, representative: firm })
  const unused = await give(stage.database, { principal: ola, representative: firm })
  await stage.database.transaction(async (tx) => {
    const representationId = used.mandateId as RepresentationId
    const print = await holdGround(tx, representationId, { organisation: firm, employee: anna })
    if (print === null) throw new Error('there is no such ground')
    const expiresAt = new Date(Date.now() + 300_000)
    await allotStatusEntry(tx, {
      representationId,
      employee: anna,
      audience: 'https://nav-web.example.no',
      print,
      expiresAt,
    })
  })
  await tellChanges(stage.database)
  const unusedHandle = await handleFor('nav-web', unused.mandateId)
  const usedHandle = await handleFor('nav-web', used.mandateId)
  const end = () => stage.database.transaction((tx) => endEmployment(tx, employmentId, 'nav-web'))
  expect(await toldOf(employmentId, end)).toEqual(['delegation-revoked'])
  expect(await told('nav-web', usedHandle)).toEqual(['delegation-scope-changed'])
  expect(await told('nav-web', unusedHandle)).toEqual([])
})

test('each client’s numbers are its own, without gaps, and who has no handle has none', async () => {
  const numbers = (await eventsAfter(stage.database, 'nav-web', 0, 1_000)).map(({ number }) => number)
  expect(numbers.length).toBeGreaterThan(20)
  expect(numbers).toEqual(numbers.map((_, place) => place + 1))
  expect(await eventRange(stage.database, 'idle-web', 60)).toEqual({ last: 0, firstKept: null, firstRecent: null })
})

test('in order for each ground, whatever else is changed at the same time, and however few are taken at once', async () => {
  const mandates = await Promise.all(
    Array.from({ length: 6 }, () =>
      newPerson(stage.database).then((representative) => give(stage.database, { principal: kari, representative })),
    ),
  )
  const handles = await Promise.all(mandates.map(({ mandateId }) => handleFor('nav-web', mandateId)))
  await tellChanges(stage.database)
  const before = await Promise.all(handles.map((handle) => told('nav-web', handle)))
  let changing = true
  const telling = (async () => {
    while (changing) await tellChanges(stage.database, 2)
  })()
  await Promise.all(
    mandates.map(async ({ mandateId }) => {
      for (const change of ['frozen', 'thawed', 'frozen', 'thawed', 'ended'] as const) {
        await turn(mandateId, change)
        await pass(Math.random() * 20)
      }
    }),
  )
  changing = false
  await telling
  await tellChanges(stage.database, 2)
  for (const [place, handle] of handles.entries()) {
    const events = (await told('nav-web', handle)).slice(before[place]?.length)
    // A freeze or a thaw that something later has overtaken need not be told of.
    expect(events.map((type) => type.slice('delegation-'.length)).join(' ')).toMatch(
      /^(suspended resumed )*(suspended )?revoked$/,
    )
  }
})

test('a change whose transaction is late is told of late, not lost', async () => {
  const [early, late] = [
    await give(stage.database, { principal: kari, representative: ola }),
    await give(stage.database, { principal: ola, representative: kari }),
  ]
  const lateHandle = await handleFor('nav-web', late.mandateId)
  await tellChanges(stage.database)
  const before = await told('nav-web', lateHandle)
  await stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, late.mandateId)
    if (locked === null) throw new Error('there is no such mandate')
    const made = { mandateId: late.mandateId, change: 'ended', madeBy: ola, madeAt: locked.moment } as const
    const powers = locked.powers.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'ended' as const }))
    await insertChange(tx, { ...made, reason: null, confirmed: null }, powers)
    expect(await toldOf(early.mandateId, () => turn(early.mandateId, 'ended'))).toEqual(['delegation-revoked'])
    expect(await told('nav-web', lateHandle)).toEqual(before)
  })
  await tellChanges(stage.database)
  expect(await told('nav-web', lateHandle)).toEqual([...before, 'delegation-revoked'])
})

test('a change that is rolled back is told of to nobody', async () => {
  const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
  const failing = stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    const made = { mandateId, change: 'frozen', madeBy: kari, madeAt: locked?.moment ?? ('' as never) } as const
    await insertChange(tx, { ...made, reason: null, confirmed: null }, [])
    throw new Error('undone')
  })
  await expect(failing).rejects.toThrow('undone')
  expect(await toldOf(mandateId, () => Promise.resolve())).toEqual([])
})

test('told at one instant, the same is told once', () => {
  const change = { clientId: 'nav-web', handle: 'r_1', status: 0, lastTold: null } as const
  const concerned = [
    { ...change, changeId: '1', cause: 'other' },
    { ...change, changeId: '2', cause: 'other' },
    { ...change, changeId: '3', cause: 'principal' },
    { ...change, changeId: '4', handle: 'r_2', cause: 'other' },
  ] as const
  expect(eventsOf(concerned).map(({ handle, type }) => `${handle} ${type}`)).toEqual([
    'r_1 delegation-scope-changed',
    'r_1 principal-status-changed',
    'r_2 delegation-scope-changed',
  ])
})

describe('birthdays', () => {
  test.each([
    ['2026-11-22', ['2008-11-22']],
    ['2026-02-28', ['2008-02-28']],
    ['2026-03-01', ['2008-03-01', '2008-02-29']],
    ['2028-02-29', []],
    ['2028-03-01', ['2010-03-01']],
  ])('come of age on %s', (day, bornOn) => {
    const grown = birthdaysOn(day, CATALOGUE).filter(({ how }) => how === 'grown')
    expect(grown.map((birthday) => birthday.bornOn)).toEqual(bornOn)
    for (const one of bornOn) expect(reachesAge(one, 18)).toEqual(reachesAge(day, 0))
  })

  test('are looked for once the day in Oslo is another', async () => {
    const bornOn = `${new Date().getFullYear() - 18}${new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo' }).format(new Date()).slice(4)}`
    const child = await newPerson(stage.database)
    await recordPartyFacts(stage.database, child, { ...facts, ...rest, bornOn })
    const relation = {
      principal: child,
      representative: ola,
      basis: 'parent',
      says: 'felles',
      source: REGISTER,
    } as const
    const ground = await tellRelation(stage.database, relation)
    const yesterday = (): Promise<unknown> =>
      sql(stage.database, `update event_clock set looked_until = clock_timestamp() - interval '1 day'`)
    expect(await toldOf(ground, yesterday)).toEqual(['delegation-expired'])
    expect(await toldOf(ground, () => Promise.resolve())).toEqual([])
  })
})
