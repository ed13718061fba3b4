import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { RepresentationId } from '../../src/domain/mandate.js'
import type { PartyId } from '../../src/domain/party.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { lockMandate, insertChange } from '../../src/store/mandate-store.js'
import { type StatusPlace, allotStatusEntry } from '../../src/store/status-entry-store.js'
import { readStatuses } from '../../src/store/status-list-store.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { tellRelation } from '../support/relations.js'
import { REGISTER, furnish, give, newPerson, overtaken, sql, turn } from './given.js'

const AUDIENCE = 'https://nav-web.example.no'

let stage: TestDatabase

beforeAll(async () => {
  stage = await testDatabase()
  await furnish(stage.database)
  const client = { clientId: 'nav-web', name: 'nav-web', organisation: '889640782', jwks: { keys: [] }, services: [] }
  const login = {
    loginIssuer: null,
    loginClientId: null,
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
    mayUseNumbers: false,
    mayRule: [],
  }
  await putClient(stage.database, { ...client, ...login })
  await putAudience(stage.database, {
    audience: AUDIENCE,
    clientId: 'nav-web',
    kind: 'web',
    services: [],
    details: 'own',
  })
})
afterAll(() => stage.drop())

/** As an exchange does it. */
function issue(ground: string): Promise<StatusPlace> {
  const representationId = ground as RepresentationId
  return stage.database.transaction(async (tx) => {
    const print = await holdGround(tx, representationId)
    if (print === null) throw new Error('there is no such ground')
    const expiresAt = new Date(Date.now() + 300_000)
    return allotStatusEntry(tx, { representationId, employee: null, audience: AUDIENCE, print, expiresAt })
  })
}

async function statusOf({ listId, index }: StatusPlace): Promise<number> {
  const { lists } = await readStatuses(stage.database)
  const list = lists.find((one) => one.listId === listId)
  return list?.set.find((entry) => entry.index === index)?.status ?? 0
}

const turned = (mandateId: string, change: 'frozen' | 'ended'): Promise<void> =>
  stage.database.transaction((tx) => turn(tx, mandateId, change))

async function narrowed(mandateId: string, milliseconds = 60_000): Promise<void> {
  await stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('there is no such mandate')
    const made = { mandateId, change: 'narrowed', madeBy: locked.principal, madeAt: locked.moment } as const
    const [power] = locked.powers.map(({ powerId, state }) => ({
      powerId,
      state,
      validUntil: new Date(Date.now() + milliseconds),
    }))
    if (power === undefined) throw new Error('the mandate has no power')
    await insertChange(tx, { ...made, reason: null, confirmed: null }, [power])
  })
}

/** Takes the evidence away, as only someone past the service can. */
async function lost(mandateId: string): Promise<void> {
  const client = new pg.Client(stage.superuserUrl)
  await client.connect()
  await client.query('delete from evidence where mandate_id = $1', [mandateId])
  await client.end()
}

describe('of what was passed on', () => {
  async function chain(): Promise<{ parent: string; passed: string }> {
    const [kari, mari, ola] = [
      await newPerson(stage.database),
      await newPerson(stage.database),
      await newPerson(stage.database),
    ]
    const powers = [{ passingOn: true }]
    const parent = await give(stage.database, { principal: kari, representative: mari, powers })
    const through = { parent: parent.mandateId, middle: mari }
    const passed = await give(stage.database, { principal: kari, representative: ola, through })
    return { parent: parent.mandateId, passed: passed.mandateId }
  }

  test.each([
    ['is as the parent: frozen', async ({ parent }: { parent: string }) => turned(parent, 'frozen'), 2],
    ['is as the parent: ended', async ({ parent }: { parent: string }) => turned(parent, 'ended'), 1],
    ['has ended when the parent was narrowed', async ({ parent }: { parent: string }) => narrowed(parent), 1],
    ['has ended when the evidence of the parent is gone', async ({ parent }: { parent: string }) => lost(parent), 1],
    ['has ended when its own evidence is gone', async ({ passed }: { passed: string }) => lost(passed), 1],
    [
      'has ended when it was itself, though the parent is only frozen',
      async ({ parent, passed }: { parent: string; passed: string }) => {
        await turned(parent, 'frozen')
        await turned(passed, 'ended')
      },
      1,
    ],
  ])('the status %s', async (_, change, wanted) => {
    const ids = await chain()
    const [above, below] = [await issue(ids.parent), await issue(ids.passed)]
    expect([await statusOf(above), await statusOf(below)]).toEqual([0, 0])
    await change(ids)
    expect(await statusOf(below)).toBe(wanted)
  })
})

test.each([
  ['frozen', 2],
  ['ended', 1],
] as const)('a mandate that is %s counts as that, though a part of it had expired before', async (change, wanted) => {
  const [kari, ola] = [await newPerson(stage.database), await newPerson(stage.database)]
  const powers = [{}, { action: 'write' as const }]
  const { mandateId } = await give(stage.database, { principal: kari, representative: ola, powers })
  await narrowed(mandateId, 150)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const place = await issue(mandateId)
  await stage.database.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('there is no such mandate')
    const left = locked.powers.filter(({ validUntil }) => validUntil > locked.instant)
    expect([left.length, await statusOf(place)]).toEqual([1, 0])
    const made = { mandateId, change, madeBy: kari, madeAt: locked.moment, reason: null, confirmed: null }
    await insertChange(
      tx,
      made,
      left.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: change })),
    )
  })
  expect(await statusOf(place)).toBe(wanted)
})

describe('of a ground by law', () => {
  let child: PartyId
  let parent: PartyId
  let ground: string

  async function told(): Promise<void> {
    child = await newPerson(stage.database)
    parent = await newPerson(stage.database)
    ground = await tellRelation(stage.database, {
      principal: child,
      representative: parent,
      basis: 'parent',
      says: 'felles',
      source: REGISTER,
    })
  }

  /** Closes what the register says now, and says the rest anew. */
  const closed = `update relation_version set recorded = tstzrange(lower(recorded), clock_timestamp())
    where representation_id = $1 and upper_inf(recorded)`

  test.each<[string, () => Promise<unknown>, number]>([
    ['valid while the register says the same', () => Promise.resolve(), 0],
    ['ended when the register says no more of it', () => sql(stage.database, closed, [ground]), 1],
    [
      'ended when another parent has been told of',
      async () => {
        const other = await newPerson(stage.database)
        const relation = { principal: child, representative: other, basis: 'parent', says: 'felles' } as const
        await tellRelation(stage.database, { ...relation, source: REGISTER })
      },
      1,
    ],
    [
      'valid when another ground of another kind has been told of',
      async () => {
        const other = await newPerson(stage.database)
        const relation = { principal: child, representative: other, basis: 'guardian', says: 'mindreaarig' } as const
        await tellRelation(stage.database, { ...relation, source: REGISTER })
      },
      0,
    ],
    [
      'ended when something has been ruled about the child',
      () =>
        sql(
          stage.database,
          `insert into ruling (ruling_id, kind, principal, made_by_client, reference, valid, recorded)
           values (gen_random_uuid(), 'care_order', $1, 'nav-web', 'x', tstzrange(now(), null), tstzrange(clock_timestamp(), null))`,
          [child],
        ),
      1,
    ],
  ])('the status is %s', async (_, change, wanted) => {
    await told()
    const place = await issue(ground)
    expect(await statusOf(place)).toBe(0)
    await change()
    expect(await statusOf(place)).toBe(wanted)
  })

  test('there is a new entry once the register has said something else', async () => {
    await told()
    const place = await issue(ground)
    const again = `with closed as (${closed} returning *)
      insert into relation_version (representation_id, says, tasks, valid, recorded)
      select representation_id, 'mor', tasks, valid, tstzrange(upper(recorded), null) from closed`
    await sql(stage.database, again, [ground])
    const next = await issue(ground)
    expect(next).not.toEqual(place)
    expect([await statusOf(place), await statusOf(next)]).toEqual([1, 0])
  })
})

test('an exchange that a narrowing overtakes has the entry of what was before, so its token counts as outdated', async () => {
  const [kari, ola] = [await newPerson(stage.database), await newPerson(stage.database)]
  const { mandateId } = await give(stage.database, { principal: kari, representative: ola })
  const before = await issue(mandateId)
  const during = await overtaken(
    stage.database,
    async (tx) => {
      const locked = await lockMandate(tx, mandateId)
      if (locked === null) throw new Error('there is no such mandate')
      const powers = locked.powers.map(({ powerId, state }) => ({
        powerId,
        state,
        validUntil: new Date(Date.now() + 60_000),
      }))
      const made = { mandateId, change: 'narrowed', madeBy: kari, madeAt: locked.moment, reason: null } as const
      await insertChange(tx, { ...made, confirmed: null }, powers)
    },
    () => issue(mandateId),
  )
  expect(during).toEqual(before)
  expect(await statusOf(during)).toBe(1)
  const after = await issue(mandateId)
  expect(after).not.toEqual(before)
  expect(await statusOf(after)).toBe(0)
})
