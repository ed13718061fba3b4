import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type JWK, type JWTPayload, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { Maskinporten } from '../../src/registers/maskinporten.js'
import { IMPATIENT, type RegisterServer, type Reply, faultOf, json, startRegister, status } from './register-server.js'

const SCOPE = 'folkeregister:deling/offentligmedhjemmel'
const ISSUER = 'https://test.maskinporten.no/'

let keys: Awaited<ReturnType<typeof generateKeyPair>>
let clientKey: JWK
beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true })
  clientKey = { ...(await exportJWK(keys.privateKey)), kid: 'key-1' }
})

let server: RegisterServer
afterEach(() => server.stop())

async function startMaskinporten(...replies: Reply[]): Promise<{ maskinporten: Maskinporten; clock: { now: number } }> {
  server = await startRegister(...replies)
  const clock = { now: Date.now() }
  const maskinporten = new Maskinporten({
    issuer: ISSUER,
    tokenEndpoint: `${server.address}token`,
    clientId: 'our-client',
    clientKey: { ...clientKey },
    patience: IMPATIENT,
    now: () => clock.now,
  })
  return { maskinporten, clock }
}

const grant = (token: string, seconds = 120): Reply =>
  json({ access_token: token, token_type: 'Bearer', expires_in: seconds, scope: SCOPE })

async function assertionOf(body: string): Promise<{ claims: JWTPayload; kid: unknown }> {
  const form = new URLSearchParams(body)
  expect([...form.keys()]).toEqual(['grant_type', 'assertion'])
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', keys.publicKey, {
    algorithms: ['RS256'],
    audience: ISSUER,
  })
  return { claims: payload, kid: protectedHeader.kid }
}

describe('the assertion', () => {
  test('says who we are and what we want, lives at most 120 s, and names no resource', async () => {
    const { maskinporten } = await startMaskinporten(grant('t1'))
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t1')
    const { claims, kid } = await assertionOf(server.asked[0]?.body ?? '')
    expect(kid).toBe('key-1')
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'scope'])
    expect(claims).toMatchObject({ iss: 'our-client', scope: SCOPE, aud: ISSUER })
    const { iat = 0, exp = 0 } = claims
    expect(exp - iat).toBeLessThanOrEqual(120)
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(10)
  })

  test('is a new one at every try, for a jti is taken once', async () => {
    const { maskinporten } = await startMaskinporten(status(503), grant('t1'))
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t1')
    const [first, second] = await Promise.all(server.asked.map(({ body }) => assertionOf(body)))
    expect(first?.claims.jti).not.toBe(second?.claims.jti)
  })

  test.each([
    ['no kid', { kid: undefined }],
    ['a public key', { d: undefined }],
    ['another kind of key', { kty: 'EC' }],
  ])('needs a private RSA key with a name: %s', async (_, change) => {
    server = await startRegister()
    const options = { issuer: ISSUER, tokenEndpoint: ISSUER, clientId: 'c', clientKey: { ...clientKey, ...change } }
    expect(() => new Maskinporten(options)).toThrow(TypeError)
  })
})

describe('one token for each scope', () => {
  test('is fetched once for many callers at once, and kept', async () => {
    const { maskinporten } = await startMaskinporten(grant('t1'))
    const tokens = await Promise.all(Array.from({ length: 50 }, () => maskinporten.token(SCOPE)))
    expect(new Set(tokens)).toEqual(new Set(['t1']))
    await maskinporten.token(SCOPE)
    expect(server.asked).toHaveLength(1)
  })

  test('another scope has another token', async () => {
    const other = json({ access_token: 'krr', token_type: 'Bearer', expires_in: 120, scope: 'krr:x' })
    const { maskinporten } = await startMaskinporten(grant('freg'), other)
    await expect(maskinporten.token(SCOPE)).resolves.toBe('freg')
    await expect(maskinporten.token('krr:x')).resolves.toBe('krr')
    await expect(maskinporten.token(SCOPE)).resolves.toBe('freg')
  })

  test('is renewed while the old one still lives', async () => {
    const { maskinporten, clock } = await startMaskinporten(grant('t1'), grant('t2'))
    await maskinporten.token(SCOPE)
    clock.now += 89_000
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t1')
    clock.now += 2_000
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t2')
  })

  test('serves on where the renewal fails, as long as it lives and no longer', async () => {
    const { maskinporten, clock } = await startMaskinporten(grant('t1'), status(400))
    await maskinporten.token(SCOPE)
    clock.now += 100_000
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t1')
    clock.now += 15_000
    expect((await faultOf(maskinporten.token(SCOPE))).code).toBe('refused')
  })

  test('is fetched anew when a register did not take it; an older one changes nothing', async () => {
    const { maskinporten } = await startMaskinporten(grant('t1'), grant('t2'))
    maskinporten.forget(SCOPE, await maskinporten.token(SCOPE))
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t2')
    maskinporten.forget(SCOPE, 't1')
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t2')
    expect(server.asked).toHaveLength(2)
  })

  test('a failed fetch is not kept', async () => {
    const { maskinporten } = await startMaskinporten(status(400), grant('t1'))
    await faultOf(maskinporten.token(SCOPE))
    await expect(maskinporten.token(SCOPE)).resolves.toBe('t1')
  })
})

describe('faults', () => {
  const good = { access_token: 't', token_type: 'Bearer', expires_in: 120, scope: SCOPE }
  test.each<[string, Reply, string]>([
    [
      'our grant is refused',
      status(400, {}, '{"error":"invalid_grant","error_description":"x"}'),
      'refused (400 invalid_grant)',
    ],
    ['it is down', status(500), 'server_error (500)'],
    ['it is too much', status(429), 'throttled'],
    ['no token', json({ ...good, access_token: undefined }), 'malformed (answer.access_token)'],
    ['a token that breaks the header', json({ ...good, access_token: 'a\r\nb' }), 'malformed (answer.access_token)'],
    ['no life', json({ ...good, expires_in: 0 }), 'malformed (answer.expires_in)'],
    ['another kind of token', json({ ...good, token_type: 'DPoP' }), 'malformed (answer.token_type)'],
    ['another scope', json({ ...good, scope: 'krr:x' }), 'malformed (answer.scope)'],
    ['a page', status(200, { 'content-type': 'text/html' }, '<html>'), 'not_json'],
  ])('%s', async (_, reply, message) => {
    const { maskinporten } = await startMaskinporten(reply)
    expect((await faultOf(maskinporten.token(SCOPE))).message).toBe(`maskinporten: ${message}`)
  })
})
