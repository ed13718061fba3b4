import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { clientCredentialsGrant, customFetch } from 'openid-client'
import { OpenIdProvider } from '../../src/login/openid-provider.js'
import { type SigningProvider, clientKey, startSigningProvider } from './signing-provider.js'

let signing: SigningProvider
beforeAll(async () => {
  signing = await startSigningProvider()
})
beforeEach(() => {
  signing.answer = {}
  signing.asked.clear()
})
afterAll(() => signing.stop())

const DISCOVERY = '/.well-known/openid-configuration'

test('nothing is asked before it is needed, and then once for all who need it', async () => {
  const provider = await signing.client()
  expect(signing.asked.get(DISCOVERY)).toBeUndefined()
  await Promise.all(Array.from({ length: 10 }, () => provider.configuration()))
  await provider.keys()
  expect(signing.asked.get(DISCOVERY)).toBe(1)
})

test('a provider that was down is found when it is back', async () => {
  signing.answer = null
  const provider = await signing.client()
  await expect(provider.configuration()).rejects.toThrow()
  await expect(provider.keys()).rejects.toThrow()
  signing.answer = {}
  expect((await provider.configuration()).serverMetadata().issuer).toBe(signing.issuer)
})

test.each([
  ['with a slash at the end', (issuer: string) => ({ issuer: `${issuer}/` })],
  ['that is another', () => ({ issuer: 'https://idporten.example' })],
  ['without keys', () => ({ jwks_uri: undefined })],
])('a provider %s is refused', async (_name, answer) => {
  signing.answer = answer(signing.issuer)
  await expect((await signing.client()).configuration()).rejects.toThrow()
})

test('metadata is read again after a day, and the old serves on while the provider is away', async () => {
  const provider = await signing.client()
  await provider.configuration()
  const internals = provider as unknown as { known: { goodUntil: number } }
  expect(internals.known.goodUntil).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  expect(internals.known.goodUntil).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000)

  internals.known.goodUntil = Date.now() - 1
  signing.answer = null
  const old = await provider.configuration()
  expect(old.serverMetadata().issuer).toBe(signing.issuer)
  const askedBy = signing.asked.get(DISCOVERY)
  await provider.configuration()
  expect(signing.asked.get(DISCOVERY)).toBe(askedBy)

  internals.known.goodUntil = Date.now() - 1
  signing.answer = { token_endpoint: `${signing.issuer}/new-token` }
  expect((await provider.configuration()).serverMetadata().token_endpoint).toBe(`${signing.issuer}/new-token`)
})

test.each(['ES256', 'RS256'] as const)('we prove ourselves with %s where our key is for that', async (alg) => {
  const key = await clientKey(alg)
  const provider = new OpenIdProvider({ issuer: signing.issuer, clientId: 'fullmakt', clientKey: { ...key } })
  const configuration = await provider.configuration()
  const assertion = await assertionOf(configuration)
  expect(decodeProtectedHeader(assertion)).toMatchObject({ alg, kid: 'client-1' })
  expect(decodeJwt(assertion)).toMatchObject({ iss: 'fullmakt', sub: 'fullmakt', aud: signing.issuer })
})

test('a client key without a name is refused', async () => {
  const key = { ...(await clientKey()), kid: undefined }
  const provider = new OpenIdProvider({ issuer: signing.issuer, clientId: 'fullmakt', clientKey: key })
  await expect(provider.configuration()).rejects.toThrow('the client key is no private JWK with kid')
})

/** What openid-client sends as `client_assertion` when it asks for a token. */
async function assertionOf(configuration: Awaited<ReturnType<OpenIdProvider['configuration']>>): Promise<string> {
  let sent = ''
  configuration[customFetch] = (_url, init) => {
    sent = new URLSearchParams(init.body as URLSearchParams).get('client_assertion') ?? ''
    return Promise.resolve(new Response('{}', { status: 400 }))
  }
  await clientCredentialsGrant(configuration).catch(() => undefined)
  return sent
}
