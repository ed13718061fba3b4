import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addDays, addMonths, osloDay } from '../../src/domain/calendar.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let stranger: Visitor
let nav: RelyingService
const today = osloDay(new Date())

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  stranger = await Visitor.logIn(parts, 'sunniva-moe')
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** A mandate for one object, so that the tests do not run into each other. */
function powerFor(object: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { service: 'nav.pension', action: 'read', object, ...more }
}

async function ask(object: string, action = 'read'): Promise<unknown> {
  const answer = await nav.evaluate(helper.number, giver.number, 'nav.pension', action, { properties: { object } })
  return answer.body.decision === true ? 'yes' : answer.body.context.reason
}

describe('giving', () => {
  test('lasts twelve months unless told otherwise, and never longer than the catalogue allows', async () => {
    const given = await giver.give(helper, [powerFor('default period')])
    expect(given.body.powers[0].last_day).toBe(addDays(addMonths(today, 12), -1))
    const tooLong = await giver.draft(helper, [powerFor('too long', { until: addMonths(today, 61) })])
    expect(tooLong).toMatchObject({ status: 422, body: { code: 'period_too_long' } })
  })

  test('several powers in one mandate, each with its own period and object', async () => {
    const given = await giver.give(helper, [
      powerFor('first of two', { until: addDays(today, 10) }),
      powerFor('second of two', { action: 'write', from: addDays(today, 5), until: addDays(today, 20) }),
    ])
    expect(given.status).toBe(201)
    expect(await ask('first of two')).toBe('yes')
    expect(await ask('second of two', 'write')).toBe('not_yet_valid')
    expect(await ask('first of two', 'write')).toBe('power_not_covered')
  })

  test('the exact text in each language, and only that very text can be confirmed', async () => {
    for (const language of ['nb', 'nn', 'en', 'se']) {
      const draft = await giver.draft(helper, [powerFor(`text ${language}`)], language)
      expect(draft).toMatchObject({ status: 201, body: { language } })
      const other = await giver.confirm({ ...draft.body, text_hash: 'A'.repeat(43) })
      expect(other).toMatchObject({ status: 409, body: { code: 'text_changed' } })
      expect((await giver.confirm(draft.body)).status).toBe(201)
      expect(await giver.confirm(draft.body)).toMatchObject({ status: 410, body: { code: 'draft_expired' } })
    }
  })

  test('a draft is the giver’s alone', async () => {
    const draft = await giver.draft(helper, [powerFor('someone else confirms')])
    expect(await stranger.confirm(draft.body)).toMatchObject({ status: 410, body: { code: 'draft_expired' } })
    expect(await helper.confirm(draft.body)).toMatchObject({ status: 410, body: { code: 'draft_expired' } })
  })

  test('the same power twice runs into the constraint, and the giver is offered to extend', async () => {
    const given = await giver.give(helper, [powerFor('twice')])
    const again = await giver.draft(helper, [powerFor('twice')])
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'overlapping_mandate', extend_instead: [given.body.mandate_id] },
    })
  })

  test('of two drafts of the same power confirmed at once, one becomes a mandate', async () => {
    const drafts = await Promise.all(
      Array.from({ length: 6 }, () => giver.draft(helper, [powerFor('confirmed at once')])),
    )
    const answers = await Promise.all(drafts.map(({ body }) => giver.confirm(body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })

  const refused: [name: string, helperOf: () => { number: string; familyName: string }, code: string][] = [
    ['to oneself', () => giver, 'not_to_oneself'],
    ['to the dead', () => person('olav-tveit'), 'representative_not_available'],
    ['to a child', () => person('filip-moe'), 'representative_not_available'],
    ['under another name', () => ({ ...person('bjarne-aas'), familyName: 'Berg' }), 'representative_not_available'],
    ['to no one we know', () => ({ number: unusedNumber(), familyName: 'Aas' }), 'representative_not_available'],
  ]
  test.each(refused)('not %s', async (_name, helperOf, code) => {
    const { number, familyName } = helperOf()
    const answer = await giver.post('/v1/me/mandates/drafts', {
      representative: { identifier: number, family_name: familyName },
      powers: [powerFor('not given')],
    })
    expect(answer).toMatchObject({ status: 422, body: { code } })
    expect(JSON.stringify(answer.body)).not.toContain(number)
  })

  test('only someone logged in as strongly as the service asks gives or accepts', async () => {
    const weak = await Visitor.logIn(parts, 'turid-tveit', 'substantial')
    const answer = await weak.draft(helper, [powerFor('weak login')])
    expect(answer).toMatchObject({ status: 403, body: { code: 'login_level_too_low', required_level: 'high' } })
  })
})

describe('changing', () => {
  test('freeze, thaw, narrow, extend and end: each a new version, the old ones stay', async () => {
    const given = await giver.give(helper, [powerFor('all changes', { until: addDays(today, 30) })])
    const id = String(given.body.mandate_id)
    const steps: [path: string, body: Record<string, unknown>, state: string, asked: string][] = [
      ['freeze', { reason: 'jeg er usikker' }, 'frozen', 'frozen'],
      ['thaw', {}, 'active', 'yes'],
      [
        'narrowing',
        { powers: [{ power_id: given.body.powers[0].power_id, until: addDays(today, 3) }] },
        'active',
        'yes',
      ],
    ]
    for (const [path, body, state, asked] of steps) {
      const answer = await giver.change(id, path, body)
      expect(answer).toMatchObject({ status: 200, body: { state } })
      expect(await ask('all changes')).toBe(asked)
    }
    const draft = await giver.post(`/v1/me/mandates/${id}/extension-drafts`, { until: addDays(today, 60) })
    expect(draft.status).toBe(201)
    const extended = await giver.confirm(draft.body)
    expect(extended.body.powers[0].last_day).toBe(addDays(today, 60))
    expect(await helper.change(id, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    expect(await ask('all changes')).toBe('ended')

    const { body } = await giver.get(`/v1/me/mandates/${id}/versions`)
    const told = body.versions.map((version: Record<string, unknown>) => [
      version['change'],
      version['made_by_you'],
      (version['powers'] as { state: string; last_day: string }[]).map((power) => `${power.state} ${power.last_day}`),
    ])
    expect(told).toEqual([
      ['given', true, [`active ${addDays(today, 30)}`]],
      ['frozen', true, [`frozen ${addDays(today, 30)}`]],
      ['thawed', true, [`active ${addDays(today, 30)}`]],
      ['narrowed', true, [`active ${addDays(today, 3)}`]],
      ['extended', true, [`active ${addDays(today, 60)}`]],
      ['ended', false, [`ended ${addDays(today, 60)}`]],
    ])
    expect(body.versions[1].reason).toBe('jeg er usikker')
  })

  test('an offer: nothing is in force until it is accepted; it can be declined or taken back', async () => {
    const health = { service: 'health.appointments', action: 'read' }
    const offered = await giver.give(helper, [{ ...health, object: 'accepted' }])
    expect(offered.body.state).toBe('offered')
    const early = await giver.accept(offered.body.mandate_id)
    expect(early).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    expect(await helper.accept(offered.body.mandate_id)).toMatchObject({ body: { state: 'active' } })

    const declined = await giver.give(helper, [{ ...health, object: 'declined' }])
    expect(await helper.change(declined.body.mandate_id, 'refusal')).toMatchObject({ body: { state: 'declined' } })
    expect(await helper.accept(declined.body.mandate_id)).toMatchObject({
      status: 409,
      body: { code: 'not_in_this_state' },
    })
    const cancelled = await giver.give(helper, [{ ...health, object: 'cancelled' }])
    expect(await giver.change(cancelled.body.mandate_id, 'end')).toMatchObject({ body: { state: 'cancelled' } })
  })

  test('what has ended cannot be changed, thawed or extended', async () => {
    const given = await giver.give(helper, [powerFor('ended for good')])
    const id = String(given.body.mandate_id)
    await giver.change(id, 'end')
    for (const path of ['freeze', 'thaw', 'end']) {
      expect(await giver.change(id, path)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    }
    const extension = await giver.post(`/v1/me/mandates/${id}/extension-drafts`, { until: addDays(today, 400) })
    expect(extension).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
  })

  test('others’ mandates and mandates that are not there give the same answer', async () => {
    const given = await giver.give(helper, [powerFor('not the stranger’s')])
    for (const path of ['', '/versions']) {
      const others = await stranger.get(`/v1/me/mandates/${given.body.mandate_id}${path}`)
      const none = await stranger.get(`/v1/me/mandates/${randomUUID()}${path}`)
      expect([others.status, others.body]).toEqual([none.status, none.body])
      expect(others.body.code).toBe('no_such_mandate')
    }
    for (const path of ['end', 'freeze', 'acceptance-drafts']) {
      const headers = { 'if-match': '"1"' }
      const others = await stranger.post(`/v1/me/mandates/${given.body.mandate_id}/${path}`, {}, headers)
      const none = await stranger.post(`/v1/me/mandates/${randomUUID()}/${path}`, {}, headers)
      expect([others.status, others.body]).toEqual([none.status, none.body])
    }
    expect(await ask('not the stranger’s')).toBe('yes')
  })
})

describe('writing once', () => {
  test('the same key and request: the same answer; another request: 409', async () => {
    const draft = await giver.draft(helper, [powerFor('written once')])
    const { draft_id, text_hash } = draft.body
    await giver.answer(draft.body)
    const path = `/v1/me/mandates/drafts/${draft_id}/confirmation`
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 10 }, () => giver.post(path, { text_hash }, key)))
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([201, answers[0]?.body])
    const again = await giver.post(path, { text_hash }, key)
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([201, answers[0]?.body, '"1"'])

    const other = await giver.post(path, { text_hash: 'A'.repeat(43) }, key)
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } })
    const someoneElse = await helper.post(path, { text_hash }, key)
    expect(someoneElse).toMatchObject({ status: 410, body: { code: 'draft_expired' } })
  })

  test('a change needs the version it was decided upon, and a key', async () => {
    const given = await giver.give(helper, [powerFor('seen version')])
    const path = `/v1/me/mandates/${given.body.mandate_id}/freeze`
    expect(await giver.post(path, {})).toMatchObject({ status: 428, body: { code: 'if_match_required' } })
    const stale = await giver.post(path, {}, { 'if-match': '"7"' })
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict', current_version: 1 } })
    const weak = await giver.post(path, {}, { 'if-match': 'W/"1"' })
    expect(weak).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    const noKey = await giver.post(path, {}, { 'if-match': '"1"', 'idempotency-key': '' })
    expect(noKey).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
    const both = await Promise.all([
      giver.post(path, {}, { 'if-match': '"1"' }),
      giver.post(path, {}, { 'if-match': '"1"' }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  })
})

test('a grant, an end and an evaluation take as many statements as they are known to', async () => {
  const { statements } = parts
  const draft = await giver.draft(helper, [powerFor('counted')])
  const count = async (work: () => Promise<unknown>): Promise<string[]> => {
    const from = statements.length
    await work()
    return statements.slice(from)
  }
  await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read')
  expect(await count(() => nav.evaluate(helper.number, giver.number, 'nav.pension', 'read'))).toEqual([
    'read_facts',
    'append_audit_entries',
  ])
  expect(await count(() => giver.answer(draft.body))).toEqual([
    'use_session',
    'see_draft',
    'begin_login_attempt',
    'take_login_attempt',
    'ensure_party',
    'see_draft',
    'answer_draft',
    'session_of_provider_session',
  ])
  let mandateId = ''
  const granting = await count(async () => {
    mandateId = String((await giver.confirmOnly(draft.body)).body.mandate_id)
  })
  expect(granting).toEqual([
    'use_session',
    'claim_idempotency_key',
    'take_draft',
    'latest_catalogue',
    'lapsed_offers',
    'clock',
    'named_parties',
    'overlapping_mandates',
    'insert_mandate_representation',
    'insert_mandate_version',
    'insert_evidence',
    'insert_mandate_powers',
    'append_audit_entries',
    'confirm_draft',
    'see_mandate',
    'latest_catalogue',
    'keep_idempotent_answer',
  ])
  expect(await count(() => giver.post(`/v1/me/mandates/${mandateId}/end`, {}, { 'if-match': '"1"' }))).toEqual([
    'use_session',
    'claim_idempotency_key',
    'latest_catalogue',
    'lock_mandate',
    'read_locked_mandate',
    'bump_mandate_version',
    'insert_mandate_version',
    'change_mandate_powers',
    'append_audit_entries',
    'see_mandate',
    'latest_catalogue',
    'keep_idempotent_answer',
  ])
})

test('the two lists: what I have given and received, and for whom it makes me act right now', async () => {
  const mine = await giver.get('/v1/me/mandates')
  expect(mine.body.mandates.length).toBeGreaterThan(5)
  const forHelper = await helper.get('/v1/me/representations?language=en')
  const [turid] = forHelper.body.you_may_act_for
  expect(turid.principal.name).toBe('Turid Tveit')
  const forGiver = await giver.get('/v1/me/representations')
  expect(forGiver.body.may_act_for_you[0].representative.name).toBe('Bjarne Aas')
  expect((await stranger.get('/v1/me/representations')).body).toEqual({ you_may_act_for: [], may_act_for_you: [] })
})

function person(id: string): { number: string; familyName: string } {
  const found = parts.people.find(id)
  if (found === undefined || found.identityNumber === null) throw new Error(`no one is called ${id}`)
  return { number: found.identityNumber, familyName: found.familyName }
}

/** A number of the synthetic series that nobody bears. */
function unusedNumber(): string {
  return '07876296653'
}
