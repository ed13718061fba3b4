import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decodeJwt } from 'jose'
import { reporter } from '../../client/src/report.js'
import { type TestService, testService } from '../support/service.js'
import { type Answer, RelyingService, Visitor } from '../support/visitors.js'

let parts: TestService
let giver: Visitor
let helper: Visitor
let stranger: Visitor
let nav: RelyingService
let school: RelyingService

/** Of a token to read and write in nav.pension. */
let evaluationId: string

beforeAll(async () => {
  parts = await testService()
  giver = await Visitor.logIn(parts, 'turid-tveit')
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  stranger = await Visitor.logIn(parts, 'kari-nordby')
  nav = await RelyingService.open(parts, 'nav-web')
  school = await RelyingService.open(parts, 'school-app')
  const power = { service: 'nav.pension' }
  const given = await giver.give(helper, [
    { ...power, action: 'read' },
    { ...power, action: 'write' },
  ])
  expect(given.status).toBe(201)
  evaluationId = await newToken()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

type Members = Record<string, unknown>

/** Issues a token for what the giver gave, and returns its `evaluation_id`. */
async function newToken(): Promise<string> {
  const opened = await nav.representations('bjarne-aas')
  const handle: string = opened.body.representations[0].handle
  const { access_token } = await nav.exchange(handle, opened.body.actor_grant, 'nav.pension.read nav.pension.write')
  return String(decodeJwt(access_token)['evaluation_id'])
}

/** A use that would be taken, but for what is changed. */
function use(changes: Members = {}): Members & { readonly use_id: string } {
  return {
    use_id: randomUUID(),
    evaluation_id: evaluationId,
    service: 'nav.pension',
    action: 'read',
    outcome: 'done',
    reference: 'sak 2026/17',
    happened_at: new Date().toISOString(),
    ...changes,
  }
}

const report = (uses: readonly unknown[], service = nav): Promise<Answer> => service.post('/v1/uses', { uses })

async function answersTo(uses: readonly unknown[], service = nav): Promise<unknown[]> {
  const { status, body } = await report(uses, service)
  expect(status).toBe(200)
  return body.uses.map(({ refused }: { refused: string | null }) => refused)
}

async function sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return parts.database.query<Row>({ name: `test_${text.slice(0, 50)}`, text }, values)
}

/** How often it is kept, and how often the log tells of it. */
async function kept(...ids: readonly string[]): Promise<readonly number[]> {
  const text = `select (select count(*)::int from reported_use where use_id = any($1::uuid[])) as uses,
    (select count(*)::int from audit_entry
      where kind = 'token_used' and (entry::jsonb #>> '{content,use}') = any($1::text[])) as entries`
  const [row] = await sql<{ uses: number; entries: number }>(text, [ids])
  return [row?.uses ?? -1, row?.entries ?? -1]
}

describe('a use', () => {
  test('is kept with its entry in the log, by opaque ids', async () => {
    const one = use({ object: 'sak-9', outcome: 'failed' })
    const { status, body } = await report([one])
    expect([status, body]).toEqual([200, { uses: [{ use_id: one.use_id, taken: true, refused: null }] }])
    const [row] = await sql<{ entry: string }>(`select entry from audit_entry where kind = 'token_used'`)
    const entry = JSON.parse(row?.entry ?? '') as Members & { content: Members }
    const [exchange] = await sql<{ entry: string }>('select entry from audit_entry where entry_id = $1', [evaluationId])
    const told = JSON.parse(exchange?.entry ?? '') as Members & { content: Members & { token: { jti: string } } }
    expect(entry).toMatchObject({ actor: told['actor'], principal: told['principal'], client_id: 'nav-web' })
    expect(entry.content).toEqual({
      use: one.use_id,
      evaluation: evaluationId,
      token: told.content.token.jti,
      audience: told.content['audience'],
      representation: told.content['representation'],
      power: { service: 'nav.pension', action: 'read', provider: null, object: 'sak-9' },
      outcome: 'failed',
      reference: 'sak 2026/17',
      happened_at: one['happened_at'],
    })
  })

  test('sent again is the same use, alone, among others and twice in one request', async () => {
    const [one, two] = [use(), use()]
    for (const uses of [[one], [one], [two, one], [two, two]]) {
      expect(await answersTo(uses)).toEqual(uses.map(() => null))
    }
    expect(await kept(one.use_id, two.use_id)).toEqual([2, 2])
  })

  test.each<[string, Members]>([
    ['another outcome', { outcome: 'refused' }],
    ['another action', { action: 'write' }],
    ['another reference', { reference: 'sak 2026/18' }],
    ['none', { reference: undefined }],
    ['another time', { happened_at: '2026-01-01T00:00:00Z' }],
    ['another token', { evaluation_id: randomUUID() }],
  ])('is refused with %s under its id, and stays as it was', async (_name, changes) => {
    const one = use()
    expect(await answersTo([one, { ...one, ...changes }])).toEqual([null, 'use_id_reused'])
    expect(await answersTo([{ ...one, ...changes }])).toEqual(['use_id_reused'])
    expect(await kept(one.use_id)).toEqual([1, 1])
  })

  test('has its id in either case', async () => {
    const one = use()
    const upper = { ...one, use_id: one.use_id.toUpperCase(), evaluation_id: evaluationId.toUpperCase() }
    expect(await answersTo([upper, one])).toEqual([null, null])
    expect(await kept(one.use_id)).toEqual([1, 1])
  })

  test('of another client under the same id is another use', async () => {
    const one = use()
    await report([one])
    expect(await answersTo([one], school)).toEqual(['no_such_token'])
    expect(await kept(one.use_id)).toEqual([1, 1])
  })
})

describe('not taken, and nothing of it kept, is a use', () => {
  const rows: readonly (readonly [name: string, change: () => Members, code: string])[] = [
    ['of no token', () => ({ evaluation_id: randomUUID() }), 'no_such_token'],
    ['of what is no token at all', () => ({ evaluation_id: '01890000-0000-7000-8000-000000000000' }), 'no_such_token'],
    ['the token does not give', () => ({ action: 'sign' }), 'power_not_in_token'],
    ['of another service', () => ({ service: 'muni.school' }), 'power_not_in_token'],
    ['before the token', () => ({ happened_at: '2026-01-01T00:00:00Z' }), 'used_before_token'],
    ['to come', () => ({ happened_at: new Date(Date.now() + 60_000).toISOString() }), 'used_in_the_future'],
    ['with a number', () => ({ reference: `bruker ${helper.number}` }), 'reference_not_allowed'],
    ['with a long reference', () => ({ reference: 'x'.repeat(101) }), 'reference_not_allowed'],
    ['with half a character', () => ({ reference: '\ud800' }), 'reference_not_allowed'],
    ['with a zero byte', () => ({ reference: 'sak\0' }), 'reference_not_allowed'],
  ]
  test.each(rows)('%s', async (_name, change, code) => {
    const one = use(change())
    expect(await answersTo([one])).toEqual([code])
    expect(await kept(one.use_id)).toEqual([0, 0])
  })

  test('of a question that was only asked: no token came of it', async () => {
    const asked = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read')
    expect(await answersTo([use({ evaluation_id: asked.body.context.evaluation_id })])).toEqual(['no_such_token'])
  })

  test('of an exchange that was refused', async () => {
    const opened = await nav.representations('bjarne-aas')
    const handle: string = opened.body.representations[0].handle
    await expect(nav.exchange(handle, opened.body.actor_grant, 'nav.pension.sign')).rejects.toThrow()
    const [row] = await sql<{ id: string }>(
      `select entry_id as id from audit_entry where kind = 'exchange' order by occurred_at desc limit 1`,
    )
    expect(await answersTo([use({ evaluation_id: row?.id })])).toEqual(['no_such_token'])
  })

  test('of another client’s token', async () => {
    const one = use()
    expect(await answersTo([one], school)).toEqual(['no_such_token'])
    expect(await kept(one.use_id)).toEqual([0, 0])
  })

  test('while the others in the same request are taken, in their order', async () => {
    const uses = [use(), use({ action: 'sign' }), use({ action: 'write' }), use({ reference: giver.number }), use()]
    const { body } = await report(uses)
    expect(body.uses).toEqual([
      { use_id: uses[0]?.use_id, taken: true, refused: null },
      { use_id: uses[1]?.use_id, taken: false, refused: 'power_not_in_token' },
      { use_id: uses[2]?.use_id, taken: true, refused: null },
      { use_id: uses[3]?.use_id, taken: false, refused: 'reference_not_allowed' },
      { use_id: uses[4]?.use_id, taken: true, refused: null },
    ])
    expect(await kept(...uses.map(({ use_id }) => use_id))).toEqual([3, 3])
  })
})

describe('after the token has run out', () => {
  /** The entry of the exchange once more, as if it had been made so many milliseconds ago. */
  async function tokenOfBefore(milliseconds: number): Promise<{ readonly id: string; readonly at: string }> {
    const [row] = await sql<{ entry: string; at: Date; actor: string; principal: string }>(
      `select entry, occurred_at as at, actor, principal from audit_entry where entry_id = $1`,
      [evaluationId],
    )
    const at = new Date(Date.now() - milliseconds)
    const entry = JSON.parse(row?.entry ?? '') as { content: { token: { expires_at: string } } }
    entry.content.token.expires_at = new Date(at.getTime() + 300_000).toISOString()
    const id = randomUUID()
    await sql(
      `insert into audit_entry (entry_id, occurred_at, kind, actor, principal, client_id, entry)
       values ($1, $2, 'exchange', $3, $4, 'nav-web', $5)`,
      [id, at, row?.actor, row?.principal, JSON.stringify(entry)],
    )
    return { id, at: at.toISOString() }
  }
  const WEEK = 7 * 86_400_000

  test('uses come in for seven days, and then no more but for those that had come', async () => {
    const inTime = await tokenOfBefore(WEEK + 295_000)
    const one = use({ evaluation_id: inTime.id, happened_at: inTime.at })
    expect(await answersTo([one])).toEqual([null])
    const late = await tokenOfBefore(WEEK + 305_000)
    expect(await answersTo([use({ evaluation_id: late.id, happened_at: late.at })])).toEqual(['reported_too_late'])
    const older = await tokenOfBefore(3 * WEEK)
    expect(await answersTo([use({ evaluation_id: older.id, happened_at: older.at })])).toEqual(['no_such_token'])
  })

  test('a use that was taken is taken when it is sent again, even if it would be refused by now', async () => {
    const one = use({ happened_at: new Date(Date.now() + 25_000).toISOString() })
    expect(await answersTo([one])).toEqual([null])
    expect(await answersTo([{ ...one }, use({ happened_at: '2026-01-01T00:00:00Z' })])).toEqual([
      null,
      'used_before_token',
    ])
  })

  test('and also after it was revoked and its mandate ended: what was done was done', async () => {
    const [other, friend] = [await Visitor.logIn(parts, 'ola-nordby'), await Visitor.logIn(parts, 'tor-bakken')]
    const given = await other.give(friend, [{ service: 'nav.pension', action: 'read' }])
    const opened = await nav.representations('tor-bakken')
    const represented = opened.body.representations.find(
      ({ powers }: { powers: readonly { scope: string }[] }) => powers[0]?.scope === 'nav.pension.read',
    )
    const { access_token } = await nav.exchange(represented.handle, opened.body.actor_grant, 'nav.pension.read')
    await other.change(given.body.mandate_id, 'end')
    expect(await answersTo([use({ evaluation_id: decodeJwt(access_token)['evaluation_id'] })])).toEqual([null])
  })
})

describe('a request is refused whole', () => {
  const rows: readonly (readonly [name: string, body: () => unknown, code: string])[] = [
    ['without uses', () => ({}), 'invalid_request'],
    ['with none', () => ({ uses: [] }), 'invalid_request'],
    [
      'with more than 100',
      () => ({ uses: Array.from({ length: 101 }, () => use({ reference: 'x' })) }),
      'invalid_request',
    ],
    ['whose uses are no list', () => ({ uses: use() }), 'invalid_request'],
    ['one of whose uses is no object', () => ({ uses: [use(), 'x'] }), 'invalid_request'],
    ['one of whose uses is null', () => ({ uses: [use(), null] }), 'invalid_request'],
    ['one of whose uses is a list', () => ({ uses: [use(), []] }), 'invalid_request'],
    ['with an unknown member', () => ({ uses: [use()], more: 1 }), 'invalid_request'],
    ['with an unknown member in a use', () => ({ uses: [use({ token: 'x' })] }), 'invalid_request'],
    ['without an id', () => ({ uses: [use({ use_id: undefined })] }), 'invalid_request'],
    ['whose id is none', () => ({ uses: [use({ use_id: "x' or true" })] }), 'invalid_request'],
    ['whose evaluation is none', () => ({ uses: [use({ evaluation_id: 7 })] }), 'invalid_request'],
    ['of an unknown action', () => ({ uses: [use({ action: 'manage' })] }), 'invalid_request'],
    ['without an action', () => ({ uses: [use({ action: undefined })] }), 'invalid_request'],
    ['of an unknown outcome', () => ({ uses: [use({ outcome: 'perhaps' })] }), 'invalid_request'],
    ['whose outcome is a list', () => ({ uses: [use({ outcome: ['done'] })] }), 'invalid_request'],
    ['whose service is no text', () => ({ uses: [use({ service: {} })] }), 'invalid_request'],
    ['whose service has a zero byte', () => ({ uses: [use({ service: 'nav\0' })] }), 'invalid_request'],
    ['whose provider is no number', () => ({ uses: [use({ provider: 'NAV' })] }), 'invalid_request'],
    ['whose object is too long', () => ({ uses: [use({ object: 'x'.repeat(201) })] }), 'invalid_request'],
    ['whose object is half a character', () => ({ uses: [use({ object: '\ud800' })] }), 'invalid_request'],
    ['whose reference is no text', () => ({ uses: [use({ reference: 17 })] }), 'invalid_request'],
    [
      'whose reference is beyond all bounds',
      () => ({ uses: [use({ reference: 'x'.repeat(1001) })] }),
      'invalid_request',
    ],
    ['without a time', () => ({ uses: [use({ happened_at: undefined })] }), 'invalid_request'],
    ['whose time has no offset', () => ({ uses: [use({ happened_at: '2026-11-22T12:00:00' })] }), 'invalid_request'],
    ['on a day that is none', () => ({ uses: [use({ happened_at: '2026-02-30T12:00:00Z' })] }), 'invalid_request'],
    ['whose time is a number', () => ({ uses: [use({ happened_at: 1_795_290_400 })] }), 'invalid_request'],
    ['that is a list', () => [use()], 'invalid_request'],
    ['that is no JSON', () => '{"uses":', 'malformed_json'],
    ['with a member twice', () => '{"uses":[],"uses":[]}', 'duplicate_member'],
    ['that is too large', () => ({ uses: [use({ reference: 'x'.repeat(70_000) })] }), 'body_too_large'],
  ]
  test.each(rows)('%s', async (_name, body, code) => {
    const count = `select count(*)::int as n from reported_use`
    const before = await sql(count)
    const answer = await nav.post('/v1/uses', body())
    expect([answer.status, answer.body.code]).toEqual([code === 'body_too_large' ? 413 : 400, code])
    expect(await sql(count)).toEqual(before)
  })
})

describe('at the same time', () => {
  test('the same use twice is one use with one entry', async () => {
    for (let round = 0; round < 10; round++) {
      const one = use()
      const answers = await Promise.all([answersTo([one]), answersTo([one]), answersTo([one])])
      expect(answers).toEqual([[null], [null], [null]])
      expect(await kept(one.use_id)).toEqual([1, 1])
    }
  })

  test('of two different uses under one id one is taken', async () => {
    for (let round = 0; round < 10; round++) {
      const one = use()
      const answers = await Promise.all([answersTo([one]), answersTo([{ ...one, outcome: 'failed' }])])
      expect(answers.flat().sort()).toEqual([null, 'use_id_reused'].sort())
      expect(await kept(one.use_id)).toEqual([1, 1])
    }
  })

  test('two requests with the same uses in another order do not wait for each other for ever', async () => {
    for (let round = 0; round < 5; round++) {
      const uses = Array.from({ length: 60 }, () => use({ reference: 'x' }))
      const sent = [uses, uses.toReversed(), uses.slice(20), uses.slice(0, 40).toReversed()]
      const answers = await Promise.all(sent.map((some) => answersTo(some)))
      expect(answers.flat().filter((code) => code !== null)).toEqual([])
      expect(await kept(...uses.map(({ use_id }) => use_id))).toEqual([60, 60])
    }
  })
})

describe('who sees it', () => {
  let token: string
  let lines: { readonly principal: Members; readonly actor: Members }

  const lineFor = async (visitor: Visitor, query: string): Promise<Members | undefined> => {
    const { status, body } = await visitor.get(`/v1/me/activity${query}`)
    expect(status).toBe(200)
    return body.activity.find((line: Members) => line['entry_id'] === token)
  }

  beforeAll(async () => {
    token = await newToken()
    const about = { evaluation_id: token }
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()
    await report([
      use({ ...about, reference: 'lest', happened_at: at(1) }),
      use({ ...about, action: 'write', outcome: 'refused', reference: undefined, happened_at: at(2) }),
      use({ ...about, action: 'write', outcome: 'failed', reference: 'til kø', happened_at: at(3) }),
    ])
    const principal = await lineFor(giver, '?language=en')
    const actor = await lineFor(helper, '?language=en&as=actor')
    if (principal === undefined || actor === undefined) throw new Error('no line tells of the token')
    lines = { principal, actor }
  })

  test('the one represented: allowed, and beneath it what was done, latest first', () => {
    expect(lines.principal).toMatchObject({
      kind: 'exchange',
      allowed: true,
      by: 'Bjarne Aas',
      by_you: false,
      for_you: true,
      for: 'Turid Tveit',
      asked_by: 'NAV, Ditt NAV',
      uses: {
        done: 1,
        failed: 1,
        refused: 1,
        latest: [
          { action: 'write', outcome: 'failed', reference: 'til kø', service_name: 'Pension' },
          { action: 'write', outcome: 'refused', reference: null },
          { action: 'read', outcome: 'done', reference: 'lest' },
        ],
      },
    })
  })

  test('the one who acted sees the same under what was done on behalf of others', () => {
    expect(lines.actor).toEqual({ ...lines.principal, by_you: true, for_you: false })
  })

  test('and not among what was done on behalf of himself, nor she among what she did', async () => {
    expect(await lineFor(helper, '')).toBeUndefined()
    expect(await lineFor(giver, '?as=actor')).toBeUndefined()
  })

  test.each(['', '?as=actor'])('others: nothing (%s)', async (query) => {
    expect(await lineFor(stranger, query)).toBeUndefined()
    const { body } = await stranger.get(`/v1/me/activity${query}`)
    expect(JSON.stringify(body)).not.toMatch(/til kø|Turid|Bjarne/)
  })

  test('nobody has a line of its own for a use: it stands beneath its token', async () => {
    for (const [visitor, query] of [[giver, ''] as const, [helper, '?as=actor'] as const]) {
      const { body } = await visitor.get(`/v1/me/activity${query}`)
      expect(body.activity.map(({ kind }: Members) => kind)).not.toContain('token_used')
    }
  })

  test('a token of which nothing was told was allowed and, as far as anyone knows, not used', async () => {
    token = await newToken()
    const line = await lineFor(giver, '')
    expect(line?.['uses']).toEqual({ done: 0, failed: 0, refused: 0, latest: [] })
  })

  test('what is no token has no uses', async () => {
    const { body } = await giver.get('/v1/me/activity')
    const others = body.activity.filter(({ kind }: Members) => kind !== 'exchange')
    expect(others.length).toBeGreaterThan(0)
    expect(others.map(({ uses }: Members) => uses)).toEqual(others.map(() => null))
  })

  test('of many uses the latest twenty, and how many there are', async () => {
    token = await newToken()
    const now = Date.now()
    const many = Array.from({ length: 45 }, (_, n) =>
      use({ evaluation_id: token, reference: `nr ${n}`, happened_at: new Date(now + n).toISOString() }),
    )
    await report(many)
    const shown = (await lineFor(giver, ''))?.['uses'] as { done: number; latest: { reference: string }[] }
    expect(shown.done).toBe(45)
    expect(shown.latest.map(({ reference }) => reference)).toEqual(Array.from({ length: 20 }, (_, n) => `nr ${44 - n}`))
  })

  test('page after page of what was done on behalf of others, each line once, latest first', async () => {
    const opened = await nav.representations('bjarne-aas')
    const handle: string = opened.body.representations[0].handle
    for (let n = 0; n < 52; n++) await nav.exchange(handle, opened.body.actor_grant, 'nav.pension.read')
    const seen: { readonly at: string; readonly entry_id: string }[] = []
    let next: string | null = ''
    while (next !== null) {
      const before: string = next === '' ? '' : `&before=${next}`
      const { body } = await helper.get(`/v1/me/activity?as=actor${before}`)
      seen.push(...body.activity)
      next = body.next
    }
    expect(seen.length).toBeGreaterThan(52)
    expect(new Set(seen.map(({ entry_id }) => entry_id)).size).toBe(seen.length)
    expect(seen.map(({ at }) => at)).toEqual(
      seen
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
  })

  test('an exchange that was refused names nobody to the one who tried', async () => {
    const opened = await nav.representations('bjarne-aas')
    const handle: string = opened.body.representations[0].handle
    await expect(nav.exchange(handle, opened.body.actor_grant, 'nav.pension.sign')).rejects.toThrow()
    const { body } = await helper.get('/v1/me/activity?as=actor')
    expect(body.activity[0]).toMatchObject({ allowed: false, by_you: true, for_you: false, for: null, uses: null })
    expect((await helper.get('/v1/me/activity?as=other')).status).toBe(400)
  })
})

describe('reported by the client package', () => {
  /** Stands between the reporter and the service: passes requests on, and the answers as long as it is told to. */
  async function startGate(): Promise<{ url: string; passes: boolean; readonly passed: number; stop: () => void }> {
    let passed = 0
    const http = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { authorization = '', 'content-type': type = '' } = request.headers
        const init = { method: 'POST', headers: { authorization, 'content-type': type }, body: Buffer.concat(chunks) }
        void fetch(new URL(request.url ?? '', parts.url), init).then(async (answer) => {
          passed++
          const body = await answer.text()
          if (gate.passes) response.writeHead(answer.status).end(body)
          else request.socket.destroy()
        })
      })
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
    const gate = {
      url,
      passes: true,
      get passed() {
        return passed
      },
      stop() {
        http.close()
        http.closeAllConnections()
      },
    }
    return gate
  }

  const POWER = { service: 'nav.pension', action: 'read', provider: null, object: null } as const

  test('the line breaks after the service has written: each use is there once, and one that is refused is told of', async () => {
    const gate = await startGate()
    gate.passes = false
    const lost: unknown[] = []
    const settings = {
      issuer: gate.url,
      token: () => nav.accessToken(),
      onLost: (...told: unknown[]) => lost.push(told),
    }
    const uses = reporter(settings)
    const token = { evaluationId: await newToken(), power: POWER }
    for (let n = 0; n < 60; n++) uses.report(token, { outcome: 'done', reference: `gjennom ${n}` })
    uses.report(token, { outcome: 'done', reference: helper.number })
    while (gate.passed < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    gate.passes = true
    expect(await uses.close(20_000)).toEqual([])
    gate.stop()
    const found = await sql<{ uses: number; different: number; entries: number }>(
      `select count(*)::int as uses, count(distinct reference)::int as different,
         (select count(*)::int from audit_entry where kind = 'token_used'
           and (entry::jsonb #>> '{content,evaluation}') = $1::text) as entries
         from reported_use where evaluation_id = $1::uuid`,
      [token.evaluationId],
    )
    expect(found).toEqual([{ uses: 60, different: 60, entries: 60 }])
    expect(lost).toEqual([[expect.objectContaining({ reference: helper.number }), 'reference_not_allowed']])
  })

  test('nobody answers: what is left at the end goes in with the next process', async () => {
    const gate = await startGate()
    gate.stop()
    const settings = { token: () => nav.accessToken(), onLost: () => undefined }
    const uses = reporter({ ...settings, issuer: gate.url })
    const token = { evaluationId: await newToken(), power: POWER }
    uses.report(token, { outcome: 'done', reference: 'fra før' })
    const left = await uses.close(50)
    expect(left).toHaveLength(1)
    expect(await reporter({ ...settings, issuer: parts.url, left }).close(5_000)).toEqual([])
    expect(await kept(left[0]?.use_id ?? '')).toEqual([1, 1])
  })
})

test('a report costs the same statements however many uses it has', async () => {
  const costs = async (uses: readonly Members[]): Promise<readonly string[]> => {
    await nav.accessToken()
    const from = parts.statements.length
    await report(uses)
    return parts.statements.slice(from).filter((name) => name !== 'find_client')
  }
  const expected = ['clock', 'exchange_entries', 'insert_uses', 'note_ground_uses', 'append_audit_entries', 'find_uses']
  expect(await costs([use()])).toEqual(expected)
  expect(await costs(Array.from({ length: 100 }, () => use({ reference: 'x' })))).toEqual(expected)
})
