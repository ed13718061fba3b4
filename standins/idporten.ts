import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose'
import { idportenConfiguration, type IdportenClient } from './idporten-configuration.js'
import { FaultQueue } from './idporten-faults.js'
import { answerLogin, formOf } from './idporten-login.js'
import { Provider } from './oidc-provider.js'
import type { PeopleRegistry } from './people-registry.js'

const KEY_ID = 'idporten-standin'

/** Every answer of the stand-in carries this header, so that the headless login knows whose page it is looking at. */
export const STANDIN_HEADER = 'x-standin'

export interface IdportenOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly clients: readonly IdportenClient[]
  readonly people: PeopleRegistry
  /** The only origins that the stand-in calls: those of the clients' `backchannel_logout_uri`. */
  readonly allowedLogoutOrigins: readonly string[]
}

export interface RunningIdporten {
  readonly issuer: string
  readonly port: number
  /** Makes coming ID tokens wrong in one way each, for tests of those who must refuse them. */
  readonly faults: Pick<FaultQueue, 'next'>
  stop(): Promise<void>
}

/** Made once in a process. */
let keys: ReturnType<typeof generateKeyPair> | undefined

/**
 * Starts a stand-in for ID-porten on loopback: a certified OpenID provider with synthetic people and a page on which to
 * choose one. It speaks code flow with PKCE, pushed requests, single sign-on, RP-initiated and back-channel logout.
 * Sessions live in memory and end with it. For development and tests only: anyone can be anyone.
 *
 * @throws where the port is taken.
 */
export async function startIdporten(options: IdportenOptions): Promise<RunningIdporten> {
  const server = createServer()
  const port = await listen(server, options.port)
  const issuer = `http://localhost:${port}`
  const { privateKey } = await (keys ??= generateKeyPair('RS256', { extractable: true }))
  const signingKey = { ...(await exportJWK(privateKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }
  const provider = new Provider(issuer, idportenConfiguration({ ...options, signingKey }))
  const faults = new FaultQueue()
  spoilIdTokens(provider, faults, privateKey)
  serve(server, provider, options.people)
  return { issuer, port, faults, stop: () => stop(server) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function spoilIdTokens(provider: Provider, faults: FaultQueue, key: CryptoKey): void {
  provider.use(async (ctx, next) => {
    await next()
    const body: unknown = ctx.body
    if (ctx.path !== '/token' || typeof body !== 'object' || body === null || !('id_token' in body)) return
    ctx.body = { ...body, id_token: await faults.spoil(String(body.id_token), key, KEY_ID) }
  })
}

function serve(server: Server, provider: Provider, people: PeopleRegistry): void {
  const protocol = provider.callback()
  server.on('request', (request, response) => {
    response.setHeader(STANDIN_HEADER, 'idporten')
    takePostedLogout(request)
      .then(() => answerLogin(provider, people, request, response))
      .then((answered) => (answered ? undefined : protocol(request, response)))
      .catch((error: unknown) => {
        console.error('stand-in ID-porten:', error)
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
  })
}

/**
 * ID-porten takes a logout by POST, which keeps the ID token out of addresses. The provider does so only with cookies that
 * browsers refuse over plain http, so it gets the form as if it had been a query; no address outside this process holds it.
 */
async function takePostedLogout(request: IncomingMessage): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/logout') return
  const form = await formOf(request)
  Object.assign(request, { method: 'GET', url: `/logout?${form.toString()}` })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
