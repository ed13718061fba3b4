import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  CompactSign,
  type CryptoKey,
  type JWK,
  SignJWT,
  calculateJwkThumbprint,
  decodeJwt,
  exportJWK,
  importJWK,
} from 'jose'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { remoteKeys, remoteStatuses, rememberProofs, verify } from '../../client/src/verify.js'
import { publicPart } from '../../dev/development-keys.js'
import { putAudience } from '../../src/store/client-store.js'
import { forgetUsedProofs, useDpopProof } from '../../src/store/dpop-proof-store.js'
import { seconds } from '../login/signing-provider.js'
import {
  type Answer,
  type Form,
  type Person,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  openGrant,
  postToken,
  proofOf,
  startProofStage,
} from '../tokens/proof-stage.js'
import { SPELLINGS, newKey, otherSignature } from '../tokens/spellings.js'

const API = 'https://api.nav.example'
const WITH_USER_TOKEN = 'https://older-api.nav.example'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

type Members = Readonly<Record<string, unknown>>

let stage: ProofStage
let nav: PlayedService
let kari: Person
let held: { handle: string; actorGrant: string }
let key: JWK
let stranger: JWK

beforeAll(async () => {
  stage = await startProofStage()
  nav = await stage.client('nav-web', ['nav.pension'])
  kari = await stage.person('kari-nordby')
  await stage.give(await stage.person('ola-nordby'), kari, [{ service: 'nav.pension', action: 'read' }])
  const registered = { clientId: 'nav-web', services: ['nav.pension'], details: 'own' } as const
  await putAudience(stage.test.database, { ...registered, audience: API, kind: 'api' })
  await putAudience(stage.test.database, { ...registered, audience: WITH_USER_TOKEN, kind: 'api_with_user_token' })
  const { actor_grant: actorGrant, representations } = await openGrant(stage, nav, kari)
  held = { actorGrant, handle: representations[0]?.handle ?? '' }
  ;[key, stranger] = [await newKey('mine'), await newKey('another')]
})
afterAll(async () => {
  await stage.stop()
  expect(stage.faults).toEqual([])
})

/** The public key as a proof shows it. */
function shown(jwk: JWK): JWK {
  const { kty, crv, x, y } = publicPart(jwk)
  return { kty, crv, x, y } as JWK
}

/** A proof for the token endpoint, right in all but what is changed. */
async function proofWith(claims: Members = {}, header: Members = {}, signer = key): Promise<string> {
  const made = { jti: randomUUID(), htm: 'POST', htu: `${stage.url}/oauth/token`, iat: seconds(0) }
  return new SignJWT({ ...made, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: shown(key), ...header })
    .sign(await importJWK(signer, 'ES256'))
}

async function exchange(proof: string | undefined, changes: Form = {}): Promise<Answer> {
  const form = await exchangeForm(stage, nav, held, { resource: API, ...changes })
  return postToken(stage.url, form, proof === undefined ? {} : { dpop: proof })
}

describe('a token is bound to the key that is proved', () => {
  test('for an API, and says so', async () => {
    const { status, body } = await exchange(await proofWith())
    expect([status, body['token_type']]).toEqual([200, 'DPoP'])
    const claims = decodeJwt(String(body['access_token']))
    const jkt = await calculateJwkThumbprint(key)
    expect(claims).toMatchObject({ aud: API, cnf: { jkt }, act: { sub_profile: 'user' } })
    expect((await stage.log('exchange')).at(-1)?.told).toMatchObject({ token: { jti: claims.jti, jkt } })
    const form = { token: String(body['access_token']), ...(await proofOf(stage, nav)) }
    const introspected = await postToken(stage.url, form, {}, 'introspect')
    expect(introspected.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt } })
  })

  test('for a session of its own too, where the service wants that', async () => {
    const { body } = await exchange(await proofWith(), { resource: nav.audience })
    expect(body['token_type']).toBe('DPoP')
    const bare = await exchange(undefined, { resource: nav.audience })
    expect(bare.body['token_type']).toBe('Bearer')
    expect(decodeJwt(String(bare.body['access_token']))).not.toHaveProperty('cnf')
  })

  test('unless the API demands the user’s own token beside it, and no proof was sent', async () => {
    expect((await exchange(undefined, { resource: WITH_USER_TOKEN })).body['token_type']).toBe('Bearer')
    expect((await exchange(await proofWith(), { resource: WITH_USER_TOKEN })).body['token_type']).toBe('DPoP')
  })

  const rows: readonly (readonly [string, () => Promise<string>])[] = [
    ['a query in htu', () => proofWith({ htu: `${stage.url}/oauth/token?x=1#y` })],
    ['htu in capitals', () => proofWith({ htu: `${stage.url.toUpperCase()}/oauth/token` })],
    ['escapes in htu', () => proofWith({ htu: `${stage.url}/oauth/%74oken` })],
    ['dots in htu', () => proofWith({ htu: `${stage.url}/x/../oauth/token` })],
    ['a minute old', () => proofWith({ iat: seconds(-58) })],
    ['a clock that is ahead', () => proofWith({ iat: seconds(58) })],
    ['a nonce that no one asked for', () => proofWith({ nonce: 'x' })],
    ['ath, which is for APIs', () => proofWith({ ath: 'x' })],
    ['a key with a name', () => proofWith({}, { jwk: { ...shown(key), kid: 'x', use: 'sig', alg: 'ES256' } })],
  ]
  test.each(rows)('by a proof with %s', async (_, make) => {
    const { body } = await exchange(await make())
    expect(body['token_type']).toBe('DPoP')
  })
})

describe('no token comes of a proof', () => {
  async function text(payload: string): Promise<string> {
    return new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: shown(key) })
      .sign(await importJWK(key, 'ES256'))
  }
  const plain = () =>
    JSON.stringify({ jti: randomUUID(), htm: 'POST', htu: `${stage.url}/oauth/token`, iat: seconds(0) })
  const unsigned = (alg: string) => async (): Promise<string> => {
    const [, payload = '', signature = ''] = (await proofWith()).split('.')
    const header = JSON.stringify({ alg, typ: 'dpop+jwt', jwk: shown(key) })
    return [Buffer.from(header).toString('base64url'), payload, signature].join('.')
  }
  const hmac = async (): Promise<string> =>
    new SignJWT(JSON.parse(plain()) as Members)
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: shown(key) })
      .sign(Buffer.from(JSON.stringify(shown(key))))

  const rows: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['that is empty', () => ''],
    ['that is none', () => 'x.y.z'],
    ['beside another', async () => `${await proofWith()}, ${await proofWith()}`],
    ...SPELLINGS.filter(([what]) => !what.includes('line break')).map(
      ([what, spell]) => [`with ${what}`, async () => spell(await proofWith())] as const,
    ),
    ...['none', 'None', 'NONE', 'nOnE', 'RS256', 'ES384', 'es256', ''].map(
      (alg) => [`alg ${alg}`, unsigned(alg)] as const,
    ),
    ['HS256 over the public key', hmac],
    ...['JWT', 'at+jwt', 'dpop', 'application/dpop+jwt', undefined].map(
      (typ) => [`typ ${String(typ)}`, () => proofWith({}, { typ })] as const,
    ),
    ...['jku', 'x5u', 'b64', 'zip'].map((name) => [`with ${name}`, () => proofWith({}, { [name]: 'x' })] as const),
    ['signed by another than the key it shows', () => proofWith({}, {}, stranger)],
    ['with the private key in it', () => proofWith({}, { jwk: { ...shown(key), d: key.d } })],
    ['without a key', () => proofWith({}, { jwk: undefined })],
    ['with an address for a key', () => proofWith({}, { jwk: 'https://keys.example' })],
    ['with a key that is no point', () => proofWith({}, { jwk: { ...shown(key), y: key.x } })],
    ['with a key in another spelling', () => proofWith({}, { jwk: { ...shown(key), x: `${key.x ?? ''}=` } })],
    ['with a key on another curve', () => proofWith({}, { jwk: { ...shown(key), crv: 'P-384' } })],
    ['with a secret for a key', () => proofWith({}, { jwk: { kty: 'oct', k: 'c2VjcmV0' } })],
    ['for another method', () => proofWith({ htm: 'GET' })],
    ['for the method in small letters', () => proofWith({ htm: 'post' })],
    ['for another of our doors', () => proofWith({ htu: `${stage.url}/oauth/introspect` })],
    ['for another host', () => proofWith({ htu: 'https://other.example/oauth/token' })],
    ['for a user at our host', () => proofWith({ htu: `${stage.url.replace('//', '//x@')}/oauth/token` })],
    ['for no address', () => proofWith({ htu: '/oauth/token' })],
    ['for a list of addresses', () => proofWith({ htu: [`${stage.url}/oauth/token`] })],
    ['made too long ago', () => proofWith({ iat: seconds(-62) })],
    ['made too far ahead', () => proofWith({ iat: seconds(63) })],
    ['made at half a second', () => proofWith({ iat: seconds(0) + 0.5 })],
    ['made at no time', () => proofWith({ iat: undefined })],
    ['without jti', () => proofWith({ jti: undefined })],
    ['with an endless jti', () => proofWith({ jti: 'x'.repeat(256) })],
    ['with a jti that no database takes', () => proofWith({ jti: 'a\0b' })],
    ['with a member twice', () => text(plain().replace('{', '{"htm":"POST",'))],
    ['nested deep', () => text(plain().replace('{', `{"x":${'['.repeat(3_000)}${']'.repeat(3_000)},"y":`) + '}')],
    ['with claims that are no object', () => text('[]')],
    ['that is a client assertion', async () => (await proofOf(stage, nav))['client_assertion'] ?? ''],
    ['that is a delegation token', async () => String((await exchange(await proofWith())).body['access_token'])],
  ]

  test.each(rows)('%s', async (_, make) => {
    const { status, body } = await exchange(await make())
    expect([status, body['error']]).toEqual([400, 'invalid_dpop_proof'])
    expect(String(body['error_description'])).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('that was used, in either spelling of its signature', async () => {
    const proof = await proofWith()
    expect((await exchange(proof)).status).toBe(200)
    for (const again of [proof, otherSignature(proof)]) {
      expect((await exchange(again)).body).toMatchObject({ error: 'invalid_dpop_proof' })
    }
  })

  test('that many bring at once, but for one', async () => {
    const proof = await proofWith()
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(proof)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('that is longer than the headers of a request may be', async () => {
    const dpop = await proofWith({ x: 'x'.repeat(20_000) })
    const response = await fetch(`${stage.url}/oauth/token`, { method: 'POST', headers: { dpop } })
    expect(response.status).toBe(431)
  })

  test('for asking, since those tokens are bound to nothing', async () => {
    const form = { grant_type: 'client_credentials', ...(await proofOf(stage, nav)) }
    const { body } = await postToken(stage.url, form, { dpop: await proofWith() })
    expect(body['error']).toBe('invalid_dpop_proof')
  })

  test('and a wrong gate tells no more with a proof than without', async () => {
    const { body } = await exchange(await proofWith(), { subject_token: `r_${'x'.repeat(22)}` })
    expect(body['error_description']).toBe('subject_token and actor_token give no representation that can be used now')
  })
})

describe('used proofs', () => {
  const soon = () => new Date(Date.now() + 60_000)

  test('are told apart by their key', async () => {
    const db = stage.test.database
    expect(await useDpopProof(db, 'one', 'x', soon())).toBe(true)
    expect(await useDpopProof(db, 'other', 'x', soon())).toBe(true)
    expect(await useDpopProof(db, 'one', 'x', soon())).toBe(false)
  })

  test('are forgotten when they are too old to be taken, and no sooner', async () => {
    const db = stage.test.database
    await useDpopProof(db, 'old', 'x', new Date(Date.now() - 6 * 60_000))
    await useDpopProof(db, 'recent', 'x', new Date(Date.now() - 4 * 60_000))
    await forgetUsedProofs(db)
    const left = await stage.sql(`select jkt from used_dpop_proof where jkt in ('old', 'recent')`)
    expect(left).toEqual([{ jkt: 'recent' }])
  })
})

describe('others understand it', () => {
  test('openid-client proves its key, and oauth4webapi and our own verifier take what it gets', async () => {
    const clientKey = (await importJWK(nav.privateKey, 'ES256')) as CryptoKey
    const authentication = oidc.PrivateKeyJwt({ key: clientKey, kid: nav.privateKey.kid ?? '' })
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    const options: oidc.DiscoveryRequestOptions = { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] }
    const configuration = await oidc.discovery(new URL(stage.url), 'nav-web', undefined, authentication, options)
    const pair = await oidc.randomDPoPKeyPair('ES256')
    const form = Object.entries(await exchangeForm(stage, nav, held, { resource: API }))
    const own = form.filter(([name]) => name !== 'grant_type' && !name.startsWith('client_'))
    const parameters = Object.fromEntries(own) as Record<string, string>
    const DPoP = oidc.getDPoPHandle(configuration, pair)
    const { access_token, token_type } = await oidc.genericGrantRequest(configuration, EXCHANGE, parameters, { DPoP })
    expect(token_type).toBe('dpop')

    const url = new URL(`${API}/pensjon`)
    const header = await proofOfPossession(pair, access_token, url)
    const server = { issuer: stage.url, jwks_uri: `${stage.url}/jwks` }
    const headers = { authorization: `DPoP ${access_token}`, dpop: header }
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    const insecure = { [oauth.allowInsecureRequests]: true }
    const request = new Request(url, { headers })
    expect(await oauth.validateJwtAccessToken(server, request, API, insecure)).toMatchObject({ client_id: 'nav-web' })
    const bearer = new Request(url, { headers: { authorization: `Bearer ${access_token}` } })
    await expect(oauth.validateJwtAccessToken(server, bearer, API, insecure)).rejects.toThrow()

    const keys = remoteKeys(new URL(`${stage.url}/jwks`))
    const expected = {
      keys,
      statuses: remoteStatuses(stage.url, keys),
      issuer: stage.url,
      audience: API,
      now: new Date(),
      power: { service: 'nav.pension', action: 'read', provider: null, object: null },
      user: null,
      proof: { header, method: 'GET', url, isFirst: rememberProofs() },
      minimumAssurance: 'high',
      introspect: null,
    } as const
    expect(await verify(access_token, expected)).toMatchObject({ handle: held.handle })
    await expect(verify(access_token, expected)).rejects.toMatchObject({ code: 'proof' })
    const without = { ...expected, proof: { ...expected.proof, header: undefined } }
    await expect(verify(access_token, without)).rejects.toMatchObject({ code: 'proof_required' })
  })

  async function proofOfPossession(
    pair: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey },
    token: string,
    url: URL,
  ): Promise<string> {
    const ath = createHash('sha256').update(token).digest('base64url')
    const jwk = shown(await exportJWK(pair.publicKey))
    return new SignJWT({ jti: randomUUID(), htm: 'GET', htu: url.href, iat: seconds(0), ath })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(pair.privateKey)
  }
})
