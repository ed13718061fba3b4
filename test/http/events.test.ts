import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWTPayload, createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { type RunningService, startService } from '../../src/service.js'
import { forgetOldEvents } from '../../src/store/event-store.js'
import { checkContract } from '../support/contract.js'
import {
  type Person,
  type PlayedService,
  type ProofStage,
  openGrant,
  postJson,
  serviceToken,
  startProofStage,
} from '../tokens/proof-stage.js'

let stage: ProofStage
let nav: PlayedService
let other: PlayedService
let kari: Person
let ola: Person
const ending: (() => unknown)[] = []

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension'])
  other = await stage.client('other-web', ['nav.pension'])
  kari = await stage.person('kari-nordby')
  ola = await stage.person('ola-nordby')
})
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end()
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

let objects = 0

/** A client to whom nothing has been told yet. */
const fresh = (): Promise<PlayedService> => stage.client(`web-${randomUUID().slice(0, 8)}`, ['nav.pension'])

/** A mandate of which the client has a handle, for having listed it. */
async function known(...clients: PlayedService[]): Promise<{ mandateId: string; handles: string[] }> {
  const object = `sak-${++objects}`
  const mandateId = await stage.give(ola, kari, [{ service: 'nav.pension', action: 'read', object }])
  const handles = []
  for (const client of clients) {
    const { representations } = await openGrant(stage, client, kari)
    const mine = representations.find(({ powers }) => powers.some((power) => power['object'] === object))
    handles.push(mine?.handle ?? 'none')
  }
  return { mandateId, handles }
}

const freeze = (mandateId: string, version = 1) => stage.change(mandateId, ola, version, { kind: 'freeze' })
const thaw = (mandateId: string, version: number) => stage.change(mandateId, ola, version, { kind: 'thaw' })
const end = (mandateId: string, version = 1) => stage.change(mandateId, ola, version, { kind: 'end' })

interface Told {
  readonly id: string
  readonly claims: JWTPayload
  readonly handle: string
  readonly type: string
}

let keys: ReturnType<typeof createRemoteJWKSet> | undefined
/** Reads a SET as anyone would who has never seen this service's code. */
async function read(set: string, audience: string): Promise<Omit<Told, 'id'>> {
  keys ??= createRemoteJWKSet(new URL(`${stage.url}/jwks`))
  const { payload } = await jwtVerify(set, keys, {
    issuer: stage.url,
    audience,
    typ: 'secevent+jwt',
    algorithms: ['ES256'],
  })
  const [uri = ''] = Object.keys(payload['events'] as object)
  const subject = payload['sub_id'] as { format: string; id: string }
  return { claims: payload, handle: subject.id, type: uri.slice(`${stage.url}/secevent/event-type/`.length) }
}

interface Stream {
  /** The next events, or an error after 5 s. */
  next(count: number): Promise<Told[]>
  readonly ended: Promise<unknown>
  /** The place that the stream began at. */
  place(): Promise<string>
  close(): void
}

/** Follows the client's events as an EventSource does. */
async function follow(
  client: PlayedService,
  { cursor, url = stage.url, query = '' }: { cursor?: string; url?: string; query?: string } = {},
): Promise<Stream> {
  const token = await serviceToken(stage, client)
  const closing = new AbortController()
  const response = await fetch(`${url}/v1/events${query}`, {
    headers: { authorization: `Bearer ${token}`, ...(cursor === undefined ? {} : { 'last-event-id': cursor }) },
    signal: closing.signal,
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const blocks: string[] = []
  const ended = (async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true })
      const parts = rest.split('\n\n')
      rest = parts.pop() ?? ''
      blocks.push(...parts)
    }
  })()
  ended.catch(() => undefined)
  const close = (): void => closing.abort()
  ending.push(close)
  let taken = 0
  const field = (block: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
  const events = (): string[] => blocks.filter((block) => block.includes('event: set'))
  return {
    ended,
    close,
    async place() {
      await until(() => blocks.length > 0)
      return field(blocks[0] ?? '', 'id')
    },
    async next(count) {
      await until(() => events().length >= taken + count)
      const these = events().slice(taken, (taken += count))
      return Promise.all(
        these.map(async (block) => ({
          id: field(block, 'id'),
          ...(await read(field(block, 'data'), client.client.clientId)),
        })),
      )
    },
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const late = Date.now() + 10_000
  while (!(await isSo())) {
    if (Date.now() > late) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function poll(
  client: PlayedService,
  body: Readonly<Record<string, unknown>>,
): Promise<{ status: number; sets: Record<string, string>; more: unknown; body: Record<string, unknown> }> {
  const answer = await postJson(`${stage.url}/v1/events/poll`, await serviceToken(stage, client), body)
  checkContract('POST', '/v1/events/poll', answer.status, answer.headers.get('content-type'), answer.body)
  const sets = (answer.body['sets'] ?? {}) as Record<string, string>
  return { status: answer.status, sets, more: answer.body['moreAvailable'], body: answer.body }
}

const typesIn = (events: readonly { readonly handle: string; readonly type: string }[], handle: string): string[] =>
  events.filter((event) => event.handle === handle).map(({ type }) => type.replace('delegation-', ''))

/** What the other client was told lies so far back. */
async function toldAgo(interval: string): Promise<void> {
  const owner = await stage.asOwner()
  await owner.query(`update event set told_at = clock_timestamp() - $1::interval where client_id = 'other-web'`, [
    interval,
  ])
  await owner.end()
}

describe('as a stream', () => {
  test('each client is told at once, under its own handle, in a token that an outside verifier takes', async () => {
    const { mandateId, handles } = await known(nav, other)
    expect(new Set(handles).size).toBe(2)
    const streams = [await follow(nav), await follow(other)]
    await Promise.all(streams.map((stream) => stream.place()))
    const before = Date.now()
    await end(mandateId)
    for (const [place, stream] of streams.entries()) {
      const { type, handle, claims } = (await stream.next(1))[0] as Told
      expect([type, handle]).toEqual(['delegation-revoked', handles[place]])
      expect(claims).toEqual({
        iss: stage.url,
        aud: place === 0 ? 'nav-web' : 'other-web',
        iat: expect.any(Number),
        jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
        sub_id: { format: 'opaque', id: handles[place] },
        events: { [`${stage.url}/secevent/event-type/delegation-revoked`]: { event_timestamp: claims.iat } },
      })
      expect((claims.iat ?? 0) * 1000).toBeGreaterThanOrEqual(before - 1_000)
      const told = JSON.stringify(claims)
      for (const secret of [mandateId, ola.number, kari.number, ola.partyId, handles[1 - place] ?? 'none'])
        expect(told).not.toContain(secret)
    }
  })

  test('freeze, thaw and end come in order, and again from the cursor on after a break', async () => {
    const mine = await fresh()
    const { mandateId, handles } = await known(mine)
    const first = await follow(mine)
    await first.place()
    await freeze(mandateId)
    const [frozen] = await first.next(1)
    first.close()
    await thaw(mandateId, 2)
    const again = await follow(mine, { cursor: String(Number(frozen?.id) - 1) })
    const [, thawed] = await again.next(2)
    // Only now: an end right after is told, and the thaw before it is not.
    await end(mandateId, 3)
    const rest = [thawed, ...(await again.next(1))]
    expect(rest.map((told) => told?.type)).toEqual(['delegation-resumed', 'delegation-revoked'])
    const [resumed] = await (await follow(mine, { query: `?cursor=${frozen?.id}` })).next(1)
    expect([resumed?.type, resumed?.handle]).toEqual(['delegation-resumed', handles[0]])
    // The header is the later word: an EventSource that comes again asks the same address.
    const [last] = await (await follow(mine, { cursor: resumed?.id ?? '', query: `?cursor=${frozen?.id}` })).next(1)
    expect([last?.type, last?.claims.jti]).toEqual(['delegation-revoked', rest[1]?.claims.jti])
  })

  test('who comes without a cursor is told what may concern tokens that are still out', async () => {
    const mine = await fresh()
    const { mandateId, handles } = await known(mine)
    await freeze(mandateId)
    const token = await serviceToken(stage, mine)
    await until(async () => {
      const { body } = await postJson(`${stage.url}/v1/events/poll`, token, { returnImmediately: true })
      return Object.keys(body['sets'] as object).length > 0
    })
    const stream = await follow(mine)
    let told: Told[] = []
    await until(async () => (told = [...told, ...(await stream.next(1))]).some(({ handle }) => handle === handles[0]))
    await stage.sql(`select 1`)
    const owner = await stage.asOwner()
    await owner.query(`update event set told_at = told_at - interval '10 minutes'`)
    await owner.end()
    expect(Number(await (await follow(mine)).place())).toBeGreaterThanOrEqual(Number(told.at(-1)?.id))
  })

  test.each([
    ['a letter', 'x', 400, 'invalid_request'],
    ['a negative number', '-1', 400, 'invalid_request'],
    ['a number with a zero before it', '01', 400, 'invalid_request'],
    ['what was never told', '999999', 410, 'cursor_gone'],
  ])('a cursor that is %s', async (_, cursor, status, code) => {
    const answer = await fetch(`${stage.url}/v1/events`, {
      headers: { authorization: `Bearer ${await serviceToken(stage, nav)}`, 'last-event-id': cursor },
    })
    const body = (await answer.json()) as Record<string, unknown>
    expect([answer.status, body['code']]).toEqual([status, code])
    checkContract('GET', '/v1/events', status, answer.headers.get('content-type'), body)
  })

  test('events are kept for seven days; a cursor before what is kept is told so', async () => {
    const { mandateId } = await known(other)
    await end(mandateId)
    const cursor = (await (await follow(other)).next(1))[0]?.id ?? ''
    await toldAgo('6 days 23 hours')
    await forgetOldEvents(stage.test.database)
    expect((await (await follow(other, { cursor: String(Number(cursor) - 1) })).next(1))[0]?.id).toBe(cursor)
    await toldAgo('7 days 1 hour')
    await forgetOldEvents(stage.test.database)
    await expect(follow(other, { cursor: String(Number(cursor) - 1) })).rejects.toThrow('cursor_gone')
    const next = await follow(other, { cursor })
    const later = await known(other)
    await end(later.mandateId)
    expect((await next.next(1))[0]?.id).toBe(String(Number(cursor) + 1))
  })

  test('a receiver that takes nothing holds up no other', async () => {
    const mine = await fresh()
    const { mandateId, handles } = await known(mine)
    await freeze(mandateId)
    const alive = await follow(mine)
    await alive.next(1)
    // Its body is never read.
    const token = await serviceToken(stage, mine)
    const dead = await fetch(`${stage.url}/v1/events`, { headers: { authorization: `Bearer ${token}` } })
    await stage.sql(
      `with stream as (update event_stream set last_number = last_number + 1000 where client_id = $1 returning last_number)
       insert into event (client_id, number, jti, handle, type, told_at)
       select $1, last_number - 1000 + n, gen_random_uuid(), $2, 'delegation-scope-changed', clock_timestamp()
         from stream, generate_series(1, 1000) n`,
      [mine.client.clientId, handles[0]],
    )
    await end(mandateId, 2)
    const told = await alive.next(1_001)
    expect([told.at(-1)?.type, told.at(-1)?.id]).toEqual(['delegation-revoked', '1002'])
    await dead.body?.cancel()
  })
})

describe('by polling', () => {
  const jtis = (sets: Record<string, string>): string[] => Object.keys(sets)

  test('what is not acknowledged comes again, what is does not; each client acknowledges its own', async () => {
    const lone = await fresh()
    const { mandateId, handles } = await known(lone)
    await freeze(mandateId)
    await thaw(mandateId, 2)
    await end(mandateId, 3)
    let first = await poll(lone, { returnImmediately: true })
    await until(async () => jtis((first = await poll(lone, { returnImmediately: true })).sets).length >= 1)
    await until(async () => {
      first = await poll(lone, { returnImmediately: true })
      const last = Object.values(first.sets).at(-1)
      return last !== undefined && (await read(last, lone.client.clientId)).type === 'delegation-revoked'
    })
    const told = await Promise.all(Object.values(first.sets).map((set) => read(set, lone.client.clientId)))
    expect(told.map(({ claims }) => claims.jti)).toEqual(jtis(first.sets))
    expect(typesIn(told, handles[0] ?? '').at(-1)).toBe('revoked')

    const again = await poll(lone, { returnImmediately: true, maxEvents: 1 })
    expect([jtis(again.sets), again.more]).toEqual([jtis(first.sets).slice(0, 1), jtis(first.sets).length > 1])
    expect(decodeProtectedHeader(Object.values(again.sets)[0] ?? '')).toMatchObject({ typ: 'secevent+jwt' })

    expect(jtis((await poll(nav, { maxEvents: 0, ack: jtis(first.sets) })).sets)).toEqual([])
    expect(jtis((await poll(lone, { returnImmediately: true })).sets)).toEqual(jtis(first.sets))

    const [one = '', ...others] = jtis(first.sets)
    const setErrs = { [one]: { err: 'invalid_key', description: 'no' }, nonsense: {}, [randomUUID()]: { err: 'x' } }
    const rest = await poll(lone, { returnImmediately: true, setErrs, ack: [...others, randomUUID()] })
    expect([jtis(rest.sets), rest.more]).toEqual([[], false])
    const refused = await stage.sql<{ why: string }>('select refused_as as why from event where jti = $1', [one])
    expect(JSON.parse(refused[0]?.why ?? '{}')).toEqual({ err: 'invalid_key', description: 'no' })
  })

  test('waits for something to tell, and only acknowledges where nothing is asked for', async () => {
    const lone = await fresh()
    const { mandateId } = await known(lone)
    const waiting = poll(lone, {})
    await new Promise((resolve) => setTimeout(resolve, 300))
    await end(mandateId)
    const { sets } = await waiting
    expect(jtis(sets)).toHaveLength(1)
    expect(await poll(lone, { maxEvents: 0 })).toMatchObject({ sets: {}, more: true })
    expect(await poll(lone, { maxEvents: 0, ack: jtis(sets) })).toMatchObject({ sets: {}, more: false })
  })

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a number of events below none', { maxEvents: -1 }],
    ['too many', { maxEvents: 101 }],
    ['half of one', { maxEvents: 0.5 }],
    ['no list', { ack: 'x' }],
    ['no jti of ours', { ack: ['x'] }],
    ['a hundred and one', { ack: Array.from({ length: 101 }, () => randomUUID()) }],
    ['no object', { setErrs: [] }],
    ['something else', { more: true }],
    ['a word for a truth', { returnImmediately: 'yes' }],
  ])('refused: %s', async (_, body) => {
    expect(await poll(nav, { returnImmediately: true, ...body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  })
})

describe('with two instances', () => {
  let second: RunningService
  let secondUrl: string

  beforeAll(async () => {
    const reports = { request: () => undefined, fault: () => undefined }
    second = await startService({ ...stage.config, port: 0 }, reports)
    secondUrl = `http://127.0.0.1:${second.port}`
  })
  afterAll(() => second.stop())

  test('both tell of the same, once, with the same numbers', async () => {
    const mine = await fresh()
    const streams = [await follow(mine), await follow(mine, { url: secondUrl })]
    const places = await Promise.all(streams.map((stream) => stream.place()))
    const { mandateId, handles } = await known(mine)
    await end(mandateId)
    const told = await Promise.all(
      streams.map(async (stream) => {
        let events: Told[] = []
        while (!events.some(({ handle }) => handle === handles[0])) events = [...events, ...(await stream.next(1))]
        return events.filter(({ handle }) => handle === handles[0]).map(({ id, claims }) => [id, claims.jti])
      }),
    )
    expect(places[0]).toBe(places[1])
    expect(told[0]).toHaveLength(1)
    expect(told[1]).toEqual(told[0])
  })

  test('when every connection to the database is cut, nothing is lost and nothing told twice', async () => {
    const mine = await fresh()
    const stream = await follow(mine, { url: secondUrl })
    const place = Number(await stream.place())
    const superuser = await stage.asSuperuser()
    const ids: string[] = []
    for (let round = 0; round < 4; round++) {
      const { mandateId, handles } = await known(mine)
      ids.push(handles[0] ?? '')
      await end(mandateId)
      await superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name in ('fullmakt-office', 'fullmakt-listening') and datname = current_database()`,
      )
    }
    await superuser.end()
    const told: Told[] = []
    const follower = await follow(mine, { cursor: String(place) })
    while (!ids.every((id) => told.some(({ handle }) => handle === id))) told.push(...(await follower.next(1)))
    for (const id of ids) expect(typesIn(told, id).filter((type) => type === 'revoked')).toHaveLength(1)
    const numbers = told.map(({ id }) => Number(id))
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
    stage.faults.length = 0
  })
})

test('a stream ends with the service', async () => {
  const reports = { request: () => undefined, fault: () => undefined }
  const passing = await startService({ ...stage.config, port: 0 }, reports)
  const stream = await follow(await fresh(), { url: `http://127.0.0.1:${passing.port}` })
  await stream.place()
  const began = Date.now()
  await passing.stop()
  await stream.ended
  expect(Date.now() - began).toBeLessThan(5_000)
})

test('what is told of the transmitter is true', async () => {
  const metadata = (await (await fetch(`${stage.url}/.well-known/ssf-configuration`)).json()) as Record<string, unknown>
  expect(metadata).toMatchObject({ spec_version: '1_0', issuer: stage.url, default_subjects: 'ALL' })
  expect((await fetch(String(metadata['jwks_uri']))).status).toBe(200)
  expect(metadata['delivery_methods_supported']).toEqual(['urn:ietf:rfc:8936'])
})
