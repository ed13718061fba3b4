import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createRemoteJWKSet, generateKeyPair, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { CLIENT_ID, startRegisterStage, type RegisterStage } from './register-stage.js'

const SCOPE = 'krr:global/kontaktinformasjon.read'

let stage: RegisterStage
beforeAll(async () => {
  stage = await startRegisterStage([SCOPE, 'other:scope'])
})
afterAll(() => stage.maskinporten.stop())

const now = () => Math.floor(Date.now() / 1000)

test('a grant gives a token that anyone can verify', async () => {
  const before = stage.maskinporten.issued()
  const answer = await stage.redeem(await stage.grant(SCOPE))
  const body = (await answer.json()) as { access_token: string }
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 120, scope: SCOPE })
  const keys = createRemoteJWKSet(new URL(stage.maskinporten.jwksUri))
  const { issuer } = stage.maskinporten
  expect(issuer.endsWith('/')).toBe(true)
  const { payload } = await jwtVerify(body.access_token, keys, {
    issuer,
    audience: 'unspecified',
    algorithms: ['RS256'],
  })
  expect(payload).toMatchObject({
    client_id: CLIENT_ID,
    scope: SCOPE,
    token_type: 'Bearer',
    consumer: { authority: 'iso6523-actorid-upis', ID: '0192:310000000' },
  })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120)
  expect(stage.maskinporten.issued()).toBe(before + 1)
})

test('several scopes come in one token, and a resource becomes its audience', async () => {
  const token = await stage.token(`${SCOPE} other:scope`, { resource: 'https://register.example' })
  const [, body = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as JWTPayload
  expect(claims).toMatchObject({ scope: `${SCOPE} other:scope`, aud: 'https://register.example' })
})

test('the metadata leads to all of it', async () => {
  const answer = await fetch(`${stage.maskinporten.issuer}.well-known/oauth-authorization-server`)
  const { issuer, tokenEndpoint, jwksUri } = stage.maskinporten
  expect(await answer.json()).toMatchObject({ issuer, token_endpoint: tokenEndpoint, jwks_uri: jwksUri })
})

describe('no token for', () => {
  test.each<[string, () => Record<string, unknown>, string]>([
    ['another audience', () => ({ aud: 'https://elsewhere.example/' }), 'invalid_grant'],
    ['the audience without its slash', () => ({ aud: stage.maskinporten.issuer.slice(0, -1) }), 'invalid_grant'],
    ['two audiences', () => ({ aud: [stage.maskinporten.issuer, 'https://elsewhere.example/'] }), 'invalid_grant'],
    ['a grant that lives too long', () => ({ exp: now() + 121 }), 'invalid_grant'],
    ['a grant that is over', () => ({ iat: now() - 9, exp: now() - 11 }), 'invalid_grant'],
    ['a grant from long ago', () => ({ iat: now() - 30, exp: now() + 60 }), 'invalid_grant'],
    ['a grant from the future', () => ({ iat: now() + 30, exp: now() + 60 }), 'invalid_grant'],
    ['a grant without jti', () => ({ jti: undefined }), 'invalid_grant'],
    ['a scope that the client has not', () => ({ scope: `${SCOPE} third:scope` }), 'invalid_scope'],
    ['no scope', () => ({ scope: '' }), 'invalid_scope'],
    ['an unknown client', () => ({ iss: 'someone-else' }), 'invalid_client'],
  ])('%s', async (_, claims, error) => {
    const answer = await stage.redeem(await stage.grant(SCOPE, claims()))
    expect(answer.status).toBe(error === 'invalid_client' ? 401 : 400)
    expect(await answer.json()).toMatchObject({ error })
  })

  test('a jti that was used', async () => {
    const assertion = await stage.grant(SCOPE)
    expect((await stage.redeem(assertion)).status).toBe(200)
    expect(await (await stage.redeem(assertion)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('a key of another', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = {
      aud: stage.maskinporten.issuer,
      iss: CLIENT_ID,
      scope: SCOPE,
      iat: now(),
      exp: now() + 60,
      jti: 'x',
    }
    const header = { alg: 'RS256', kid: 'test-key' }
    const forged = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
    expect(await (await stage.redeem(forged)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('an unknown kid, or none at all', async () => {
    const answer = await stage.redeem(await stage.grant(SCOPE, {}, { kid: 'another-key' }))
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
    expect(await (await stage.redeem('no.jwt.at-all')).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('another grant type', async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const answer = await fetch(stage.maskinporten.tokenEndpoint, { method: 'POST', body })
    expect(await answer.json()).toMatchObject({ error: 'unsupported_grant_type' })
  })
})
