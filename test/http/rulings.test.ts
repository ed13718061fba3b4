import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { putClient } from '../../src/store/client-store.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { tellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let nav: RelyingService
let authority: RelyingService

beforeAll(async () => {
  parts = await testService()
  const registered = parts.clients.find(({ client }) => client.clientId === 'nav-web')
  if (registered === undefined) throw new Error('no nav-web')
  const services = ['nav.pension', 'nav.family', 'health.prescriptions', 'land.registry']
  await putClient(parts.database, { ...registered.client, services })
  nav = await RelyingService.open(parts, 'nav-web')
  authority = await RelyingService.open(parts, 'statsforvalter')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** A child of eight with both parents; the mother is asked about. */
async function family(): Promise<{ child: Someone; mother: Someone; father: Someone }> {
  const [child, mother, father] = [
    await someone(parts, yearsAgo(8)),
    await someone(parts, yearsAgo(35)),
    await someone(parts, yearsAgo(36)),
  ]
  for (const parent of [mother, father]) {
    await tellRelation(parts.database, {
      principal: child.partyId,
      representative: parent.partyId,
      basis: 'parent',
      says: 'felles',
      source: SYNTHETIC_REGISTER,
    })
  }
  return { child, mother, father }
}

/** With the person’s own login, as services of the higher risk classes must ask. */
async function ask(
  who: Someone,
  principal: Someone,
  service: string,
  action: string,
  object?: string,
): Promise<Answer> {
  const context = { login_token: await nav.idTokenOf(who.id) }
  return nav.evaluate(who.number, principal.number, service, action, {
    ...(object === undefined ? {} : { properties: { object } }),
    context,
  })
}

const ruling = (kind: string, principal: Someone, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  authority.post('/v1/rulings', { kind, principal: principal.number, reference: `case ${Math.random()}`, ...more })

describe('rulings', () => {
  test('a conflict of interest stops the one it names, in the service it names, and no one else; ended, it stops no one', async () => {
    const { child, mother, father } = await family()
    expect(await ask(mother, child, 'nav.family', 'read')).toMatchObject({
      body: { decision: true, context: { basis: 'parent' } },
    })

    const made = await ruling('conflict_of_interest', child, { representative: mother.number, service: 'nav.family' })
    expect(made.status).toBe(201)
    expect(await ask(mother, child, 'nav.family', 'read')).toMatchObject({
      body: { decision: false, context: { reason: 'conflict_of_interest' } },
    })
    expect(await ask(father, child, 'nav.family', 'read')).toMatchObject({ body: { decision: true } })

    expect(await authority.post(`/v1/rulings/${String(made.body.ruling_id)}/end`, {})).toMatchObject({ status: 200 })
    expect(await ask(mother, child, 'nav.family', 'read')).toMatchObject({ body: { decision: true } })
    expect(await authority.post(`/v1/rulings/${String(made.body.ruling_id)}/end`, {})).toMatchObject({
      status: 409,
      body: { code: 'not_in_this_state' },
    })
  })

  test('told again under the same reference it is the same ruling; another one is refused', async () => {
    const { child, mother } = await family()
    const told = { representative: mother.number, reference: 'sak 1' }
    const first = await ruling('conflict_of_interest', child, told)
    const again = await ruling('conflict_of_interest', child, told)
    expect(again).toMatchObject({ status: 201, body: { ruling_id: first.body.ruling_id } })
    expect(await ruling('set_guardian', child, told)).toMatchObject({ status: 409, body: { code: 'reference_in_use' } })
  })

  test.each([
    ['care_order', {}, 403, 'not_yours_to_do'],
    ['set_guardian', {}, 400, 'invalid_request'],
    ['consent', { service: 'land.registry', action: 'sign' }, 400, 'invalid_request'],
    ['consent', { service: 'land.unheard-of', action: 'sign', object: 'x' }, 422, 'unknown_service'],
    ['consent', { service: 'land.registry', action: 'receive', object: 'x' }, 422, 'unknown_action'],
    ['conflict_of_interest', { representative: 'no number' }, 422, 'identifier_malformed'],
    ['conflict_of_interest', { from: '2026-02-30T00:00:00Z' }, 400, 'invalid_request'],
    ['conflict_of_interest', { from: '2027-02-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }, 422, 'end_before_start'],
  ])('a %s with %j is refused', async (kind, more, status, code) => {
    const child = await someone(parts, yearsAgo(8))
    expect(await ruling(kind, child, more)).toMatchObject({ status, body: { code } })
  })

  test('another client neither sees nor ends it, and a relying service may make none', async () => {
    const { child } = await family()
    const made = await ruling('conflict_of_interest', child)
    const { ruling_id: id } = made.body as { ruling_id: string }
    expect(await nav.post(`/v1/rulings/${id}/end`, {})).toMatchObject({ status: 404, body: { code: 'no_such_ruling' } })
    const told = { kind: 'reservation', principal: child.number, service: 'nav.family', reference: 'x' }
    expect(await nav.post('/v1/rulings', told)).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
  })
})

describe('a reservation of one’s own', () => {
  test('from twelve on keeps the parent out, until it is taken back', async () => {
    const child = await someone(parts, yearsAgo(13))
    const parent = await someone(parts, yearsAgo(40))
    const relation = { basis: 'parent', says: 'mor', source: SYNTHETIC_REGISTER } as const
    await tellRelation(parts.database, { principal: child.partyId, representative: parent.partyId, ...relation })
    expect(await ask(parent, child, 'nav.family', 'read')).toMatchObject({ body: { decision: true } })

    const visitor = await Visitor.logIn(parts, child.id)
    const made = await visitor.post('/v1/me/reservations', { service: 'nav.family' })
    expect(made.status).toBe(201)
    expect(await ask(parent, child, 'nav.family', 'read')).toMatchObject({ body: { context: { reason: 'reserved' } } })

    const [{ ruling_id: id }] = made.body.reservations as [{ ruling_id: string }]
    expect(await visitor.get('/v1/me/reservations')).toMatchObject({ body: made.body })
    expect((await visitor.post(`/v1/me/reservations/${id}/end`, {})).status).toBe(200)
    expect(await ask(parent, child, 'nav.family', 'read')).toMatchObject({ body: { decision: true } })
    expect(await visitor.get('/v1/me/reservations')).toMatchObject({ body: { reservations: [] } })
  })

  test('of one thing lets the rest be seen, each by itself', async () => {
    const child = await someone(parts, yearsAgo(13))
    const parent = await someone(parts, yearsAgo(40))
    const relation = { basis: 'parent', says: 'mor', source: SYNTHETIC_REGISTER } as const
    await tellRelation(parts.database, { principal: child.partyId, representative: parent.partyId, ...relation })
    const visitor = await Visitor.logIn(parts, child.id)
    await visitor.post('/v1/me/reservations', { service: 'nav.family', action: 'read', object: 'sak-1' })
    expect(await ask(parent, child, 'nav.family', 'read', 'sak-1')).toMatchObject({ body: { decision: false } })
    expect(await ask(parent, child, 'nav.family', 'read', 'sak-2')).toMatchObject({ body: { decision: true } })
    const all = await ask(parent, child, 'nav.family', 'read')
    expect(all.body.context.obligations).toContainEqual({ type: 'ask_for_each_object' })
  })

  test('is not to be had under twelve', async () => {
    const child = await someone(parts, yearsAgo(11))
    const visitor = await Visitor.logIn(parts, child.id)
    expect(await visitor.post('/v1/me/reservations', { service: 'nav.family' })).toMatchObject({
      status: 422,
      body: { code: 'principal_too_young' },
    })
  })
})
