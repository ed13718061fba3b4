import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { compactVerify, importJWK } from 'jose'
import pg from 'pg'
import { CookieJar } from '../../standins/cookie-jar.js'
import { logIn } from '../../standins/headless-login.js'
import { FAULTS } from '../../standins/idporten-faults.js'
import { type DraftContent, textNumber } from '../../src/mandates/draft-content.js'
import { statement } from '../../src/store/database.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let nav: RelyingService
let operator: pg.Client
let objects = 0

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  nav = await RelyingService.open(parts, 'nav-web')
  operator = new pg.Client(parts.testDatabase.superuserUrl)
  await operator.connect()
})
afterAll(async () => {
  await operator.end()
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** A power for an object of its own, so that the tests do not run into each other. */
const pension = (): { service: string; action: string; object: string } => ({
  ...{ service: 'nav.pension', action: 'read', object: `sak ${++objects}` },
})
/** Of the highest risk class. */
const land = (): { service: string; action: string; object: string } => ({ ...pension(), service: 'land.registry' })

const draftOf = async (power: Record<string, unknown> = pension()): Promise<Answer['body']> =>
  (await giver.draft(helper, [power])).body

async function sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return parts.database.query<Row>(statement('', text), values)
}

/** A browser that can be stopped on its way back to us. */
class Halting extends CookieJar {
  private constructor(private readonly jar: CookieJar) {
    super()
  }

  static of(jar: CookieJar): Halting {
    return new Halting(jar)
  }

  override fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    return url.pathname === '/login/callback' ? Promise.resolve(new Response('')) : this.jar.fetch(url, init)
  }
}

/** Where our service sends the browser to be answered. */
async function start(draft: { readonly confirm_with: string }, returnTo = '/livez', visitor = giver): Promise<URL> {
  const response = await visitor.cookies.fetch(new URL(`${draft.confirm_with}&return_to=${returnTo}`, parts.url))
  await response.arrayBuffer()
  return new URL(response.headers.get('location') ?? '', parts.url)
}

/** What the provider answers there to this person in this browser: the address of our callback. */
async function answerAt(place: URL, who: Parameters<typeof logIn>[1], jar = new CookieJar()): Promise<URL> {
  return new URL((await logIn(place.href, who, Halting.of(jar))).finalUrl)
}

/** Takes it to us, in the giver's browser. Tells where he is sent. */
async function takeBack(callback: URL, jar = giver.cookies): Promise<string> {
  const response = await jar.fetch(callback)
  await response.arrayBuffer()
  return (response.headers.get('location') ?? String(response.status)).replace(parts.url, '')
}

async function expectNoEvidence(draft: Answer['body']): Promise<void> {
  expect((await giver.get(`/v1/me/mandates/drafts/${draft.draft_id}`)).body.evidence).toBe(false)
  expect(await giver.confirmOnly(draft)).toMatchObject({ status: 409, body: { code: 'evidence_missing' } })
}

describe('a draft', () => {
  test('tells where to go, and is the same when it is seen again', async () => {
    const draft = await draftOf()
    expect(draft).toMatchObject({ confirm_with: `/login?draft=${draft.draft_id}`, evidence: false, level: 'high' })
    expect((await giver.get(`/v1/me/mandates/drafts/${draft.draft_id}`)).body).toEqual(draft)
    await giver.answer(draft)
    const answered = await giver.get(`/v1/me/mandates/drafts/${draft.draft_id}`)
    expect(answered.body).toEqual({ ...draft, evidence: true })
  })

  test('asks for the level of its powers', async () => {
    expect((await draftOf({ service: 'tax.card', action: 'read', object: 'kort' })).level).toBe('substantial')
    expect((await draftOf(land())).level).toBe('high')
  })

  test('is its owner’s alone: another’s and none give one answer', async () => {
    const draft = await draftOf()
    const others = await helper.get(`/v1/me/mandates/drafts/${draft.draft_id}`)
    const none = await helper.get(`/v1/me/mandates/drafts/${randomUUID()}`)
    expect([others.status, others.body]).toEqual([none.status, none.body])
    expect(others).toMatchObject({ status: 404, body: { code: 'no_such_draft' } })
  })

  test('says when it is over, and what it has become', async () => {
    const [used, old] = [await draftOf(), await draftOf()]
    const given = await giver.confirm(used)
    expect(await giver.get(`/v1/me/mandates/drafts/${used.draft_id}`)).toMatchObject({
      ...{ status: 410, body: { code: 'draft_used', mandate_id: given.body.mandate_id } },
    })
    await sql('update mandate_draft set expires_at = clock_timestamp() where draft_id = $1', [old.draft_id])
    expect(await giver.get(`/v1/me/mandates/drafts/${old.draft_id}`)).toMatchObject({
      ...{ status: 410, body: { code: 'draft_expired' } },
    })
    expect(await giver.answer(old)).toBe(`${parts.url}/livez?confirmation=failed`)
  })

  test('has a text of its own, even of the same wish', async () => {
    const power = pension()
    const [one, other] = [await draftOf(power), await draftOf(power)]
    expect(one.text).not.toBe(other.text)
    expect(one.text.split('\n').slice(0, -1)).toEqual(other.text.split('\n').slice(0, -1))
  })
})

describe('the login that confirms a text', () => {
  test('is one redirect with single sign-on, and the session goes on', async () => {
    const draft = await draftOf()
    const before = giver.cookies.header(new URL(parts.url))
    const place = await start(draft)
    expect(place.searchParams.get('nonce')).toBe(draft.text_hash)
    expect(place.searchParams.get('prompt')).toBeNull()
    expect(await giver.answer(draft)).toBe(`${parts.url}/livez`)
    expect(giver.cookies.header(new URL(parts.url))).toContain(/__Host-fullmakt=[^;]+/.exec(before)?.[0])
  })

  test('is kept with the version it gave, and anyone can check it', async () => {
    const draft = await draftOf()
    await giver.answer(draft)
    const given = await giver.confirmOnly(draft)
    expect(given.status).toBe(201)
    const [kept] = await sql<{
      idToken: string
      key: Record<string, unknown>
      content: DraftContent
      text: string
      owner: string
    }>(
      `select e.id_token as "idToken", e.provider_key as key, e.content, v.text, v.made_by as owner
         from evidence e join mandate_version v using (mandate_id, version) where mandate_id = $1`,
      [given.body.mandate_id],
    )
    if (kept === undefined) throw new Error('nothing was kept')
    const { payload } = await compactVerify(kept.idToken, await importJWK(kept.key, 'RS256'))
    const claims = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>
    expect(claims['nonce']).toBe(createHash('sha256').update(kept.text).digest('base64url'))
    expect(claims['pid']).toBe(giver.number)
    const { draft_id: draftId } = draft as { draft_id: string }
    const bound = { draftId, owner: kept.owner as never, catalogueVersion: 3, content: kept.content }
    expect(kept.text.split('\n').at(-1)).toContain(textNumber(bound))
    const left = await sql('select id_token, provider_key from mandate_draft where draft_id = $1', [draftId])
    expect(left).toEqual([{ id_token: null, provider_key: null }])
  })

  test('comes back to where it began when it is cancelled, and the draft is as good as before', async () => {
    const draft = await draftOf(land())
    let place = await start(draft, '/gi%3Fsteg=4%26confirmation=failed')
    for (let location: string | null = place.href; location !== null;) {
      place = new URL(location, place)
      location = (await giver.cookies.fetch(place)).headers.get('location')
    }
    const aborted = await giver.cookies.fetch(new URL(`${place.pathname}/abort`, place), { method: 'POST' })
    let next = new URL(aborted.headers.get('location') ?? '', place)
    while (next.pathname !== '/login/callback') {
      next = new URL((await giver.cookies.fetch(next)).headers.get('location') ?? '', next)
    }
    expect(await takeBack(next)).toBe('/gi?steg=4&confirmation=cancelled')
    await expectNoEvidence(draft)
    expect(await giver.answer(draft)).toBe(`${parts.url}/livez`)
    expect((await giver.confirmOnly(draft)).status).toBe(201)
  })

  test('begins for no one but the draft’s owner, logged in, and tells others nothing', async () => {
    const draft = await draftOf()
    const strangers = [helper.cookies, new CookieJar()]
    for (const jar of strangers) {
      for (const id of [draft.draft_id, randomUUID()]) {
        expect(await takeBack(new URL(`/login?draft=${id}&return_to=/gi`, parts.url), jar)).toBe(
          '/gi?confirmation=failed',
        )
      }
    }
  })

  test('begins from our own pages only, and leads to no other site', async () => {
    const draft = await draftOf()
    for (const site of ['cross-site', 'same-site']) {
      const url = new URL(draft.confirm_with, parts.url)
      const response = await giver.cookies.fetch(url, { headers: { 'sec-fetch-site': site } })
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'foreign_origin'])
    }
    expect(await start(draft, '//elsewhere.example').then(({ pathname }) => pathname)).toBe('/')
    const away = await giver.get(`${draft.confirm_with}&return_to=//elsewhere.example`)
    expect(away).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    await expectNoEvidence(draft)
  })
})

describe('no evidence comes of', () => {
  test('another person’s login in the giver’s browser, and the giver’s session is left alone', async () => {
    const draft = await draftOf()
    const callback = await answerAt(await start(draft), { id: 'bjarne-aas' })
    expect(await takeBack(callback)).toBe('/livez?confirmation=failed')
    await expectNoEvidence(draft)
    expect((await giver.get('/v1/me/session')).body.name).toBe('Turid Tveit')
  })

  test('an answer taken to another browser', async () => {
    const draft = await draftOf()
    const callback = await answerAt(await start(draft), { id: 'turid-tveit' })
    expect(await takeBack(callback, helper.cookies)).toBe('400')
    await expectNoEvidence(draft)
  })

  test('an answer that was taken before', async () => {
    const [one, other] = [await draftOf(), await draftOf()]
    const callback = await answerAt(await start(one), { id: 'turid-tveit' })
    expect(await takeBack(callback)).toBe('/livez')
    expect(await takeBack(callback)).toBe('400')
    await expectNoEvidence(other)
  })

  test('the nonce of another draft, put into the address on the way', async () => {
    const [one, other] = [await draftOf(), await draftOf()]
    const place = await start(one)
    place.searchParams.set('nonce', other.text_hash)
    expect(await takeBack(await answerAt(place, { id: 'turid-tveit' }))).toBe('/livez?confirmation=failed')
    await expectNoEvidence(one)
    await expectNoEvidence(other)
  })

  test('a text that was changed while the person was away', async () => {
    const draft = await draftOf()
    const callback = await answerAt(await start(draft), { id: 'turid-tveit' })
    const changed = `${draft.text} Og alt annet.`
    await sql(`update mandate_draft set text = $2, text_hash = sha256(convert_to($2, 'UTF8')) where draft_id = $1`, [
      ...[draft.draft_id, changed],
    ])
    expect(await takeBack(callback)).toBe('/livez?confirmation=failed')
    const text_hash = createHash('sha256').update(changed).digest('base64url')
    expect(await giver.confirmOnly({ ...draft, text_hash })).toMatchObject({ body: { code: 'evidence_missing' } })
  })

  test('a text that was changed afterwards', async () => {
    const draft = await draftOf()
    await giver.answer(draft)
    const changed = `${draft.text} Og alt annet.`
    await sql(`update mandate_draft set text = $2, text_hash = sha256(convert_to($2, 'UTF8')) where draft_id = $1`, [
      ...[draft.draft_id, changed],
    ])
    expect(await giver.confirmOnly(draft)).toMatchObject({ status: 409, body: { code: 'text_changed' } })
    const text_hash = createHash('sha256').update(changed).digest('base64url')
    const refused = await giver.confirmOnly({ ...draft, text_hash })
    expect(refused.status).toBe(500)
    expect(parts.faults.splice(0)).toMatchObject([{ message: 'this is evidence of something else' }])
  })

  test('a login below the level, asked for by an address that was changed on the way', async () => {
    const draft = await draftOf()
    const place = await start(draft)
    place.searchParams.set('acr_values', 'idporten-loa-substantial')
    const callback = await answerAt(place, { id: 'turid-tveit', level: 'substantial' })
    expect(await takeBack(callback)).toBe('/livez?confirmation=failed')
    await expectNoEvidence(draft)
  })

  test('an old login where a new one is asked for, by an address that was changed on the way', async () => {
    const jar = new CookieJar()
    const draft = await draftOf(land())
    await answerAt(await start(await draftOf()), { id: 'turid-tveit' }, jar)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    const place = await start(draft)
    expect([place.searchParams.get('prompt'), place.searchParams.get('max_age')]).toEqual(['login', '0'])
    place.searchParams.delete('prompt')
    place.searchParams.set('max_age', '7200')
    expect(await takeBack(await answerAt(place, { id: 'turid-tveit' }, jar))).toBe('/livez?confirmation=failed')
    await expectNoEvidence(draft)
    // The same browser, asked as it should be, is shown the login page, and that login will do.
    expect(await takeBack(await answerAt(await start(draft), { id: 'turid-tveit' }, jar))).toBe('/livez')
    expect((await giver.confirmOnly(draft)).status).toBe(201)
  })

  test.each(FAULTS)('an id_token that is wrong: %s', async (fault) => {
    const draft = await draftOf()
    parts.idporten.faults.next(fault)
    expect(await giver.answer(draft)).toBe(`${parts.url}/livez?confirmation=failed`)
    await expectNoEvidence(draft)
  })
})

/** Whose name stands on a forged version, and its text; null for any. */
interface Said {
  readonly by: string
  readonly text: string | null
}

describe('an operator with SQL gains nothing', () => {
  /** A mandate as the service would write it, by someone who has the whole database but no login of the giver's. */
  async function forge(object: string, said: Said = { by: giver.number, text: null }): Promise<string> {
    const id = randomUUID()
    const parties = await sql<{ giver: string; helper: string; author: string }>(
      `select (select party_id from party_identifier where value = $1) as giver,
              (select party_id from party_identifier where value = $2) as helper,
              (select party_id from party_identifier where value = $3) as author`,
      [giver.number, helper.number, said.by],
    )
    const { giver: principal, helper: representative, author } = parties[0] ?? {}
    await operator.query('begin')
    for (const [text, values] of [
      [`insert into representation values ($1, $2, $3, 'mandate', 'self_service')`, [id, principal, representative]],
      ['insert into mandate (mandate_id, version) values ($1, 1)', [id]],
      [
        `insert into mandate_version (mandate_id, version, change, made_by, made_at, language, text, text_hash, catalogue_version)
         values ($1, 1, 'given', $2, now(), 'nb', $3, sha256(convert_to($3, 'UTF8')), 3)`,
        [id, author, said.text ?? `Alt til Bjarne ${id}`],
      ],
      [
        `insert into mandate_power (mandate_power_id, mandate_id, version, principal, representative, given_by, service_id,
           action, object, catalogue_version, state, passing_on, valid, recorded)
         values (gen_random_uuid(), $1, 1, $2, $3, $2, 'nav.pension', 'read', $4, 3, 'active', false,
           tstzrange(now(), now() + interval '90 days'), tstzrange(now(), null))`,
        [id, principal, representative, object],
      ],
    ] as const) {
      await operator.query(text, [...values])
    }
    await operator.query('commit')
    return id
  }

  const ask = async (object: string): Promise<unknown> => {
    const { body } = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read', { properties: { object } })
    return body.decision === true ? 'yes' : body.context.reason
  }

  /** What each door says of the mandate for this object. */
  async function doors(object: string, mandateId: string): Promise<Record<string, unknown>> {
    const properties = { service: 'nav.pension', object }
    const found = await nav.post('/access/v1/search/resource', {
      subject: { type: 'person', id: helper.number, properties: { login_token: await nav.idTokenOf('bjarne-aas') } },
      action: { name: 'read' },
      resource: { type: 'person', properties },
    })
    const listed = JSON.stringify((await helper.get('/v1/me/representations')).body)
    return {
      evaluation: await ask(object),
      search: found.status === 200 ? (found.body.results as unknown[]).length : found.body,
      representations: listed.includes(object),
      own: [await helper.get(`/v1/me/mandates/${mandateId}`), await giver.get(`/v1/me/mandates/${mandateId}`)].map(
        ({ status }) => status,
      ),
      passedOn: (await helper.passOn(mandateId, giver, [{ service: 'nav.pension', action: 'read', object }])).body.code,
    }
  }
  const NOTHING = { representations: false, own: [404, 404], passedOn: 'no_such_mandate' }

  test('by a mandate without evidence', async () => {
    const object = 'forfalsket 1'
    const stranger = await ask('nothing of the kind')
    const id = await forge(object)
    const told = await doors(object, id)
    expect(told).toMatchObject({ ...NOTHING, evaluation: stranger })
  })

  test('by evidence of another text, of another person, or used before: the database refuses it', async () => {
    const id = await forge('forfalsket 2')
    const [{ mandate_id: real }] = [(await giver.give(helper, [pension()])).body]
    const copy = (nonce: string): Promise<unknown> =>
      operator.query(
        `insert into evidence select $1, 1, id_token, provider_key, answered_at, ${nonce}, draft_id, content, null, false
           from evidence where mandate_id = $2`,
        [id, real],
      )
    const own = '(select text_hash from mandate_version where mandate_id = $1)'
    await expect(copy('nonce')).rejects.toMatchObject({ code: expect.stringMatching(/^23(505|514)$/) })
    await expect(copy(own)).rejects.toMatchObject({ code: '23514' })
    // Even one that has switched off what the database checks has no id_token with that nonce.
    const text = await sql<{ hash: Buffer }>('select text_hash as hash from mandate_version where mandate_id = $1', [
      id,
    ])
    const claims = { nonce: text[0]?.hash.toString('base64url'), pid: helper.number }
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`
    await expect(
      operator.query(`insert into evidence values ($1, 1, $2, '{}', now(), ${own}, $1, '{}', null, false)`, [
        id,
        token,
      ]),
    ).rejects.toMatchObject({ code: '23514' })
    expect(await doors('forfalsket 2', id)).toMatchObject(NOTHING)
  })

  test('by a login of his own to a text of his own, put under another’s mandate', async () => {
    const own = (await helper.draft(giver, [pension()])).body
    await helper.answer(own)
    const id = await forge('forfalsket 4', { by: helper.number, text: own.text })
    await expect(
      operator.query(
        `insert into evidence select $1, 1, id_token, provider_key, answered_at, text_hash, draft_id, content, null, false
           from mandate_draft where draft_id = $2`,
        [id, own.draft_id],
      ),
    ).rejects.toMatchObject({ code: '23514' })
    expect(await doors('forfalsket 4', id)).toMatchObject(NOTHING)
  })

  test('by evidence of another text that was forced in', async () => {
    const id = await forge('forfalsket 3')
    const [{ mandate_id: real }] = [(await giver.give(helper, [pension()])).body]
    await operator.query('begin')
    await operator.query('set local session_replication_role = replica')
    await operator.query('update evidence set mandate_id = $1 where mandate_id = $2', [id, real])
    await operator.query('commit')
    expect(await doors('forfalsket 3', id)).toMatchObject(NOTHING)
    expect((await giver.get(`/v1/me/mandates/${real}`)).status).toBe(404)
  })

  test.each([
    ['under the version that was confirmed', '1', `'gjelder alt'`, 'active'],
    ['under a version that gives nothing', '2', `'gjelder alt'`, 'active'],
    ['that lasts longer', '2', 'object', 'active'],
  ])('by a power of a good mandate, %s: the database refuses it', async (_how, version, object, state) => {
    const given = await giver.give(helper, [pension()])
    await operator.query('begin')
    await operator.query(
      `insert into mandate_version (mandate_id, version, change, made_by, made_at)
       select mandate_id, 2, 'thawed', made_by, now() from mandate_version where mandate_id = $1`,
      [given.body.mandate_id],
    )
    const closed = await operator.query(
      `update mandate_power set recorded = tstzrange(lower(recorded), now()) where mandate_id = $1`,
      [given.body.mandate_id],
    )
    expect(closed.rowCount).toBe(1)
    await expect(
      operator.query(
        `insert into mandate_power (mandate_power_id, mandate_id, version, principal, representative, given_by, service_id,
           action, object, catalogue_version, state, passing_on, valid, recorded)
         select mandate_power_id, mandate_id, ${version}, principal, representative, given_by, service_id, action, ${object},
                catalogue_version, '${state}', passing_on, tstzrange(lower(valid), upper(valid) + interval '1 day'),
                tstzrange(upper(recorded), null)
           from mandate_power where mandate_id = $1`,
        [given.body.mandate_id],
      ),
    ).rejects.toMatchObject({ code: '23514' })
    await operator.query('rollback')
  })

  test('by a version that extends a good one: the whole mandate counts no more', async () => {
    const power = pension()
    const given = await giver.give(helper, [power])
    expect(await ask(power.object)).toBe('yes')
    await operator.query(
      `insert into mandate_version (mandate_id, version, change, made_by, made_at, language, text, text_hash, catalogue_version)
       select mandate_id, 2, 'extended', made_by, now(), language, text, text_hash, catalogue_version
         from mandate_version where mandate_id = $1`,
      [given.body.mandate_id],
    )
    expect(await doors(power.object, given.body.mandate_id)).toMatchObject(NOTHING)
  })
})
