import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, type Visitor } from '../support/visitors.js'

let parts: TestService
let nav: RelyingService
const POWER = { service: 'nav.pension', action: 'read' }
const today = osloDay(new Date())

beforeAll(async () => {
  parts = await testService()
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

const states = async (visitor: Visitor): Promise<string[]> =>
  (await visitor.get('/v1/me/mandates')).body.mandates.map(({ state }: { state: string }) => state)

test('stops all that was given, in force or to come; tells what it does not stop; told again changes nothing', async () => {
  const giver = await newcomer(parts, 'Giver', 75)
  const [one, other] = [await newcomer(parts, 'En'), await newcomer(parts, 'To')]
  await giver.give(one, [POWER])
  await giver.give(other, [{ ...POWER, from: addDays(today, 5), until: addDays(today, 50) }])
  const frozen = await giver.give(other, [{ ...POWER, object: 'frozen before' }])
  await giver.change(frozen.body.mandate_id, 'freeze')
  const ended = await giver.give(one, [{ ...POWER, object: 'ended before' }])
  await giver.change(ended.body.mandate_id, 'end')
  await giver.give(one, [{ service: 'health.appointments', action: 'read' }])
  await one.give(giver, [POWER])
  const asked = (): Promise<unknown> =>
    nav.evaluate(one.number, giver.number, 'nav.pension', 'read').then(({ body }) => body.decision)
  expect(await asked()).toBe(true)

  const key = { 'idempotency-key': randomUUID() }
  const answer = await giver.post('/v1/me/freeze-all', {}, key)
  const counts = { frozen: 2, already_frozen: 1, still_offered: 1, still_held: 0, by_law: 0 }
  expect([answer.status, answer.body]).toEqual([200, counts])
  expect(await asked()).toBe(false)
  expect((await states(giver)).sort()).toEqual(['active', 'ended', 'frozen', 'frozen', 'frozen', 'offered'])
  expect((await giver.post('/v1/me/freeze-all', {}, key)).body).toEqual(counts)
  expect((await giver.post('/v1/me/freeze-all', {})).body).toEqual({ ...counts, frozen: 0, already_frozen: 3 })
  const { activity } = (await giver.get('/v1/me/activity')).body
  expect(activity.filter(({ kind }: { kind: string }) => kind === 'mandate_frozen')).toHaveLength(3)
  expect((await giver.change(frozen.body.mandate_id, 'thaw')).body.state).toBe('active')
})

test('whoever passed something on stops that, and what the principal gave stays', async () => {
  const [giver, middle, last] = [
    await newcomer(parts, 'Giver', 75),
    await newcomer(parts, 'Mellom'),
    await newcomer(parts, 'Siste'),
  ]
  const given = await giver.give(middle, [{ ...POWER, passing_on: true }])
  await middle.passOn(given.body.mandate_id, last, [POWER])
  expect((await middle.post('/v1/me/freeze-all', {})).body).toMatchObject({ frozen: 1 })
  expect(await states(middle)).toEqual(['frozen', 'active'])
})

test('with nothing given there is nothing to stop; grounds by law stay and are counted', async () => {
  const no = await newcomer(parts, 'Ingen')
  expect((await no.post('/v1/me/freeze-all', {})).body).toMatchObject({ frozen: 0, by_law: 0 })
})

test('with everything going on at once, nothing waits for ever and nothing is left in force', async () => {
  const giver = await newcomer(parts, 'Giver', 75)
  const helpers = await Promise.all(Array.from({ length: 3 }, () => newcomer(parts, 'Hjelper')))
  const given = await Promise.all(
    helpers.flatMap((helper) => ['a', 'b', 'c'].map((object) => giver.give(helper, [{ ...POWER, object }]))),
  )
  const answers = await Promise.all([
    giver.post('/v1/me/freeze-all', {}),
    ...given.slice(0, 4).map(({ body }) => giver.change(body.mandate_id, 'end')),
    giver.post('/v1/me/freeze-all', {}),
  ])
  for (const { status } of answers) expect([200, 409, 412]).toContain(status)
  expect((await states(giver)).filter((state) => state === 'active')).toEqual([])
})
