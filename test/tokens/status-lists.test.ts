import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { statusAt } from '../../client/src/status-list.js'
import { remoteKeys, remoteStatuses } from '../../client/src/verify.js'
import type { WantedChange } from '../../src/mandates/change.js'
import {
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postToken,
  startProofStage,
} from './proof-stage.js'

let stage: ProofStage
let nav: PlayedService
let other: PlayedService
let kari: Person
let ola: Person

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension', 'nav.family'])
  other = await stage.client('other-web', ['nav.pension'])
  kari = await stage.person('kari-nordby')
  ola = await stage.person('ola-nordby')
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

let mandateId: string
/** Each test has a mandate of its own. */
let object = 0
beforeEach(async () => {
  const powers = ['read', 'write'] as const
  object++
  mandateId = await stage.give(
    ola,
    kari,
    powers.map((action) => ({ service: 'nav.pension', action, object: `sak-${object}` })),
  )
})

interface Place {
  readonly idx: number
  readonly uri: string
}

/** A session of Kari's with the service, and the handle of the mandate of this test. */
async function session(service: PlayedService): Promise<{ handle: string; actorGrant: string }> {
  const { actor_grant: actorGrant, representations } = await openGrant(stage, service, kari)
  const mine = representations.find(({ powers }) => powers.some((power) => power['object'] === `sak-${object}`))
  if (mine === undefined) throw new Error('the mandate is not listed')
  return { handle: mine.handle, actorGrant }
}

async function issue(service = nav, at?: { handle: string; actorGrant: string }): Promise<Place> {
  const answer = await postToken(stage.url, await exchangeForm(stage, service, at ?? (await session(service))))
  if (answer.status !== 200) throw new Error(answer.text)
  const { status } = decodeJwt(String(answer.body['access_token'])) as { status?: { status_list: Place } }
  if (status === undefined) throw new Error('the token has no status')
  return status.status_list
}

/** The list as it is served now. */
async function listAt(uri: string): Promise<{ bytes: Uint8Array; iat: number }> {
  const response = await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } })
  return opened(await response.text())
}

function opened(token: string): { bytes: Uint8Array; iat: number } {
  const { status_list, iat = 0 } = decodeJwt<{ status_list: { lst: string } }>(token)
  return { bytes: inflateSync(Buffer.from(status_list.lst, 'base64url')), iat }
}

async function statusOf({ idx, uri }: Place): Promise<number> {
  return statusAt((await listAt(uri)).bytes, 2, idx) ?? Number.NaN
}

/** Once the list says so, or at the latest after three seconds. */
async function soon(place: Place, wanted: number): Promise<number> {
  const until = Date.now() + 3_000
  let status = await statusOf(place)
  while (status !== wanted && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    status = await statusOf(place)
  }
  return status
}

async function version(): Promise<number> {
  const rows = await stage.sql<{ version: number }>('select version from mandate where mandate_id = $1', [mandateId])
  return rows[0]?.version ?? 0
}

const change = async (wanted: WantedChange): Promise<void> => stage.change(mandateId, ola, await version(), wanted)

async function powerId(action: string): Promise<string> {
  const rows = await stage.sql<{ id: string }>(
    'select mandate_power_id as id from mandate_power where mandate_id = $1 and action = $2 and upper_inf(recorded)',
    [mandateId, action],
  )
  return rows[0]?.id ?? ''
}

describe('an entry', () => {
  test('is one for the ground and the audience, whoever asks how often', async () => {
    const first = await issue()
    expect(first.uri).toBe(`${stage.url}/statuslists/1`)
    expect(await issue()).toEqual(first)
    const at = await session(nav)
    const many = await Promise.all(Array.from({ length: 8 }, () => issue(nav, at)))
    expect(many).toEqual(Array(8).fill(first))
  })

  test('is made once by many sessions at the same time', async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => session(nav)))
    const places = await Promise.all(sessions.map((at) => issue(nav, at)))
    expect(new Set(places.map(({ idx }) => idx)).size).toBe(1)
  })

  test('is another for another audience, and tells nothing of the order', async () => {
    const [here, there] = [await issue(nav), await issue(other)]
    expect(Math.abs(here.idx - there.idx)).toBeGreaterThan(1)
  })
})

describe('the next list', () => {
  test('says valid, then ended, for every audience', async () => {
    const places = [await issue(nav), await issue(other)]
    for (const place of places) expect(await statusOf(place)).toBe(0)
    await change({ kind: 'end' })
    for (const place of places) expect(await soon(place, 1)).toBe(1)
  })

  test('says frozen, and valid again when thawed, of the same entry', async () => {
    const place = await issue()
    await change({ kind: 'freeze' })
    expect(await soon(place, 2)).toBe(2)
    await change({ kind: 'thaw' })
    expect(await soon(place, 0)).toBe(0)
    expect(await issue()).toEqual(place)
  })

  test('says ended of what was narrowed, and the next token has an entry of its own', async () => {
    const place = await issue()
    await change({ kind: 'narrow', powers: [{ powerId: await powerId('write'), until: null }] })
    const next = await issue()
    expect(next).not.toEqual(place)
    expect(await soon(place, 1)).toBe(1)
    expect(await statusOf(next)).toBe(0)
  })

  test('says ended of a token that stands on facts which a register has changed', async () => {
    const place = await issue()
    const owner = await stage.asOwner()
    const closed = `with closed as (update party_fact set recorded = tstzrange(lower(recorded), clock_timestamp())
        where party_id = $1 and upper_inf(recorded) returning *)
      insert into party_fact (party_id, source, name, family_name, born_on, protected_address, residences, recorded)
      select party_id, source, name, family_name, born_on, protected_address, '{moved}', tstzrange(upper(recorded), null) from closed`
    await owner.query('begin')
    await owner.query(closed, [ola.partyId])
    await owner.query('commit')
    await owner.end()
    expect(await soon(place, 1)).toBe(1)
    expect(await statusOf(await issue())).toBe(0)
  })
})

describe('no token that was issued before the end’s answer', () => {
  test('is valid on the next list', async () => {
    const at = await Promise.all(Array.from({ length: 4 }, () => session(nav)))
    const issued: Place[] = []
    const refused: unknown[] = []
    const race = at.map(async (one) => {
      for (let n = 0; n < 12 || refused.length === 0; n++) {
        await issue(nav, one).then(
          (place) => issued.push(place),
          (error: unknown) => refused.push(error),
        )
      }
    })
    while (issued.length === 0 && refused.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await change({ kind: 'end' })
    const ended = Date.now()
    await Promise.all(race)
    expect(issued.length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    const { idx, uri } = issued[0] as Place
    expect(new Set(issued.map((place) => place.idx))).toEqual(new Set([idx]))
    expect(await soon({ idx, uri }, 1)).toBe(1)
    expect((await listAt(uri)).iat * 1000).toBeGreaterThanOrEqual(Math.floor(ended / 1000) * 1000 - 1000)
  })
})

describe('a list as it is served', () => {
  const url = (): string => `${stage.url}/statuslists/1`

  test('is what the draft says, and young', async () => {
    const response = await fetch(url())
    expect(response.headers.get('content-type')).toBe('application/statuslist+jwt')
    expect(response.headers.get('cache-control')).toBe('public, max-age=10')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const token = await response.text()
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'statuslist+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    })
    const { status_list, iat = 0, ...claims } = decodeJwt(token)
    expect(claims).toEqual({ iss: stage.url, sub: url(), exp: iat + 90, ttl: 30 })
    expect(status_list).toMatchObject({ bits: 2, aggregation_uri: `${stage.url}/statuslists` })
    expect(Date.now() / 1000 - iat).toBeLessThan(30)
  })

  test('is read by a package that is not ours as by our own', async () => {
    const place = await issue()
    await change({ kind: 'freeze' })
    expect(await soon(place, 2)).toBe(2)
    const token = await (await fetch(url())).text()
    const theirs = getListFromStatusListJWT(token).statusList
    const { bytes } = opened(token)
    expect(theirs).toHaveLength(2 ** 20)
    expect(theirs[place.idx]).toBe(2)
    expect(theirs.filter((status, index) => statusAt(bytes, 2, index) !== status)).toEqual([])
  })

  test('is not sent again to whoever has it', async () => {
    const first = await fetch(url())
    const etag = first.headers.get('etag') ?? ''
    await first.text()
    for (const known of [etag, `"x", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await fetch(url(), { headers: { 'if-none-match': known } })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await fetch(url(), { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
  })

  test.each([
    ['gzip', 'gzip'],
    ['deflate, gzip;q=0.5, br', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
    ['', null],
  ])('goes compressed to whoever takes that: %s', async (encodings, sent) => {
    const response = await fetch(url(), { headers: { 'accept-encoding': encodings } })
    expect(response.headers.get('content-encoding')).toBe(sent)
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    expect(opened(await response.text()).bytes).toHaveLength(2 ** 18)
  })

  test.each(['0', '2', '01', 'x', '999999999', '9999999999', '1%20'])('is not there: %s', async (id) => {
    const response = await fetch(`${stage.url}/statuslists/${id}`)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not_found'])
  })

  test('is not offered of another time', async () => {
    expect((await fetch(`${url()}?time=1795290400`)).status).toBe(501)
  })

  test('is found from the metadata', async () => {
    const metadata = await fetch(`${stage.url}/.well-known/oauth-authorization-server`)
    const { status_list_aggregation_endpoint: where } = (await metadata.json()) as Record<string, string>
    expect(where).toBe(`${stage.url}/statuslists`)
    expect(await (await fetch(where ?? '')).json()).toEqual({ status_lists: [url()] })
  })

  test('our own client takes it', async () => {
    const { uri, idx: index } = await issue()
    const statuses = remoteStatuses(stage.url, remoteKeys(new URL(`${stage.url}/jwks`)))
    await expect(statuses({ uri, index }, new Date())).resolves.toBeUndefined()
    await expect(statuses({ uri, index }, new Date(Date.now() + 120_000))).rejects.toMatchObject({
      code: 'status_unavailable',
    })
  })
})
