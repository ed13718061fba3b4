import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  type JWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  importJWK,
} from 'jose'
import { fixedKeys } from '../../dev/fixed-keys.js'
import { TokenRefused } from '../../src/login/strict-jws.js'
import { SERVICE_SCOPE, ServiceTokens } from '../../src/tokens/service-token.js'
import type { SigningKeys } from '../../src/tokens/signing-keys.js'
import { seconds } from '../login/signing-provider.js'
import { SPELLINGS, newKey, otherSignature } from './spellings.js'

const ISSUER = 'https://fullmakt.example.no'

let jwk: JWK
let keys: SigningKeys
let tokens: ServiceTokens
let good: string

beforeAll(async () => {
  jwk = await newKey('ours')
  keys = await fixedKeys(jwk)
  tokens = new ServiceTokens(keys, ISSUER)
  good = (await tokens.issue('nav-web', undefined)).access_token
})

test('a service gets an access token of RFC 9068 for us, and for five minutes', async () => {
  const answer = await tokens.issue('nav-web', SERVICE_SCOPE)
  expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: SERVICE_SCOPE })
  expect(decodeProtectedHeader(answer.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'ours' })
  const claims = decodeJwt(answer.access_token)
  expect(claims).toMatchObject({ iss: ISSUER, aud: ISSUER, sub: 'client:nav-web', client_id: 'nav-web' })
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300)
  expect(claims.jti).not.toBe(decodeJwt(good).jti)
})

test('there is no other scope', async () => {
  await expect(tokens.issue('nav-web', 'nav.pension.read')).rejects.toMatchObject({ code: 'invalid_scope' })
})

test('the same token is taken again and again', async () => {
  for (let time = 0; time < 3; time++) expect(await tokens.verify(good)).toBe('nav-web')
})

test('also by another instance, and by one that has forgotten it', async () => {
  expect(await new ServiceTokens(keys, ISSUER).verify(good)).toBe('nav-web')
})

type Members = Readonly<Record<string, unknown>>

/** A token of ours in all but what is changed; a member that is undefined is left out. */
async function signed(claims: Members, header: Members = {}, signer: JWK = jwk): Promise<string> {
  const ours = { iss: ISSUER, aud: ISSUER, sub: 'client:nav-web', client_id: 'nav-web', scope: SERVICE_SCOPE }
  const times = { iat: seconds(0), exp: seconds(60), jti: 'a-token' }
  return new SignJWT({ ...ours, ...times, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'ours', ...header })
    .sign(await importJWK(signer, 'ES256'))
}

describe('refused is', () => {
  const rows: [string, () => string | Promise<string>][] = [
    ['nothing', () => ''],
    ['no token', () => 'x.y.z'],
    ...SPELLINGS.map(([what, spell]): [string, () => string] => [what, () => spell(good)]),
    ['alg none', () => new UnsecuredJWT({ ...decodeJwt(good) }).encode()],
    [
      'another claim under the old signature',
      () => changedPayload(good, { client_id: 'skatt-web', sub: 'client:skatt-web' }),
    ],
    ['an expired one', () => signed({ exp: seconds(-1) })],
    ['one that expires now', () => signed({ exp: seconds(0) })],
    ['one without exp', () => signed({ exp: undefined })],
    ['one without jti', () => signed({ jti: undefined })],
    ['one from another issuer', () => signed({ iss: 'https://other.example.no' })],
    ['one for someone else', () => signed({ aud: 'https://nav-web.example.no' })],
    ['one for us and someone else', () => signed({ aud: [ISSUER, 'https://nav-web.example.no'] })],
    ['one for another purpose', () => signed({ scope: 'nav.pension.read' })],
    ['one that speaks of two clients', () => signed({ sub: 'client:skatt-web' })],
    ['a delegation token, even if its audience were we', () => signed({ sub: 'p_abc', act: { sub: 'x' } })],
    [
      'a token that names an actor',
      () => signed({ act: { iss: 'https://idporten.no', sub: 'x', sub_profile: 'user' } }),
    ],
    ['another type of token', () => signed({}, { typ: 'JWT' })],
    ['the type in capitals', () => signed({}, { typ: 'AT+JWT' })],
    ['a key that is not ours', () => signed({}, { kid: 'other' })],
    ['a key in the header', () => signed({}, { jwk: { kty: 'EC' } })],
    ['another key under our kid', async () => signed({}, {}, await newKey('ours'))],
    [
      'another algorithm',
      async () =>
        new SignJWT({ ...decodeJwt(good) })
          .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'ours' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
  ]

  test.each(rows)('%s', async (_, make) => {
    await expect(tokens.verify(await make())).rejects.toThrow(TokenRefused)
  })
})

function changedPayload(token: string, changes: JWTPayload): string {
  const [header = '', , signature = ''] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...changes })).toString('base64url')
  return `${header}.${payload}.${signature}`
}

describe('what is remembered', () => {
  test('does not let another text with the same jti through', async () => {
    expect(await tokens.verify(good)).toBe('nav-web')
    const forged = changedPayload(good, { client_id: 'skatt-web', sub: 'client:skatt-web' })
    expect(decodeJwt(forged).jti).toBe(decodeJwt(good).jti)
    await expect(tokens.verify(forged)).rejects.toThrow(TokenRefused)
  })

  test('does not keep the other signature out, which holds as well', async () => {
    expect(await tokens.verify(otherSignature(good))).toBe('nav-web')
    expect(await tokens.verify(good)).toBe('nav-web')
  })

  test('ends with the token', async () => {
    const short = await signed({ exp: seconds(2), jti: 'short' })
    expect(await tokens.verify(short)).toBe('nav-web')
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    await expect(tokens.verify(short)).rejects.toThrow('expired')
  })
})

test('what is published of the key is its public half', () => {
  const shown = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y, kid: jwk.kid, alg: 'ES256', use: 'sig' }
  const purposes = ['at+jwt', 'statuslist+jwt', 'secevent+jwt']
  expect(keys.keySet().keys).toEqual(purposes.map((signs) => ({ ...shown, signs })))
})
