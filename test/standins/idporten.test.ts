import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JWTPayload,
} from 'jose'
import * as oidc from 'openid-client'
import { CookieJar } from '../../standins/cookie-jar.js'
import { logIn, tokensFor } from '../../standins/headless-login.js'
import { startIdporten } from '../../standins/idporten.js'
import { FAULTS } from '../../standins/idporten-faults.js'
import { startStage, type Stage } from './relying-parties.js'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

/** An authorization request as a string of parameters, right in all but what a test changes. */
async function authorizationUrl(changes: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const url = new URL('/authorize', stage.idporten.issuer)
  const parameters = {
    client_id: stage.other.clientId,
    redirect_uri: stage.other.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
    ...changes,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

async function answerTo(changes: Readonly<Record<string, string | undefined>>, cookies = new CookieJar()) {
  const { finalUrl } = await logIn(await authorizationUrl(changes), { id: 'kari-nordby' }, cookies)
  return Object.fromEntries(new URL(finalUrl.replace('#', '?')).searchParams)
}

async function verified(token: string, audience: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL('/jwks.json', stage.idporten.issuer))
  const { issuer } = stage.idporten
  return (await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] })).payload
}

describe('a login', () => {
  test('gives an ID token that says who and how, for 120 seconds', async () => {
    const { id_token } = await tokensFor(stage.idporten.issuer, stage.service, { id: 'kari-nordby' })
    const claims = await verified(id_token, 'service')
    expect(claims).toMatchObject({
      pid: stage.people.find('kari-nordby')?.identityNumber,
      acr: 'idporten-loa-high',
      amr: ['BankID'],
      locale: 'nb',
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(120)
    expect(Math.abs(Number(claims['auth_time']) - Date.now() / 1000)).toBeLessThan(10)
    for (const name of ['sub', 'sid', 'jti', 'nonce']) expect(String(claims[name]).length).toBeGreaterThan(10)
    expect(decodeProtectedHeader(id_token)).toMatchObject({ alg: 'RS256' })
    expect(Object.keys(claims).filter((name) => name.startsWith('eidas'))).toEqual([])
  })

  test('gives an access token by value for whoever accepts it', async () => {
    const request = { scope: 'openid profile fullmakt:me' }
    const { access_token } = await tokensFor(stage.idporten.issuer, stage.service, { id: 'kari-nordby' }, request)
    const claims = await verified(access_token, 'unspecified')
    expect(claims).toMatchObject({
      pid: stage.people.find('kari-nordby')?.identityNumber,
      acr: 'idporten-loa-high',
      client_id: 'service',
      client_amr: 'private_key_jwt',
      consumer: { authority: 'iso6523-actorid-upis', ID: '0192:889640782' },
      scope: 'openid profile fullmakt:me',
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(120)
  })

  test('gives an access token for the one resource that was asked for', async () => {
    const resource = 'https://fullmakt.example/v1'
    const { access_token } = await tokensFor(stage.idporten.issuer, stage.other, { id: 'ola-nordby' }, { resource })
    expect((await verified(access_token, resource)).aud).toBe(resource)
  })

  test('names the person differently to each client and equally to one', async () => {
    const sub = async (client: 'service' | 'other') =>
      decodeJwt((await tokensFor(stage.idporten.issuer, stage[client], { id: 'ola-nordby' })).id_token).sub
    const [first, again, elsewhere] = [await sub('service'), await sub('service'), await sub('other')]
    expect(again).toBe(first)
    expect(elsewhere).not.toBe(first)
  })

  test('accepts a client assertion whose audience is the issuer, and no other key', async () => {
    const wrong = { ...stage.service, privateJwk: await otherKey() }
    await expect(tokensFor(stage.idporten.issuer, wrong, { id: 'ola-nordby' })).rejects.toMatchObject({
      error: 'invalid_client',
    })
  })

  test('works by a pushed request too', async () => {
    const configuration = await oidc.discovery(new URL(stage.idporten.issuer), 'other', undefined, oidc.None(), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- plain http on loopback
      execute: [oidc.allowInsecureRequests],
    })
    const verifier = oidc.randomPKCECodeVerifier()
    const url = await oidc.buildAuthorizationUrlWithPAR(configuration, {
      redirect_uri: stage.other.redirectUri,
      scope: 'openid profile',
      state: 'pushed',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    const { finalUrl } = await logIn(url.href, { id: 'liv-bakken' })
    const answer = await oidc.authorizationCodeGrant(configuration, new URL(finalUrl), {
      pkceCodeVerifier: verifier,
      expectedState: 'pushed',
    })
    expect(answer.claims()?.['pid']).toBe(stage.people.find('liv-bakken')?.identityNumber)
  })
})

async function otherKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'service-1' }
}

test('a taken port is an error', async () => {
  const { port } = stage.idporten
  const second = startIdporten({ port, clients: [], people: stage.people, allowedLogoutOrigins: [] })
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

describe('a request is refused', () => {
  test.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for a scope the client is not registered for', { scope: 'openid fullmakt:me' }, 'invalid_scope'],
    ['for an implicit answer', { response_type: 'id_token' }, 'unsupported_response_type'],
  ])('%s', async (_name, changes, error) => {
    expect(await answerTo(changes)).toMatchObject({ error, state: 'some-state' })
  })

  test('to an unregistered address, on a page and not by a redirect', async () => {
    const redirect_uri = 'http://localhost:1/elsewhere'
    await expect(answerTo({ redirect_uri })).rejects.toThrow('invalid_redirect_uri')
  })

  test('when the code is redeemed with another verifier', async () => {
    const { code = '' } = await answerTo({})
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'other',
      redirect_uri: stage.other.redirectUri,
      code,
      code_verifier: oidc.randomPKCECodeVerifier(),
    })
    const response = await fetch(`${stage.idporten.issuer}/token`, { method: 'POST', body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('levels', () => {
  const at = async (level: 'substantial' | 'high', acrValues?: string, cookies = new CookieJar()) => {
    const request = { cookies, ...(acrValues === undefined ? {} : { acrValues }) }
    return decodeJwt((await tokensFor(stage.idporten.issuer, stage.other, { id: 'jon-dahl', level }, request)).id_token)
  }

  test('a login at substantial says so', async () => {
    expect(await at('substantial')).toMatchObject({ acr: 'idporten-loa-substantial', amr: ['Minid-APP'] })
  })

  test('a lower level than asked for is not offered', async () => {
    await expect(at('substantial', 'idporten-loa-high')).rejects.toThrow('Velg et nivå som tjenesten godtar')
    expect(await at('high', 'idporten-loa-substantial')).toMatchObject({ acr: 'idporten-loa-high' })
  })

  test('a session at substantial does not answer a request for high: the person logs in again', async () => {
    const cookies = new CookieJar()
    const before = await at('substantial', undefined, cookies)
    expect(await answerTo({ acr_values: 'idporten-loa-high', prompt: 'none' }, cookies)).toMatchObject({
      error: 'login_required',
    })
    const after = await at('high', 'idporten-loa-high', cookies)
    expect(after).toMatchObject({ acr: 'idporten-loa-high', sid: before['sid'] })
  })

  test('a foreign login has no pid, and only those who ask for it get it', async () => {
    const visitor = { id: 'lars-lindqvist', level: 'eidas-high' } as const
    const { issuer } = stage.idporten
    await expect(tokensFor(issuer, stage.other, visitor)).rejects.toThrow('Velg et nivå som tjenesten godtar')
    const request = { acrValues: 'idporten-loa-high eidas-loa-high' }
    const tokens = await tokensFor(issuer, stage.other, visitor, request)
    const claims = decodeJwt(tokens.id_token)
    expect(claims).toMatchObject({ acr: 'eidas-loa-high', amr: ['eIDAS'], eidas_identifier: 'SE/NO/1234' })
    expect('pid' in claims || 'pid' in decodeJwt(tokens.access_token)).toBe(false)
    const national = { id: 'lars-lindqvist', level: 'high' } as const
    await expect(tokensFor(issuer, stage.other, national, request)).rejects.toThrow('bare innlogging fra et annet land')
  })

  test('a foreign login of someone matched to a number has both', async () => {
    const who = { id: 'aleksandra-nowak', level: 'eidas-high' } as const
    const { id_token } = await tokensFor(stage.idporten.issuer, stage.other, who, { acrValues: 'eidas-loa-high' })
    const pid = stage.people.find(who.id)?.identityNumber
    expect(decodeJwt(id_token)).toMatchObject({ acr: 'eidas-loa-high', pid, eidas_identifier: 'PL/NO/5678' })
  })
})

describe('a session', () => {
  test('answers another service without asking, and prompt=none', async () => {
    const { cookies, id_token } = await tokensFor(stage.idporten.issuer, stage.service, { id: 'tor-bakken' })
    const silent = { cookies, parameters: { prompt: 'none' } }
    const second = await tokensFor(stage.idporten.issuer, stage.other, { id: 'no such person' }, silent)
    const [first, again] = [decodeJwt(id_token), decodeJwt(second.id_token)]
    expect(again['pid']).toBe(first['pid'])
    expect(again['auth_time']).toBe(first['auth_time'])
    expect(second.visited.some((url) => url.includes('/interaction/'))).toBe(false)
  })

  test('is needed for prompt=none', async () => {
    expect(await answerTo({ prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  test('does not answer prompt=login, nor a max_age that has passed', async () => {
    const again = async (parameters: Readonly<Record<string, string>>) => {
      const { cookies, id_token } = await tokensFor(stage.idporten.issuer, stage.other, { id: 'tor-bakken' })
      await new Promise((resolve) => setTimeout(resolve, 1100))
      const second = await tokensFor(stage.idporten.issuer, stage.other, { id: 'tor-bakken' }, { cookies, parameters })
      expect(second.visited.some((url) => url.includes('/interaction/'))).toBe(true)
      expect(Number(decodeJwt(second.id_token)['auth_time'])).toBeGreaterThan(Number(decodeJwt(id_token)['auth_time']))
    }
    await Promise.all([again({ prompt: 'login' }), again({ max_age: '0' })])
  })

  test('gives way to another person who logs in over it', async () => {
    const { cookies } = await tokensFor(stage.idporten.issuer, stage.other, { id: 'tor-bakken' })
    const fresh = { cookies, parameters: { prompt: 'login' } }
    const second = await tokensFor(stage.idporten.issuer, stage.other, { id: 'liv-bakken' }, fresh)
    expect(decodeJwt(second.id_token)['pid']).toBe(stage.people.find('liv-bakken')?.identityNumber)
  })
})

describe('faults', () => {
  test.each(FAULTS)('%s spoils one ID token and no more', async (fault) => {
    const login = () => tokensFor(stage.idporten.issuer, stage.other, { id: 'ola-nordby' })
    stage.idporten.faults.next(fault)
    const spoiled = await login().then(
      ({ id_token }) => decodeJwt(id_token),
      (error: unknown) => error,
    )
    const good = decodeJwt((await login()).id_token)
    expect(good).toMatchObject({ acr: 'idporten-loa-high', aud: 'other' })
    if (fault === 'no_pid') expect(spoiled).not.toHaveProperty('pid')
    else if (fault === 'lower_level') expect(spoiled).toHaveProperty('acr', 'idporten-loa-low')
    else if (fault === 'stale_auth_time') expect(spoiled).toHaveProperty('auth_time', expect.any(Number))
    else if (fault === 'other_key') expect(spoiled).toHaveProperty('iss')
    else expect(spoiled).toBeInstanceOf(Error)
  })
})
