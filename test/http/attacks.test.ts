import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { logIn } from '../../standins/headless-login.js'
import { Database } from '../../src/store/database.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let nav: RelyingService

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

const POWER = { service: 'nav.pension', action: 'read' }

test.each([
  ['a year before all others', '-271821-04-20T00:00:00.000Z_01a20058-6f82-75bc-b80f-56a63cf6ab53'],
  ['a year after all others', '%2B275760-09-13T00:00:00.000Z_01a20058-6f82-75bc-b80f-56a63cf6ab53'],
  ['the year nought', '0000-01-01T00:00:00.000Z_01a20058-6f82-75bc-b80f-56a63cf6ab53'],
  ['an identity number for an id', '2026-01-01T00:00:00.000Z_28816196088-------------------------'],
  ['more than a time and an id', '2026-01-01T00:00:00.000Z_01a20058-6f82-75bc-b80f-56a63cf6ab53_1'],
])('the cursor of the activity: %s is refused before the database sees it', async (_name, before) => {
  const answer = await giver.get(`/v1/me/activity?before=${before}`)
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('one power cannot be narrowed twice in one request', async () => {
  const { mandate_id, powers } = (await giver.give(helper, [{ ...POWER, object: 'twice' }])).body
  const [{ power_id }] = powers
  const answer = await giver.change(mandate_id, 'narrowing', { powers: [{ power_id }, { power_id }] })
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('an offer that nobody answered in time does not stand in the way of a new one', async () => {
  const power = { service: 'muni.care', action: 'read', object: 'lapsed' }
  const { mandate_id, state } = (await giver.give(helper, [power])).body
  expect(state).toBe('offered')
  // The serving role cannot move the clock: the owner does.
  const owner = await Database.open({ url: parts.testDatabase.ownerUrl, connections: 1 })
  const text = `update mandate set answer_by = clock_timestamp() - interval '1 minute' where mandate_id = $1`
  await owner.query({ name: 'test_lapse', text }, [mandate_id])
  await owner.close()
  expect((await giver.get(`/v1/me/mandates/${mandate_id}`)).body.state).toBe('lapsed')
  expect(await giver.give(helper, [power])).toMatchObject({ status: 201, body: { state: 'offered' } })
  expect((await giver.get(`/v1/me/mandates/${mandate_id}`)).body.state).toBe('cancelled')
})

describe('a body that cannot be taken at its word is refused as the fault of whoever sent it', () => {
  const question = JSON.stringify({
    subject: { type: 'person', id: '47906701517' },
    action: { name: 'read' },
    resource: { type: 'person', id: '28816196088', properties: { service: 'nav.pension', object: 'X' } },
  })

  test.each([
    ['half a character', question.replace('"X"', String.raw`"\ud800"`)],
    ['arrays within arrays', question.replace('{', `{"more":${'['.repeat(20_000)}${']'.repeat(20_000)},`)],
    ['objects within objects', question.replace('{', `{"more":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)},`)],
  ])('%s', async (_name, body) => {
    expect((await nav.post('/access/v1/evaluation', body)).status).toBe(400)
  })

  test('brackets within a text are only text', async () => {
    const body = question.replace('"X"', JSON.stringify('['.repeat(150)))
    expect((await nav.post('/access/v1/evaluation', body)).status).toBe(200)
  })
})

test('whoever sends a request has half a minute to send it in', () => {
  const server = parts.service.app.getHttpServer() as { readonly requestTimeout: number }
  expect(server.requestTimeout).toBe(30_000)
})

test('what could no longer be given is not extended either', async () => {
  const { mandate_id } = (await giver.give(helper, [{ ...POWER, object: 'extended' }])).body
  const until = addMonths(osloDay(new Date()), 20)
  const draft = await giver.post(`/v1/me/mandates/${mandate_id}/extension-drafts`, { until })
  expect(draft.status).toBe(201)
  await die(giver.number)
  expect(await giver.confirm(draft.body)).toMatchObject({ status: 422, body: { code: 'principal_not_alive' } })
  expect(await giver.post(`/v1/me/mandates/${mandate_id}/extension-drafts`, { until })).toMatchObject({
    status: 422,
    body: { code: 'principal_not_alive' },
  })
})

async function die(number: string): Promise<void> {
  await parts.database.query(
    {
      name: 'test_die',
      text: `with closed as (
               update party_fact f set recorded = tstzrange(lower(f.recorded), clock_timestamp())
                 from party_identifier i
                where i.value = $1 and f.party_id = i.party_id and upper_inf(f.recorded) returning f.*)
             insert into party_fact (party_id, source, name, family_name, born_on, died_on, protected_address, recorded)
             select party_id, source, name, family_name, born_on, '2026-01-01', protected_address,
                    tstzrange(upper(recorded), null) from closed`,
    },
    [number],
  )
}

test('who misses twenty times within the hour looks up no one any more, and each miss is recorded', async () => {
  const seeker = await Visitor.logIn(parts, 'ola-nordby')
  const sought = parts.people.find('hedda-lind')
  if (sought === undefined) throw new Error('no one to look for')
  const draft = (familyName: string): Promise<Answer> =>
    seeker.post('/v1/me/mandates/drafts', {
      representative: { identifier: sought.identityNumber, family_name: familyName },
      powers: [{ service: 'nav.pension', action: 'read' }],
    })
  // The right name of someone with a protected address is a miss like any other.
  const right = await draft(sought.familyName)
  const wrong = await draft('Feil')
  expect([right.status, right.body]).toEqual([wrong.status, wrong.body])
  for (let miss = 2; miss < 20; miss++) expect((await draft(`Feil${'x'.repeat(miss)}`)).status).toBe(422)
  expect(await draft(sought.familyName)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
})

test('of many look-ups at once no more are answered than of one after the other; what is refused for another reason counts too', async () => {
  const seeker = await Visitor.logIn(parts, 'tor-bakken')
  const known = parts.people.find('berit-haugen')
  const draft = (familyName: string, power: Record<string, unknown>): Promise<Answer> =>
    seeker.post('/v1/me/mandates/drafts', {
      representative: { identifier: known?.identityNumber, family_name: familyName },
      powers: [{ service: 'nav.pension', action: 'read', ...power }],
    })
  // The number and the name fit, and still nothing comes of it: it would end before it takes effect.
  const tooSoon = { service: 'land.registry', until: osloDay(new Date()) }
  expect((await draft(known?.familyName ?? '', tooSoon)).body).toMatchObject({ code: 'end_before_start' })
  // What is refused whoever is named counts nothing.
  expect((await draft('Feil', { service: 'no.such' })).body).toMatchObject({ code: 'unknown_service' })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => draft(`Feil ${'x'.repeat(index)}`, {})))
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([...Array<number>(19).fill(422), ...Array<number>(21).fill(429)])
})

test('no one logs in as someone who has died', async () => {
  const { response } = await logIn(`${parts.url}/login?level=high`, { id: 'olav-tveit' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'login_failed' })
})
