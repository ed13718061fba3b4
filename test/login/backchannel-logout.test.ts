import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type JWTHeaderParameters, SignJWT } from 'jose'
import { hashOf, newSecret } from '../../src/login/opaque-secret.js'
import { PersonLogout } from '../../src/login/person-logout.js'
import { TokenRefused } from '../../src/login/strict-jws.js'
import type { PartyId } from '../../src/domain/party.js'
import { putClient } from '../../src/store/client-store.js'
import { statement } from '../../src/store/database.js'
import { ensureParty } from '../../src/store/party-store.js'
import { startSession, useSession } from '../../src/store/session-store.js'
import { freeIdentityNumber } from '../../standins/people.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import {
  CLIENT_ID,
  type Claims,
  type KeyName,
  type SigningProvider,
  seconds,
  startSigningProvider,
} from './signing-provider.js'

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
/** ID-porten's documentation shows an identity number in `sub`: it must not come out again. */
const NUMBER = freeIdentityNumber('1970-05-17', 'birth_number', 3, () => false) ?? ''

let provider: SigningProvider
let store: TestDatabase
let logout: PersonLogout
let party: PartyId

beforeAll(async () => {
  ;[provider, store] = await Promise.all([startSigningProvider(), testDatabase()])
  logout = new PersonLogout('https://fullmakt.example', store.database, await provider.client())
  party = await ensureParty(store.database, { scheme: 'fnr', value: NUMBER })
  const client = {
    clientId: 'nav',
    name: 'Nav',
    organisation: '889640782',
    services: [],
    mayUseNumbers: false,
    mayRule: [],
    workLoginIssuer: null,
    workLoginClientId: null,
    mayTellEmployments: false,
  }
  await putClient(store.database, {
    ...client,
    jwks: { keys: [] },
    loginIssuer: provider.issuer,
    loginClientId: 'nav-web',
  })
})
afterAll(async () => {
  await provider.stop()
  await store.drop()
})
beforeEach(async () => {
  for (const table of ['session', 'actor_grant']) {
    await store.database.query(statement(`test_empty_${table}`, `delete from ${table}`), [])
  }
  provider.answer = {}
})

/** A session with us; the hash it is found by. */
async function session(providerSession: string | null, subject = 'us:kari', issuer = provider.issuer): Promise<Buffer> {
  const sessionHash = hashOf(newSecret())
  const login = { issuer, subject, providerSession, acr: 'idporten-loa-high', level: 'high', language: 'nb' } as const
  const rest = { sessionHash, partyId: party, authenticatedAt: new Date(), idToken: 'eyJ' }
  await store.database.transaction((tx) => startSession(tx, { ...login, ...rest }))
  return sessionHash
}

const ADD_GRANT = statement(
  'test_add_grant',
  `insert into actor_grant (grant_hash, client_id, party_id, issuer, subject, provider_session, acr, level,
     authenticated_at, ends_at)
   values ($1, 'nav', $2, $3, $4, $5, 'idporten-loa-high', 'high', now(), now() + $6::interval)`,
)
const GRANTS = statement(
  'test_grants',
  'select subject, ended_at is not null as ended from actor_grant order by subject',
)

const grant = (providerSession: string, subject: string, life = '1 hour') =>
  store.database.query(ADD_GRANT, [hashOf(newSecret()), party, provider.issuer, subject, providerSession, life])
const grants = async () =>
  Object.fromEntries(
    (await store.database.query<{ subject: string; ended: boolean }>(GRANTS, [])).map(({ subject, ended }) => [
      subject,
      ended,
    ]),
  )
const lives = async (sessionHash: Buffer) => (await useSession(store.database, sessionHash)) !== null

function logoutToken(
  changes: Claims = {},
  header: Partial<JWTHeaderParameters> = {},
  key: KeyName = 'rs-1',
): Promise<string> {
  const claims = {
    iss: provider.issuer,
    aud: CLIENT_ID,
    sub: NUMBER,
    sid: 'sid-1',
    iat: seconds(0),
    exp: seconds(300),
    jti: newSecret(),
    events: EVENTS,
    ...changes,
  }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
  return new SignJWT(kept)
    .setProtectedHeader({ alg: 'RS256', kid: 'rs-1', typ: 'logout+jwt', ...header })
    .sign(provider.keys[key])
}

const AUDITED = statement(
  'test_audited',
  `select kind, client_id as "clientId", entry from audit_entry where actor = $1 order by occurred_at desc, entry_id desc limit $2`,
)
const audited = (count: number) =>
  store.database.query<{ kind: string; clientId: string | null; entry: string }>(AUDITED, [party, count])

describe('a logout token of the provider', () => {
  test('ends the sessions and the grants of that session with it, and no other', async () => {
    const [ended, twin] = [await session('sid-1'), await session('sid-1')]
    const others = [await session('sid-2'), await session(null), await session('sid-1', 'x', 'https://other.example')]
    await grant('sid-1', 'nav:kari')
    await grant('sid-2', 'nav:kari:elsewhere')
    store.statements.length = 0
    await logout.byProvider(await logoutToken())

    expect([await lives(ended), await lives(twin)]).toEqual([false, false])
    expect(await Promise.all(others.map(lives))).toEqual([true, true, true])
    expect(await grants()).toEqual({ 'nav:kari': true, 'nav:kari:elsewhere': false })
    expect(store.statements.filter((name) => name.startsWith('end_'))).toEqual([
      'end_sessions_by_provider_session',
      'end_actor_grants_by_provider_session',
    ])
    const entries = await audited(3)
    expect(entries.map(({ kind, clientId }) => [kind, clientId]).sort()).toEqual([
      ['actor_grant_ended', 'nav'],
      ['logged_out', null],
      ['logged_out', null],
    ])
    for (const { entry } of entries) {
      expect(JSON.parse(entry)).toMatchObject({ content: { cause: 'provider' } })
      expect(entry).not.toContain(NUMBER)
    }
  })

  test('without a session of its own ends all of the person', async () => {
    const mine = [await session('sid-1', NUMBER), await session(null, NUMBER)]
    const other = await session('sid-1', 'us:ola')
    await grant('sid-9', NUMBER)
    await logout.byProvider(await logoutToken({ sid: null }))
    expect(await Promise.all(mine.map(lives))).toEqual([false, false])
    expect(await lives(other)).toBe(true)
    expect(await grants()).toEqual({ [NUMBER]: true })
  })

  test('that no session is left for is taken all the same, and says nothing in the log', async () => {
    const before = (await audited(1000)).length
    await grant('sid-1', 'nav:over', '-1 second')
    await logout.byProvider(await logoutToken())
    expect(await audited(1000)).toHaveLength(before)
    expect(await grants()).toEqual({ 'nav:over': false })
  })

  test.each<[string, Claims, Partial<JWTHeaderParameters>, KeyName]>([
    ['signed with ES256', {}, { alg: 'ES256', kid: 'es-1' }, 'es-1'],
    ['signed with PS256', {}, { alg: 'PS256', kid: 'ps-1' }, 'ps-1'],
    ['with its certificate, as ID-porten sends it', {}, { x5c: ['MIIB'] }, 'rs-1'],
    ['with more than that in its event', { events: { ...EVENTS, 'https://more.example': {} } }, {}, 'rs-1'],
    ['with the audience in a list', { aud: [CLIENT_ID] }, {}, 'rs-1'],
    ['that is four minutes old', { iat: seconds(-240) }, {}, 'rs-1'],
    ['without a subject', { sub: null as unknown as string }, {}, 'rs-1'],
  ])('%s is taken', async (_name, changes, header, key) => {
    const ended = await session('sid-1')
    await logout.byProvider(await logoutToken(changes, header, key))
    expect(await lives(ended)).toBe(false)
  })
})

describe('a logout token is refused', () => {
  test.each<[string, Claims, Partial<JWTHeaderParameters>, KeyName, string]>([
    ['signed by a stranger', {}, {}, 'stranger', 'the signature is not by a key'],
    ['with an unknown key', {}, { kid: 'another' }, 'rs-1', 'the signature is not by a key'],
    [
      'with a key of its own',
      {},
      { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } },
      'stranger',
      'the header has the member jwk',
    ],
    ['without a type', {}, { typ: undefined as unknown as string }, 'rs-1', 'typ is not that of such a token'],
    ['of the type of id_tokens', {}, { typ: 'JWT' }, 'rs-1', 'typ is not that of such a token'],
    ['of another issuer', { iss: 'https://idporten.example' }, {}, 'rs-1', 'iss is not the identity provider'],
    ['for another client', { aud: 'another-client' }, {}, 'rs-1', 'aud is not this service'],
    ['for us among others', { aud: [CLIENT_ID, 'another-client'] }, {}, 'rs-1', 'aud is not this service'],
    ['that has expired', { exp: seconds(-40) }, {}, 'rs-1', 'exp has passed'],
    ['without an end', { exp: null as unknown as number }, {}, 'rs-1', 'exp is missing'],
    ['that is too old', { iat: seconds(-301) }, {}, 'rs-1', 'iat is too long ago'],
    ['of the future', { iat: seconds(60) }, {}, 'rs-1', 'iat or nbf lies in the future'],
    ['without the time of issue', { iat: null as unknown as number }, {}, 'rs-1', 'iat is missing'],
    ['without events', { events: null }, {}, 'rs-1', 'events does not tell of a logout'],
    ['with another event', { events: { 'https://more.example': {} } }, {}, 'rs-1', 'events does not tell of a logout'],
    [
      'with an event that is a text',
      { events: 'http://schemas.openid.net/event/backchannel-logout' },
      {},
      'rs-1',
      'events does not',
    ],
    [
      'with an event that is true',
      { events: { 'http://schemas.openid.net/event/backchannel-logout': true } },
      {},
      'rs-1',
      'events does not',
    ],
    [
      'with an event that is a list',
      { events: { 'http://schemas.openid.net/event/backchannel-logout': [] } },
      {},
      'rs-1',
      'events does not',
    ],
    ['with a nonce', { nonce: 'n' }, {}, 'rs-1', 'a logout token has no nonce'],
    ['without jti', { jti: null as unknown as string }, {}, 'rs-1', 'jti is missing'],
    ['with a jti that is longer than any', { jti: 'x'.repeat(257) }, {}, 'rs-1', 'jti is too long'],
    ['with neither session nor subject', { sid: null, sub: null as unknown as string }, {}, 'rs-1', 'sub is missing'],
    ['with a session that is no text', { sid: 7 }, {}, 'rs-1', 'sid is missing or no text'],
    ['with an empty session', { sid: '' }, {}, 'rs-1', 'sid is missing or no text'],
  ])('%s', async (_name, changes, header, key, reason) => {
    const untouched = await session('sid-1')
    await grant('sid-1', 'nav:kari')
    const refused = logout.byProvider(await logoutToken(changes, header, key))
    await expect(refused).rejects.toThrow(TokenRefused)
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.not.toThrow(NUMBER)
    expect(await lives(untouched)).toBe(true)
    expect(await grants()).toEqual({ 'nav:kari': false })
  })

  test('the second time, and what began meanwhile lives', async () => {
    const token = await logoutToken()
    await logout.byProvider(token)
    const later = await session('sid-1')
    await expect(logout.byProvider(token)).rejects.toThrow('the logout token has been used')
    expect(await lives(later)).toBe(true)
  })

  test('all but once when it comes many times at once', async () => {
    const token = await logoutToken()
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => logout.byProvider(token)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('and not used up when the database fails it: it is all or nothing', async () => {
    const untouched = await session('sid-1')
    const failing = new PersonLogout(
      'https://fullmakt.example',
      failingAt('append_audit_entries'),
      await provider.client(),
    )
    const token = await logoutToken()
    await expect(failing.byProvider(token)).rejects.toThrow('the database is gone')
    expect(await lives(untouched)).toBe(true)
    await logout.byProvider(token)
    expect(await lives(untouched)).toBe(false)
  })
})

/** The real database until it comes to that statement. */
function failingAt(name: string): typeof store.database {
  const { database } = store
  const transaction: typeof database.transaction = (work) =>
    database.transaction((tx) =>
      work({
        isTransaction: true,
        query: (wanted, values) =>
          wanted.name === name ? Promise.reject(new Error('the database is gone')) : tx.query(wanted, values),
      }),
    )
  return Object.assign(Object.create(database) as typeof database, { transaction })
}

describe('the form that logs out at the provider', () => {
  test('goes where the provider says', async () => {
    provider.answer = { end_session_endpoint: `${provider.issuer}/logout?tenant=1` }
    const form = await new PersonLogout('https://fullmakt.example', store.database, await provider.client()).formFor(
      'eyJ',
    )
    expect(form).toEqual({
      action: `${provider.issuer}/logout?tenant=1`,
      fields: { id_token_hint: 'eyJ', post_logout_redirect_uri: 'https://fullmakt.example/' },
    })
  })

  test('is none where the provider has no such place, or does not answer', async () => {
    for (const answer of [{}, null]) {
      provider.answer = answer
      const alone = new PersonLogout('https://fullmakt.example', store.database, await provider.client())
      expect(await alone.formFor('eyJ')).toBeNull()
    }
  })
})
