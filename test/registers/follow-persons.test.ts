import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { RegisterFailure } from '../../standins/register-faults.js'
import { followPersons } from '../../src/registers/follow-persons.js'
import { BulkConnection } from '../../src/store/bulk-connection.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { ensureParty, findParty } from '../../src/store/party-store.js'
import { registerDigest } from '../../src/store/register-digest.js'
import { lockRegister } from '../../src/store/register-progress.js'
import { furnish, give, sql } from '../store/given.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { PATIENCE, type RegisterStage, startRegisters } from './register-stage.js'

/** Ten people to a household: two children, their mother and father, and six others. */
const CALM = 700
const CHILD = CALM
const [MOTHER, FATHER, WARD, GUARDIAN, OTHER] = [CALM + 2, CALM + 3, CALM + 4, CALM + 17, CALM + 27]
const TASKS = [{ vergeTjenestevirksomhet: 'nav', vergeTjenesteoppgave: 'pensjon' }]

let stage: RegisterStage
let database: TestDatabase
/** The country as it is before anything happens: the same each time. */
let loaded: TestDatabase

beforeAll(async () => {
  loaded = await testDatabase(2)
  const registers = await startRegisters(1000)
  await registers.load(loaded)
  await Promise.all([registers.stop(), loaded.close()])
})
afterAll(() => loaded.drop())

beforeEach(async () => {
  stage = await startRegisters(1000)
  database = await testDatabase(6, loaded)
})
afterEach(async () => {
  await database.drop()
  await stage.stop()
})

const follow = () => followPersons(stage.following(database))

/** What this database would hold had it been loaded anew just now. */
async function freshDigest() {
  const fresh = await testDatabase(2)
  try {
    await stage.load(fresh)
    return await registerDigest(fresh.database, 'freg')
  } finally {
    await fresh.drop()
  }
}

const digest = () => registerDigest(database.database, 'freg')

/** Much of what can happen, with events that say so. */
function happen(): void {
  const { people } = stage
  people.die(OTHER, '2026-11-02')
  people.changeNumber(MOTHER)
  people.setGuardian(WARD, { guardian: GUARDIAN, tasks: TASKS })
  people.setResponsibility(CHILD, [{ kind: 'far', holder: FATHER }])
  people.protect(FATHER, 'fortrolig')
  people.setStatus(CALM + 28, 'opphoert')
  people.events.skip(5)
  people.changeNumber(GUARDIAN)
  people.endGuardian(WARD, GUARDIAN)
  people.setGuardian(WARD, { guardian: GUARDIAN, tasks: [], kind: 'midlertidigForVoksen' })
  people.touch(0, 200)
}

/** A little of it: a guardian more or less, and people who were updated. */
function stir(): void {
  const { people } = stage
  people.setGuardian(WARD, { guardian: GUARDIAN, tasks: TASKS })
  people.protect(FATHER, 'fortrolig')
  people.touch(CALM, CALM + 6)
}

const grounds = (index: number) =>
  sql<{ basis: string; says: string; rep: boolean }>(
    database.database,
    `select n.basis, v.says, n.representative is not null as rep from relation_version v join representation n using (representation_id)
      join party_identifier i on i.party_id = n.principal where i.value = $1 and upper_inf(v.recorded) order by 1, 2`,
    [stage.people.numberOf(index)],
  )

const partyAt = async (index: number) => {
  const party = await findParty(database.database, { scheme: 'fnr', value: stage.people.numberOf(index) })
  if (party === null) throw new Error('not known')
  return party
}

describe('what happens', () => {
  test('is taken in, and leaves what a fresh load would', async () => {
    happen()
    const followed = await follow()
    expect(followed).toMatchObject({ outcome: 'up_to_date', compared: false })
    expect(await digest()).toEqual(await freshDigest())
    expect(await follow()).toMatchObject({ events: 0 })
    expect(await grounds(CHILD)).toEqual([{ basis: 'parent', says: 'far', rep: true }])
  })

  test('changes only what differs: what is told of without a change leaves no row', async () => {
    const rows = () =>
      sql(database.database, `select (select count(*) from party_fact) f, (select count(*) from relation_version) r`)
    const before = await rows()
    stage.people.touch(0, 1000)
    stage.people.touch(0, 1000)
    await follow()
    expect(await rows()).toEqual(before)
  })

  test('a new number finds the same party, under the old one too', async () => {
    const party = await partyAt(MOTHER)
    const old = stage.people.numberOf(MOTHER)
    stage.people.changeNumber(MOTHER)
    await follow()
    expect(await partyAt(MOTHER)).toBe(party)
    expect(await findParty(database.database, { scheme: 'fnr', value: old })).toBe(party)
  })

  test('someone who logged in by a new number before the register told of it is refused by name, and nobody is merged', async () => {
    const party = await partyAt(MOTHER)
    const number = stage.people.changeNumber(MOTHER)
    const other = await ensureParty(database.database, { scheme: 'fnr', value: number })
    const options = stage.following(database)
    expect(await followPersons(options)).toMatchObject({ outcome: 'up_to_date' })
    expect(options.refused).toMatchObject({ numbers_of_two_parties: 1 })
    expect(await partyAt(MOTHER)).toBe(other)
    const facts = await sql(
      database.database,
      `select from party_fact where party_id = any($1::uuid[]) and upper_inf(recorded)`,
      [[party, other]],
    )
    expect(facts).toEqual([])
  })

  test('a new page begins where the last one ended, over many pages', async () => {
    for (let times = 0; times < 3; times += 1) stage.people.touch(0, 1000)
    stage.people.die(OTHER, '2026-11-02')
    expect(await follow()).toMatchObject({ events: 3002 })
    expect(await digest()).toEqual(await freshDigest())
  })
})

describe('a death', () => {
  test('ends mandates both ways, with an entry each; annulled, it gives nothing back', async () => {
    await furnish(database.database)
    const [dead, other] = [await partyAt(OTHER), await partyAt(FATHER)]
    const given = await give(database.database, { principal: dead, representative: other })
    const received = await give(database.database, { principal: other, representative: dead })
    const others = await give(database.database, { principal: other, representative: await partyAt(MOTHER) })
    stage.people.die(OTHER, '2026-11-02')
    await follow()
    const states = () =>
      sql<{ id: string; state: string }>(
        database.database,
        `select mandate_id as id, state from mandate_power where upper_inf(recorded) order by mandate_id`,
      )
    const ended = [
      { id: given.mandateId, state: 'ended' },
      { id: received.mandateId, state: 'ended' },
      { id: others.mandateId, state: 'active' },
    ]
    expect(await states()).toEqual(ended)
    const entries = await sql<{ entry: string }>(database.database, `select entry from audit_entry order by entry_id`)
    expect(entries.map(({ entry }) => JSON.parse(entry) as unknown)).toMatchObject(
      [given, received].map(({ mandateId }) => ({
        kind: 'mandate_ended',
        actor: null,
        content: { mandate: mandateId, register: 'freg', reason: 'death', version: 2 },
      })),
    )
    stage.people.annulDeath(OTHER)
    await follow()
    expect(await states()).toEqual(ended)
    const facts = await sql(
      database.database,
      `select died_on from party_fact where party_id = $1 and upper_inf(recorded)`,
      [dead],
    )
    expect(facts).toEqual([{ died_on: null }])
    expect(await digest()).toEqual(await freshDigest())
  })

  test('what its consequences cannot be written for is not recorded either, and comes the next time', async () => {
    stage.people.die(OTHER, '2026-11-02')
    const before = await digest()
    const broken = { ...stage.following(database), onDeaths: () => Promise.reject(new Error('broken off')) }
    await expect(followPersons(broken)).rejects.toThrow('broken off')
    expect(await digest()).toEqual(before)
    await follow()
    expect(await digest()).toEqual(await freshDigest())
  })
})

describe('a register that lets us down', () => {
  const PLACES = { persons: /bulkoppslag$/, feed: /feed$/, latest: /sekvensnummer$/ } as const
  const FAULTS: readonly (readonly [keyof typeof PLACES, RegisterFailure, string])[] = [
    ...(['persons', 'feed', 'latest'] as const).flatMap((place) => [
      [place, { kind: 'down' }, 'unreachable'] as const,
      [place, { kind: 'slow', milliseconds: 600 }, 'timeout'] as const,
      [place, { kind: 'status', status: 503 }, 'server_error'] as const,
      [place, { kind: 'status', status: 429, retryAfter: 60_000 }, 'throttled'] as const,
      [place, { kind: 'wrong_content_type' }, 'not_json'] as const,
      [place, { kind: 'half_page' }, 'malformed'] as const,
    ]),
    ['persons', { kind: 'left_out' }, 'incomplete'],
    ['persons', { kind: 'empty_list' }, 'incomplete'],
    ['feed', { kind: 'left_out' }, 'incomplete'],
    ['feed', { kind: 'empty_list' }, 'incomplete'],
    ['feed', { kind: 'out_of_order' }, 'out_of_order'],
  ]

  test('is waited for, by name, and believed again when it is well: every fault in turn', async () => {
    for (const [place, failure, code] of FAULTS) {
      stir()
      const [before, freshBefore] = [await digest(), await freshness()]
      stage.population.faults.next(failure, 1, PLACES[place])
      const patience = failure.kind === 'slow' ? { ...PATIENCE, total: 300 } : PATIENCE
      const following = followPersons(stage.following(database, patience))
      await expect(following).rejects.toMatchObject({ name: 'RegisterFault', code })
      if (place !== 'latest') expect([code, await digest()]).toEqual([code, before])
      expect([code, await freshness()]).toEqual([code, freshBefore])
      stage.population.faults.clear()
      await follow()
    }
    expect(await digest()).toEqual(await freshDigest())
  })

  test('a page that is repeated is refused, and not taken in twice', async () => {
    happen()
    await follow()
    stage.people.touch(0, 3)
    stage.population.faults.next({ kind: 'repeated_page' }, 1, /feed$/)
    await follow().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'RegisterFault' })
    })
    stage.population.faults.clear()
    await follow()
    expect(await digest()).toEqual(await freshDigest())
  })

  test('a person whom it suddenly does not know, or of whom nothing can be read, is known for nothing until it says more', async () => {
    const document = stage.people.documentAt(WARD)
    stage.people.replace(WARD, { ...document, status: [{ erGjeldende: true, status: 'aldri hørt' }] })
    const options = stage.following(database)
    await followPersons(options)
    expect(options.refused).toMatchObject({ malformed: 2 })
    const facts = `select from party_fact where party_id = $1 and upper_inf(recorded)`
    expect(await sql(database.database, facts, [await partyAt(WARD)])).toEqual([])
    expect(await digest()).toEqual(await freshDigest())
    stage.people.replace(WARD, document)
    stage.population.faults.clear()
    await follow()
    expect(await sql(database.database, facts, [await partyAt(WARD)])).toEqual([{}])
    expect(await digest()).toEqual(await freshDigest())
  })

  const freshness = () => sql(database.database, 'select fresh_at from register_freshness')
})

describe('a feed that reaches no longer back to us', () => {
  test('makes us compare everyone, and change only what differs', async () => {
    happen()
    stage.people.events.forgetBefore(stage.people.events.latest() + 1)
    const facts = () =>
      sql(database.database, `select count(*)::int as n from party_fact where not upper_inf(recorded)`)
    expect(await follow()).toMatchObject({ outcome: 'up_to_date', compared: true, events: 0 })
    expect(await digest()).toEqual(await freshDigest())
    const [closed] = await facts()
    expect((closed as { n: number }).n).toBeLessThan(10)
  })

  test('a listing of the register tells of those who are new to it', async () => {
    const empty = await testDatabase(2)
    try {
      const numbers = [...stage.people.people()].flatMap(({ identifikasjonsnummer }) =>
        identifikasjonsnummer.map((row) => row.foedselsEllerDNummer),
      )
      const listing = () => Readable.from(numbers) as AsyncIterable<string>
      const followed = await followPersons({ ...stage.following(empty), listing })
      expect(followed).toMatchObject({ compared: true })
      expect(await registerDigest(empty.database, 'freg')).toEqual(await freshDigest())
    } finally {
      await empty.drop()
    }
  })
})

test('of several instances one follows', async () => {
  const other = await BulkConnection.open(database.serverUrl)
  try {
    expect(await lockRegister(other, 'freg')).toBe(true)
    expect(await follow()).toEqual({ outcome: 'busy' })
  } finally {
    await other.close()
  }
  expect(await follow()).toMatchObject({ outcome: 'up_to_date' })
})

test('whoever uses a ground just now is waited for, and after that it is gone for everyone', async () => {
  stage.people.setGuardian(WARD, { guardian: GUARDIAN, tasks: TASKS })
  await follow()
  const [ground] = await sql<{ id: string }>(
    database.database,
    `select representation_id as id from representation where principal = $1 and representative = $2`,
    [await partyAt(WARD), await partyAt(GUARDIAN)],
  )
  stage.people.endGuardian(WARD, GUARDIAN)
  let following: Promise<unknown> | undefined
  const hold = (): Promise<string | null> => database.database.transaction((tx) => holdGround(tx, ground?.id as never))
  await database.database.transaction(async (tx) => {
    expect(await holdGround(tx, ground?.id as never)).not.toBeNull()
    following = follow()
    const first = await Promise.race([following, new Promise((resolve) => setTimeout(() => resolve('waits'), 700))])
    expect(first).toBe('waits')
  })
  await following
  expect(await hold()).toBeNull()
})
