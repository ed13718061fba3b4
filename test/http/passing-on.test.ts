import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let kari: Visitor
let mari: Visitor
let ola: Visitor
let per: Visitor
let nav: RelyingService
const today = osloDay(new Date())

beforeAll(async () => {
  parts = await testService()
  kari = await Visitor.logIn(parts, 'turid-tveit')
  mari = await Visitor.logIn(parts, 'bjarne-aas')
  ola = await Visitor.logIn(parts, 'randi-moe')
  per = await Visitor.logIn(parts, 'gunnar-strand')
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

type Members = Readonly<Record<string, unknown>>

/** A mandate for one object, so that the tests do not run into each other. */
function powerFor(object: string, more: Members = {}): Members {
  return { service: 'nav.pension', action: 'read', object, ...more }
}

async function ask(object: string, who: Visitor = ola, action = 'read'): Promise<unknown> {
  const answer = await nav.evaluate(who.number, kari.number, 'nav.pension', action, { properties: { object } })
  return answer.body.decision === true ? 'yes' : answer.body.context.reason
}

/** Kari gives Mari what may be passed on. */
async function parentFor(object: string, more: Members = {}): Promise<string> {
  const given = await kari.give(mari, [powerFor(object, { passing_on: true, ...more })])
  expect(given).toMatchObject({ status: 201, body: { powers: [{ passing_on: true }] } })
  return String(given.body.mandate_id)
}

async function chainFor(object: string): Promise<{ readonly parent: string; readonly passed: string }> {
  const parent = await parentFor(object)
  const passed = await mari.passOn(parent, ola, [powerFor(object)])
  expect(passed.status).toBe(201)
  return { parent, passed: String(passed.body.mandate_id) }
}

describe('passing on', () => {
  test('gives the third the same within the parent, seen by all three, until the parent ends', async () => {
    const parent = await parentFor('the whole way', { until: addDays(today, 20) })
    const passed = await mari.passOn(parent, ola, [powerFor('the whole way')])
    expect(passed).toMatchObject({
      status: 201,
      body: {
        your_role: 'given_through',
        parent,
        giver: { name: 'Turid Tveit' },
        given_through: { name: 'Bjarne Aas' },
        representative: { name: 'Randi Moe' },
        powers: [{ passing_on: false, last_day: addDays(today, 20) }],
      },
    })
    expect(await ask('the whole way')).toBe('yes')
    const id = String(passed.body.mandate_id)
    for (const [who, role] of [
      [kari, 'giver'],
      [ola, 'representative'],
    ] as const) {
      expect(await who.get(`/v1/me/mandates/${id}`)).toMatchObject({ status: 200, body: { your_role: role, parent } })
      const { body } = await who.get('/v1/me/mandates')
      expect(body.mandates.map((one: Members) => one['mandate_id'])).toContain(id)
    }
    expect(await ola.get(`/v1/me/mandates/${parent}`)).toMatchObject({ status: 404 })
    expect(await kari.change(parent, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    expect(await ask('the whole way')).toBe('ended')
    expect(await ola.get(`/v1/me/mandates/${id}`)).toMatchObject({ body: { state: 'ended' } })
    const { body } = await kari.get(`/v1/me/mandates/${id}/versions`)
    expect(body.versions).toMatchObject([
      { change: 'given', made_by_you: false },
      { change: 'ended', made_by_you: true, reason: 'parent_ended' },
    ])
  })

  test('a token is issued on it to the third, and no more once the parent has ended', async () => {
    const { parent, passed } = await chainFor('by token')
    const { body } = await nav.representations('randi-moe')
    const handles = body.representations
      .filter((one: { powers: Members[] }) => one.powers.some(({ object }) => object === 'by token'))
      .map(({ handle }: Members) => handle)
    expect(handles).toHaveLength(1)
    const answer = await nav.exchange(handles[0], body.actor_grant)
    expect(answer.access_token).toBeDefined()
    const claims = JSON.parse(Buffer.from(answer.access_token.split('.')[1] ?? '', 'base64url').toString()) as Members
    expect(claims['act']).toBeDefined()
    expect(JSON.stringify(claims)).not.toContain(passed)
    await mari.change(parent, 'end')
    await expect(nav.exchange(handles[0], body.actor_grant)).rejects.toThrow()
  })

  test('freezing and narrowing the parent are felt below at once, and thawing too', async () => {
    const { parent, passed } = await chainFor('felt below')
    await kari.change(parent, 'freeze')
    expect(await ask('felt below')).toBe('frozen')
    for (const who of [kari, mari, ola]) {
      const seen = await who.get(`/v1/me/mandates/${passed}`)
      expect(seen).toMatchObject({ body: { state: 'active', parent_state: 'frozen' } })
    }
    await kari.change(parent, 'thaw')
    expect(await ask('felt below')).toBe('yes')
    const { body } = await kari.get(`/v1/me/mandates/${parent}`)
    await kari.change(parent, 'narrowing', { powers: [{ power_id: body.powers[0].power_id }] })
    expect(await ask('felt below')).toBe('ended')
    expect(await ola.get(`/v1/me/mandates/${passed}`)).toMatchObject({ body: { state: 'ended' } })
  })

  test('the middle freezes, thaws, narrows and ends; the other two end, and no more', async () => {
    const { passed } = await chainFor('whose to do')
    for (const who of [kari, ola]) {
      expect(await who.change(passed, 'freeze')).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    }
    expect(await per.post(`/v1/me/mandates/${passed}/end`, {}, { 'if-match': '"1"' })).toMatchObject({ status: 404 })
    expect(await mari.change(passed, 'freeze')).toMatchObject({ status: 200, body: { state: 'frozen' } })
    expect(await mari.change(passed, 'thaw')).toMatchObject({ status: 200, body: { state: 'active' } })
    expect(await kari.change(passed, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    const { passed: other } = await chainFor('the third ends')
    expect(await ola.change(other, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    expect(await ask('the third ends', mari)).toBe('yes')
  })

  test('the middle extends, within the parent and not beyond it', async () => {
    const parent = await parentFor('longer', { until: addDays(today, 20) })
    const passed = await mari.passOn(parent, ola, [powerFor('longer', { until: addDays(today, 10) })])
    const path = `/v1/me/mandates/${passed.body.mandate_id}/extension-drafts`
    expect(await kari.post(path, { until: addDays(today, 15) })).toMatchObject({ body: { code: 'not_yours_to_do' } })
    const beyond = await mari.post(path, { until: addDays(today, 21) })
    expect(beyond).toMatchObject({ status: 422, body: { code: 'wider_than_parent' } })
    const draft = await mari.post(path, { until: addDays(today, 20) })
    expect(draft.status).toBe(201)
    expect(await mari.confirm(draft.body)).toMatchObject({ body: { powers: [{ last_day: addDays(today, 20) }] } })
    const { body } = await kari.get(`/v1/me/mandates/${parent}`)
    const sooner = { power_id: body.powers[0].power_id, until: addDays(today, 12) }
    const again = await mari.passOn(parent, per, [powerFor('longer', { until: addDays(today, 10) })])
    const late = await mari.post(`/v1/me/mandates/${again.body.mandate_id}/extension-drafts`, {
      until: addDays(today, 15),
    })
    await kari.change(parent, 'narrowing', { powers: [sooner] })
    expect(await mari.confirm(late.body)).toMatchObject({ status: 422, body: { code: 'wider_than_parent' } })
  })

  test('what needs acceptance needs it of the third as well', async () => {
    const power = { service: 'muni.building', action: 'read', object: 'accepted twice' }
    const given = await kari.give(mari, [{ ...power, passing_on: true }])
    const early = await mari.passOn(given.body.mandate_id, ola, [power])
    expect(early.body.code).toBe('wider_than_parent')
    await mari.accept(given.body.mandate_id)
    const passed = await mari.passOn(given.body.mandate_id, ola, [power])
    expect(passed).toMatchObject({ status: 201, body: { state: 'offered' } })
    expect(await ola.accept(passed.body.mandate_id)).toMatchObject({ body: { state: 'active' } })
  })

  test('the same power twice to the same person: extend instead; Kari may give it to him herself', async () => {
    const { parent, passed } = await chainFor('twins')
    expect(await mari.passOn(parent, ola, [powerFor('twins')])).toMatchObject({
      status: 409,
      body: { code: 'overlapping_mandate', extend_instead: [passed] },
    })
    expect(await kari.give(ola, [powerFor('twins')])).toMatchObject({ status: 201, body: { parent: null } })
    await kari.change(parent, 'end')
    expect(await ask('twins')).toBe('yes')
  })

  test('of two drafts of the same power confirmed at once, one becomes a mandate', async () => {
    const parent = await parentFor('at once')
    const answers = await Promise.all(Array.from({ length: 4 }, () => mari.passOn(parent, ola, [powerFor('at once')])))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })
})

describe('planted attempts', () => {
  const refused = (answer: Answer, status: number, code: string): void => {
    expect(answer).toMatchObject({ status, body: { code } })
  }

  test('to give what the catalogue never lets be passed on', async () => {
    const power = { service: 'nav.work-sickness', action: 'read', passing_on: true }
    refused(await kari.give(mari, [power]), 422, 'not_to_be_passed_on')
  })

  test('to pass on what Kari did not allow', async () => {
    const given = await kari.give(mari, [powerFor('not allowed')])
    refused(await mari.passOn(given.body.mandate_id, ola, [powerFor('not allowed')]), 422, 'not_to_be_passed_on')
  })

  test('wider: another action, another service, all objects, another provider', async () => {
    const parent = await parentFor('narrow')
    for (const power of [
      powerFor('narrow', { action: 'write' }),
      powerFor('narrow', { service: 'tax.return' }),
      { service: 'nav.pension', action: 'read' },
      powerFor('another'),
    ]) {
      const answer = await mari.passOn(parent, ola, [power])
      expect([
        answer.status,
        answer.body.code === 'wider_than_parent' || answer.body.code === 'unknown_service',
      ]).toEqual([422, true])
    }
  })

  test('longer, and before it begins', async () => {
    const parent = await parentFor('short', { from: addDays(today, 5), until: addDays(today, 10) })
    const pass = (more: Members): Promise<Answer> => mari.passOn(parent, ola, [powerFor('short', more)])
    refused(await pass({ from: addDays(today, 5), until: addDays(today, 11) }), 422, 'wider_than_parent')
    refused(await pass({ until: addDays(today, 10) }), 422, 'wider_than_parent')
    refused(await pass({ from: addDays(today, 11), until: addDays(today, 12) }), 422, 'wider_than_parent')
    expect((await pass({ from: addDays(today, 6), until: addDays(today, 10) })).status).toBe(201)
  })

  test('twice', async () => {
    const { passed } = await chainFor('depth two')
    refused(await ola.passOn(passed, per, [powerFor('depth two')]), 422, 'not_to_be_passed_on')
    const parent = await parentFor('to be passed on again')
    const again = powerFor('to be passed on again', { passing_on: true })
    refused(await mari.passOn(parent, ola, [again]), 422, 'not_to_be_passed_on')
  })

  test('to the principal, and to oneself', async () => {
    const parent = await parentFor('to whom')
    refused(await mari.passOn(parent, kari, [powerFor('to whom')]), 422, 'not_to_the_principal')
    refused(await mari.passOn(parent, mari, [powerFor('to whom')]), 422, 'not_to_oneself')
  })

  test('of another’s mandate, of one’s own gift, and of what is not there', async () => {
    const parent = await parentFor('whose')
    const others = await per.passOn(parent, ola, [powerFor('whose')])
    const none = await per.passOn(randomUUID(), ola, [powerFor('whose')])
    refused(others, 404, 'no_such_mandate')
    expect(others.body).toEqual(none.body)
    refused(await kari.passOn(parent, ola, [powerFor('whose')]), 403, 'not_yours_to_do')
  })

  test('of what has been frozen, ended or narrowed between the text and its confirmation', async () => {
    for (const [path, code] of [
      ['freeze', 'wider_than_parent'],
      ['end', 'wider_than_parent'],
    ] as const) {
      const parent = await parentFor(`between ${path}`)
      const draft = await mari.post('/v1/me/mandates/drafts', {
        parent,
        representative: { identifier: ola.number, family_name: ola.familyName },
        powers: [powerFor(`between ${path}`)],
      })
      await kari.change(parent, path)
      refused(await mari.confirm(draft.body), 422, code)
      expect(await ask(`between ${path}`)).not.toBe('yes')
    }
  })

  test('with a weak login, or a parent that is no id', async () => {
    const parent = await parentFor('weak')
    const weak = await Visitor.logIn(parts, 'bjarne-aas', 'substantial')
    refused(await weak.passOn(parent, ola, [powerFor('weak')]), 403, 'login_level_too_low')
    refused(await mari.passOn('1', ola, [powerFor('weak')]), 400, 'invalid_request')
  })
})
