import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let nav: RelyingService
let school: RelyingService

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  nav = await RelyingService.open(parts, 'nav-web')
  school = await RelyingService.open(parts, 'school-app')
})
afterAll(async () => {
  await parts.stop()
  // Whatever was sent, nothing was a fault of ours.
  expect(parts.faults).toEqual([])
})

type Members = Record<string, unknown>

/** What the tables below must leave untouched. */
async function written(): Promise<unknown> {
  const text = `select (select count(*) from mandate_draft) as drafts, (select count(*) from mandate_version) as versions,
    (select count(*) from idempotency) as keys, (select count(*) from party) as parties,
    (select count(*) from audit_entry where kind <> 'evaluation') as entries`
  return parts.database.query({ name: 'test_written', text }, [])
}

async function expectRefused(send: () => Promise<Answer>, status: number, code: string): Promise<void> {
  const before = await written()
  const answer = await send()
  expect([answer.status, answer.body.code]).toEqual([status, code])
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(await written()).toEqual(before)
}

/** A draft that would be taken, but for what the row changes. */
function draft(change: (body: Members) => void): Members {
  const body = {
    representative: { identifier: helper.number, family_name: helper.familyName },
    powers: [{ service: 'nav.pension', action: 'read' }],
  }
  change(body)
  return body
}

function power(more: Members): (body: Members) => void {
  return (body) => (body['powers'] = [{ service: 'nav.pension', action: 'read', ...more }])
}

describe('a draft', () => {
  const rows: [name: string, body: () => unknown, status: number, code: string][] = [
    ['that is no JSON', () => '{"powers":', 400, 'malformed_json'],
    ['that is empty', () => '', 400, 'malformed_json'],
    ['that is a list', () => '[]', 400, 'invalid_request'],
    ['that is null', () => 'null', 400, 'invalid_request'],
    ['that is a number', () => '7', 400, 'invalid_request'],
    ['with a member twice', () => '{"powers":[],"powers":[]}', 400, 'duplicate_member'],
    ['with a member twice deep inside', () => '{"powers":[{"service":"a","service":"b"}]}', 400, 'duplicate_member'],
    ['with a member twice, once escaped', () => '{"powers":[],"p\\u006fwers":[]}', 400, 'duplicate_member'],
    ['of 100 kB', () => JSON.stringify({ powers: 'x'.repeat(100_000) }), 413, 'body_too_large'],
    ['nested a thousand deep', () => `{"powers":${'['.repeat(1000)}${']'.repeat(1000)}}`, 400, 'invalid_request'],
    ['with a prototype', () => '{"__proto__":{"powers":[]}}', 400, 'invalid_request'],
    ['with a constructor', () => '{"constructor":{"prototype":{"powers":[]}}}', 400, 'invalid_request'],
    ['without members', () => ({}), 400, 'invalid_request'],
    ['with an unknown member', () => draft((body) => (body['giver'] = 'someone else')), 400, 'invalid_request'],
    ['with an unknown member in a power', () => draft(power({ state: 'active' })), 400, 'invalid_request'],
    ['without powers', () => draft((body) => (body['powers'] = [])), 400, 'invalid_request'],
    ['with powers that are no list', () => draft((body) => (body['powers'] = {})), 400, 'invalid_request'],
    ['with a power that is null', () => draft((body) => (body['powers'] = [null])), 400, 'invalid_request'],
    ['with a power that is a list', () => draft((body) => (body['powers'] = [[]])), 400, 'invalid_request'],
    ['with 51 powers', () => draft((body) => (body['powers'] = Array(51).fill({}))), 400, 'invalid_request'],
    ['with a service that is a number', () => draft(power({ service: 7 })), 400, 'invalid_request'],
    ['with a service that is a list', () => draft(power({ service: ['nav.pension'] })), 400, 'invalid_request'],
    ['with an unknown service', () => draft(power({ service: 'nav.lottery' })), 422, 'unknown_service'],
    ['with a service called all', () => draft(power({ service: 'all' })), 422, 'unknown_service'],
    ['with an unknown action', () => draft(power({ action: 'fly' })), 422, 'unknown_action'],
    ['with an action called manage', () => draft(power({ action: 'manage' })), 422, 'unknown_action'],
    [
      'with a service that is personal',
      () => draft(power({ service: 'health.consents', action: 'consent' })),
      422,
      'not_given_by_mandate',
    ],
    [
      'with a service that cannot be given',
      () => draft(power({ service: 'freg.move', action: 'write' })),
      422,
      'not_given_by_mandate',
    ],
    ['with a provider that is no organisation number', () => draft(power({ provider: 'NAV' })), 400, 'invalid_request'],
    ['with a provider that does not offer it', () => draft(power({ provider: '974761076' })), 422, 'unknown_provider'],
    ['with an empty object', () => draft(power({ object: '' })), 400, 'invalid_request'],
    ['with direction marks in the object', () => draft(power({ object: 'sak \u202E321' })), 400, 'invalid_request'],
    ['with a line feed in the object', () => draft(power({ object: 'sak 1\nog alt annet' })), 400, 'invalid_request'],
    ['with a zero in the object', () => draft(power({ object: 'sak\u0000' })), 400, 'invalid_request'],
    ['with half a character in the object', () => draft(power({ object: '\ud800' })), 400, 'invalid_request'],
    ['from a day that does not exist', () => draft(power({ from: '2027-02-30' })), 422, 'no_such_day'],
    ['until 29 February of a common year', () => draft(power({ until: '2027-02-29' })), 422, 'no_such_day'],
    ['until a thirteenth month', () => draft(power({ until: '2027-13-01' })), 422, 'no_such_day'],
    ['until a time', () => draft(power({ until: '2027-01-01T00:00:00Z' })), 400, 'invalid_request'],
    ['with a start in the past', () => draft(power({ from: '2020-01-01' })), 422, 'start_in_the_past'],
    [
      'with an end before the start',
      () => draft(power({ from: '2027-01-02', until: '2027-01-01' })),
      422,
      'end_before_start',
    ],
    ['for two generations', () => draft(power({ until: '2099-12-31' })), 422, 'period_too_long'],
    [
      'with the same power twice',
      () => draft((body) => (body['powers'] = Array(2).fill({ service: 'nav.pension', action: 'read' }))),
      422,
      'same_power_twice',
    ],
    ['in an unknown language', () => draft((body) => (body['language'] = 'de')), 400, 'invalid_request'],
    [
      'for a number with a wrong check digit',
      () => draft(withNumber(wrongDigit(helper.number))),
      422,
      'identifier_check_digits',
    ],
    ['for a number of ten digits', () => draft(withNumber(helper.number.slice(1))), 422, 'identifier_malformed'],
    ['for a number with a space', () => draft(withNumber(`${helper.number} `)), 422, 'identifier_malformed'],
    ['for a number in full-width digits', () => draft(withNumber('\uFF11'.repeat(11))), 422, 'identifier_malformed'],
    ['for a number of a real person', () => draft(withNumber(realNumber())), 422, 'identifier_wrong_series'],
    ['for a number that is a number', () => draft(withNumber(47906701517)), 400, 'invalid_request'],
  ]
  test.each(rows)('%s', async (_name, body, status, code) => {
    await expectRefused(() => giver.post('/v1/me/mandates/drafts', body()), status, code)
  })

  test('under another content type', async () => {
    const headers = { 'content-type': 'text/plain' }
    await expectRefused(
      () =>
        giver.post(
          '/v1/me/mandates/drafts',
          draft(() => undefined),
          headers,
        ),
      415,
      'unsupported_media_type',
    )
    const xml = { 'content-type': 'application/xml' }
    await expectRefused(() => giver.post('/v1/me/mandates/drafts', '<a/>', xml), 415, 'unsupported_media_type')
  })
})

describe('every route of /v1 that takes a body', () => {
  const routes = [
    '/v1/me/mandates/drafts',
    '/v1/me/mandates/01890000-0000-7000-8000-000000000000/extension-drafts',
    '/v1/me/mandates/drafts/01890000-0000-7000-8000-000000000000/confirmation',
    ...['acceptance-drafts', 'refusal', 'narrowing', 'freeze', 'thaw', 'end'].map(
      (path) => `/v1/me/mandates/01890000-0000-7000-8000-000000000000/${path}`,
    ),
  ]
  test.each(routes)('%s refuses an unknown member, a wrong type, no JSON, and no body', async (path) => {
    const headers = { 'if-match': '"1"' }
    const wrong: Members = { until: 1, text_hash: 1, reason: 1, powers: 1, representative: 1 }
    await expectRefused(() => giver.post(path, { unknown_member: true }, headers), 400, 'invalid_request')
    await expectRefused(() => giver.post(path, wrong, headers), 400, 'invalid_request')
    await expectRefused(() => giver.post(path, '{', headers), 400, 'malformed_json')
    await expectRefused(() => giver.post(path, '{"reason":"a","reason":"b"}', headers), 400, 'duplicate_member')
  })
  test.each(['open', 'end'])('/v1/representations (%s) does too', async (which) => {
    const path = which === 'open' ? '/v1/representations' : '/v1/representations/end'
    await expectRefused(() => nav.post(path, { unknown_member: true }), 400, 'invalid_request')
    await expectRefused(() => nav.post(path, { login_token: 1, actor_grant: 1 }), 400, 'invalid_request')
    await expectRefused(() => nav.post(path, '{'), 400, 'malformed_json')
  })
  test('a path that is no id is refused by name', async () => {
    await expectRefused(() => giver.get('/v1/me/mandates/nonsense'), 400, 'invalid_request')
    await expectRefused(() => giver.get(`/v1/me/mandates?before=${'x'.repeat(50)}`), 400, 'invalid_request')
    await expectRefused(() => giver.get('/v1/me/mandates?unknown=1'), 400, 'invalid_request')
    await expectRefused(() => giver.get('/v1/me/activity?before=nonsense'), 400, 'invalid_request')
    await expectRefused(() => giver.get('/v1/catalogue?language=de'), 400, 'invalid_request')
  })
})

describe('an evaluation', () => {
  /** A question that would be answered, but for what the row changes. */
  function question(change: (body: Members) => void): Members {
    const body: Members = {
      subject: { type: 'person', id: helper.number },
      action: { name: 'read' },
      resource: { type: 'person', id: giver.number, properties: { service: 'nav.pension' } },
      context: { acr: 'idporten-loa-high' },
    }
    change(body)
    return body
  }
  const set = (member: string, value: unknown) => () => question((body) => (body[member] = value))

  const rows: [name: string, body: () => unknown, status: number][] = [
    ['that is no JSON', () => '{', 400],
    ['that is empty', () => '', 400],
    ['that is a list', () => '[]', 400],
    ['with a member twice', () => '{"subject":{},"subject":{}}', 400],
    ['of 100 kB', () => JSON.stringify({ subject: 'x'.repeat(100_000) }), 413],
    ['without members', () => ({}), 400],
    ['without a subject', set('subject', undefined), 400],
    ['without an action', set('action', undefined), 400],
    ['without a resource', set('resource', undefined), 400],
    ['with a subject that is a text', set('subject', 'kari'), 400],
    ['with a subject that is null', set('subject', null), 400],
    ['with a subject without id', set('subject', { type: 'person' }), 400],
    ['with a subject id that is a number', set('subject', { type: 'person', id: 7 }), 400],
    ['with a subject that is an organisation', set('subject', { type: 'organisation', id: '889640782' }), 400],
    ['with a subject of an unknown type', set('subject', { type: 'robot', id: '1' }), 400],
    ['with an action without name', set('action', {}), 400],
    [
      'with a resource without service',
      () => question((body) => (body['resource'] = { type: 'person', id: giver.number })),
      400,
    ],
    [
      'with a resource of an unknown type',
      set('resource', { type: 'car', id: '1', properties: { service: 'nav.pension' } }),
      400,
    ],
    ['with a context that is a text', set('context', 'high'), 400],
    ['with an auth_time that is a text', set('context', { auth_time: 'now' }), 400],
    ['with an auth_time beyond all time', set('context', { auth_time: 1e300 }), 400],
    [
      'with a wrong check digit',
      () => question((body) => (body['subject'] = { type: 'person', id: wrongDigit(helper.number) })),
      400,
    ],
    [
      'with the number of a real person',
      () => question((body) => (body['subject'] = { type: 'person', id: realNumber() })),
      400,
    ],
    ['with a login token that is none', set('context', { login_token: 'x.y.z' }), 400],
  ]
  test.each(rows)('%s: a string that says what is wrong', async (_name, body, status) => {
    const before = await written()
    const answer = await nav.post('/access/v1/evaluation', body(), { 'x-request-id': 'row' })
    expect([answer.status, typeof answer.body]).toEqual([status, 'string'])
    expect(answer.headers.get('x-request-id')).toBe('row')
    expect(answer.body).not.toMatch(/\b\d{11}\b/)
    expect(await written()).toEqual(before)
  })

  test('ignores members it does not know, as its standard demands', async () => {
    const body = question((members) => {
      members['extra'] = { decision: true }
      members['subject'] = { type: 'person', id: helper.number, properties: { role: 'admin' } }
    })
    const answer = await nav.post('/access/v1/evaluation', body)
    expect(answer).toMatchObject({
      status: 200,
      body: { decision: false, context: { reason: 'no_registered_ground' } },
    })
  })

  const answered: [name: string, body: () => Members, reason: string][] = [
    [
      'an unknown service',
      set('resource', { type: 'person', id: '07876296653', properties: { service: 'nav.lottery' } }),
      'unknown_power',
    ],
    ['an unknown action', set('action', { name: 'fly' }), 'unknown_power'],
    [
      'a service it is not registered for',
      set('resource', { type: 'person', id: '07876296653', properties: { service: 'tax.return' } }),
      'not_entitled',
    ],
    ['a login that is no level', set('context', { acr: 'selfregistered-email' }), 'step_up_required'],
    ['no login at all', set('context', undefined), 'step_up_required'],
    [
      'a service that wants proof of login',
      set('resource', { type: 'person', id: '07876296653', properties: { service: 'nav.social-services' } }),
      'proof_of_login_required',
    ],
  ]
  test.each(answered)('%s is answered with a no and its reason', async (_name, body, reason) => {
    const answer = await nav.post('/access/v1/evaluation', body())
    expect(answer).toMatchObject({ status: 200, body: { decision: false, context: { reason } } })
  })

  test('a stranger, an unknown person, a dead one and a protected one are one and the same answer', async () => {
    const numbers = ['randi-moe', 'olav-tveit', 'hedda-lind'].map((id) => parts.people.find(id)?.identityNumber ?? '')
    const answers = await Promise.all(
      [...numbers, '07876296653'].map(async (number) => {
        const from = parts.statements.length
        const { status, body } = await nav.evaluate(helper.number, number, 'nav.pension', 'read')
        const { evaluation_id, evaluated_at, ...context } = body.context as Members
        expect([typeof evaluation_id, typeof evaluated_at]).toEqual(['string', 'string'])
        expect(parts.statements.slice(from)).toEqual(expect.arrayContaining(['read_facts', 'append_audit_entries']))
        return { status, decision: body.decision as boolean, context }
      }),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]?.context['reason']).toBe('no_registered_ground')
  })

  test('a question about an unknown number makes no party, and is logged under a hash', async () => {
    await nav.evaluate('07876296653', giver.number, 'nav.pension', 'read')
    const text = `select entry from audit_entry where kind = 'evaluation' and actor is null order by occurred_at desc limit 1`
    const [row] = await parts.database.query<{ entry: string }>({ name: 'test_unknown', text }, [])
    expect(row?.entry).toMatch(/"unknown_actor":"[\w-]{43}"/)
    expect(row?.entry).not.toContain('07876296653')
  })

  test('a client without legal basis may not ask with numbers', async () => {
    const answer = await school.evaluate(helper.number, giver.number, 'muni.school', 'read')
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('handle') })
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is not taken', async (method) => {
    const answer = await fetch(`${parts.url}/access/v1/evaluation`, { method })
    expect([404, 405]).toContain(answer.status)
  })

  test.each([
    ['no token', {}],
    ['no Bearer', { authorization: 'Basic YTpi' }],
    ['a token that is none', { authorization: 'Bearer nonsense' }],
  ])('%s: 401 with a challenge', async (_name, headers) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' }
    const answer = await fetch(`${parts.url}/access/v1/evaluation`, init)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })
})

function withNumber(identifier: unknown): (body: Members) => void {
  return (body) => (body['representative'] = { identifier, family_name: 'Aas' })
}

function wrongDigit(number: string): string {
  return number.slice(0, 10) + String((Number(number[10]) + 1) % 10)
}

/** A number that passes every check but that of the series: composed here, since none may stand in the repository. */
function realNumber(): string {
  for (let serial = 0; serial < 1000; serial++) {
    const nine = `010190${String(serial).padStart(3, '0')}`
    const digit = (text: string, weights: number[]): number =>
      (11 - (weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0) % 11)) % 11
    const first = digit(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2])
    const second = digit(`${nine}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    if (first < 10 && second < 10) return `${nine}${first}${second}`
  }
  throw new Error('no such number')
}
