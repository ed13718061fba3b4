import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { FastifyRequest } from 'fastify'
import { SignJWT } from 'jose'
import { AppBearerStrategy } from '../../src/http/app-bearer.strategy.js'
import { LoginTokens } from '../../src/login/login-token.js'
import { type SigningProvider, seconds, startSigningProvider } from '../login/signing-provider.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

let provider: SigningProvider
let stage: TestDatabase
let strategy: AppBearerStrategy

beforeAll(async () => {
  provider = await startSigningProvider()
  stage = await testDatabase(2)
  const resource = 'https://fullmakt.example.no'
  const tokens = new LoginTokens({
    provider: await provider.client(),
    workProvider: null,
    numberSeries: 'synthetic',
    resource,
  })
  strategy = new AppBearerStrategy({ issuer: provider.issuer, scope: 'fullmakt:me' }, stage.database, tokens)
})
afterAll(async () => {
  await stage.drop()
  await provider.stop()
})

async function arrive(acr: string) {
  const claims = { iss: provider.issuer, sub: 'someone', aud: 'unspecified', client_id: 'other-app', acr }
  const token = await new SignJWT({ ...claims, pid: '28816196088', scope: 'openid fullmakt:me', iat: seconds(0) })
    .setProtectedHeader({ alg: 'RS256', kid: 'rs-1' })
    .setExpirationTime(seconds(60))
    .sign(provider.keys['rs-1'])
  return strategy.validate({ headers: { authorization: `Bearer ${token}` } } as unknown as FastifyRequest)
}

test.each(['idporten-loa-substantial', 'idporten-loa-high'])('a person in an app comes in with %s', async (acr) => {
  expect(await arrive(acr)).toMatchObject({ kind: 'person', by: 'app' })
})

test('a person in an app does not come in with a login that anyone can register for himself', async () => {
  await expect(arrive('idporten-loa-low')).rejects.toMatchObject({
    code: 'login_level_too_low',
    more: { required_level: 'substantial' },
  })
})
