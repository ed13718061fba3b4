import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import type { PartyId } from '../../src/domain/party.js'
import { statement } from '../../src/store/database.js'
import { partyRef } from '../../src/store/party-ref.js'
import { partyOfPerson } from '../support/people.js'
import { tellOrganisation, tellRole, untellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

const FIRM = '310000019'
const OTHER_FIRM = '310000027'
const today = osloDay(new Date())

let parts: TestService
let firm: PartyId
let otherFirm: PartyId
let tax: RelyingService
/** Leads the firm; leads another; has nothing to do with either; has given to the firm; helps it. */
let manager: Visitor
let otherManager: Visitor
let stranger: Visitor
let client: Visitor
let helper: Visitor
/** The manager, on behalf of the firm. */
let forFirm: Visitor
let number = 0

beforeAll(async () => {
  parts = await testService()
  firm = await tellOrganisation(parts.database, 'Blåfjell AS', FIRM)
  otherFirm = await tellOrganisation(parts.database, 'Rødvann AS', OTHER_FIRM)
  ;[manager, otherManager, stranger, client, helper] = (await Promise.all(
    ['kari-nordby', 'ola-nordby', 'randi-moe', 'turid-tveit', 'bjarne-aas'].map((id) => Visitor.logIn(parts, id)),
  )) as [Visitor, Visitor, Visitor, Visitor, Visitor]
  await giveRole(firm, manager, 'DAGL')
  await giveRole(otherFirm, otherManager, 'DAGL')
  forFirm = await visitorFor(manager, firm)
  tax = await RelyingService.open(parts, 'skatt-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

async function giveRole(organisation: PartyId, visitor: Visitor, role: string): Promise<string> {
  return tellRole(parts.database, organisation, await partyOfPerson(parts, visitor.number), role)
}

async function visitorFor(visitor: Visitor, organisation: PartyId): Promise<Visitor> {
  return visitor.onBehalfOf(partyRef(await partyOfPerson(parts, visitor.number), organisation))
}

/** A power of which the tests use one each, so that they do not run into each other. */
function power(more: Record<string, unknown> = {}): Record<string, unknown> {
  number += 1
  return { service: 'tax.collection', action: 'read', object: `matter ${number}`, ...more }
}

/** Given to the firm by its client, who names it by its number. */
async function givenToFirm(powers: readonly Record<string, unknown>[] = [power()]): Promise<Answer> {
  const draft = await client.post(`${client.mandates}/drafts`, { representative: { identifier: FIRM }, powers })
  return draft.status === 201 ? client.confirm(draft.body as Record<string, unknown>) : draft
}

const ENTRIES = statement(
  'test_entries_of_mandate',
  `select kind, actor, principal, (entry::jsonb)->'content'->>'on_behalf_of' as "onBehalfOf"
     from audit_entry where (entry::jsonb)->'content'->>'mandate' = $1 order by occurred_at`,
)
const VERSIONS = statement(
  'test_versions_of_mandate',
  'select change, made_by as "madeBy", made_for as "madeFor" from mandate_version where mandate_id = $1 order by version',
)
const HANDLED = statement(
  'test_handled',
  `select (entry::jsonb)->'content'->>'action' as action, (entry::jsonb)->'content'->>'allowed' as allowed
     from audit_entry where kind = 'organisation_handled' and actor = $1 and principal = $2`,
)

describe('whoever leads an organisation', () => {
  test('sees what it has been given, and ends it: the log and the versions name both', async () => {
    const given = await givenToFirm()
    expect(given.status).toBe(201)
    const mandateId = given.body.mandate_id as string
    const many = await forFirm.get(forFirm.mandates)
    expect(many.body.mandates.map((one: { mandate_id: string }) => one.mandate_id)).toContain(mandateId)
    const one = await forFirm.get(`${forFirm.mandates}/${mandateId}`)
    expect(one).toMatchObject({ status: 200, body: { your_role: 'representative', giver: { name: 'Turid Tveit' } } })

    const ended = await forFirm.change(mandateId, 'end')
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended' } })
    const who = await partyOfPerson(parts, manager.number)
    const principal = await partyOfPerson(parts, client.number)
    expect(await parts.database.query(ENTRIES, [mandateId])).toEqual([
      { kind: 'mandate_given', actor: principal, principal, onBehalfOf: null },
      { kind: 'mandate_ended', actor: who, principal, onBehalfOf: firm },
    ])
    expect(await parts.database.query(VERSIONS, [mandateId])).toEqual([
      { change: 'given', madeBy: principal, madeFor: null },
      { change: 'ended', madeBy: who, madeFor: firm },
    ])
    const versions = await forFirm.get(`${forFirm.mandates}/${mandateId}/versions`)
    expect(versions.body.versions[1]).toMatchObject({ made_by_you: true, signed_by: 'Kari Nordby' })
    // The other side is told who signed by the texts alone.
    const seen = await client.get(`${client.mandates}/${mandateId}/versions`)
    expect(seen.body.versions[1]).toMatchObject({ made_by_you: false, signed_by: null })
    const pdf = await forFirm.get(`${forFirm.mandates}/${mandateId}/receipt.pdf`)
    expect(pdf.status).toBe(200)
  })

  test('gives of what is the organisation’s, and whom it is given to may act for it', async () => {
    const matter = power()
    const draft = await forFirm.draft(helper, [matter])
    expect(draft.status).toBe(201)
    expect(draft.body.text).toContain('Fullmakt fra Blåfjell AS til Bjarne Aas (født 1974)')
    expect(draft.body.text).toContain('Kari Nordby bekrefter på vegne av Blåfjell AS (organisasjonsnummer 310000019).')
    const given = await forFirm.confirm(draft.body as Record<string, unknown>)
    expect(given).toMatchObject({ status: 201, body: { your_role: 'giver', state: 'active' } })
    const mandateId = given.body.mandate_id as string
    expect(await parts.database.query(VERSIONS, [mandateId])).toEqual([
      { change: 'given', madeBy: await partyOfPerson(parts, manager.number), madeFor: firm },
    ])
    expect(await ask(helper, FIRM, matter)).toBe(true)

    expect(await forFirm.change(mandateId, 'freeze')).toMatchObject({ status: 200, body: { state: 'frozen' } })
    expect(await ask(helper, FIRM, matter)).toBe('frozen')
    expect(await forFirm.change(mandateId, 'thaw')).toMatchObject({ status: 200, body: { state: 'active' } })
    const until = addDays(today, 30)
    const powers = [{ power_id: given.body.powers[0].power_id as string, until }]
    expect(await forFirm.change(mandateId, 'narrowing', { powers })).toMatchObject({ status: 200 })
    const longer = await forFirm.post(`${forFirm.mandates}/${mandateId}/extension-drafts`, {
      until: addDays(today, 60),
    })
    expect(longer.body.text).toContain('Kari Nordby bekrefter på vegne av')
    const extended = await forFirm.confirm(longer.body as Record<string, unknown>)
    expect(extended.body.powers[0].last_day).toBe(addDays(today, 60))
    expect(await forFirm.change(mandateId, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    expect(await ask(helper, FIRM, matter)).toBe('ended')
  })

  test('accepts what is offered to it, in its name, or declines', async () => {
    const offers = await givenToFirm([power({ service: 'tax.return' })])
    expect(offers).toMatchObject({ status: 201, body: { state: 'offered' } })
    const path = `${forFirm.mandates}/${String(offers.body.mandate_id)}/acceptance-drafts`
    const draft = await forFirm.post(path, { language: 'nb' })
    expect(draft.body.text).toContain('De som arbeider hos meg, skal bruke sin egen innlogging på jobb')
    expect(draft.body.text).toContain('Kari Nordby bekrefter på vegne av Blåfjell AS')
    const accepted = await forFirm.confirm(draft.body as Record<string, unknown>)
    expect(accepted).toMatchObject({ status: 201, body: { state: 'active', your_role: 'representative' } })
    expect(await client.get(`${client.mandates}/${String(offers.body.mandate_id)}`)).toMatchObject({
      body: { state: 'active' },
    })
    const another = await givenToFirm([power({ service: 'tax.return' })])
    const declined = await forFirm.change(another.body.mandate_id as string, 'refusal')
    expect(declined).toMatchObject({ status: 200, body: { state: 'declined' } })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['more than he may do for it himself', { service: 'tax.return', action: 'sign' }, 'not_given_for_organisation'],
    ['what organisations do not use', { service: 'nav.pension' }, 'not_given_by_organisations'],
    ['its mandates', { service: 'fullmakt.organisation' }, 'not_given_by_mandate'],
  ])('does not give %s', async (_name, wish, code) => {
    expect((await forFirm.draft(helper, [power(wish)])).body).toMatchObject({ code })
  })

  test('gives nothing of it to himself, and passes nothing on', async () => {
    expect((await forFirm.draft(manager, [power()])).body).toMatchObject({ code: 'not_to_oneself' })
    const matter = power()
    const given = await givenToFirm([matter])
    const passed = await forFirm.passOn(given.body.mandate_id, helper, [matter])
    expect(passed.body).toMatchObject({ code: 'not_to_be_passed_on' })
  })

  test('neither prolongs what he himself has of it, nor lets it go on', async () => {
    const given = await forFirm.give(helper, [power({ until: addDays(today, 30) })])
    const mandateId = given.body.mandate_id as string
    const role = await giveRole(firm, helper, 'SIGN')
    const himself = await visitorFor(helper, firm)
    const drafts = `${himself.mandates}/${mandateId}/extension-drafts`
    const longer = { until: addDays(today, 60) }
    expect((await himself.post(drafts, longer)).body).toMatchObject({ code: 'not_to_oneself' })
    expect(await forFirm.change(mandateId, 'freeze')).toMatchObject({ status: 200 })
    expect((await himself.change(mandateId, 'thaw')).body).toMatchObject({ code: 'not_to_oneself' })
    expect(await himself.change(mandateId, 'end')).toMatchObject({ status: 200, body: { state: 'ended' } })
    await untellRelation(parts.database, role)
  })

  test('lets nothing go on that he may not do for it himself', async () => {
    const role = await giveRole(firm, stranger, 'SIGN')
    const signer = await visitorFor(stranger, firm)
    const given = await signer.give(helper, [power({ service: 'tax.return', action: 'sign' })])
    const mandateId = given.body.mandate_id as string
    await helper.accept(mandateId)
    expect(await forFirm.change(mandateId, 'freeze')).toMatchObject({ status: 200 })
    expect((await forFirm.change(mandateId, 'thaw')).body).toMatchObject({ code: 'not_given_for_organisation' })
    expect(await signer.change(mandateId, 'thaw')).toMatchObject({ status: 200 })
    await untellRelation(parts.database, role)
  })

  test('has a draft for one alone, and each key for one request alone', async () => {
    const own = await manager.draft(helper, [power()])
    const ofFirm = await forFirm.draft(helper, [power()])
    expect(await forFirm.get(`${forFirm.mandates}/drafts/${String(ofFirm.body.draft_id)}`)).toMatchObject({
      status: 200,
    })
    for (const [visitor, draft] of [
      [manager, ofFirm],
      [forFirm, own],
    ] as const) {
      const seen = await visitor.get(`${visitor.mandates}/drafts/${String(draft.body.draft_id)}`)
      expect(seen.body).toMatchObject({ code: 'no_such_draft' })
      const confirmed = await visitor.confirm(draft.body as Record<string, unknown>)
      expect(confirmed.body).toMatchObject({ code: 'draft_expired' })
    }
    const mandateId = (await givenToFirm()).body.mandate_id as string
    const headers = { 'if-match': '"1"', 'idempotency-key': randomUUID() }
    expect(await forFirm.post(`${forFirm.mandates}/${mandateId}/end`, {}, headers)).toMatchObject({ status: 200 })
    const again = await manager.post(`${manager.mandates}/${mandateId}/end`, {}, headers)
    expect(again.body).toMatchObject({ code: 'idempotency_key_reused' })
    // For himself he has no such mandate.
    const own2 = await manager.get(`${manager.mandates}/${mandateId}`)
    expect(own2.body).toMatchObject({ code: 'no_such_mandate' })
  })

  test('is not told of what is between others, by any door', async () => {
    const between = await client.give(helper, [power()])
    for (const answer of await throughEveryDoor(forFirm, between.body.mandate_id as string)) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'no_such_mandate' } })
    }
  })
})

async function ask(who: Visitor, principal: string, asked: Record<string, unknown>): Promise<unknown> {
  const { body } = await tax.post('/access/v1/evaluation', {
    subject: { type: 'person', id: who.number },
    action: { name: asked['action'] },
    resource: {
      type: 'organisation',
      id: principal,
      properties: { service: asked['service'], object: asked['object'] },
    },
    context: { acr: 'idporten-loa-high', auth_time: Math.floor(Date.now() / 1000) },
  })
  return body.decision === true ? true : body.context.reason
}

/** What each door to one mandate answers. */
async function throughEveryDoor(visitor: Visitor, mandateId: string): Promise<Answer[]> {
  const one = `${visitor.mandates}/${mandateId}`
  const seen = { 'if-match': '"1"' }
  const answers = [visitor.get(one), visitor.get(`${one}/versions`), visitor.get(`${one}/receipt.pdf`)]
  for (const change of ['end', 'freeze', 'thaw', 'refusal']) answers.push(visitor.post(`${one}/${change}`, {}, seen))
  answers.push(visitor.post(`${one}/narrowing`, { powers: [{ power_id: randomUUID() }] }, seen))
  answers.push(visitor.post(`${one}/acceptance-drafts`, {}))
  answers.push(visitor.post(`${one}/extension-drafts`, { until: addDays(today, 60) }))
  return Promise.all(answers)
}

/** What each door to the mandates of one organisation answers, without what is in every answer another. */
async function everyAnswer(visitor: Visitor, mandateId: string): Promise<unknown[]> {
  const ofMandates = [
    visitor.get(visitor.mandates),
    visitor.draft(helper, [power()]),
    visitor.get(`${visitor.mandates}/drafts/${randomUUID()}`),
    visitor.confirmOnly({ draft_id: randomUUID(), text_hash: 'A'.repeat(43) }),
  ]
  const answers = [...(await Promise.all(ofMandates)), ...(await throughEveryDoor(visitor, mandateId))]
  return answers.map(({ status, body }) => ({ status, body }))
}

describe('whoever does not handle its mandates', () => {
  let mandateId: string
  let refused: unknown[]

  beforeAll(async () => {
    mandateId = (await givenToFirm()).body.mandate_id as string
    refused = await everyAnswer(stranger.onBehalfOf('A'.repeat(22)), mandateId)
  })

  test('gets one answer at every door, for a name that stands for nothing', () => {
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'no_such_organisation' } })
    }
  })

  test.each<[string, () => Promise<Visitor>]>([
    ['whoever has no role in it, by the name that would be his', () => visitorFor(stranger, firm)],
    [
      'whoever knows the name by which another knows it',
      async () => stranger.onBehalfOf((await visitorFor(manager, firm)).mandates.split('/')[3] ?? ''),
    ],
    ['who has given to it', () => visitorFor(client, firm)],
    ['who leads another', () => visitorFor(otherManager, firm)],
    [
      'someone who takes a person for an organisation',
      async () => visitorFor(stranger, await partyOfPerson(parts, client.number)),
    ],
    [
      'someone who takes himself for an organisation',
      async () => visitorFor(manager, await partyOfPerson(parts, manager.number)),
    ],
    ['someone who writes anything at all', () => Promise.resolve(stranger.onBehalfOf('%20x%00'))],
  ])('as has %s', async (_name, of) => {
    expect(await everyAnswer(await of(), mandateId)).toEqual(refused)
  })

  test.each<[string, string]>([
    ['holds a role that lets nobody handle them', 'REVI'],
    ['is a member of the board', 'MEDL'],
  ])('as has someone who %s', async (_name, role) => {
    const told = await giveRole(otherFirm, stranger, role)
    expect(await everyAnswer(await visitorFor(stranger, otherFirm), mandateId)).toEqual(refused)
    await untellRelation(parts.database, told)
  })

  test.each<[string, string]>([
    ['signs in common', 'SIFE'],
    ['has the prokura in common', 'POFE'],
    ['chairs the board', 'LEDE'],
  ])('someone who %s is told that one login is not enough', async (_name, role) => {
    const told = await giveRole(otherFirm, stranger, role)
    for (const answer of await everyAnswer(await visitorFor(stranger, otherFirm), mandateId)) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'signed_in_common' } })
    }
    await untellRelation(parts.database, told)
  })

  test('a role that has been lost opens nothing any more, and what was begun with it is not ended', async () => {
    const role = await giveRole(otherFirm, stranger, 'SIGN')
    const forOther = await visitorFor(stranger, otherFirm)
    const draft = await forOther.draft(helper, [power()])
    expect(draft.status).toBe(201)
    await forOther.answer(draft.body as Record<string, unknown>)
    const given = await (await visitorFor(otherManager, otherFirm)).give(helper, [power()])
    const held = given.body.mandate_id as string
    const headers = { 'if-match': '"1"', 'idempotency-key': randomUUID() }
    expect(await forOther.post(`${forOther.mandates}/${held}/freeze`, {}, headers)).toMatchObject({ status: 200 })
    await untellRelation(parts.database, role)

    expect(await everyAnswer(forOther, held)).toEqual(refused)
    expect((await forOther.confirmOnly(draft.body as Record<string, unknown>)).body).toMatchObject({
      code: 'no_such_organisation',
    })
    // Nor is the answer told again that he had while he held it.
    const again = await forOther.post(`${forOther.mandates}/${held}/freeze`, {}, headers)
    expect(again.body).toMatchObject({ code: 'no_such_organisation' })
    const asked = [await partyOfPerson(parts, stranger.number), otherFirm]
    const handled = await parts.database.query<{ allowed: string }>(HANDLED, asked)
    expect(new Set(handled.map(({ allowed }) => allowed))).toEqual(new Set(['true', 'false']))
  })

  test('an organisation that has been struck off has nobody who acts for it, and whoever led it is told why', async () => {
    const gone = await tellOrganisation(parts.database, 'Borte AS', '310000035')
    await giveRole(gone, manager, 'DAGL')
    const forGone = await visitorFor(manager, gone)
    expect(await forGone.get(forGone.mandates)).toMatchObject({ status: 200 })
    await tellOrganisation(parts.database, 'Borte AS', '310000035', true)
    expect(await forGone.get(forGone.mandates)).toMatchObject({
      status: 403,
      body: { code: 'organisation_not_handled', reason: 'principal_ceased' },
    })
  })
})

test('the role is seen among those for whom one may act, by the name that the doors take', async () => {
  const { body } = await manager.get('/v1/me/representations')
  const found = body.you_may_act_for.find(
    ({ principal }: { principal: { name: string } }) => principal.name === 'Blåfjell AS',
  )
  expect(forFirm.mandates).toBe(`/v1/on-behalf-of/${String(found.principal.ref)}/mandates`)
  expect(found.powers.filter((one: { service: string }) => one.service === 'fullmakt.organisation')).toHaveLength(3)
})
