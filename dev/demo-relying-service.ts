import { randomUUID } from 'node:crypto'
import { importJWK } from 'jose'
import * as oidc from 'openid-client'
import { tokensFor } from '../standins/headless-login.js'
import type { DemoPerson } from './demo-people.js'
import type { Exchanged, Members } from './demo-report.js'
import type { DevelopmentClient } from './development-clients.js'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** A relying service as its developers would write it, with openid-client and its own private key. */
export interface RelyingService {
  readonly registered: DevelopmentClient
  /** May the one act for the other in nav.pension? Both are named by number. */
  evaluate(representative: DemoPerson, principal: DemoPerson, action: string): Promise<Exchanged>
  /** Logs a user in here, and returns the id_token. */
  logIn(user: DemoPerson): Promise<string>
  /** For whom may the user act here? Opens an actor grant; of the representations, the first is shown. */
  representations(idToken: string): Promise<Exchanged>
  /** A handle and an actor grant for a delegation token. */
  exchange(handle: string, actorGrant: string, scope: string): Promise<Exchanged>
  /** Tells what was done under a token, by the service's own reference. */
  report(evaluationId: string, action: string, reference: string): Promise<Exchanged>
}

interface Represented {
  readonly handle: string
  readonly principal: { readonly name: string }
  readonly powers: readonly { readonly scope: string }[]
}

export async function openRelyingService(
  fullmaktUrl: string,
  idportenUrl: string,
  registered: DevelopmentClient,
): Promise<RelyingService> {
  const { client, audience, redirectUri, idportenKey } = registered
  const configuration = await configure(fullmaktUrl, registered)
  const { access_token } = await oidc.clientCredentialsGrant(configuration)
  const post = async (path: string, body: Members): Promise<{ answer: string; body: Members }> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${access_token}` }
    const answer = await fetch(new URL(path, fullmaktUrl), { method: 'POST', headers, body: JSON.stringify(body) })
    return { answer: String(answer.status), body: (await answer.json()) as Members }
  }
  return {
    registered,
    async evaluate(representative, principal, action) {
      const question = {
        subject: { type: 'person', id: representative.number },
        action: { name: action },
        resource: { type: 'person', id: principal.number, properties: { service: 'nav.pension' } },
      }
      const context = { acr: 'idporten-loa-high', auth_time: Math.floor(Date.now() / 1000) }
      const { answer, body } = await post('/access/v1/evaluation', { ...question, context })
      const { reason, remedy, basis, obligations, valid_until } = (body['context'] ?? {}) as Members
      const told = body['decision'] === true ? { basis, obligations, valid_until } : { reason, remedy }
      const got = { decision: body['decision'], ...told }
      return { request: 'POST /access/v1/evaluation', sent: question, answer, got }
    },
    async logIn(user) {
      const played = { clientId: client.clientId, redirectUri, privateJwk: idportenKey }
      return (await tokensFor(idportenUrl, played, { id: user.id })).id_token
    },
    async representations(idToken) {
      const sent = { login_token: idToken, login_token_type: 'urn:ietf:params:oauth:token-type:id_token' }
      const { answer, body } = await post('/v1/representations', sent)
      const [first] = (body['representations'] ?? []) as readonly Represented[]
      const got = {
        principal: first?.principal.name,
        handle: first?.handle,
        scopes: first?.powers.map(({ scope }) => scope),
        actor_grant: body['actor_grant'],
        'identity numbers': /\d{11}/.test(JSON.stringify(body)) ? 'some' : 'none',
      }
      return { request: 'POST /v1/representations', sent: { login_token: idToken }, answer, got }
    },
    async exchange(handle, actorGrant, scope) {
      const form = {
        subject_token: handle,
        subject_token_type: `${fullmaktUrl}/token-type/representation-handle`,
        actor_token: actorGrant,
        actor_token_type: `${fullmaktUrl}/token-type/actor-grant`,
        audience: audience.audience,
        scope,
      }
      const sent = {
        client_assertion: `signed by ${client.clientId}`,
        subject_token: handle,
        actor_token: actorGrant,
        scope,
      }
      return { request: 'POST /oauth/token', sent, ...(await ask(configuration, form)) }
    },
    async report(evaluationId, action, reference) {
      const what = { evaluation_id: evaluationId, action, outcome: 'done', reference }
      const own = { use_id: randomUUID(), service: 'nav.pension', happened_at: new Date().toISOString() }
      const { answer, body } = await post('/v1/uses', { uses: [{ ...own, ...what }] })
      const [taken] = (body['uses'] ?? []) as readonly Members[]
      return { request: 'POST /v1/uses', sent: what, answer, got: { taken: taken?.['taken'] } }
    },
  }
}

async function configure(fullmaktUrl: string, { client, privateKey }: DevelopmentClient): Promise<oidc.Configuration> {
  const key = await importJWK(privateKey, 'ES256')
  if (key instanceof Uint8Array) throw new TypeError('a client needs an asymmetric key')
  return oidc.discovery(
    new URL(fullmaktUrl),
    client.clientId,
    {},
    oidc.PrivateKeyJwt({ key, kid: privateKey.kid ?? '' }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] },
  )
}

async function ask(configuration: oidc.Configuration, form: Record<string, string>) {
  try {
    const { access_token, expires_in, scope } = await oidc.genericGrantRequest(configuration, EXCHANGE, form)
    return { answer: '200', got: { access_token, expires_in, scope } }
  } catch (error) {
    if (!(error instanceof oidc.ResponseBodyError)) throw error
    return { answer: String(error.status), got: { error: error.error, error_description: error.error_description } }
  }
}
