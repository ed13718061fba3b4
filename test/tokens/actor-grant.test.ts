import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type CryptoKey, SignJWT, UnsecuredJWT, decodeJwt } from 'jose'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { recordPartyFacts } from '../../src/store/party-store.js'
import { seconds } from '../login/signing-provider.js'
import {
  DAY,
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
} from './proof-stage.js'
import { SPELLINGS } from './spellings.js'

let stage: ProofStage
let nav: PlayedService
let tax: PlayedService
let token: string
const people: Record<string, Person> = {}

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension', 'muni.school'])
  tax = await stage.client('skatt-web', ['tax.return', 'tax.card'])
  token = await serviceToken(stage, nav)
  const ids = ['kari-nordby', 'ola-nordby', 'berit-haugen', 'astrid-haugen', 'olav-tveit', 'hedda-lind', 'tor-bakken']
  for (const id of [...ids, 'liv-bakken', 'anne-dahl', 'per-lunde']) people[id] = await stage.person(id)
})
afterAll(() => stage.stop())

function person(id: string): Person {
  const found = people[id]
  if (found === undefined) throw new Error(id)
  return found
}

function open(loginToken: unknown, bearer: string | undefined = token) {
  const body = { login_token: loginToken, login_token_type: ID_TOKEN }
  return postJson(`${stage.url}/v1/representations`, bearer, body)
}

async function grants(): Promise<number> {
  const [row] = await stage.sql<{ count: number }>('select count(*)::int as count from actor_grant')
  return row?.count ?? 0
}

describe('for whom the user may act here', () => {
  const pension = { service: 'nav.pension', action: 'read', provider: null, object: null, scope: 'nav.pension.read' }

  test('is listed by handles, with name and year of birth, and with the powers in the client’s services', async () => {
    const until = new Date(Date.now() + 30 * DAY)
    const given = {
      service: 'muni.school',
      action: 'communicate',
      provider: '958935420',
      object: 'Grønli skole',
    } as const
    await stage.give(person('ola-nordby'), person('kari-nordby'), [
      { service: 'nav.pension', action: 'read', until },
      { ...given, until },
      { service: 'tax.return', action: 'read', until },
    ])
    const listing = await openGrant(stage, nav, person('kari-nordby'))
    expect(listing.complete).toBe(true)
    expect(listing.representations).toEqual([
      {
        handle: expect.stringMatching(/^r_[\w-]{22}$/),
        principal: { handle: expect.stringMatching(/^p_[\w-]{22}$/), name: 'Ola Nordby', born_year: 1978 },
        basis: 'mandate',
        powers: expect.arrayContaining([
          { ...pension, valid_until: until.toISOString() },
          { ...given, scope: 'muni.school.communicate', valid_until: until.toISOString() },
        ]),
      },
    ])
    expect(listing.representations[0]?.powers).toHaveLength(2)
  })

  test('has the same handles next time, and others for another client', async () => {
    const [first, again] = [
      await openGrant(stage, nav, person('kari-nordby')),
      await openGrant(stage, nav, person('kari-nordby')),
    ]
    const foreign = await openGrant(stage, tax, person('kari-nordby'))
    expect(again.representations).toEqual(first.representations)
    expect(again.actor_grant).not.toBe(first.actor_grant)
    const handles = (listing: Listing) =>
      listing.representations.flatMap(({ handle, principal }) => [handle, principal.handle])
    expect(handles(foreign)).toHaveLength(2)
    expect(handles(first).filter((handle) => handles(foreign).includes(handle))).toEqual([])
    expect(foreign.representations[0]?.powers.map(({ scope }) => scope)).toEqual(['tax.return.read'])
  })

  test('is no one for a person whom we have never seen, who gets a grant all the same', async () => {
    const listing = await openGrant(stage, nav, person('per-lunde'))
    expect(listing).toMatchObject({
      representations: [],
      complete: true,
      actor_grant: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('is decided at the level of this login', async () => {
    await stage.give(person('tor-bakken'), person('liv-bakken'), [
      { service: 'tax.return', action: 'read' },
      { service: 'tax.card', action: 'read' },
    ])
    const scopes = async (acr: string) =>
      (await openGrant(stage, tax, person('liv-bakken'), { acr })).representations.flatMap(({ powers }) =>
        powers.map(({ scope }) => scope),
      )
    expect((await scopes('idporten-loa-high')).sort()).toEqual(['tax.card.read', 'tax.return.read'])
    expect(await scopes('idporten-loa-substantial')).toEqual(['tax.card.read'])
    expect(await scopes('idporten-loa-low')).toEqual([])
  })

  const now = Date.now()
  const pensionRead = { service: 'nav.pension', action: 'read' } as const
  const anne = () => person('anne-dahl')

  test('counts a mandate in force', async () => {
    const jon = await stage.person('jon-dahl')
    await stage.give(anne(), jon, [pensionRead])
    expect((await openGrant(stage, nav, jon)).representations).toHaveLength(1)
  })

  test.each<[string, string, (helper: Person) => Promise<unknown>]>([
    [
      'a mandate that was ended',
      'magnus-vik',
      async (helper) => stage.change(await stage.give(anne(), helper, [pensionRead]), anne(), 1, { kind: 'end' }),
    ],
    [
      'a frozen mandate',
      'gunnar-strand',
      async (helper) => stage.change(await stage.give(anne(), helper, [pensionRead]), anne(), 1, { kind: 'freeze' }),
    ],
    [
      'a mandate that has expired',
      'silje-berge',
      (helper) =>
        stage.give(anne(), helper, [{ ...pensionRead, from: new Date(now - 2 * DAY), until: new Date(now - DAY) }]),
    ],
    [
      'a mandate that has not begun',
      'thomas-berge',
      (helper) => stage.give(anne(), helper, [{ ...pensionRead, from: new Date(now + DAY) }]),
    ],
    [
      'an offer that was not accepted',
      'camilla-lien',
      (helper) => stage.give(anne(), helper, [pensionRead], 'offered'),
    ],
    ['a dead principal', 'henrik-lien', (helper) => stage.give(person('olav-tveit'), helper, [pensionRead])],
    [
      'a protected principal where the service refuses',
      'elle-gaup',
      (helper) => stage.give(person('hedda-lind'), helper, [{ service: 'muni.school', action: 'read' }]),
    ],
    [
      'an action that the catalogue does not let be given',
      'mahtte-eira',
      (helper) => stage.give(anne(), helper, [{ service: 'nav.pension', action: 'receive' }]),
    ],
  ])('does not count %s', async (_, id, give) => {
    const helper = await stage.person(id)
    await give(helper)
    expect((await openGrant(stage, nav, helper)).representations).toEqual([])
  })

  test('counts a protected principal where the service helps by handle, and tells no number', async () => {
    const helper = await stage.person('lene-kvam')
    await stage.give(person('hedda-lind'), helper, [pensionRead])
    const listing = await openGrant(stage, nav, helper)
    expect(listing.representations.map(({ principal }) => principal.name)).toEqual(['Hedda Lind'])
    expect(JSON.stringify(listing)).not.toMatch(/\b\d{11}\b/)
  })
})

describe('the grant', () => {
  test('ends two hours after the login, and after half an hour without use', async () => {
    const authenticated = seconds(-3_000)
    const listing = await openGrant(stage, nav, person('kari-nordby'), { auth_time: authenticated })
    expect(listing.actor_grant_expires_at).toBe(new Date((authenticated + 7_200) * 1000).toISOString())
    expect(listing.actor_grant_idle_seconds).toBe(1_800)
  })

  test('is kept as a hash only, and the log knows of it before the answer leaves', async () => {
    const listing = await openGrant(stage, nav, person('kari-nordby'))
    const rows = await stage.sql<{ row: string }>('select to_json(g)::text as row from actor_grant g')
    expect(rows.map(({ row }) => row).join()).not.toContain(listing.actor_grant)
    const entry = (await stage.log('representations_listed')).at(-1)
    expect(entry).toMatchObject({ actor: person('kari-nordby').partyId, principal: null, clientId: 'nav-web' })
    expect(entry?.told).toMatchObject({
      catalogue_version: 3,
      complete: true,
      login: { level: 'high', acr: 'idporten-loa-high', proof: 'login_token' },
      representations: [
        {
          principal: person('ola-nordby').partyId,
          powers: expect.arrayContaining([
            expect.objectContaining({ service: 'nav.pension', action: 'read', allowed: true }),
          ]),
        },
      ],
    })
    expect(entry?.entry).not.toContain(listing.actor_grant)
    expect(entry?.entry).not.toContain('Nordby')
    expect(entry?.entry).not.toMatch(/\b\d{11}\b/)
  })

  test('is not opened when the log cannot be written', async () => {
    const loginToken = await stage.idToken(nav, person('kari-nordby'))
    const [grantsBefore, faultsBefore] = [await grants(), stage.faults.length]
    const owner = await stage.asOwner()
    await owner.query('alter table audit_entry add constraint no_more check (false) not valid')
    const answer = await open(loginToken)
    await owner.query('alter table audit_entry drop constraint no_more')
    await owner.end()
    expect(answer.status).toBe(500)
    expect(answer.body).not.toHaveProperty('actor_grant')
    expect(await grants()).toBe(grantsBefore)
    expect(stage.faults.splice(faultsBefore)).toHaveLength(1)
  })
})

describe('a login token is refused', () => {
  const kari = () => person('kari-nordby')
  const sign = (changes: object) => stage.idToken(nav, kari(), { ...changes })
  const resigned = async (header: object, key: CryptoKey) =>
    new SignJWT(decodeJwt(await sign({}))).setProtectedHeader({ alg: 'RS256', kid: 'rs-1', ...header }).sign(key)

  /** Made when the row runs, and what the refusal says, so that each row fails for its own fault. */
  const rows: [string, () => string | Promise<string>, string][] = [
    ['that is none', () => 'x.y.z', 'base64url'],
    ['that was issued to another client', () => stage.idToken(tax, kari()), 'aud'],
    ['for two clients', () => sign({ aud: ['nav-web', 'skatt-web'] }), 'aud'],
    ['that another client was given to use', () => sign({ azp: 'skatt-web' }), 'azp'],
    ['from another issuer', () => sign({ iss: 'https://idporten.example' }), 'iss'],
    ['that has expired', () => sign({ iat: seconds(-300), exp: seconds(-180), auth_time: seconds(-310) }), 'exp'],
    [
      'that is old, though it has not expired',
      () => sign({ iat: seconds(-180), exp: seconds(600), auth_time: seconds(-190) }),
      '120 s',
    ],
    ['from the future', () => sign({ iat: seconds(120), exp: seconds(240) }), 'iat'],
    ['of a login two hours ago', () => sign({ auth_time: seconds(-7_201) }), 'two hours'],
    ['without the time of the login', () => sign({ auth_time: undefined }), 'auth_time'],
    ['of a login at no known level', () => sign({ acr: 'selfregistered-email' }), 'acr'],
    ['without a person', () => sign({ pid: undefined }), 'person'],
    ['of a person whose number is none', () => sign({ pid: '1234' }), 'pid'],
    ['that is an access token', () => sign({ scope: 'openid profile' }), 'scope'],
    ['that no one has signed', async () => new UnsecuredJWT(decodeJwt(await sign({}))).encode(), 'base64url'],
    ['that a stranger has signed', () => resigned({}, stage.provider.keys.stranger), 'signature'],
    ['of the type of access tokens', () => resigned({ typ: 'at+jwt' }, stage.provider.keys['rs-1']), 'typ'],
    ...SPELLINGS.map(([what, spell]): [string, () => Promise<string>, string] => [
      `with ${what}`,
      async () => spell(await sign({})),
      'base64url',
    ]),
  ]

  test.each(rows)('%s', async (_, make, word) => {
    const [before, logged] = [await grants(), (await stage.log('representations_listed')).length]
    const { status, body } = await open(await make())
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'invalid_login_token' })
    expect(body['detail']).toContain(word)
    expect(JSON.stringify(body)).not.toMatch(/\b\d{11}\b/)
    expect(await grants()).toBe(before)
    expect(await stage.log('representations_listed')).toHaveLength(logged)
  })

  test('of a client that has no client at the identity provider', async () => {
    const without = await stage.client('no-login', ['nav.pension'], { loginIssuer: null, loginClientId: null })
    const answer = await open(await stage.idToken(nav, kari()), await serviceToken(stage, without))
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })
})

describe('a request is refused', () => {
  test.each<[string, unknown]>([
    ['without a login token', { login_token_type: ID_TOKEN }],
    ['without its type', { login_token: 'x' }],
    ['with another type', { login_token: 'x', login_token_type: 'urn:ietf:params:oauth:token-type:access_token' }],
    ['with a number for a token', { login_token: 1, login_token_type: ID_TOKEN }],
    ['with an unknown member', { login_token: 'x', login_token_type: ID_TOKEN, principal: 'p_1' }],
    ['with a member twice', `{"login_token":"x","login_token":"y","login_token_type":"${ID_TOKEN}"}`],
    ['that is an array', []],
    ['that is no JSON', '{'],
  ])('%s', async (_, body) => {
    expect((await postJson(`${stage.url}/v1/representations`, token, body)).status).toBe(400)
  })

  test.each<[string, () => Promise<string | undefined>, string]>([
    ['without a token of the service', () => Promise.resolve(undefined), 'Bearer'],
    ['with a wrong one', () => Promise.resolve('x.y.z'), 'Bearer error="invalid_token"'],
    ['with the user’s login token', () => stage.idToken(nav, person('kari-nordby')), 'Bearer error="invalid_token"'],
    ['with a delegation token', () => delegationToken(), 'Bearer error="invalid_token"'],
  ])('%s', async (_, bearer, challenge) => {
    for (const path of ['/v1/representations', '/v1/representations/end']) {
      const answer = await postJson(stage.url + path, await bearer(), { actor_grant: 'x' })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(challenge)
    }
  })

  async function delegationToken(): Promise<string> {
    const listing = await openGrant(stage, nav, person('kari-nordby'))
    const held = { handle: listing.representations[0]?.handle ?? '', actorGrant: listing.actor_grant }
    return String((await postToken(stage.url, await exchangeForm(stage, nav, held))).body['access_token'])
  }
})

describe('at the user’s logout', () => {
  const end = (actorGrant: string, bearer = token) =>
    postJson(`${stage.url}/v1/representations/end`, bearer, { actor_grant: actorGrant })

  test('the service ends the grant, once and for all, and the log tells', async () => {
    const listing = await openGrant(stage, nav, person('kari-nordby'))
    const held = { handle: listing.representations[0]?.handle ?? '', actorGrant: listing.actor_grant }
    expect((await postToken(stage.url, await exchangeForm(stage, nav, held))).status).toBe(200)
    const logged = (await stage.log('actor_grant_ended')).length
    expect((await end(listing.actor_grant)).status).toBe(204)
    expect((await end(listing.actor_grant)).status).toBe(204)
    expect((await postToken(stage.url, await exchangeForm(stage, nav, held))).status).toBe(400)
    const entries = await stage.log('actor_grant_ended')
    expect(entries).toHaveLength(logged + 1)
    expect(entries.at(-1)).toMatchObject({ actor: person('kari-nordby').partyId, clientId: 'nav-web' })
  })

  test('another service cannot end it, and is not told that it is there', async () => {
    const listing = await openGrant(stage, nav, person('kari-nordby'))
    const foreign = await serviceToken(stage, tax)
    expect((await end(listing.actor_grant, foreign)).status).toBe((await end(randomUUID(), foreign)).status)
    const held = { handle: listing.representations[0]?.handle ?? '', actorGrant: listing.actor_grant }
    expect((await postToken(stage.url, await exchangeForm(stage, nav, held))).status).toBe(200)
  })
})

test('a change in the register is seen at the next listing', async () => {
  await stage.give(person('astrid-haugen'), person('berit-haugen'), [{ service: 'nav.pension', action: 'read' }])
  expect((await openGrant(stage, nav, person('berit-haugen'))).representations).toHaveLength(1)
  await recordPartyFacts(stage.test.database, person('astrid-haugen').partyId, {
    source: SYNTHETIC_REGISTER,
    name: 'Astrid Haugen',
    familyName: 'Haugen',
    bornOn: '1936-05-14',
    diedOn: '2026-01-02',
    protectedAddress: false,
    ceased: false,
    capacityLost: [],
    residences: [],
  })
  expect((await openGrant(stage, nav, person('berit-haugen'))).representations).toEqual([])
})

test('nothing was told as a fault', () => {
  expect(stage.faults).toEqual([])
})
