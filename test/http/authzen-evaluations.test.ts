import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { MOST_IN_ONE_BATCH } from '../../src/decisions/evaluations.js'
import { sql } from '../store/given.js'
import type { Answer } from '../support/visitors.js'
import { PEOPLE, SERVICES, type World, startWorld } from './authzen-world.js'

type Members = Readonly<Record<string, unknown>>

let world: World

beforeAll(async () => {
  world = await startWorld()
}, 60_000)
afterAll(async () => {
  await world.stop()
  expect(world.parts.faults).toEqual([])
})

function ask(body: Members | string): Promise<Answer> {
  return world.nav.post('/access/v1/evaluations', body)
}

function person(id: string): Members {
  return { type: 'person', id: world.numberOf(id) }
}

function pensionOf(id: string): Members {
  return { ...person(id), properties: { service: 'nav.pension' } }
}

/** A yes, and a no: Berit may see Astrid's pension, and not Issat's. */
const yes = (): Members => ({ resource: pensionOf('astrid-haugen') })
const no = (): Members => ({ resource: pensionOf('issat-utsi') })
const asBerit = (): Members => ({
  subject: person('berit-haugen'),
  action: { name: 'read' },
  context: { acr: 'idporten-loa-high' },
})

function decisionsIn({ status, body }: Answer): boolean[] {
  expect(status).toBe(200)
  expect(Object.keys(body as Members)).toEqual(['evaluations'])
  return (body.evaluations as { decision: boolean }[]).map(({ decision }) => decision)
}

async function entries(): Promise<number> {
  const [row] = await sql<{ count: number }>(
    world.admin,
    `select count(*)::int as count from audit_entry where kind = 'evaluation'`,
  )
  return row?.count ?? 0
}

function withoutIds(answer: Members): Members {
  const { evaluation_id, evaluated_at, ...context } = answer['context'] as Members
  expect([typeof evaluation_id, typeof evaluated_at]).toEqual(['string', 'string'])
  return { ...answer, context }
}

describe('a batch', () => {
  test('answers each question as it is answered alone', async () => {
    const questions = SERVICES.flatMap((service) =>
      PEOPLE.map((id, place) => ({
        subject: person(PEOPLE[(place + 1) % PEOPLE.length] ?? ''),
        action: { name: place % 2 === 0 ? 'read' : 'write' },
        resource: { ...person(id), properties: { service } },
        context: { acr: 'idporten-loa-high' },
      })),
    )
    const batch = await ask({ evaluations: questions })
    const alone = await Promise.all(questions.map((one) => world.nav.post('/access/v1/evaluation', one)))
    expect((batch.body.evaluations as Members[]).map(withoutIds)).toEqual(alone.map(({ body }) => withoutIds(body)))
    expect(new Set(decisionsIn(batch))).toEqual(new Set([true, false]))
  })

  test('reads in one statement and records in another: an entry for each answer', async () => {
    await ask({ ...asBerit(), evaluations: [yes(), no()] })
    const before = await entries()
    const from = world.parts.statements.length
    const { body } = await ask({
      ...asBerit(),
      evaluations: [yes(), no(), yes(), { ...yes(), subject: person('randi-moe') }],
    })
    expect(world.parts.statements.slice(from)).toEqual(['read_facts', 'append_audit_entries'])
    expect((await entries()) - before).toBe(4)
    const ids = (body.evaluations as { context: { evaluation_id: string } }[]).map(
      ({ context }) => context.evaluation_id,
    )
    expect(new Set(ids).size).toBe(4)
  })

  test.each([
    ['execute_all', [true, false, true, false]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
    [undefined, [true, false, true, false]],
    [null, [true, false, true, false]],
  ])('with %s goes as far as it says, and no further question is recorded', async (evaluations_semantic, wanted) => {
    const before = await entries()
    const answer = await ask({
      ...asBerit(),
      evaluations: [yes(), no(), yes(), no()],
      options: { evaluations_semantic },
    })
    expect(decisionsIn(answer)).toEqual(wanted)
    expect((await entries()) - before).toBe(wanted.length)
  })

  test('permit_on_first_permit passes the noes before the first yes', async () => {
    const options = { evaluations_semantic: 'permit_on_first_permit' }
    expect(decisionsIn(await ask({ ...asBerit(), evaluations: [no(), {}, yes(), no()], options }))).toEqual([
      false,
      false,
      true,
    ])
  })

  test('takes an item’s own member whole in place of the default', async () => {
    const defaults = { ...asBerit(), resource: pensionOf('astrid-haugen') }
    const withoutService = { resource: person('astrid-haugen') }
    const weaker = { context: {} }
    const { body } = await ask({
      ...defaults,
      evaluations: [{}, withoutService, weaker, { action: { name: 'write' } }],
    })
    expect(body.evaluations).toMatchObject([
      { decision: true },
      { decision: false, context: { error: { status: 400, message: expect.stringContaining('service') } } },
      { decision: false, context: { reason: 'step_up_required' } },
      { decision: false, context: { reason: 'power_not_covered' } },
    ])
  })

  test('says of each item what is wrong with it, decides the others, and records only those', async () => {
    const before = await entries()
    const wrong: unknown[] = [
      { resource: 'astrid' },
      { ...yes(), action: {} },
      { resource: { type: 'car', id: '1', properties: { service: 'nav.pension' } } },
      { resource: { type: 'person', id: '12845678901', properties: { service: 'nav.pension' } } },
      { ...yes(), context: { login_token: 'x.y.z' } },
      7,
      null,
      [],
    ]
    const { status, body } = await ask({ ...asBerit(), evaluations: [yes(), ...wrong] })
    expect([status, body.evaluations[0].decision]).toEqual([200, true])
    for (const one of body.evaluations.slice(1)) {
      expect(one).toEqual({ decision: false, context: { error: { status: 400, message: expect.any(String) } } })
      expect(JSON.stringify(one)).not.toMatch(/\b\d{11}\b/)
    }
    expect([body.evaluations.length, (await entries()) - before]).toEqual([1 + wrong.length, 1])
  })

  test('takes a login token for all its questions, and one for each', async () => {
    const token = await world.nav.idTokenOf('camilla-lien')
    const resource = { ...person('noah-lien'), properties: { service: 'nav.social-services' } }
    const aids = { ...person('noah-lien'), properties: { service: 'nav.assistive-tech' } }
    const action = { name: 'communicate' }
    const answer = await ask({
      subject: person('camilla-lien'),
      action,
      context: { login_token: token },
      evaluations: [{ resource: aids }, { resource: aids, context: { acr: 'idporten-loa-high' } }, { resource }],
    })
    expect(answer.body.evaluations).toMatchObject([
      { decision: true, context: { basis: 'parent' } },
      { decision: false, context: { reason: 'proof_of_login_required' } },
      { decision: false, context: { reason: 'not_entitled' } },
    ])
  })

  test.each([
    ['without evaluations', () => ({ ...asBerit(), ...yes() })],
    ['with none in it', () => ({ ...asBerit(), ...yes(), evaluations: [] })],
  ])('%s is a single evaluation', async (_name, body) => {
    const { status, body: answer } = await ask(body())
    expect([status, answer.decision, 'evaluations' in answer]).toEqual([200, true, false])
  })

  test.each([
    ['more items than it may', () => ({ ...asBerit(), evaluations: Array(MOST_IN_ONE_BATCH + 1).fill({}) })],
    ['items that are no list', () => ({ ...asBerit(), evaluations: {} })],
    ['an unknown semantic', () => ({ ...asBerit(), evaluations: [{}], options: { evaluations_semantic: 'bogus' } })],
    ['options that are none', () => ({ ...asBerit(), evaluations: [{}], options: 'execute_all' })],
    ['a default that is a text', () => ({ ...asBerit(), subject: 'berit', evaluations: [yes()] })],
    ['no items, and no question either', () => asBerit()],
    ['a member twice', () => '{"evaluations":[{}],"evaluations":[]}'],
  ])('is refused with %s', async (_name, body) => {
    const before = await entries()
    const answer = await ask(body())
    expect([answer.status, typeof answer.body]).toEqual([400, 'string'])
    expect(await entries()).toBe(before)
  })

  test('of the largest size is answered', async () => {
    const { body } = await ask({ ...asBerit(), ...yes(), evaluations: Array(MOST_IN_ONE_BATCH).fill({}) })
    expect(body.evaluations.length).toBe(MOST_IN_ONE_BATCH)
  })
})

test('the metadata names every endpoint, and each is there', async () => {
  const metadata = (await (await fetch(`${world.parts.url}/.well-known/authzen-configuration`)).json()) as Members
  expect(Object.keys(metadata)).toEqual([
    'policy_decision_point',
    'access_evaluation_endpoint',
    'access_evaluations_endpoint',
    'search_subject_endpoint',
    'search_resource_endpoint',
    'search_action_endpoint',
  ])
  expect(metadata['policy_decision_point']).toBe(world.parts.url)
  const endpoints = Object.values(metadata).filter((url) => url !== world.parts.url)
  const statuses = await Promise.all(
    endpoints.map(
      async (url) =>
        (await fetch(String(url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }))
          .status,
    ),
  )
  expect(statuses).toEqual([401, 401, 401, 401, 401])
})
