import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addDays, addMonths, osloDay } from '../../src/domain/calendar.js'
import { forgetOldRequests } from '../../src/store/request-store.js'
import { asOwner, newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, Visitor } from '../support/visitors.js'

let parts: TestService
const today = osloDay(new Date())
const POWER = { service: 'nav.pension', action: 'read' }
const UNTIL = addDays(today, 100)

beforeAll(async () => {
  parts = await testService()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

interface Named {
  readonly number: string
  readonly familyName: string
}

function ask(helper: Visitor, asked: Named, more: Record<string, unknown> = {}): Promise<Answer> {
  const principal = { identifier: asked.number, family_name: asked.familyName }
  return helper.post('/v1/me/requests', { principal, powers: [POWER], until: UNTIL, ...more })
}

async function listed(visitor: Visitor): Promise<Record<string, unknown>[]> {
  return (await visitor.get('/v1/me/requests')).body.requests
}

async function pair(): Promise<{ helper: Visitor; asked: Visitor }> {
  return { helper: await newcomer(parts, 'Hjelper'), asked: await newcomer(parts, 'Spurt', 80) }
}

function draft(asked: Visitor, request: unknown, powers: unknown[] = [POWER]): Promise<Answer> {
  return asked.post('/v1/me/mandates/drafts', { request, powers })
}

describe('asking', () => {
  test('who is asked sees who asks by name and year of birth, for what and why, and never the number', async () => {
    const { helper, asked } = await pair()
    const made = await ask(helper, asked, { message: 'Kan jeg hjelpe deg med pensjonen?' })
    expect(made).toMatchObject({ status: 201, body: { your_role: 'helper', state: 'open', asked_name: 'Prøvesen' } })
    const [seen] = await listed(asked)
    expect(seen).toMatchObject({
      request_id: made.body.request_id,
      your_role: 'asked',
      state: 'open',
      helper: { name: 'Hjelper Prøvesen', born_year: expect.any(Number) },
      asked_name: null,
      message: 'Kan jeg hjelpe deg med pensjonen?',
      until: UNTIL,
      powers: [{ service: 'nav.pension', action: 'read', object: null }],
    })
    for (const answer of [made.body, seen]) {
      for (const { number } of [helper, asked]) expect(JSON.stringify(answer)).not.toContain(number)
    }
    const lapses = new Date(made.body.lapses_at).getTime() - new Date(made.body.made_at).getTime()
    expect(Math.round(lapses / 86_400_000)).toBe(30)
    const one = `/v1/me/requests/${made.body.request_id}`
    expect((await asked.get(one)).body).toEqual(seen)
    expect((await helper.get(one)).body).toEqual(made.body)
    const [others, none] = await Promise.all([
      (await newcomer(parts, 'Fremmed')).get(one),
      asked.get(`/v1/me/requests/${randomUUID()}`),
    ])
    expect([others.status, others.body]).toEqual([none.status, none.body])
    expect(none.body.code).toBe('no_such_request')
    const activity = (await asked.get('/v1/me/activity')).body.activity
    expect(activity[0]).toMatchObject({ kind: 'request_made', by: 'Hjelper Prøvesen', for_you: true })
  })

  const refused: [name: string, more: Record<string, unknown>, status: number, code: string][] = [
    ['an unknown service', { powers: [{ service: 'nav.lottery', action: 'read' }] }, 422, 'unknown_service'],
    ['what no one can give', { powers: [{ service: 'freg.move', action: 'write' }] }, 422, 'not_given_by_mandate'],
    ['the same twice', { powers: [POWER, POWER] }, 422, 'same_power_twice'],
    ['too long a time', { until: addMonths(today, 61) }, 422, 'period_too_long'],
    ['a day that is over', { until: addDays(today, -1) }, 422, 'end_before_start'],
    ['no day', { until: '2027-02-30' }, 422, 'no_such_day'],
    ['a number in the message', { message: 'jeg er 28816196088' }, 422, 'message_not_allowed'],
    ['a message of 301 characters', { message: 'x'.repeat(301) }, 400, 'invalid_request'],
    ['a line feed in the message', { message: 'a\nb' }, 400, 'invalid_request'],
    ['an unknown member', { state: 'approved' }, 400, 'invalid_request'],
    ['a power that is to be passed on', { powers: [{ ...POWER, passing_on: true }] }, 400, 'invalid_request'],
    ['no powers', { powers: [] }, 400, 'invalid_request'],
    ['an organisation', { principal: { identifier: '974761076', family_name: 'X' } }, 400, 'invalid_request'],
  ]
  test.each(refused)('refused: %s', async (_name, more, status, code) => {
    const helper = await newcomer(parts, 'Nektet')
    const answer = await ask(helper, person('turid-tveit'), more)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(await listed(helper)).toEqual([])
  })

  test('a helper who is too young, or has a protected address, is told so of himself; and no one asks himself', async () => {
    const child = await newcomer(parts, 'Barn', 14)
    expect(await ask(child, person('turid-tveit'))).toMatchObject({ body: { code: 'helper_not_available' } })
    const hidden = await Visitor.logIn(parts, 'hedda-lind')
    expect(await ask(hidden, person('turid-tveit'))).toMatchObject({ body: { code: 'helper_not_available' } })
    expect(await ask(child, child)).toMatchObject({ status: 422, body: { code: 'not_to_oneself' } })
  })

  test('sent twice with one key it is one request, also at once', async () => {
    const { helper, asked } = await pair()
    const key = { 'idempotency-key': randomUUID() }
    const body = {
      principal: { identifier: asked.number, family_name: asked.familyName },
      powers: [POWER],
      until: UNTIL,
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => helper.post('/v1/me/requests', body, key)))
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([201, answers[0]?.body])
    expect(await listed(asked)).toHaveLength(1)
  })
})

describe('a notice', () => {
  const heard = async (visitor: Visitor, language = 'nb'): Promise<Record<string, unknown>[]> =>
    (await visitor.get(`/v1/me/notices?language=${language}`)).body.notices

  test('comes to the one who is asked, once, in his language, and to no one else', async () => {
    const { helper, asked } = await pair()
    const other = await newcomer(parts, 'Feil', 70)
    await ask(helper, { number: other.number, familyName: 'Berg' })
    const key = { 'idempotency-key': randomUUID() }
    const principal = { identifier: asked.number, family_name: asked.familyName }
    const body = { principal, powers: [POWER], until: UNTIL, message: 'Hei' }
    const [made] = await Promise.all([1, 2, 3].map(() => helper.post('/v1/me/requests', body, key)))
    // What is told later than this is told after it: they come in order.
    await helper.post(`/v1/me/requests/${made?.body.request_id}/withdrawal`, {})
    await asked.give(helper, [{ service: 'nav.pension', action: 'read' }])
    let told: Record<string, unknown>[] = []
    for (let tries = 0; tries < 100 && told.length < 2; tries++) {
      told = await heard(asked, 'nn')
      await setTimeout(50)
    }
    expect(told).toMatchObject([
      { kind: 'given' },
      {
        kind: 'request_received',
        subject: made?.body.request_id,
        mandate_id: null,
        other: 'Hjelper Prøvesen',
        text: 'Hjelper Prøvesen bed deg om ei fullmakt.',
      },
    ])
    expect((await heard(helper)).map(({ kind }) => kind)).toEqual(['given'])
    expect(await heard(other)).toEqual([])
  })
})

describe('nothing is told of the one who is asked', () => {
  /** Six whom a request does not reach, and one whom it does. */
  async function everyone(helper: Visitor): Promise<Record<string, Named>> {
    const blocking = await newcomer(parts, 'Sperrer', 70)
    const first = await ask(helper, blocking)
    await blocking.post(`/v1/me/requests/${first.body.request_id}/refusal`, { block: true, report: true })
    await asOwner(
      parts,
      `update mandate_request set made_at = made_at - interval '31 days', lapses_at = clock_timestamp() where request_id = $1`,
      [first.body.request_id],
    )
    const reached = await newcomer(parts, 'Nådd', 70)
    return {
      reached,
      unknown: { number: '07876296653', familyName: 'Tveit' },
      dead: person('olav-tveit'),
      protected: person('hedda-lind'),
      misnamed: { ...person('turid-tveit'), familyName: 'Berg' },
      'too young': person('filip-moe'),
      blocking,
    }
  }

  test('the same status, the same members, the same statements: when asked, listed, withdrawn', async () => {
    const helper = await newcomer(parts, 'Spør')
    const seen: Record<string, unknown> = {}
    for (const [name, asked] of Object.entries(await everyone(helper))) {
      const { statements } = parts
      const from = statements.length
      const made = await ask(helper, asked)
      const asking = statements.slice(from)
      const [own] = await listed(helper)
      const withdrawn = await helper.post(`/v1/me/requests/${made.body.request_id}/withdrawal`, {})
      const withdrawing = statements.slice(from + asking.length)
      const shown = [made, withdrawn].map(({ status, body }) => [status, plain(body)])
      seen[name] = { shown, own: plain(own ?? {}), asking, withdrawing }
    }
    expect(Object.keys(seen)).toHaveLength(7)
    for (const [name, what] of Object.entries(seen)) expect([name, what]).toEqual([name, seen['reached']])
    expect(seen['reached']).toMatchObject({
      shown: [
        [201, { state: 'open' }],
        [200, { state: 'withdrawn' }],
      ],
    })
  })

  test('and the limits are the same', async () => {
    const helper = await newcomer(parts, 'Maser')
    for (const [name, asked] of Object.entries(await everyone(helper))) {
      const codes: unknown[] = []
      for (let time = 0; time < 3; time++) {
        const made = await ask(helper, asked)
        codes.push(made.body.state ?? made.body.code, (await ask(helper, asked)).body.code)
        await helper.post(`/v1/me/requests/${made.body.request_id}/withdrawal`, {})
        // The limit of a day is not what is tried here.
        await asOwner(parts, `update mandate_request set made_at = made_at - interval '1 day'`)
      }
      codes.push((await ask(helper, asked)).body.code)
      // Who blocks has been asked once before.
      const third = name === 'blocking' ? ['asked_too_often', 'asked_too_often'] : ['open', 'already_asked']
      expect([name, codes]).toEqual([
        name,
        ['open', 'already_asked', 'open', 'already_asked', ...third, 'asked_too_often'],
      ])
    }
  })

  test('what is told of a request is the same by the statements that ran, also of one that lapsed', async () => {
    const helper = await newcomer(parts, 'Venter')
    for (const asked of Object.values(await everyone(helper))) await ask(helper, asked)
    await asOwner(parts, `update mandate_request set lapses_at = clock_timestamp()`)
    const own = (await listed(helper)).slice(0, 7)
    expect(new Set(own.map((request) => JSON.stringify(plain(request)))).size).toBe(1)
    expect(own[0]).toMatchObject({ state: 'lapsed', reason: null, answered_at: null })
  })

  /** Without what differs because it was written by the helper himself or is counted. */
  function plain(body: Record<string, unknown>): Record<string, unknown> {
    return { ...body, request_id: '', asked_name: '', made_at: '', lapses_at: '' }
  }
})

describe('answering', () => {
  test('declined with a reason: the helper sees both, and lets the other rest for 30 days', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const answer = await asked.post(`/v1/me/requests/${request_id}/refusal`, { reason: 'Jeg klarer det selv' })
    expect(answer).toMatchObject({ status: 200, body: { state: 'declined', reason: 'Jeg klarer det selv' } })
    expect((await listed(helper))[0]).toMatchObject({ state: 'declined', reason: 'Jeg klarer det selv' })
    const again = await ask(helper, asked)
    expect(again).toMatchObject({ status: 429, body: { code: 'asked_too_often', again_at: expect.any(String) } })
    await asOwner(
      parts,
      `update mandate_request set declined_at = declined_at - interval '30 days' where request_id = $1`,
      [request_id],
    )
    expect(await ask(helper, asked)).toMatchObject({ status: 201 })
    expect(await listed(asked)).toHaveLength(2)
  })

  test('with a block the helper is told nothing: it stands open, can be withdrawn, and lapses', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const body = { reason: 'La meg være', block: true, report: true }
    const answer = await asked.post(`/v1/me/requests/${request_id}/refusal`, body)
    expect(answer).toMatchObject({ status: 200, body: { state: 'declined' } })
    expect((await listed(helper))[0]).toMatchObject({ state: 'open', reason: null, answered_at: null })
    const withdrawn = await helper.post(`/v1/me/requests/${request_id}/withdrawal`, {})
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn', reason: null } })
    expect(await ask(helper, asked)).toMatchObject({ status: 201, body: { state: 'open' } })
    expect(await listed(asked)).toMatchObject([{ state: 'declined', blocked: true }])
    expect(JSON.stringify(await listed(helper))).not.toContain('"blocked":true')
  })

  test('a block is lifted by whoever made it; what did not come through stays away', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    await asked.post(`/v1/me/requests/${request_id}/refusal`, { block: true })
    const path = `/v1/me/requests/${request_id}/unblocking`
    expect(await helper.post(path, {})).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    await helper.post(`/v1/me/requests/${request_id}/withdrawal`, {})
    const unheard = await ask(helper, asked)
    expect(await asked.post(path, {})).toMatchObject({ status: 200, body: { blocked: false } })
    expect(await asked.post(path, {})).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    expect(await listed(asked)).toHaveLength(1)
    await helper.post(`/v1/me/requests/${unheard.body.request_id}/withdrawal`, {})
    expect((await ask(helper, asked)).status).toBe(201)
    expect(await listed(asked)).toMatchObject([{ state: 'open', blocked: false }, { state: 'declined' }])
  })

  test('what came to nothing is forgotten after fifteen months, and what was given is not', async () => {
    const { helper, asked } = await pair()
    const given = (await ask(helper, asked)).body.request_id
    await asked.confirm((await draft(asked, given)).body)
    const vain = (await ask(helper, asked, { powers: [{ ...POWER, object: 'vain' }] })).body.request_id
    expect((await helper.post(`/v1/me/requests/${vain}/letter`, {})).status).toBe(201)
    await forgetOldRequests(parts.database)
    expect(await listed(helper)).toHaveLength(2)
    const text = `update mandate_request set made_at = made_at - interval '15 months' where request_id in ($1, $2)`
    await asOwner(parts, text, [given, vain])
    await forgetOldRequests(parts.database)
    expect((await listed(helper)).map(({ request_id }) => request_id)).toEqual([given])
  })

  test('each side does its own only, to a stranger it is not there, and what is answered stays so', async () => {
    const { helper, asked } = await pair()
    const stranger = await newcomer(parts, 'Fremmed')
    const { request_id } = (await ask(helper, asked)).body
    const refusal = `/v1/me/requests/${request_id}/refusal`
    const withdrawal = `/v1/me/requests/${request_id}/withdrawal`
    expect(await helper.post(refusal, {})).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    expect(await asked.post(withdrawal, {})).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    for (const path of [refusal, withdrawal]) {
      const others = await stranger.post(path, {})
      const none = await stranger.post(path.replace(request_id, randomUUID()), {})
      expect([others.status, others.body]).toEqual([none.status, none.body])
      expect(others.body.code).toBe('no_such_request')
    }
    expect(await helper.post(withdrawal, {})).toMatchObject({ status: 200 })
    for (const [visitor, path] of [
      [asked, refusal],
      [helper, withdrawal],
    ] as const) {
      expect(await visitor.post(path, {})).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    }
    expect(await draft(asked, request_id)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
  })

  test('a request that lapsed cannot be answered', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    await asOwner(parts, `update mandate_request set lapses_at = clock_timestamp() where request_id = $1`, [request_id])
    expect((await listed(asked))[0]).toMatchObject({ state: 'lapsed' })
    expect(await draft(asked, request_id)).toMatchObject({ body: { code: 'not_in_this_state' } })
    expect(await asked.post(`/v1/me/requests/${request_id}/refusal`, {})).toMatchObject({ status: 409 })
  })
})

describe('approving is giving', () => {
  test('as asked or less: the request names the mandate, the helper is named by it alone', async () => {
    const { helper, asked } = await pair()
    const powers = [POWER, { ...POWER, action: 'write', object: 'sak 7' }]
    const { request_id } = (await ask(helper, asked, { powers })).body
    const shorter = await draft(asked, request_id, [{ ...POWER, until: addDays(today, 10), object: 'sak 1' }])
    expect(shorter).toMatchObject({ status: 201 })
    expect(shorter.body.text).toContain('Hjelper Prøvesen')
    expect((await listed(asked))[0]).toMatchObject({ state: 'open', mandate_id: null })
    const given = await asked.confirm(shorter.body)
    expect(given).toMatchObject({ status: 201, body: { powers: [{ last_day: addDays(today, 10), object: 'sak 1' }] } })
    for (const visitor of [helper, asked]) {
      expect((await listed(visitor))[0]).toMatchObject({ state: 'approved', mandate_id: given.body.mandate_id })
    }
  })

  test('a power without a last day ends when it was asked to', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const given = await asked.confirm((await draft(asked, request_id)).body)
    expect(given.body.powers[0].last_day).toBe(UNTIL)
  })

  test.each<[string, Record<string, unknown>]>([
    ['another action', { action: 'write' }],
    ['another service', { service: 'nav.benefits' }],
    ['a later day', { until: addDays(UNTIL, 1) }],
    ['to be passed on', { passing_on: true }],
    ['for all objects', { object: undefined }],
    ['for another object', { object: 'sak 8' }],
  ])('never more: %s', async (_name, more) => {
    const { helper, asked } = await pair()
    const power = { ...POWER, object: 'sak 7' }
    const { request_id } = (await ask(helper, asked, { powers: [power] })).body
    const answer = await draft(asked, request_id, [{ ...power, ...more }])
    expect(answer).toMatchObject({ status: 422, body: { code: 'wider_than_asked' } })
  })

  test('only by the one who was asked, and by the request alone', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const stranger = await newcomer(parts, 'Fremmed')
    for (const visitor of [helper, stranger]) {
      expect(await draft(visitor, request_id)).toMatchObject({ status: 404, body: { code: 'no_such_request' } })
    }
    const representative = { identifier: helper.number, family_name: helper.familyName }
    for (const more of [{ representative }, { representative: {} }, { parent: randomUUID() }]) {
      const body = { request: request_id, powers: [POWER], ...more }
      expect(await asked.post('/v1/me/mandates/drafts', body)).toMatchObject({ status: 400 })
    }
  })

  test('of two mandates confirmed on one request at once, one is given', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const drafts = await Promise.all(['a', 'b', 'c'].map((object) => draft(asked, request_id, [{ ...POWER, object }])))
    for (const { body } of drafts) await asked.answer(body)
    const answers = await Promise.all(drafts.map(({ body }) => asked.confirmOnly(body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect((await asked.get('/v1/me/mandates')).body.mandates).toHaveLength(1)
  })

  test('approved and withdrawn at once, it is one of the two', async () => {
    const { helper, asked } = await pair()
    const { request_id } = (await ask(helper, asked)).body
    const { body } = await draft(asked, request_id)
    await asked.answer(body)
    const [given, withdrawn] = await Promise.all([
      asked.confirmOnly(body),
      helper.post(`/v1/me/requests/${request_id}/withdrawal`, {}),
    ])
    expect([given.status, withdrawn.status].sort()).toEqual(given.status === 201 ? [201, 409] : [200, 409])
    expect((await asked.get('/v1/me/mandates')).body.mandates).toHaveLength(given.status === 201 ? 1 : 0)
  })
})

describe('limits', () => {
  test('ten open in all, and twenty in a day', async () => {
    const helper = await newcomer(parts, 'Flittig')
    const made: Answer[] = []
    const strangers = parts.people.all().filter(({ identityNumber }) => identityNumber !== null)
    const askNext = async (): Promise<Answer> => {
      const someone = strangers[made.length]
      if (someone === undefined) throw new Error('too few people')
      const answer = await ask(helper, { number: someone.identityNumber ?? '', familyName: someone.familyName })
      made.push(answer)
      return answer
    }
    for (let i = 0; i < 10; i++) expect((await askNext()).status).toBe(201)
    expect(await askNext()).toMatchObject({ status: 409, body: { code: 'too_many_open' } })
    for (const { body } of made.splice(10)) expect(body.code).toBe('too_many_open')
    for (const { body } of made) await helper.post(`/v1/me/requests/${body.request_id}/withdrawal`, {})
    for (let i = 0; i < 10; i++) expect((await askNext()).status).toBe(201)
    for (const { body } of made.slice(10)) await helper.post(`/v1/me/requests/${body.request_id}/withdrawal`, {})
    expect(await askNext()).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
  })

  test('one at a time to one person, also when asked at once', async () => {
    const { helper, asked } = await pair()
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(helper, asked)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409])
  })
})

function person(id: string): Named {
  const found = parts.people.find(id)
  if (found === undefined || found.identityNumber === null) throw new Error(`no one is called ${id}`)
  return { number: found.identityNumber, familyName: found.familyName }
}
