import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { PlayedClient } from '../../standins/headless-login.js'
import { startIdporten, type RunningIdporten } from '../../standins/idporten.js'
import type { IdportenClient } from '../../standins/idporten-configuration.js'
import { PeopleRegistry } from '../../standins/people-registry.js'
import { eidasPeople, norwegianDate, syntheticPeople } from '../../standins/people.js'

export interface ReceivedLogout {
  readonly client: string
  readonly token: string
}

export interface Stage {
  readonly idporten: RunningIdporten
  readonly people: PeopleRegistry
  /** A service with a key of its own, and another without. */
  readonly service: PlayedClient
  readonly other: PlayedClient
  /** Where both have their addresses. */
  readonly origin: string
  readonly logouts: readonly ReceivedLogout[]
  stop(): Promise<void>
}

/** A running stand-in with two relying parties on a small web server that answers everything and keeps logouts. */
export async function startStage(): Promise<Stage> {
  const logouts: ReceivedLogout[] = []
  const { server, origin } = await startWeb(logouts)
  const { privateJwk, publicJwk } = await clientKey()
  const people = new PeopleRegistry([...everyone()])
  const idporten = await startIdporten({
    port: 0,
    clients: [
      client(origin, 'service', {
        jwks: { keys: [publicJwk] },
        scope: 'openid profile fullmakt:me',
        orgnr: '889640782',
      }),
      client(origin, 'other', {}),
    ],
    people,
    allowedLogoutOrigins: [origin],
  })
  return {
    idporten,
    people,
    service: { clientId: 'service', redirectUri: `${origin}/service/callback`, privateJwk },
    other: { clientId: 'other', redirectUri: `${origin}/other/callback` },
    origin,
    logouts,
    stop: async () => {
      await idporten.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function everyone() {
  const today = norwegianDate(new Date())
  return [...syntheticPeople(today), ...eidasPeople(today)]
}

function client(origin: string, id: string, more: Partial<IdportenClient>): IdportenClient {
  return {
    client_id: id,
    redirect_uris: [`${origin}/${id}/callback`],
    post_logout_redirect_uris: [`${origin}/${id}/logged-out`],
    backchannel_logout_uri: `${origin}/${id}/backchannel-logout`,
    token_endpoint_auth_method: more.jwks === undefined ? 'none' : 'private_key_jwt',
    ...more,
  }
}

async function clientKey(): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const named = { alg: 'RS256', kid: 'service-1' }
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  }
}

async function startWeb(logouts: ReceivedLogout[]): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token')
      if (token !== null) logouts.push({ client: request.url?.split('/')[1] ?? '', token })
      response.end('the relying party')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}
