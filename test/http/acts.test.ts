import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { tellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let skatt: RelyingService
let nav: RelyingService
let child: Someone
let mother: Someone
let father: Someone

beforeAll(async () => {
  parts = await testService()
  for (const id of ['skatt-web', 'nav-web']) {
    const registered = parts.clients.find(({ client }) => client.clientId === id)
    if (registered === undefined) throw new Error(`no ${id}`)
    const services = ['freg.move', 'nav.family']
    await putClient(parts.database, { ...registered.client, services })
    await putAudience(parts.database, { ...registered.audience, services })
  }
  skatt = await RelyingService.open(parts, 'skatt-web')
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})
beforeEach(async () => {
  child = await someone(parts, yearsAgo(8))
  mother = await someone(parts, yearsAgo(35))
  father = await someone(parts, yearsAgo(36))
  for (const parent of [mother, father]) await parentOf(child, parent, 'felles')
})

function parentOf(principal: Someone, representative: Someone | null, says: string): Promise<string> {
  return tellRelation(parts.database, {
    principal: principal.partyId,
    representative: representative?.partyId ?? null,
    basis: 'parent',
    says,
    source: SYNTHETIC_REGISTER,
  })
}

const MOVING = 'Flytting til Storgata 1, Oslo, fra 1. desember'
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

async function open(who: Someone, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  return skatt.post('/v1/acts', {
    login_token: await skatt.idTokenOf(who.id),
    principal: child.number,
    service: 'freg.move',
    action: 'write',
    text: MOVING,
    content_hash: hashOf(MOVING),
    expires_at: inDays(7),
    ...more,
  })
}

const complete = (actId: string, content = MOVING, by = skatt): Promise<Answer> =>
  by.post(`/v1/acts/${actId}/complete`, { content_hash: hashOf(content) })

const answer = (visitor: Visitor, actId: string, path: 'approval' | 'refusal', content = MOVING): Promise<Answer> =>
  visitor.post(`/v1/me/acts/${actId}/${path}`, { content_hash: hashOf(content) })

async function ask(who: Someone, act?: Readonly<Record<string, unknown>>): Promise<Answer> {
  const context = { login_token: await skatt.idTokenOf(who.id), ...(act === undefined ? {} : { act }) }
  return skatt.evaluate(who.number, child.number, 'freg.move', 'write', { context })
}

describe('an act that both parents must agree to', () => {
  test('is begun by one, shown to the other, agreed to, and then done: once', async () => {
    expect(await ask(mother)).toMatchObject({ body: { decision: false, context: { reason: 'others_must_approve' } } })
    const opened = await open(mother)
    expect(opened).toMatchObject({ status: 201, body: { state: 'open', approved: 1, refused: 0 } })
    const actId = String(opened.body.act_id)
    const act = { id: actId, content_hash: hashOf(MOVING) }
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'others_must_approve' } })
    expect(await ask(mother, act)).toMatchObject({ body: { decision: false } })

    const other = await Visitor.logIn(parts, father.id)
    const { body } = await other.get('/v1/me/acts')
    expect(body.acts).toMatchObject([
      { act_id: actId, text: MOVING, service: 'freg.move', content_hash: hashOf(MOVING) },
    ])
    expect(await answer(other, actId, 'approval')).toMatchObject({ status: 200, body: { answer: 'approved' } })
    expect((await other.get('/v1/me/acts')).body).toEqual({ acts: [] })

    expect(await ask(mother, act)).toMatchObject({ body: { decision: true, context: { basis: 'parent' } } })
    expect(await ask(mother)).toMatchObject({ body: { decision: false } })
    const done = await complete(actId)
    expect(done).toMatchObject({ status: 200, body: { decision: true, reason: null } })
    expect(await complete(actId)).toEqual(expect.objectContaining({ body: done.body }))
    expect(await ask(mother, act)).toMatchObject({
      body: { decision: false, context: { reason: 'others_must_approve' } },
    })
    expect(await skatt.get(`/v1/acts/${actId}`)).toMatchObject({ body: { state: 'completed' } })
  })

  test('is the same one when it is begun again, however many begin it at once', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => open(mother)))
    expect(begun.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
    expect(new Set(begun.map(({ body }) => String(body.act_id))).size).toBe(1)
    const different = [{ text: 'Another text' }, { content_hash: hashOf('another') }, { object: 'case 7' }]
    const others = await Promise.all([open(father), ...different.map((more) => open(mother, more))])
    expect(new Set([...begun, ...others].map(({ body }) => String(body.act_id))).size).toBe(5)

    const actId = String(begun[0]?.body.act_id)
    await answer(await Visitor.logIn(parts, father.id), actId, 'refusal')
    expect(String((await open(mother)).body.act_id)).not.toBe(actId)
  })

  test('is not begun when twenty others wait', async () => {
    const statuses: number[] = []
    for (let number = 1; number <= 20; number++) {
      statuses.push((await open(mother, { content_hash: hashOf(String(number)) })).status)
    }
    expect(new Set(statuses)).toEqual(new Set([201]))
    expect(await open(mother)).toMatchObject({ status: 409, body: { code: 'too_many_open_acts' } })
    expect(await open(father)).toMatchObject({ status: 201 })
  })

  test('is not done when the other refuses, and then cannot be agreed to', async () => {
    const actId = String((await open(mother)).body.act_id)
    const other = await Visitor.logIn(parts, father.id)
    expect(await answer(other, actId, 'refusal')).toMatchObject({ status: 200, body: { answer: 'refused' } })
    expect(await answer(other, actId, 'approval')).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'others_must_approve' } })
    expect(await skatt.get(`/v1/acts/${actId}`)).toMatchObject({ body: { state: 'refused', remedy: 'use_the_form' } })
  })

  test('counts for its own content, service and client only', async () => {
    const actId = String((await open(mother)).body.act_id)
    const other = await Visitor.logIn(parts, father.id)
    expect(await answer(other, actId, 'approval', 'something else')).toMatchObject({ body: { code: 'text_changed' } })
    await answer(other, actId, 'approval')
    expect(await complete(actId, 'something else')).toMatchObject({ status: 409, body: { code: 'text_changed' } })
    expect(await complete(actId, MOVING, nav)).toMatchObject({ status: 404, body: { code: 'no_such_act' } })
    expect(await ask(mother, { id: actId, content_hash: hashOf('something else') })).toMatchObject({
      body: { decision: false },
    })
  })

  test('is done by an exchange: one token, for this one power, however many ask at once', async () => {
    const actId = String((await open(mother)).body.act_id)
    const { body } = await skatt.representations(mother.id)
    const { handle } = (await skatt.get(`/v1/acts/${actId}`)).body as { handle: string }
    const reference = (content: string): Record<string, string> => ({ act_reference: `${actId}.${hashOf(content)}` })
    const exchange = (content = MOVING): Promise<unknown> =>
      skatt.exchange(handle, String(body.actor_grant), undefined, reference(content))
    await expect(exchange()).rejects.toMatchObject({ error: 'invalid_scope' })
    await answer(await Visitor.logIn(parts, father.id), actId, 'approval')
    await expect(exchange('something else')).rejects.toMatchObject({ error: 'invalid_scope' })

    const many = await Promise.allSettled(Array.from({ length: 8 }, () => exchange()))
    const issued = many.filter(({ status }) => status === 'fulfilled')
    expect(issued).toMatchObject([{ value: { scope: 'freg.move.write' } }])
    expect(await skatt.get(`/v1/acts/${actId}`)).toMatchObject({ body: { state: 'completed' } })
  })

  test('is nobody’s business who does not hold the ground, and not the one’s again who began it', async () => {
    const actId = String((await open(mother)).body.act_id)
    const stranger = await Visitor.logIn(parts, (await someone(parts, yearsAgo(40))).id)
    const herself = await Visitor.logIn(parts, mother.id)
    for (const visitor of [stranger, herself]) {
      expect((await visitor.get('/v1/me/acts')).body).toEqual({ acts: [] })
      expect(await answer(visitor, actId, 'approval')).toMatchObject({ status: 404, body: { code: 'no_such_act' } })
    }
  })

  test('answered by both doors at once, an approval counts once and a completion is one', async () => {
    const actId = String((await open(mother)).body.act_id)
    const other = await Visitor.logIn(parts, father.id)
    const answers = await Promise.all(Array.from({ length: 8 }, () => answer(other, actId, 'approval')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const completions = await Promise.all(Array.from({ length: 8 }, () => complete(actId)))
    expect(new Set(completions.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const written = await parts.database.query<{ count: number }>(
      {
        name: 'test_count_completed',
        text: `select count(*)::int as count from audit_entry
                where kind = 'act_completed' and entry::json #>> '{content,act}' = $1`,
      },
      [actId],
    )
    expect(written).toEqual([{ count: 1 }])
  })
})

describe('what stands in the way is named', () => {
  test.each([['a co-holder without a number', 'co_holder_not_identified', 'use_the_form']])(
    '%s',
    async (_, reason, remedy) => {
      child = await someone(parts, yearsAgo(9))
      await parentOf(child, mother, 'felles')
      await parentOf(child, null, 'felles')
      expect(await open(mother)).toMatchObject({ status: 422, body: { code: 'act_not_possible', reason, remedy } })
    },
  )

  test('one who holds it alone needs no others', async () => {
    child = await someone(parts, yearsAgo(9))
    await parentOf(child, mother, 'mor')
    expect(await open(mother)).toMatchObject({ status: 409, body: { code: 'no_others_needed' } })
  })

  test('a stranger learns nothing', async () => {
    const stranger = await someone(parts, yearsAgo(40))
    expect(await open(stranger)).toMatchObject({ status: 422, body: { reason: 'no_registered_ground' } })
  })

  test.each([
    ['expires_at', inDays(31)],
    ['expires_at', '2026-02-30T00:00:00Z'],
    ['content_hash', 'short'],
    ['text', 'rtl \u202e'],
    ['action', 'vote'],
  ])('%s %s is refused', async (member, value) => {
    expect(await open(mother, { [member]: value })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })
})

describe('a minor', () => {
  test('sees from twelve on who may act for him, and what the eighteenth birthday changes', async () => {
    const young = await someone(parts, yearsAgo(13))
    await parentOf(young, mother, 'mor')
    const visitor = await Visitor.logIn(parts, young.id)
    const now = await visitor.get('/v1/me/representations')
    expect(now.body.may_act_for_you).toMatchObject([
      { powers: expect.arrayContaining([expect.objectContaining({ basis: 'parent' })]) },
    ])
    const inSixYears = await visitor.get(`/v1/me/representations?at=${encodeURIComponent(inDays(6 * 365))}`)
    expect(inSixYears.body.may_act_for_you).toEqual([])
    expect(await visitor.get('/v1/me/representations?at=2020-01-01T00:00:00Z')).toMatchObject({ status: 400 })
    expect((await visitor.get('/v1/me/activity')).status).toBe(200)
  })

  test('of eight does not', async () => {
    const visitor = await Visitor.logIn(parts, child.id)
    for (const path of ['/v1/me/representations', '/v1/me/activity', '/v1/me/activity?as=actor']) {
      expect(await visitor.get(path)).toMatchObject({ status: 422, body: { code: 'principal_too_young' } })
    }
  })
})
