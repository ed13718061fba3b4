import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { asOwner, newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

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

test('questions, searches and lists, by day and service, with the one who runs it and what for', async () => {
  const principal = await Visitor.logIn(parts, 'turid-tveit')
  const helper = await Visitor.logIn(parts, 'bjarne-aas')
  const before = (await principal.get('/v1/me/lookups')).body
  await principal.give(helper, [POWER])
  for (let i = 0; i < 3; i++) await nav.evaluate(helper.number, principal.number, 'nav.pension', 'read')
  await nav.representations('bjarne-aas')
  const { lookups } = (await principal.get('/v1/me/lookups?language=en')).body
  expect(before).toEqual({ lookups: [], next: null })
  const line = { day: today, unit: nav.registered.client.name, case: null }
  const organisation = { organisation_number: nav.registered.client.organisation, name: expect.anything() }
  const purpose = [{ service: 'nav.pension', service_name: expect.any(String) }]
  expect(lookups).toHaveLength(2)
  expect(lookups).toEqual(
    expect.arrayContaining([
      { ...line, kind: 'asked', count: 3, latest_at: expect.any(String), organisation, purpose },
      { ...line, kind: 'listed', count: 1, latest_at: expect.any(String), organisation, purpose },
    ]),
  )
  expect(JSON.stringify(lookups)).not.toContain(helper.number)
  const ofHelper = (await helper.get('/v1/me/lookups')).body.lookups
  expect(ofHelper.map(({ kind }: { kind: string }) => kind)).toEqual([])
})

test('someone who is asked about without any ground learns which service asked, and a list about others is not his', async () => {
  const [principal, stranger] = [await newcomer(parts, 'Noen'), await newcomer(parts, 'Fremmed')]
  await nav.evaluate(stranger.number, principal.number, 'nav.pension', 'write')
  const { lookups } = (await principal.get('/v1/me/lookups')).body
  expect(lookups).toMatchObject([{ kind: 'asked', count: 1 }])
  expect((await stranger.get('/v1/me/lookups')).body.lookups).toEqual([])
})

test('paged by day: every day once, none skipped, however far apart', async () => {
  const [principal, stranger] = [await newcomer(parts, 'Noen'), await newcomer(parts, 'Fremmed')]
  const days = [0, 1, 30, 31, 62, 300, 301]
  for (const back of days) {
    await nav.evaluate(stranger.number, principal.number, 'nav.pension', 'read')
    await asOwner(
      parts,
      `with latest as (
         select * from audit_entry where kind = 'evaluation' order by occurred_at desc limit 1
       ), gone as (
         delete from audit_entry a using latest l where a.entry_id = l.entry_id and a.occurred_at = l.occurred_at
       )
       insert into audit_entry (entry_id, occurred_at, kind, actor, principal, client_id, entry)
       select gen_random_uuid(),
              (occurred_at at time zone 'Europe/Oslo' - make_interval(days => $1)) at time zone 'Europe/Oslo',
              kind, actor, principal, client_id, entry
         from latest`,
      [back],
    )
  }
  const seen: string[] = []
  let pages = 0
  for (let next: string | null = ''; next !== null; pages++) {
    const { body } = await principal.get(`/v1/me/lookups${next === '' ? '' : `?before=${next}`}`)
    expect(body.lookups.length).toBeGreaterThan(0)
    seen.push(...body.lookups.map(({ day }: { day: string }) => day))
    next = body.next
  }
  expect(seen).toEqual(days.map((back) => addDays(today, -back)))
  expect(pages).toBe(4)
})

test.each(['2026-02-30', '0000-01-01', '2026-1-1', 'x'.repeat(10)])('%s is no day to begin before', async (before) => {
  const visitor = await Visitor.logIn(parts, 'turid-tveit')
  expect(await visitor.get(`/v1/me/lookups?before=${before}`)).toMatchObject({ status: 400 })
})

test('a child sees it from the age of twelve', async () => {
  const child = await newcomer(parts, 'Barn', 11)
  expect(await child.get('/v1/me/lookups')).toMatchObject({ status: 422, body: { code: 'principal_too_young' } })
})
