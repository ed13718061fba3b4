import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { endEmployment } from '../../src/store/employment-store.js'
import { ensureHandles } from '../../src/store/handle-store.js'
import { readStatuses } from '../../src/store/status-list-store.js'
import { tellOrganisation, tellRelation } from '../support/relations.js'
import {
  ID_TOKEN,
  type Listing,
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postJson,
  postToken,
  serviceToken,
  startProofStage,
} from '../tokens/proof-stage.js'

const FIRM = '310000019'
const OTHER_FIRM = '310000027'
const COMPANY = '310000035'

type Body = Readonly<Record<string, unknown>>
interface Told {
  readonly decision: boolean
  readonly context: Readonly<Record<string, unknown>>
}

let stage: ProofStage
/** A relying service, and the clients by which two firms tell who works for them. */
let tax: PlayedService
let firmClient: PlayedService
let otherFirmClient: PlayedService
let firm: Person
let company: Person
/** Works for the firm; is a client of it; is neither. */
let employee: Person
let client: Person
let stranger: Person

beforeAll(async () => {
  stage = await startProofStage()
  tax = await stage.client('tax-web', ['tax.return', 'nav.pension'], { mayUseNumbers: true })
  const telling = { mayUseNumbers: true, mayTellEmployments: true }
  firmClient = await stage.client('firm', [], { ...telling, organisation: FIRM })
  otherFirmClient = await stage.client('other-firm', [], { ...telling, organisation: OTHER_FIRM })
  firm = await organisation('Regnskap og råd AS', FIRM)
  company = await organisation('Kunde AS', COMPANY)
  await organisation('Et annet firma AS', OTHER_FIRM)
  employee = await stage.person('anne-dahl')
  client = await stage.person('ola-nordby')
  stranger = await stage.person('kari-nordby')
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

async function organisation(name: string, orgnr: string): Promise<Person> {
  return { id: orgnr, number: orgnr, partyId: await tellOrganisation(stage.test.database, name, orgnr) }
}

async function ask(path: string, body: unknown, service = tax): Promise<{ status: number; body: Body }> {
  return postJson(`${stage.url}${path}`, await serviceToken(stage, service), body)
}

async function evaluate(who: Person, principal: string, context: Body, action = 'read'): Promise<Told> {
  const type = principal.length === 9 ? 'organisation' : 'person'
  const { body } = await ask('/access/v1/evaluation', {
    subject: { type: 'person', id: who.number },
    action: { name: action },
    resource: { type, id: principal, properties: { service: 'tax.return' } },
    context: { acr: 'idporten-loa-high', ...context },
  })
  return body as unknown as Told
}

/** The answer without what differs each time. */
function bare({ decision, context }: Told): Body {
  return { decision, ...context, evaluation_id: null, evaluated_at: null }
}

async function tell(service: PlayedService, who: Person, actions: readonly string[], more: Body = {}) {
  return send(service, '/v1/employments', {
    employee: who.number,
    powers: [{ service: 'tax.return', actions }],
    ...more,
  })
}

async function send(service: PlayedService, path: string, body: unknown, key: string = randomUUID()) {
  const response = await fetch(`${stage.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      authorization: `Bearer ${await serviceToken(stage, service)}`,
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Body }
}

const end = (employment: Body) => send(firmClient, `/v1/employments/${String(employment['employment_id'])}/end`, {})

/** The mandate of the client to the firm, as long as the work lasts. */
async function withMandate<T>(work: (mandateId: string) => Promise<T>): Promise<T> {
  const mandateId = await stage.give(client, firm, [
    { service: 'tax.return', action: 'read' },
    { service: 'tax.return', action: 'write' },
  ])
  try {
    return await work(mandateId)
  } finally {
    const ended = await stage.sql<{ state: string }>(
      `select state from mandate_power where mandate_id = $1 and upper_inf(recorded)`,
      [mandateId],
    )
    if (ended.some(({ state }) => state === 'active')) await stage.change(mandateId, client, 1, { kind: 'end' })
  }
}

async function withEmployment<T>(work: (employment: Body) => Promise<T>, actions = ['read']): Promise<T> {
  const { status, body } = await tell(firmClient, employee, actions)
  expect(status).toBe(201)
  try {
    return await work(body)
  } finally {
    await end(body)
  }
}

describe('an evaluation at work', () => {
  test('is allowed with both links, names the organisation, and logs both grounds', async () => {
    await withMandate((mandate) =>
      withEmployment(async (employment) => {
        const told = await evaluate(employee, client.number, { via: FIRM })
        expect(told).toMatchObject({
          decision: true,
          context: { basis: 'mandate', via: { organisation: FIRM, basis: 'employment' } },
        })
        const entry = (await stage.log('evaluation')).at(-1)
        expect(entry).toMatchObject({ actor: employee.partyId, principal: client.partyId })
        expect(entry?.told).toMatchObject({
          works_for: firm.partyId,
          answer: {
            representation: mandate,
            via: { organisation: firm.partyId, representation: employment['employment_id'] },
          },
        })
        // The firm may write, the employee may not.
        expect(await evaluate(employee, client.number, { via: FIRM }, 'write')).toMatchObject({
          decision: false,
          context: { reason: 'power_not_covered', remedy: 'contact_the_service' },
        })
      }),
    )
  })

  test('names the organisation as the asker does: by handle', async () => {
    const handles = await ensureHandles(stage.test.database, 'tax-web', [firm.partyId], [])
    const via = handles.ofParty(firm.partyId)
    await withMandate(() =>
      withEmployment(async () => {
        expect(await evaluate(employee, client.number, { via })).toMatchObject({
          decision: true,
          context: { via: { organisation: via } },
        })
      }),
    )
  })

  test('without a link is the answer of a stranger, whatever is missing', async () => {
    const handles = await ensureHandles(stage.test.database, 'firm', [firm.partyId], [])
    await withMandate(() =>
      withEmployment(async () => {
        const told = [
          await evaluate(stranger, client.number, { via: FIRM }),
          await evaluate(stranger, client.number, {}),
          await evaluate(employee, client.number, {}),
          await evaluate(employee, client.number, { via: OTHER_FIRM }),
          await evaluate(employee, client.number, { via: '310000043' }),
          await evaluate(employee, client.number, { via: handles.ofParty(firm.partyId) }),
          await evaluate(employee, stranger.number, { via: FIRM }),
          await evaluate(employee, employee.number, { via: FIRM }),
        ].map(bare)
        expect(told[0]).toMatchObject({ decision: false, reason: 'no_registered_ground' })
        for (const one of told) expect(one).toEqual(told[0])
      }),
    )
  })

  test('of the organisation itself stands on employment, and on a role', async () => {
    await withEmployment(async () => {
      const own = await evaluate(employee, FIRM, { via: FIRM })
      expect(own).toMatchObject({ decision: true, context: { basis: 'employment' } })
      expect(own.context['via']).toBeUndefined()
      expect(bare(await evaluate(employee, FIRM, {}))).toEqual(bare(await evaluate(stranger, FIRM, {})))
    })
    const office = {
      principal: firm.partyId,
      basis: 'organisation_role',
      says: 'DAGL',
      source: SYNTHETIC_REGISTER,
    } as const
    await tellRelation(stage.test.database, { ...office, representative: stranger.partyId })
    for (const context of [{ via: FIRM }, {}]) {
      expect(await evaluate(stranger, FIRM, context)).toMatchObject({
        decision: true,
        context: { basis: 'organisation_role' },
      })
    }
  })

  test('goes on to a company whose accountant the firm is, and never to what someone has privately', async () => {
    const office = { basis: 'organisation_role', source: SYNTHETIC_REGISTER } as const
    await tellRelation(stage.test.database, {
      ...office,
      principal: company.partyId,
      representative: firm.partyId,
      says: 'DAGL',
    })
    await stage.give(stranger, employee, [{ service: 'tax.return', action: 'read' }])
    await withEmployment(async () => {
      expect(await evaluate(employee, COMPANY, { via: FIRM })).toMatchObject({
        decision: true,
        context: { basis: 'organisation_role', via: { organisation: FIRM } },
      })
      expect(await evaluate(employee, stranger.number, {})).toMatchObject({ decision: true })
      expect(await evaluate(employee, stranger.number, { via: FIRM })).toMatchObject({
        decision: false,
        context: { reason: 'no_registered_ground' },
      })
    })
  })

  test.each(['123', '28816196088', '310000020'])('is not asked of %s, which is no organisation', async (via) => {
    const { status } = await ask('/access/v1/evaluation', {
      subject: { type: 'person', id: employee.number },
      action: { name: 'read' },
      resource: { type: 'person', id: client.number, properties: { service: 'tax.return' } },
      context: { via },
    })
    expect(status).toBe(400)
  })
})

describe('a login token of work', () => {
  test('says for whom; what the asker says must agree', async () => {
    await withMandate(() =>
      withEmployment(async () => {
        const work = await stage.workToken(tax, employee, FIRM)
        expect(await evaluate(employee, client.number, { login_token: work })).toMatchObject({ decision: true })
        expect(await evaluate(employee, client.number, { login_token: work, via: FIRM })).toMatchObject({
          decision: true,
        })
        const elsewhere = await stage.workToken(tax, employee, OTHER_FIRM)
        expect(await evaluate(employee, client.number, { login_token: elsewhere })).toMatchObject({ decision: false })
        const private_ = await stage.idToken(tax, employee)
        for (const login_token of [elsewhere, private_]) {
          const { status } = await ask('/access/v1/evaluation', {
            subject: { type: 'person', id: employee.number },
            action: { name: 'read' },
            resource: { type: 'person', id: client.number, properties: { service: 'tax.return' } },
            context: { login_token, via: FIRM },
          })
          expect(status).toBe(400)
        }
      }),
    )
  })

  test.each([
    ['no organisation', { authorization_details: [] }],
    ['nothing of work', { authorization_details: undefined }],
    [
      'an organisation of another country',
      {
        authorization_details: [
          { type: 'ansattporten:orgno', orgno: { Authority: 'iso6523-actorid-upis', ID: '0007:5567321707' } },
        ],
      },
    ],
    ['a login that proves no person', { acr: 'entraid' }],
  ])('with %s is refused', async (_what, changes) => {
    const login_token = await stage.workToken(tax, employee, FIRM, changes)
    const opened = await ask('/v1/representations', { login_token, login_token_type: ID_TOKEN })
    expect(opened).toMatchObject({ status: 422, body: { code: 'invalid_login_token' } })
  })

  test('finds for whom the person may at work, and no one of whom he may privately', async () => {
    const search = async (login_token: string): Promise<readonly unknown[]> => {
      const found = await ask('/access/v1/search/resource', {
        subject: { type: 'person', id: employee.number },
        action: { name: 'read' },
        resource: { type: 'person', properties: { service: 'tax.return' } },
        context: { login_token },
      })
      return found.body['results'] as readonly unknown[]
    }
    await withMandate(() =>
      withEmployment(async () => {
        const handles = await ensureHandles(stage.test.database, 'tax-web', [client.partyId, employee.partyId], [])
        const hers = { type: 'person', id: handles.ofParty(client.partyId) }
        const self = { type: 'person', id: handles.ofParty(employee.partyId) }
        expect(await search(await stage.workToken(tax, employee, FIRM))).toEqual([hers])
        expect(await search(await stage.workToken(tax, employee, OTHER_FIRM))).toEqual([])
        expect(await search(await stage.idToken(tax, employee))).toContainEqual(self)
      }),
    )
  })
})

async function openAtWork(): Promise<Listing> {
  const login_token = await stage.workToken(tax, employee, FIRM)
  const opened = await ask('/v1/representations', { login_token, login_token_type: ID_TOKEN })
  expect(opened.status).toBe(200)
  return opened.body as unknown as Listing
}

async function exchange({ actor_grant: actorGrant }: Listing, handle: string) {
  return postToken(stage.url, await exchangeForm(stage, tax, { handle, actorGrant }))
}

/** Whether the next status list will say of this token that it has ended. */
async function isSet({ body }: Awaited<ReturnType<typeof exchange>>): Promise<boolean> {
  const { status } = decodeJwt<{ status: { status_list: { idx: number } } }>(String(body['access_token']))
  const { lists } = await readStatuses(stage.test.database)
  return lists.some(({ set }) => set.some(({ index }) => index === status.status_list.idx))
}

function ofClient(listing: Listing): Listing['representations'][number] {
  const found = listing.representations.find(({ basis }) => basis === 'mandate')
  if (found === undefined) throw new Error('nothing is listed')
  return found
}

describe('a session at work', () => {
  test('lists both, and its token names the person as actor and the organisation behind', async () => {
    await withMandate(() =>
      withEmployment(async (employment) => {
        const listing = await openAtWork()
        const own = listing.representations.find(({ basis }) => basis === 'employment')
        expect(own).toMatchObject({ powers: [{ service: 'tax.return', action: 'read' }] })
        const handles = await ensureHandles(stage.test.database, 'tax-web', [firm.partyId, client.partyId], [])
        const via = { handle: handles.ofParty(firm.partyId), basis: 'employment' }
        expect(ofClient(listing)).toMatchObject({ via, powers: [{ service: 'tax.return', action: 'read' }] })

        const answer = await exchange(listing, ofClient(listing).handle)
        expect(answer.status).toBe(200)
        const claims = decodeJwt(String(answer.body['access_token']))
        expect(claims).toMatchObject({ sub: handles.ofParty(client.partyId), scope: 'tax.return.read' })
        expect(claims['act']).toMatchObject({
          iss: stage.workProvider.issuer,
          sub_profile: 'user',
          act: { iss: stage.url, sub: via.handle },
        })
        const entry = (await stage.log('exchange')).at(-1)
        expect(entry?.told).toMatchObject({
          works_for: firm.partyId,
          powers: [{ via: { representation: employment['employment_id'] } }, { allowed: false }],
        })
        const itself = await exchange(listing, own?.handle ?? '')
        expect(decodeJwt(String(itself.body['access_token']))['act']).not.toHaveProperty('act')
      }),
    )
  })

  test.each(['employment', 'mandate'])('gives no token once the %s has ended', async (link) => {
    await withMandate((mandateId) =>
      withEmployment(async (employment) => {
        const listing = await openAtWork()
        const { handle } = ofClient(listing)
        const issued = await exchange(listing, handle)
        const itself = await exchange(
          listing,
          listing.representations.find(({ basis }) => basis === 'employment')?.handle ?? '',
        )
        const tokens = link === 'employment' ? [issued, itself] : [issued]
        for (const token of tokens) expect([token.status, await isSet(token)]).toEqual([200, false])
        if (link === 'employment') expect((await end(employment)).status).toBe(200)
        else await stage.change(mandateId, client, 1, { kind: 'end' })
        expect((await exchange(listing, handle)).status).toBe(400)
        for (const token of tokens) expect(await isSet(token)).toBe(true)
      }),
    )
  })

  test('waits for an end of the employment that is under way', async () => {
    await withMandate(() =>
      withEmployment(async (employment) => {
        const listing = await openAtWork()
        const answer = await stage.test.database.transaction(async (tx) => {
          await endEmployment(tx, String(employment['employment_id']), 'firm')
          const waiting = exchange(listing, ofClient(listing).handle)
          const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])
          expect(first).toBe('waits')
          return { waiting }
        })
        expect((await answer.waiting).status).toBe(400)
      }),
    )
  })

  test('gives nothing of what the person has privately, nor the other way round', async () => {
    await withMandate(() =>
      withEmployment(async () => {
        const atWork = await openAtWork()
        const privately = await openGrant(stage, tax, employee)
        const own = privately.representations.find(({ principal }) => principal.name === 'Kari Nordby')
        expect(own).toBeDefined()
        expect(privately.representations.map(({ basis }) => basis)).not.toContain('employment')
        const answers = [
          await exchange(atWork, own?.handle ?? ''),
          await exchange(privately, ofClient(atWork).handle),
          await exchange(privately, 'r_0000000000000000000000'),
        ]
        for (const answer of answers) expect([answer.status, answer.text]).toEqual([400, answers[2]?.text])
      }),
    )
  })
})

describe('telling who works for an organisation', () => {
  test('is for its own client, and for its own people only', async () => {
    expect(await tell(tax, employee, ['read'])).toMatchObject({ status: 403, body: { code: 'not_yours_to_do' } })
    await withMandate(() =>
      withEmployment(async (employment) => {
        const path = `/v1/employments/${String(employment['employment_id'])}/end`
        expect(await send(otherFirmClient, path, {})).toMatchObject({
          status: 404,
          body: { code: 'no_such_employment' },
        })
        // What another firm says of its people opens nothing in this one.
        expect((await tell(otherFirmClient, stranger, ['read'])).status).toBe(201)
        expect(await evaluate(stranger, client.number, { via: FIRM })).toMatchObject({ decision: false })
        expect(await evaluate(stranger, client.number, { via: OTHER_FIRM })).toMatchObject({ decision: false })
      }),
    )
  })

  test('once for a key; is listed until it ends', async () => {
    const key = randomUUID()
    const told = { employee: employee.number, powers: [{ service: 'tax.return', actions: ['read'] }] }
    const first = await send(firmClient, '/v1/employments', told, key)
    expect(await send(firmClient, '/v1/employments', told, key)).toEqual(first)
    const list = async (): Promise<unknown> => {
      const response = await fetch(`${stage.url}/v1/employments`, {
        headers: { authorization: `Bearer ${await serviceToken(stage, firmClient)}` },
      })
      return response.json()
    }
    expect(await list()).toEqual({ employments: [first.body], next: null })
    expect(await end(first.body)).toMatchObject({ status: 200 })
    expect(await end(first.body)).toMatchObject({ status: 409, body: { code: 'not_in_this_state' } })
    expect(await list()).toEqual({ employments: [], next: null })
    expect((await stage.log('employment_ended')).at(-1)).toMatchObject({ principal: firm.partyId, clientId: 'firm' })
  })

  test.each([
    [
      'an action that takes a role',
      { powers: [{ service: 'tax.return', actions: ['sign'] }] },
      422,
      'not_left_to_employees',
    ],
    ['a service that is not there', { powers: [{ service: 'tax.none', actions: ['read'] }] }, 422, 'unknown_service'],
    [
      'an action that is not there',
      { powers: [{ service: 'nav.pension', actions: ['dance'] }] },
      422,
      'unknown_action',
    ],
    ['a power twice', { powers: [{ service: 'tax.return', actions: ['read', 'read'] }] }, 422, 'same_power_twice'],
    ['an end before now', { until: '2020-01-01T00:00:00Z' }, 422, 'end_before_start'],
    ['an organisation as employee', { employee: OTHER_FIRM }, 400, 'invalid_request'],
  ])('is refused of %s', async (_what, more, status, code) => {
    expect(await tell(firmClient, employee, ['read'], more)).toMatchObject({ status, body: { code } })
  })
})
