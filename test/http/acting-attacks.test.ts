import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { putClient } from '../../src/store/client-store.js'
import { Database } from '../../src/store/database.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { recordPartyFacts } from '../../src/store/party-store.js'
import { sql } from '../store/given.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { tellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

/** What someone would try at the doors of acts, rulings and reservations. */

let parts: TestService
let admin: Database
let service: RelyingService
let authority: RelyingService
let child: Someone
let mother: Someone
let father: Someone

type Members = Readonly<Record<string, unknown>>
const SERVICES = ['freg.move', 'nav.family', 'land.registry']

beforeAll(async () => {
  parts = await testService()
  admin = await Database.open({ url: parts.testDatabase.superuserUrl, connections: 2 })
  await register(SERVICES)
  service = await RelyingService.open(parts, 'skatt-web')
  authority = await RelyingService.open(parts, 'statsforvalter')
}, 60_000)
afterAll(async () => {
  await admin.close()
  await parts.stop()
  expect(parts.faults).toEqual([])
})
beforeEach(async () => {
  child = await someone(parts, yearsAgo(8))
  mother = await someone(parts, yearsAgo(35))
  father = await someone(parts, yearsAgo(36))
  for (const parent of [mother, father]) await parentOf(child, parent)
})

async function register(services: readonly string[]): Promise<void> {
  const registered = parts.clients.find(({ client }) => client.clientId === 'skatt-web')
  if (registered === undefined) throw new Error('no skatt-web')
  await putClient(admin, { ...registered.client, services })
}

const parentOf = (principal: Someone, parent: Someone): Promise<string> =>
  tellRelation(parts.database, {
    ...{ principal: principal.partyId, representative: parent.partyId },
    ...{ basis: 'parent', says: 'felles', source: SYNTHETIC_REGISTER },
  })

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
const TEXT = 'Flytting til Storgata 1'

async function open(who: Someone, more: Members = {}): Promise<Answer> {
  return service.post('/v1/acts', {
    ...{ login_token: await service.idTokenOf(who.id), principal: child.number },
    ...{ service: 'freg.move', action: 'write', text: TEXT, content_hash: hashOf(TEXT), expires_at: inDays(7) },
    ...more,
  })
}

async function opened(more: Members = {}): Promise<string> {
  const answer = await open(mother, more)
  expect(answer.status).toBe(201)
  return String(answer.body.act_id)
}

const complete = (actId: string): Promise<Answer> =>
  service.post(`/v1/acts/${actId}/complete`, { content_hash: hashOf(TEXT) })

const answer = (visitor: Visitor, actId: string, path: 'approval' | 'refusal'): Promise<Answer> =>
  visitor.post(`/v1/me/acts/${actId}/${path}`, { content_hash: hashOf(TEXT) })

const waitingFor = async (visitor: Visitor): Promise<unknown[]> =>
  ((await visitor.get('/v1/me/acts')).body as { acts: unknown[] }).acts

async function ask(who: Someone, actId: string): Promise<Answer> {
  const act = { id: actId, content_hash: hashOf(TEXT) }
  const context = { login_token: await service.idTokenOf(who.id), act }
  return service.evaluate(who.number, child.number, 'freg.move', 'write', { context })
}

const protect = (who: Someone): Promise<unknown> =>
  recordPartyFacts(admin, who.partyId, {
    ...{ source: SYNTHETIC_REGISTER, name: 'Prøve Person', familyName: 'Person', bornOn: yearsAgo(8), diedOn: null },
    ...{ ceased: false, protectedAddress: true, capacityLost: [], residences: [] },
  })

/** As if the register had told so from the beginning. */
const endRelation = (representationId: string): Promise<unknown> =>
  sql(
    admin,
    `with closed as (
       update relation_version set recorded = tstzrange(lower(recorded), clock_timestamp())
        where representation_id = $1 and upper_inf(recorded) returning *
     )
     insert into relation_version (representation_id, says, tasks, valid, recorded)
     select representation_id, says, tasks, tstzrange(null, clock_timestamp() - interval '1 second'),
            tstzrange(upper(recorded), null) from closed`,
    [representationId],
  )

describe('an act', () => {
  test('cannot be begun by number for someone with a protected address, where evaluation says no', async () => {
    await protect(child)
    const land = { service: 'land.registry', action: 'write' }
    const evaluated = await service.evaluate(mother.number, child.number, 'land.registry', 'write', {
      context: { login_token: await service.idTokenOf(mother.id) },
    })
    expect(evaluated).toMatchObject({ body: { decision: false, context: { reason: 'not_available' } } })
    expect(await open(mother, land)).toMatchObject({ status: 422, body: { reason: 'not_available' } })
    const handles = await ensureHandles(parts.database, 'skatt-web', [child.partyId], [])
    const byHandle = await open(mother, { ...land, principal: handles.ofParty(child.partyId) })
    expect(byHandle).toMatchObject({ status: 201 })
  })

  test('begun by a stranger tells nothing of the principal, not even by what the database is asked', async () => {
    const stranger = await someone(parts, yearsAgo(40))
    const hidden = await someone(parts, yearsAgo(9))
    await protect(hidden)
    const seen = []
    await open(stranger)
    for (const principal of [child.number, hidden.number, '13814990170']) {
      const from = parts.statements.length
      const { status, body } = await open(stranger, { principal })
      seen.push(JSON.stringify([status, body, parts.statements.slice(from)]))
    }
    expect(new Set(seen).size).toBe(1)
  })

  test('is neither seen, refused nor agreed to by a parent whose responsibility has ended', async () => {
    const actId = await opened()
    const [row] = await sql<{ id: string }>(
      admin,
      'select representation_id as id from representation where principal = $1 and representative = $2',
      [child.partyId, father.partyId],
    )
    await endRelation(row?.id ?? '')
    const visitor = await Visitor.logIn(parts, father.id)
    expect(await waitingFor(visitor)).toEqual([])
    for (const path of ['refusal', 'approval'] as const) {
      expect(await answer(visitor, actId, path)).toMatchObject({ status: 404, body: { code: 'no_such_act' } })
    }
  })

  test('is no longer shown to a parent from whom the child’s address has come to be protected', async () => {
    const actId = await opened()
    const visitor = await Visitor.logIn(parts, father.id)
    expect(await waitingFor(visitor)).toHaveLength(1)
    await protect(child)
    expect(await waitingFor(visitor)).toEqual([])
    expect(await answer(visitor, actId, 'refusal')).toMatchObject({ status: 403, body: { reason: 'not_available' } })
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'not_available' } })
  })

  test('that two of three have agreed to is no yes for the third, who has not', async () => {
    const actId = await opened()
    await answer(await Visitor.logIn(parts, father.id), actId, 'approval')
    expect(await ask(father, actId)).toMatchObject({ body: { decision: true } })
    const third = await someone(parts, yearsAgo(40))
    await parentOf(child, third)
    expect(await ask(third, actId)).toMatchObject({
      body: { decision: false, context: { reason: 'others_must_approve' } },
    })
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'others_must_approve' } })
    await answer(await Visitor.logIn(parts, third.id), actId, 'approval')
    expect(await complete(actId)).toMatchObject({ body: { decision: true } })
  })

  test('needs no approval of one whose responsibility has ended, and one that he gave does not stand for another’s', async () => {
    const actId = await opened()
    await answer(await Visitor.logIn(parts, father.id), actId, 'approval')
    const [row] = await sql<{ id: string }>(
      admin,
      'select representation_id as id from representation where principal = $1 and representative = $2',
      [child.partyId, father.partyId],
    )
    await endRelation(row?.id ?? '')
    await parentOf(child, await someone(parts, yearsAgo(41)))
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'others_must_approve' } })
  })

  test('is stopped by what an authority rules after all have agreed', async () => {
    const actId = await opened()
    await answer(await Visitor.logIn(parts, father.id), actId, 'approval')
    const told = { kind: 'conflict_of_interest', representative: mother.number }
    expect((await rule(told)).status).toBe(201)
    expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'conflict_of_interest' } })
  })

  test('is not completed for a client that is no longer registered for the service', async () => {
    const actId = await opened()
    await answer(await Visitor.logIn(parts, father.id), actId, 'approval')
    await register(['nav.family'])
    try {
      expect(await complete(actId)).toMatchObject({ body: { decision: false, reason: 'not_entitled' } })
    } finally {
      await register(SERVICES)
    }
    expect(await complete(actId)).toMatchObject({ body: { decision: true } })
  })

  test('refused, agreed to and completed at the same time comes to one end', async () => {
    const third = await someone(parts, yearsAgo(40))
    await parentOf(child, third)
    const others = [await Visitor.logIn(parts, father.id), await Visitor.logIn(parts, third.id)] as const
    for (let round = 0; round < 5; round++) {
      const actId = await opened()
      const [approved, refused, ...completed] = await Promise.all([
        answer(others[0], actId, 'approval'),
        answer(others[1], actId, 'refusal'),
        complete(actId),
        complete(actId),
      ])
      expect([200, 409]).toContain(approved.status)
      expect(refused.status).toBe(200)
      for (const one of [...completed, await complete(actId)]) expect(one).toMatchObject({ body: { decision: false } })
      expect(await service.get(`/v1/acts/${actId}`)).toMatchObject({ body: { state: 'refused' } })
    }
  })

  test('answered with the same key again gets the same answer, and another answer under it none', async () => {
    const actId = await opened()
    const visitor = await Visitor.logIn(parts, father.id)
    const key = { 'idempotency-key': randomUUID() }
    const body = { content_hash: hashOf(TEXT) }
    const first = await visitor.post(`/v1/me/acts/${actId}/approval`, body, key)
    expect(await visitor.post(`/v1/me/acts/${actId}/approval`, body, key)).toMatchObject({
      status: 200,
      body: first.body,
    })
    expect(await visitor.post(`/v1/me/acts/${actId}/refusal`, body, key)).toMatchObject({
      status: 409,
      body: { code: 'idempotency_key_reused' },
    })
  })

  test.each([
    ['service', '\ud800'],
    ['expires_at', '2026-W52-1T00:00:00Z'],
    ['expires_at', '2099-330T00:00:00Z'],
    ['expires_at', '2026-12-01T10Z'],
    ['expires_at', '2026-12-01T10:00:00,5Z'],
  ])('with the %s %j is refused', async (member, value) => {
    expect(await open(mother, { [member]: value })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  test('whose service is a number does not take that number into the log', async () => {
    expect((await open(mother, { service: '13814990170' })).status).toBe(422)
    const [row] = await sql<{ count: number }>(
      admin,
      `select count(*)::int as count from audit_entry where entry like '%13814990170%'`,
    )
    expect(row).toEqual({ count: 0 })
  })
})

const rule = (told: Members): Promise<Answer> =>
  authority.post('/v1/rulings', { principal: child.number, reference: randomUUID(), ...told })

describe('a ruling', () => {
  test('told many times at once under one reference is one ruling', async () => {
    const told = { kind: 'conflict_of_interest', reference: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => rule(told)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body.ruling_id)}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    const others = await Promise.all(
      ['consent', 'set_guardian'].map((kind) =>
        rule({
          ...{ kind, reference: told.reference, representative: mother.number },
          ...{ service: 'land.registry', action: 'sign', object: 'x' },
        }),
      ),
    )
    expect(others.map(({ body }) => String(body.code))).toEqual(['reference_in_use', 'reference_in_use'])
  })

  test('that would have ended before now is refused, and not with a fault of ours', async () => {
    for (const until of ['2020-01-01T00:00:00Z', new Date(Date.now() - 5).toISOString()]) {
      const told = { kind: 'conflict_of_interest', until }
      expect(await rule(told)).toMatchObject({ status: 422, body: { code: 'end_before_start' } })
    }
    for (let round = 0; round < 10; round++) {
      const until = new Date(Date.now() + round * 3).toISOString()
      expect([201, 422]).toContain((await rule({ kind: 'conflict_of_interest', until })).status)
    }
  })

  test('that was to begin later and is ended never comes to be, and the answer says so', async () => {
    const from = inDays(3)
    const made = await rule({ kind: 'conflict_of_interest', from })
    const ended = await authority.post(`/v1/rulings/${String(made.body.ruling_id)}/end`, {})
    expect(ended).toMatchObject({ status: 200, body: { ...made.body, valid_until: made.body.valid_from } })
  })

  test('is refused before anything is said of the number, where the client may not make it', async () => {
    const known = await service.post('/v1/rulings', { kind: 'care_order', principal: child.number, reference: 'x' })
    const unknown = await service.post('/v1/rulings', { kind: 'care_order', principal: '13814990170', reference: 'x' })
    expect(known.status).toBe(403)
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
  })

  test.each([
    ['from', '0000-01-01T00:00:00Z'],
    ['from', '2026-W52-1T00:00:00Z'],
    ['until', '2099-330T00:00:00Z'],
    ['service', '\ud800'],
    ['action', '\udfff'],
  ])('with the %s %j is refused', async (member, value) => {
    const { status } = await rule({ kind: 'conflict_of_interest', [member]: value })
    expect(status).toBe(400)
  })
})

describe('reservations', () => {
  test('are not piled up: the same one again is the one there is, and there is an end to others', async () => {
    const visitor = await Visitor.logIn(parts, (await someone(parts, yearsAgo(30))).id)
    const first = await visitor.post('/v1/me/reservations', { service: 'nav.family' })
    const again = await visitor.post('/v1/me/reservations', { service: 'nav.family' })
    expect(again).toMatchObject({ status: 201, body: first.body })
    for (let number = 0; number < 99; number++) {
      const body = { service: 'nav.family', object: `sak-${number}` }
      expect((await visitor.post('/v1/me/reservations', body)).status).toBe(201)
    }
    expect(await visitor.post('/v1/me/reservations', { service: 'nav.family', object: 'one more' })).toMatchObject({
      status: 409,
      body: { code: 'not_in_this_state' },
    })
    const [oldest] = first.body.reservations as [{ ruling_id: string }]
    expect((await visitor.post(`/v1/me/reservations/${oldest.ruling_id}/end`, {})).status).toBe(200)
    expect((await visitor.post('/v1/me/reservations', { service: 'nav.family', object: 'one more' })).status).toBe(201)
  })

  test('of another are not ended', async () => {
    const [one, other] = [await someone(parts, yearsAgo(30)), await someone(parts, yearsAgo(30))]
    const made = await (await Visitor.logIn(parts, one.id)).post('/v1/me/reservations', { service: 'nav.family' })
    const [{ ruling_id: id }] = made.body.reservations as [{ ruling_id: string }]
    const visitor = await Visitor.logIn(parts, other.id)
    expect(await visitor.post(`/v1/me/reservations/${id}/end`, {})).toMatchObject({ status: 404 })
  })

  test.each([
    ['service', { service: '\ud800' }],
    ['action', { service: 'nav.family', action: '\ud800' }],
  ])('with half a character for a %s are refused', async (_name, body) => {
    const visitor = await Visitor.logIn(parts, (await someone(parts, yearsAgo(30))).id)
    expect(await visitor.post('/v1/me/reservations', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })
})

test.each(['2026-W52-1T00:00:00Z', '2099-330T00:00:00Z', '0000-01-01T00:00:00Z', '2030-01-01T10Z'])(
  'what would hold at %s is not asked',
  async (at) => {
    const visitor = await Visitor.logIn(parts, mother.id)
    expect(await visitor.get(`/v1/me/representations?at=${encodeURIComponent(at)}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  },
)
