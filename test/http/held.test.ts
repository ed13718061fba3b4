import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let land: RelyingService
let operator: pg.Client
let objects = 0
const HOUR = 3_600_000

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  land = await RelyingService.open(parts, 'nav-web')
  operator = new pg.Client(parts.testDatabase.superuserUrl)
  await operator.connect()
  await operator.query(`update client set services = array_append(services, 'land.registry') where client_id = 'nav-web'`)
})
afterAll(async () => {
  await operator.end()
  await parts.stop()
  expect(parts.faults).toEqual([])
})

const parcel = (): { service: string; action: string; object: string } => ({
  ...{ service: 'land.registry', action: 'read', object: `gnr ${++objects}` },
})

async function offered(object: { service: string; action: string; object: string }): Promise<string> {
  const given = await giver.give(helper, [object])
  expect(given).toMatchObject({ status: 201, body: { state: 'offered', takes_effect_at: null, flags: [] } })
  return String(given.body.mandate_id)
}

/** What is asked with the helper's own login, as services of the highest class must. */
async function ask(object: string): Promise<Answer['body']> {
  const login_token = await land.idTokenOf('bjarne-aas')
  const { body } = await land.evaluate(helper.number, giver.number, 'land.registry', 'read', {
    properties: { object },
    context: { login_token, login_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
  })
  return body
}

const hoursFromNow = (time: string): number => (Date.parse(time) - Date.now()) / HOUR

/** Lets what is held take effect so many milliseconds from now, and tells when. */
async function takesEffectIn(mandateId: string, milliseconds: number): Promise<Date> {
  const at = new Date(Date.now() + milliseconds)
  await operator.query('begin')
  await operator.query('set local session_replication_role = replica')
  await operator.query(
    `update mandate_power set valid = tstzrange($2, upper(valid)) where mandate_id = $1 and state = 'held'`,
    [mandateId, at.toISOString()],
  )
  await operator.query('commit')
  return at
}

describe('what asks for a waiting time', () => {
  test('is held when it is accepted, and takes effect by the clock at its very second', async () => {
    const power = parcel()
    const id = await offered(power)
    const accepted = await helper.accept(id)
    expect(accepted).toMatchObject({ status: 201, body: { state: 'held', flags: [] } })
    expect(hoursFromNow(accepted.body.takes_effect_at)).toBeCloseTo(24, 1)
    expect(accepted.body.powers[0]).toMatchObject({ state: 'held', valid_from: accepted.body.takes_effect_at })
    expect((await giver.get(`/v1/me/mandates/${id}`)).body).toMatchObject({ state: 'held' })

    const at = await takesEffectIn(id, 2_500)
    const early = await ask(power.object)
    expect(early).toMatchObject({ decision: false, context: { reason: 'held' } })
    expect(Date.parse(early.context.valid_until)).toBe(at.getTime())
    while (Date.now() < at.getTime()) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, at.getTime() - Date.now())))
    }
    expect(await ask(power.object)).toMatchObject({ decision: true })
    expect((await helper.get(`/v1/me/mandates/${id}`)).body).toMatchObject({ state: 'active', takes_effect_at: null })
    const { body } = await helper.get('/v1/me/representations')
    expect(JSON.stringify(body.you_may_act_for)).toContain('land.registry')
  })

  test('can be ended by either while it is held, and then never takes effect', async () => {
    for (const who of [giver, helper]) {
      const power = parcel()
      const id = await offered(power)
      await helper.accept(id)
      expect(await who.change(id, 'end')).toMatchObject({ status: 200, body: { state: 'ended', takes_effect_at: null } })
      expect(await ask(power.object)).toMatchObject({ decision: false })
    }
  })

  test('can be frozen while it is held, and waits no less when it is thawed', async () => {
    const id = await offered(parcel())
    await helper.accept(id)
    expect(await giver.change(id, 'freeze')).toMatchObject({ body: { state: 'frozen' } })
    expect(await giver.change(id, 'thaw')).toMatchObject({ body: { state: 'not_yet_valid' } })
  })

  test('is not passed on or extended while it is held', async () => {
    const id = await offered(parcel())
    await helper.accept(id)
    expect(await giver.post(`/v1/me/mandates/${id}/extension-drafts`, { until: '2099-01-01' })).toMatchObject({
      ...{ status: 409, body: { code: 'not_in_this_state' } },
    })
  })

  test('says so in the text that is accepted', async () => {
    const id = await offered(parcel())
    const draft = await helper.post(`/v1/me/mandates/${id}/acceptance-drafts`, { language: 'nb' })
    expect(draft.body.text).toContain('gjelder først 24 timer etter at den er bekreftet')
    expect(draft.body.level).toBe('high')
  })
})

describe('accepting', () => {
  const appointment = (): Record<string, unknown> => ({
    ...{ service: 'health.appointments', action: 'read', object: `time ${++objects}` },
  })

  test('is for the representative alone, of what is still offered as it was when he saw it', async () => {
    const id = String((await giver.give(helper, [appointment()])).body.mandate_id)
    const draft = await helper.post(`/v1/me/mandates/${id}/acceptance-drafts`, {})
    expect(await giver.post(`/v1/me/mandates/${id}/acceptance-drafts`, {})).toMatchObject({
      ...{ status: 403, body: { code: 'not_yours_to_do' } },
    })
    const unknown = await giver.post(`/v1/me/mandates/${randomUUID()}/acceptance-drafts`, {})
    expect(unknown).toMatchObject({ status: 404, body: { code: 'no_such_mandate' } })
    expect(await giver.confirm(draft.body)).toMatchObject({ status: 410 })
    await giver.change(id, 'end')
    expect(await helper.confirm(draft.body)).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    expect(await helper.accept(id)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
  })

  test('on another device takes effect at once, and its text is kept', async () => {
    const id = String((await giver.give(helper, [appointment()])).body.mandate_id)
    expect(await helper.accept(id)).toMatchObject({ status: 201, body: { state: 'active', flags: [] } })
    const { body } = await giver.get(`/v1/me/mandates/${id}/versions`)
    expect(body.versions[1]).toMatchObject({ change: 'accepted', text: expect.stringContaining('Ta imot fullmakt') })
  })

  test('on the device on which it was given half an hour ago is held and marked, for both; later it is not', async () => {
    const device = '__Host-device'
    const secretOf = (visitor: Visitor): string =>
      new RegExp(`${device}=([^;]+)`).exec(visitor.cookies.header(new URL(parts.url)))?.[1] ?? ''
    expect(secretOf(giver)).not.toBe(secretOf(helper))
    const cookie = `${helper.cookies.header(new URL(parts.url)).replace(secretOf(helper), secretOf(giver))}`
    const [soon, later] = await Promise.all(
      [appointment(), appointment()].map(async (power) => String((await giver.give(helper, [power])).body.mandate_id)),
    )
    await operator.query(`update mandate_version set made_at = made_at - interval '31 minutes' where mandate_id = $1`, [
      later,
    ])
    for (const [id, state, flags] of [
      [soon, 'held', ['same_device']],
      [later, 'active', []],
    ] as const) {
      const draft = await helper.post(`/v1/me/mandates/${String(id)}/acceptance-drafts`, {})
      await helper.answer(draft.body)
      const confirmed = await fetch(`${parts.url}/v1/me/mandates/drafts/${String(draft.body.draft_id)}/confirmation`, {
        method: 'POST',
        headers: { cookie, origin: parts.url, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ text_hash: draft.body.text_hash }),
      })
      expect(await confirmed.json()).toMatchObject({ state, flags })
      expect((await giver.get(`/v1/me/mandates/${String(id)}`)).body).toMatchObject({ state, flags })
    }
    const entries = await operator.query(
      `select entry::jsonb -> 'content' as content from audit_entry where kind = 'mandate_accepted' and entry like $1`,
      [`%${String(soon)}%`],
    )
    expect(entries.rows).toMatchObject([{ content: { flags: ['same_device'], takes_effect_at: expect.any(String) } }])
  })

  test('the device is the browser’s for a year, whoever logs in there, and no page can read it', async () => {
    const response = await giver.cookies.fetch(new URL('/login', parts.url))
    expect(response.headers.getSetCookie().join()).not.toContain('__Host-device')
    const draft = await giver.draft(helper, [appointment()])
    const before = giver.cookies.header(new URL(parts.url))
    await giver.answer(draft.body)
    const [secret] = /__Host-device=[^;]+/.exec(before) ?? []
    expect(giver.cookies.header(new URL(parts.url))).toContain(secret)
  })
})

test('what needs no acceptance is held from the giving, and its text promises nothing at once', async () => {
  const files = await readCatalogueFiles('catalogue')
  const services = files.services.map((service) =>
    service.id === 'land.registry' && service.mandate !== null
      ? { ...service, mandate: { ...service.mandate, acceptance: false } }
      : service,
  )
  await publishCatalogue(parts.database, { ...files, version: files.version + 1, services })
  const power = parcel()
  const draft = await giver.draft(helper, [power])
  expect(draft.body.text).toContain('gjelder først 24 timer')
  expect(draft.body.text).not.toContain('straks')
  const given = await giver.confirm(draft.body)
  expect(given).toMatchObject({ status: 201, body: { state: 'held' } })
  expect(hoursFromNow(given.body.takes_effect_at)).toBeCloseTo(24, 1)
  expect(await ask(power.object)).toMatchObject({ decision: false, context: { reason: 'held' } })
  const today = new Date().toISOString().slice(0, 10)
  const tooShort = await giver.draft(helper, [{ ...parcel(), until: today }])
  expect(tooShort).toMatchObject({ status: 422, body: { code: 'end_before_start' } })
})
