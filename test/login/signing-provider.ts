import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, type JWK, type JWTPayload, exportJWK, generateKeyPair } from 'jose'
import { OpenIdProvider } from '../../src/login/openid-provider.js'

/** The keys by name: what is signed with the first four can be verified from `/keys`; no one has published the last. */
const KEYS = { 'rs-1': 'RS256', 'ps-1': 'PS256', 'es-1': 'ES256', 'enc-1': 'RS256', stranger: 'RS256' } as const
export type KeyName = keyof typeof KEYS

export interface SigningProvider {
  readonly issuer: string
  readonly keys: Readonly<Record<KeyName, CryptoKey>>
  /** The public part of `rs-1`. */
  readonly publicKey: JWK
  /** How often each path has been asked for. */
  readonly asked: Map<string, number>
  /** Laid over the metadata; null takes the provider off the net. */
  answer: Readonly<Record<string, unknown>> | null
  /** A client of this provider with a key of its own. */
  client(): Promise<OpenIdProvider>
  stop(): Promise<void>
}

export const CLIENT_ID = 'fullmakt'

/** RSA keys take long to make, so every second provider of a process has the same. */
const made: (ReturnType<typeof newPairs> | undefined)[] = []
let started = 0

function newPairs() {
  return Promise.all(
    Object.entries(KEYS).map(async ([name, alg]) => ({
      name,
      alg,
      pair: await generateKeyPair(alg, { extractable: true }),
    })),
  )
}

/** An OpenID provider that has metadata and keys and nothing else, and whose keys the test holds. */
export async function startSigningProvider(): Promise<SigningProvider> {
  const pairs = await (made[started++ % 2] ??= newPairs())
  const published = await Promise.all(
    pairs
      .filter(({ name }) => name !== 'stranger')
      .map(async ({ name, alg, pair }) => ({
        ...(await exportJWK(pair.publicKey)),
        kid: name,
        ...(name === 'enc-1' ? { use: 'enc' } : { alg, use: 'sig' }),
      })),
  )
  const asked = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.set(path, (asked.get(path) ?? 0) + 1)
    if (provider.answer === null) return response.destroy()
    const body = path === '/keys' ? { keys: published } : { ...metadata(provider.issuer), ...provider.answer }
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider: SigningProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: Object.fromEntries(pairs.map(({ name, pair }) => [name, pair.privateKey])) as Record<KeyName, CryptoKey>,
    publicKey: published[0] ?? {},
    asked,
    answer: {},
    client: async () =>
      new OpenIdProvider({ issuer: provider.issuer, clientId: CLIENT_ID, clientKey: await clientKey('ES256') }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return provider
}

/** A private key of a client. ID-porten takes RS256 only. */
export async function clientKey(alg: 'RS256' | 'ES256' = 'RS256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: 'client-1', alg }
}

function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
  }
}

export type Claims = JWTPayload & Readonly<Record<string, unknown>>

/** Seconds since 1970, so many from now. */
export function seconds(fromNow: number): number {
  return Math.floor(Date.now() / 1000) + fromNow
}
