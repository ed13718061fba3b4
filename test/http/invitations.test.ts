import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newCode } from '../../src/requests/readable-code.js'
import { asOwner, newcomer } from '../support/newcomers.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, Visitor } from '../support/visitors.js'

let parts: TestService
const POWER = { service: 'nav.pension', action: 'read' }

beforeAll(async () => {
  parts = await testService()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

async function invite(inviter: Visitor, label?: string): Promise<{ id: string; code: string }> {
  const { status, body } = await inviter.post('/v1/me/invitations', label === undefined ? {} : { label })
  expect(status).toBe(201)
  return { id: body.invitation_id, code: body.code }
}

const redeem = (visitor: Visitor, code: string): Promise<Answer> =>
  visitor.post('/v1/me/invitations/redemption', { code })

const giveBy = (giver: Visitor, invitation: string, powers: unknown[] = [POWER]): Promise<Answer> =>
  giver.post('/v1/me/mandates/drafts', { representative: { invitation }, powers })

async function pair(): Promise<{ inviter: Visitor; invited: Visitor }> {
  return { inviter: await newcomer(parts, 'Inviterer', 70), invited: await newcomer(parts, 'Invitert') }
}

const states = async (visitor: Visitor): Promise<string[]> =>
  (await visitor.get('/v1/me/invitations')).body.invitations.map(({ state }: { state: string }) => state)

describe('an invitation', () => {
  test('from the code to the mandate: each sees the other by name and year of birth', async () => {
    const { inviter, invited } = await pair()
    const { id, code } = await invite(inviter, 'nevøen')
    expect(code).toMatch(/^[3-9A-Y]{5}-[3-9A-Y]{5}-[3-9A-Y]{5}$/)
    expect(await giveBy(inviter, id)).toMatchObject({ status: 404, body: { code: 'no_such_invitation' } })
    const redeemed = await redeem(invited, code.toLowerCase().replaceAll('-', ' '))
    expect(redeemed).toMatchObject({
      status: 200,
      body: { invitation_id: id, inviter: { name: 'Inviterer Prøvesen' } },
    })
    const [own] = (await inviter.get('/v1/me/invitations')).body.invitations
    expect(own).toMatchObject({
      label: 'nevøen',
      state: 'redeemed',
      redeemed_by: { name: 'Invitert Prøvesen', born_year: expect.any(Number) },
    })
    const noticeOf = async (visitor: Visitor): Promise<unknown> =>
      (await visitor.get('/v1/me/notices?language=nb')).body.notices[0]
    while ((await noticeOf(inviter)) === undefined) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await noticeOf(inviter)).toMatchObject({
      kind: 'invitation_redeemed',
      text: 'Invitert Prøvesen har brukt koden din. Nå kan du gi fullmakt.',
      mandate_id: null,
    })
    expect(await noticeOf(invited)).toBeUndefined()
    const draft = await giveBy(inviter, id)
    expect(draft.body.text).toContain('Invitert Prøvesen')
    const given = await inviter.confirm(draft.body)
    expect(given).toMatchObject({ status: 201, body: { representative: { name: 'Invitert Prøvesen' } } })
    expect((await inviter.get('/v1/me/invitations')).body.invitations[0]).toMatchObject({
      state: 'used',
      mandate_id: given.body.mandate_id,
    })
    const everything = JSON.stringify([own, redeemed.body, draft.body, given.body])
    for (const { number } of [inviter, invited]) expect(everything).not.toContain(number)
    expect(await giveBy(inviter, id, [{ ...POWER, object: 'again' }])).toMatchObject({ status: 404 })
  })

  test('the code is shown once and kept nowhere', async () => {
    const inviter = await newcomer(parts, 'Inviterer')
    const key = { 'idempotency-key': randomUUID() }
    const first = await inviter.post('/v1/me/invitations', {}, key)
    const again = await inviter.post('/v1/me/invitations', {}, key)
    expect([again.status, again.body]).toEqual([201, { ...first.body, code: null }])
    const text = `select (select json_agg(i) from invitation i)::text || (select json_agg(k) from idempotency k)::text
      || (select json_agg(a) from audit_entry a)::text as all`
    const [kept] = await asOwner<{ all: string }>(parts, text)
    expect(kept?.all).toContain(first.body.invitation_id)
    expect(kept?.all).not.toContain(first.body.code)
  })

  test('of a code redeemed by several at once, one gets it', async () => {
    const inviter = await newcomer(parts, 'Inviterer')
    const all = await Promise.all(Array.from({ length: 4 }, () => newcomer(parts, 'Invitert')))
    const { code } = await invite(inviter)
    const answers = await Promise.all(all.map((visitor) => redeem(visitor, code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422])
  })

  test('of two mandates given by one at once, one is given', async () => {
    const { inviter, invited } = await pair()
    const { id, code } = await invite(inviter)
    await redeem(invited, code)
    const drafts = await Promise.all(['a', 'b'].map((object) => giveBy(inviter, id, [{ ...POWER, object }])))
    for (const { body } of drafts) await inviter.answer(body)
    const answers = await Promise.all(drafts.map(({ body }) => inviter.confirmOnly(body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('cancelled, it can neither be redeemed nor used, nor cancelled again, nor cancelled by another', async () => {
    const { inviter, invited } = await pair()
    const [open, taken] = [await invite(inviter), await invite(inviter)]
    await redeem(invited, taken.code)
    const draft = await giveBy(inviter, taken.id)
    for (const { id } of [open, taken]) {
      const path = `/v1/me/invitations/${id}/cancellation`
      expect(await invited.post(path, {})).toMatchObject({ status: 404, body: { code: 'no_such_invitation' } })
      expect(await inviter.post(path, {})).toMatchObject({ status: 200, body: { state: 'cancelled' } })
      expect(await inviter.post(path, {})).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    }
    expect(await redeem(invited, open.code)).toMatchObject({ status: 422 })
    expect(await inviter.confirm(draft.body)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    expect(await states(inviter)).toEqual(['cancelled', 'cancelled'])
  })

  test('a representative is named by exactly one of number and invitation', async () => {
    const { inviter, invited } = await pair()
    const { id } = await invite(inviter)
    const number = { identifier: invited.number, family_name: invited.familyName }
    for (const representative of [{}, { ...number, invitation: id }, { invitation: id, family_name: 'X' }]) {
      const body = { representative, powers: [POWER] }
      expect(await inviter.post('/v1/me/mandates/drafts', body)).toMatchObject({ status: 400 })
    }
    expect(await inviter.post('/v1/me/mandates/drafts', { powers: [POWER] })).toMatchObject({ status: 400 })
  })

  test('ten wait at once and no more', async () => {
    const inviter = await newcomer(parts, 'Inviterer')
    const answers = await Promise.all(Array.from({ length: 12 }, () => inviter.post('/v1/me/invitations', {})))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    for (const { body } of answers.filter(({ status }) => status !== 201)) expect(body.code).toBe('too_many_open')
  })
})

describe('a code that does not do', () => {
  test('wrong, used, expired, cancelled and one’s own: one answer, by the same statements', async () => {
    const { inviter, invited } = await pair()
    const other = await newcomer(parts, 'En annen')
    const [used, expired, cancelled, own] = [
      await invite(inviter),
      await invite(inviter),
      await invite(inviter),
      await invite(invited),
    ]
    await redeem(other, used.code)
    await asOwner(parts, 'update invitation set expires_at = clock_timestamp() where invitation_id = $1', [expired.id])
    await inviter.post(`/v1/me/invitations/${cancelled.id}/cancellation`, {})
    const seen: unknown[] = []
    for (const code of [newCode(), used.code, expired.code, cancelled.code, own.code]) {
      const from = parts.statements.length
      const { status, body } = await redeem(invited, code)
      seen.push([status, body, parts.statements.slice(from)])
    }
    for (const one of seen) expect(one).toEqual(seen[0])
    expect(seen[0]).toMatchObject([422, { code: 'code_not_valid' }, expect.any(Array)])
    expect(await states(inviter)).toEqual(['cancelled', 'expired', 'redeemed'])
  })

  test('mistyped: told so, and not counted', async () => {
    const visitor = await newcomer(parts, 'Skriver feil')
    for (let i = 0; i < 12; i++) {
      expect(await redeem(visitor, 'K7M3P-9TXCA-4HJWW')).toMatchObject({ status: 422, body: { code: 'code_mistyped' } })
    }
  })

  test('ten tries an hour, also when tried at once', async () => {
    const visitor = await newcomer(parts, 'Prøver')
    const answers = await Promise.all(Array.from({ length: 14 }, () => redeem(visitor, newCode())))
    const codes = answers.map(({ body }) => body.code)
    expect(codes.filter((code) => code === 'code_not_valid')).toHaveLength(10)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(4)
    const { code } = await invite(await newcomer(parts, 'Inviterer'))
    expect(await redeem(visitor, code)).toMatchObject({ status: 429 })
    const byLetter = await visitor.post('/v1/me/requests/code', { code })
    expect(byLetter).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
  })

  test('someone with a protected address is not named to who invites', async () => {
    const inviter = await newcomer(parts, 'Inviterer')
    const { code } = await invite(inviter)
    const hidden = await Visitor.logIn(parts, 'hedda-lind')
    expect(await redeem(hidden, code)).toMatchObject({ status: 422, body: { code: 'helper_not_available' } })
    expect(await states(inviter)).toEqual(['open'])
  })
})
