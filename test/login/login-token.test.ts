import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWTHeaderParameters, SignJWT, exportSPKI, importJWK } from 'jose'
import { freeIdentityNumber } from '../../standins/people.js'
import { Problem } from '../../src/domain/problem.js'
import { LoginTokens, type LoginTokensOptions } from '../../src/login/login-token.js'
import {
  CLIENT_ID,
  type Claims,
  type KeyName,
  type SigningProvider,
  seconds,
  startSigningProvider,
} from './signing-provider.js'

const RESOURCE = 'https://fullmakt.example'
const SCOPE = 'fullmakt:me'
const NUMBER = freeIdentityNumber('1980-11-02', 'birth_number', 17, () => false) ?? ''
const D_NUMBER = freeIdentityNumber('1980-11-02', 'd_number', 17, () => false) ?? ''

let provider: SigningProvider
let options: LoginTokensOptions
let tokens: LoginTokens
let production: LoginTokens

beforeAll(async () => {
  provider = await startSigningProvider()
  options = { provider: await provider.client(), workProvider: null, numberSeries: 'synthetic', resource: RESOURCE }
  tokens = new LoginTokens(options)
  production = new LoginTokens({ ...options, numberSeries: 'real' })
})
afterAll(() => provider.stop())

/** What ID-porten says in an id_token, as documented; null takes a claim out. */
function idClaims(changes: Claims = {}): Claims {
  const claims = {
    iss: provider.issuer,
    aud: CLIENT_ID,
    sub: 'pairwise-subject',
    sid: 'provider-session',
    pid: NUMBER,
    acr: 'idporten-loa-high',
    amr: ['BankID'],
    auth_time: seconds(-60),
    iat: seconds(-1),
    exp: seconds(119),
    jti: 'one',
    nonce: 'some-nonce',
    locale: 'nb',
    ...changes,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
}

/** The same for an access token by value. */
function accessClaims(changes: Claims = {}): Claims {
  const added = {
    aud: 'unspecified',
    client_id: 'some-app',
    client_amr: 'none',
    scope: `openid profile ${SCOPE}`,
    token_type: 'Bearer',
    consumer: { authority: 'iso6523-actorid-upis', ID: '0192:991825827' },
  }
  return idClaims({ ...added, nonce: null, auth_time: null, sid: null, ...changes })
}

async function sign(claims: Claims, header: Partial<JWTHeaderParameters> = {}, key: KeyName = 'rs-1'): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rs-1', ...header }).sign(provider.keys[key])
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signed with a published key over the very text of these parts, whatever they are. */
async function signText(header: string, payload: string): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', provider.keys['rs-1'], Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

/** The same login in another spelling: spare bits set in the last character of the signature. */
function respelt(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1] ?? '')
}

/** RSA public key taken for an HMAC secret: the oldest confusion of all. */
async function macWithPublicKey(): Promise<string> {
  const publicKey = await importJWK(provider.publicKey, 'RS256', { extractable: true })
  if (publicKey instanceof Uint8Array) throw new Error('the provider signs with a shared secret')
  const input = `${encode({ alg: 'HS256', kid: 'rs-1' })}.${encode(idClaims())}`
  return `${input}.${createHmac('sha256', await exportSPKI(publicKey))
    .update(input)
    .digest('base64url')}`
}

/** Valid check digits, of the series of real people, for a day that has not come yet: no one bears it. */
function realLookingNumber(): string {
  const digit = (digits: string, weights: readonly number[]) =>
    (11 - (weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11)) % 11
  for (let serial = 999; serial >= 500; serial--) {
    const nine = `311239${serial}`
    const first = digit(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2])
    const second = digit(`${nine}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    if (first < 10 && second < 10) return `${nine}${first}${second}`
  }
  throw new Error('no such number')
}

const verifyId = (token: string, with_ = tokens) =>
  with_.verifyIdToken(token, { issuer: provider.issuer, clientId: CLIENT_ID })
const verifyAccess = (token: string) => tokens.verifyAccessToken(token, { issuer: provider.issuer, scope: SCOPE })

/** The refusal; its text must repeat nothing that the token said of a person. */
async function refusal(verified: Promise<unknown>): Promise<Problem> {
  const problem: unknown = await verified.then(
    () => new Error('the token was taken'),
    (error: unknown) => error,
  )
  if (!(problem instanceof Problem)) throw problem
  const text = `${problem.message} ${JSON.stringify(problem.more)} ${String(problem.cause)}`
  for (const secret of [NUMBER, D_NUMBER, 'pairwise-subject', 'provider-session']) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/\d{9}/)
  return problem
}

describe('an id_token is taken', () => {
  test('with everything that ID-porten documents, and frozen', async () => {
    const claims = idClaims()
    const login = await verifyId(await sign(claims))
    expect(login).toEqual({
      identifier: { scheme: 'fnr', value: NUMBER },
      worksFor: null,
      issuer: provider.issuer,
      subject: 'pairwise-subject',
      providerSession: 'provider-session',
      acr: 'idporten-loa-high',
      level: 'high',
      authenticatedAt: new Date(Number(claims['auth_time']) * 1000),
      expiresAt: new Date(Number(claims.exp) * 1000),
    })
    expect(Object.isFrozen(login) && Object.isFrozen(login.identifier)).toBe(true)
  })

  test.each<[string, Claims, Partial<JWTHeaderParameters>, KeyName, object]>([
    ['signed with PS256', {}, { alg: 'PS256', kid: 'ps-1' }, 'ps-1', {}],
    ['signed with ES256', {}, { alg: 'ES256', kid: 'es-1' }, 'es-1', {}],
    ['that says it is a JWT', {}, { typ: 'JWT' }, 'rs-1', {}],
    ['with one audience in a list', { aud: [CLIENT_ID] }, {}, 'rs-1', {}],
    ['with amr as a text', { amr: 'BankID Mobil' }, {}, 'rs-1', {}],
    ['of the test eID outside production', { amr: ['TestID'] }, {}, 'rs-1', {}],
    ['without a session', { sid: null }, {}, 'rs-1', { providerSession: null }],
    ['of someone with a d-number', { pid: D_NUMBER }, {}, 'rs-1', { identifier: { scheme: 'dnr', value: D_NUMBER } }],
    ['at the old name of a level', { acr: 'Level3' }, {}, 'rs-1', { level: 'substantial' }],
    ['that expired within the skew of clocks', { exp: seconds(-20) }, {}, 'rs-1', {}],
    ['from a clock that goes ahead', { iat: seconds(20), auth_time: seconds(20) }, {}, 'rs-1', {}],
    [
      'of a foreigner whom no number is known of',
      { pid: null, eidas_identifier: 'SE/NO/199001011234', acr: 'eidas-loa-high' },
      {},
      'rs-1',
      { identifier: { scheme: 'eidas', value: 'SE/NO/199001011234' }, level: 'high' },
    ],
    [
      'of a foreigner by the number, where one is known',
      { eidas_identifier: 'SE/NO/199001011234', acr: 'eidas-loa-high' },
      {},
      'rs-1',
      { identifier: { scheme: 'fnr', value: NUMBER } },
    ],
  ])('%s', async (_name, changes, header, key, expected) => {
    expect(await verifyId(await sign(idClaims(changes), header, key))).toMatchObject(expected)
  })
})

describe('an id_token is refused', () => {
  type Made = () => string | Promise<string>
  const changed =
    (changes: Claims): Made =>
    () =>
      sign(idClaims(changes))
  const headed =
    (header: Partial<JWTHeaderParameters>, key: KeyName = 'rs-1'): Made =>
    () =>
      sign(idClaims(), header, key)
  const spelt =
    (change: (token: string) => string): Made =>
    async () =>
      change(await sign(idClaims()))
  const signature = 'the signature is not by a key of the identity provider'
  const form = 'three segments of canonical base64url'

  test.each<[string, Made, string]>([
    // Its form.
    ['that is empty', () => '', form],
    ['with padding', spelt((token) => `${token}==`), form],
    ['with a space at the end', spelt((token) => `${token} `), form],
    ['with a line feed inside', spelt((token) => `${token.slice(0, -4)}\n${token.slice(-4)}`), form],
    ['in another spelling of the signature', spelt(respelt), form],
    ['that is longer than any', changed({ filling: 'x'.repeat(16_384) }), 'longer than 16 KiB'],
    ['without a signature', spelt((token) => token.slice(0, token.lastIndexOf('.') + 1)), form],
    [
      'with alg twice',
      () => signText('{"alg":"none","alg":"RS256","kid":"rs-1"}', JSON.stringify(idClaims())),
      'the header names a member twice',
    ],
    [
      'with pid twice',
      () => signText('{"alg":"RS256","kid":"rs-1"}', `{"pid":"1",${JSON.stringify(idClaims()).slice(1)}`),
      'the payload names a member twice',
    ],
    // Its algorithm and key.
    [
      'with alg none',
      spelt((token) => `${encode({ alg: 'none', kid: 'rs-1' })}.${token.split('.')[1] ?? ''}.AAAA`),
      'alg is not taken',
    ],
    [
      'with alg None',
      spelt((token) => `${encode({ alg: 'None', kid: 'rs-1' })}.${token.split('.')[1] ?? ''}.AAAA`),
      'alg is not taken',
    ],
    [
      'with alg rs256 in small letters',
      () => signText('{"alg":"rs256","kid":"rs-1"}', JSON.stringify(idClaims())),
      'alg is not taken',
    ],
    ['with our public key as a shared secret', macWithPublicKey, 'alg is not taken'],
    ['without alg', () => signText('{"kid":"rs-1"}', JSON.stringify(idClaims())), 'alg is not taken'],
    ['without kid', () => signText('{"alg":"RS256"}', JSON.stringify(idClaims())), 'kid is missing'],
    ['with a kid that no key has', headed({ kid: 'another' }), signature],
    ['with a kid that reads like a path', headed({ kid: '../../dev/null' }), signature],
    ['signed by a stranger under a known kid', headed({}, 'stranger'), signature],
    ['signed with one key under the name of another', headed({ kid: 'ps-1' }), signature],
    [
      'signed with PS256 by the key for RS256',
      () => signText('{"alg":"PS256","kid":"rs-1"}', JSON.stringify(idClaims())),
      signature,
    ],
    ['signed with the key for encryption', headed({ kid: 'enc-1' }, 'enc-1'), signature],
    [
      'that brings its own key',
      headed({ jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 'stranger'),
      'the header has the member jwk',
    ],
    [
      'that says where its keys are',
      headed({ jku: 'https://evil.example/keys' }, 'stranger'),
      'the header has the member jku',
    ],
    [
      'that says where its certificate is',
      headed({ x5u: 'https://evil.example/c' }, 'stranger'),
      'the header has the member x5u',
    ],
    ['with a certificate that a stranger made', headed({ x5c: ['MIIB'] }, 'stranger'), signature],
    [
      'that has been altered',
      spelt((token) => token.replace(/\.[^.]+\./, `.${encode(idClaims({ acr: 'Level4' }))}.`)),
      signature,
    ],
    // What it is.
    ['that is an access token by its type', headed({ typ: 'at+jwt' }), 'typ is not that of such a token'],
    ['that is a logout token by its type', headed({ typ: 'logout+jwt' }), 'typ is not that of such a token'],
    ['that is some other JWT', headed({ typ: 'secevent+jwt' }), 'typ is not that of such a token'],
    [
      'that is an access token by its content',
      () => sign(accessClaims({ aud: CLIENT_ID, auth_time: seconds(-9) })),
      'carries a scope',
    ],
    // Who issued it and to whom.
    ['of another issuer', changed({ iss: 'https://idporten.example' }), 'iss is not the identity provider'],
    [
      'of an issuer with a slash too many',
      () => sign(idClaims({ iss: `${provider.issuer}/` })),
      'iss is not the identity provider',
    ],
    [
      'of several issuers',
      () => sign(idClaims({ iss: [provider.issuer] as unknown as string })),
      'iss is not the identity provider',
    ],
    ['for another client', changed({ aud: 'another-client' }), 'aud is not the client'],
    ['for us among others', changed({ aud: [CLIENT_ID, 'another-client'] }), 'aud is not the client'],
    ['for no one', changed({ aud: null as unknown as string }), 'aud is not the client'],
    ['for a client whose name begins like ours', changed({ aud: `${CLIENT_ID}-2` }), 'aud is not the client'],
    ['given to another client', changed({ azp: 'another-client' }), 'azp is another'],
    // When.
    ['that has expired', changed({ iat: seconds(-160), exp: seconds(-40) }), 'exp has passed'],
    ['without an end', changed({ exp: null as unknown as number }), 'exp is missing'],
    [
      'with an end that is a text',
      changed({ exp: '9999999999' as unknown as number }),
      'exp is missing or not in whole seconds',
    ],
    [
      'with an end in parts of a second',
      changed({ exp: seconds(100) + 0.5 }),
      'exp is missing or not in whole seconds',
    ],
    ['of the future', changed({ iat: seconds(60) }), 'iat or nbf lies in the future'],
    ['that is not valid yet', changed({ nbf: seconds(60) }), 'iat or nbf lies in the future'],
    ['without the time of issue', changed({ iat: null as unknown as number }), 'iat is missing'],
    ['without the time of the login', changed({ auth_time: null }), 'auth_time is missing'],
    ['of a login after its issue', changed({ auth_time: seconds(60) }), 'auth_time lies after iat'],
    // How.
    ['without a level', changed({ acr: null }), 'acr is missing'],
    ['at an unknown level', changed({ acr: 'idporten-loa-higher' }), 'acr is no known level'],
    ['at a level that only ends like one', changed({ acr: 'evil-high' }), 'acr is no known level'],
    [
      'of someone who registered himself',
      changed({ acr: 'selfregistered-email', email: 'a@b.example' }),
      'acr is no known level',
    ],
    ['of an employee without a proven person', changed({ acr: 'entraid' }), 'acr is no known level'],
    ['with several levels', changed({ acr: ['idporten-loa-high'] }), 'acr is missing or no text'],
    // Whom.
    ['that names no person', changed({ pid: null }), 'it names no person'],
    ['with an empty number', changed({ pid: '' }), 'pid is missing or no text'],
    ['with a number as a number', changed({ pid: Number(NUMBER) }), 'pid is missing or no text'],
    [
      'with wrong check digits',
      changed({ pid: `${NUMBER.slice(0, -1)}${(Number(NUMBER.at(-1)) + 1) % 10}` }),
      'identifier_check_digits',
    ],
    ['with a number that is not eleven digits', changed({ pid: `${NUMBER} ` }), 'identifier_malformed'],
    [
      'with the number of a real person outside production',
      () => sign(idClaims({ pid: realLookingNumber() })),
      'identifier_wrong_series',
    ],
    ['with an organisation for a person', changed({ pid: '889640782' }), 'pid holds an identifier of another kind'],
    [
      'with a foreign identifier for a number',
      changed({ pid: 'SE/NO/199001011234' }),
      'pid holds an identifier of another kind',
    ],
    [
      'with a number for a foreign identifier',
      changed({ pid: null, eidas_identifier: NUMBER }),
      'eidas_identifier holds an identifier of another kind',
    ],
    [
      'with a foreign identifier that is none',
      changed({ pid: null, eidas_identifier: 'Sweden' }),
      'identifier_malformed',
    ],
    ['without a subject', changed({ sub: null as unknown as string }), 'sub is missing'],
    ['with a session that is no text', changed({ sid: 7 }), 'sid is missing or no text'],
  ])('%s', async (_name, make, reason) => {
    const problem = await refusal(verifyId(await make()))
    expect(problem.code).toBe('invalid_login_token')
    expect(problem.detail).toContain(reason)
  })

  test.each<[string, Claims, string]>([
    ['of the test eID', { amr: ['BankID', 'TestID'] }, 'amr is the test eID'],
    ['of the test eID in the old form', { amr: 'TestID' }, 'amr is the test eID'],
    ['of a synthetic person', {}, 'identifier_wrong_series'],
  ])('%s in production', async (_name, changes, reason) => {
    expect((await refusal(verifyId(await sign(idClaims(changes)), production))).detail).toContain(reason)
  })

  test('when the client that asks logs its people in with another provider', async () => {
    const expected = { issuer: 'https://login.example', clientId: CLIENT_ID }
    const problem = await refusal(tokens.verifyIdToken(await sign(idClaims({ iss: expected.issuer })), expected))
    expect(problem.detail).toContain('logins of that issuer are not taken')
  })
})

describe('an access token is taken', () => {
  test.each<[string, Claims, Partial<JWTHeaderParameters>, object]>([
    ['as ID-porten makes it', {}, {}, { authenticatedAt: null, providerSession: null, level: 'high' }],
    ['of the type that RFC 9068 names', {}, { typ: 'at+jwt' }, {}],
    ['asked for this service', { aud: RESOURCE }, {}, {}],
    [
      'that tells when the login was',
      { auth_time: 1_795_290_400 },
      {},
      { authenticatedAt: new Date(1_795_290_400_000) },
    ],
  ])('%s', async (_name, changes, header, expected) => {
    const access = await verifyAccess(await sign(accessClaims(changes), header))
    expect(access).toMatchObject({ identifier: { scheme: 'fnr', value: NUMBER }, ...expected })
    expect(Object.isFrozen(access)).toBe(true)
  })
})

describe('an access token is refused', () => {
  test.each<[string, Claims, Partial<JWTHeaderParameters>, string]>([
    ['that is an id_token', { scope: null, client_id: null, nonce: 'n' }, {}, 'scope is missing'],
    ['without a client', { client_id: null }, {}, 'client_id is missing'],
    ['that carries a nonce', { nonce: 'n' }, {}, 'it carries a nonce'],
    ['for another service', { aud: 'https://api.example/other' }, {}, 'aud is another service'],
    ['for this service and another', { aud: [RESOURCE, 'https://api.example/other'] }, {}, 'aud is another service'],
    ['for no service', { aud: null as unknown as string }, {}, 'aud is another service'],
    ['that is bound to a key', { cnf: { jkt: '0ZcOCORZNYy' } }, {}, 'it is bound to a key'],
    ['with scopes in a list', { scope: [SCOPE] }, {}, 'scope is missing or no text'],
    ['without a person', { pid: null }, {}, 'it names no person'],
    ['without a level', { acr: null }, {}, 'acr is missing'],
    ['that has expired', { iat: seconds(-160), exp: seconds(-40) }, {}, 'exp has passed'],
    ['of another type', {}, { typ: 'dpop+jwt' }, 'typ is not that of such a token'],
    ['that is a logout token', {}, { typ: 'logout+jwt' }, 'typ is not that of such a token'],
  ])('%s', async (_name, changes, header, reason) => {
    const problem = await refusal(verifyAccess(await sign(accessClaims(changes), header)))
    expect(problem.code).toBe('invalid_access_token')
    expect(problem.detail).toContain(reason)
  })

  test.each(['openid profile', `${SCOPE}.write`, `x${SCOPE}`, SCOPE.toUpperCase()])(
    'with only the scope %s',
    async (scope) => {
      const problem = await refusal(verifyAccess(await sign(accessClaims({ scope }))))
      expect(problem).toMatchObject({
        code: 'not_with_this_login',
        more: { error: 'insufficient_scope', scope: SCOPE },
      })
    },
  )

  test('by its scope only when all else is right', async () => {
    const problem = await refusal(verifyAccess(await sign(accessClaims({ scope: 'openid', pid: null }))))
    expect(problem.code).toBe('invalid_access_token')
  })
})

test('keys are fetched once for many tokens, and strange kids do not make us ask again and again', async () => {
  const known = new LoginTokens({ ...options, provider: await provider.client() })
  const before = provider.asked.get('/keys') ?? 0
  const token = await sign(idClaims())
  await Promise.all(Array.from({ length: 20 }, () => verifyId(token, known)))
  const foreign = await Promise.all(Array.from({ length: 20 }, (_, i) => sign(idClaims(), { kid: `unknown-${i}` })))
  await Promise.all(foreign.map((made) => refusal(verifyId(made, known))))
  expect((provider.asked.get('/keys') ?? 0) - before).toBe(1)
})
