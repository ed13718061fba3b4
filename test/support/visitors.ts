import { randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'
import { importJWK } from 'jose'
import type { DevelopmentClient } from '../../dev/development-clients.js'
import type { LocalParts } from '../../dev/local-parts.js'
import { CookieJar } from '../../standins/cookie-jar.js'
import { type Who, logIn, tokensFor } from '../../standins/headless-login.js'
import type { Level } from '../../standins/idporten-levels.js'
import { checkContract } from './contract.js'
import { noteInRunLog } from './run-log.js'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly body: any
}

type Members = Readonly<Record<string, unknown>>

async function answerOf(method: string, url: URL, response: Response): Promise<Answer> {
  noteInRunLog('url', `${method} ${url.href}`)
  const text = await response.text()
  const type = response.headers.get('content-type')
  const body: unknown = type?.includes('json') === true && text !== '' ? JSON.parse(text) : text
  checkContract(method, url.pathname, response.status, type, body)
  return { status: response.status, headers: response.headers, body }
}

/** A person in a browser, logged in at the real pages. */
export class Visitor {
  private constructor(
    private readonly parts: LocalParts,
    readonly cookies: CookieJar,
    private readonly who: Who,
    readonly number: string,
    readonly familyName: string,
    /** Where the mandates are that he handles. */
    readonly mandates: string = '/v1/me/mandates',
  ) {}

  static async logIn(parts: LocalParts, id: string, level: Level = 'high'): Promise<Visitor> {
    const person = parts.people.find(id)
    if (person === undefined) throw new Error(`no one is called ${id}`)
    const ours = level === 'substantial' ? 'substantial' : 'high'
    const { cookies, response, visited } = await logIn(`${parts.url}/login?level=${ours}`, { id, level })
    await response.arrayBuffer()
    for (const url of visited) noteInRunLog('url', url)
    return new Visitor(parts, cookies, { id, level }, person.identityNumber ?? '', person.familyName)
  }

  /** The same person in the same browser, with the mandates of the organisation that he knows by this name. */
  onBehalfOf(handle: string): Visitor {
    const mandates = `/v1/on-behalf-of/${handle}/mandates`
    return new Visitor(this.parts, this.cookies, this.who, this.number, this.familyName, mandates)
  }

  async get(path: string): Promise<Answer> {
    const url = new URL(path, this.parts.url)
    return answerOf('GET', url, await this.cookies.fetch(url))
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const url = new URL(path, this.parts.url)
    const response = await this.cookies.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: this.parts.url,
        'idempotency-key': randomUUID(),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return answerOf('POST', url, response)
  }

  async delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const url = new URL(path, this.parts.url)
    const init = { method: 'DELETE', headers: { origin: this.parts.url, ...headers } }
    return answerOf('DELETE', url, await this.cookies.fetch(url, init))
  }

  /** Both steps of giving. The answer is the confirmation's. */
  async give(representative: Visitor, powers: readonly Members[], language = 'nb'): Promise<Answer> {
    const draft = await this.draft(representative, powers, language)
    if (draft.status !== 201) return draft
    return this.confirm(draft.body as Members)
  }

  draft(representative: Visitor, powers: readonly Members[], language = 'nb'): Promise<Answer> {
    return this.post(`${this.mandates}/drafts`, {
      representative: { identifier: representative.number, family_name: representative.familyName },
      powers,
      language,
    })
  }

  /** Both steps of passing a mandate on. The answer is the confirmation's, or the draft's where that is refused. */
  async passOn(parent: unknown, representative: Visitor, powers: readonly Members[], language = 'nb'): Promise<Answer> {
    const draft = await this.post(`${this.mandates}/drafts`, {
      parent,
      representative: { identifier: representative.number, family_name: representative.familyName },
      powers,
      language,
    })
    return draft.status === 201 ? this.confirm(draft.body as Members) : draft
  }

  /** The login that confirms the draft's text, and the confirmation. */
  async confirm(draft: Members): Promise<Answer> {
    await this.answer(draft)
    return this.confirmOnly(draft)
  }

  /** Goes where the draft says and comes back. The last address is where the service sent the browser. */
  async answer(draft: Members): Promise<string> {
    const { confirm_with } = draft as { confirm_with: string }
    const start = `${this.parts.url}${confirm_with}&return_to=/livez`
    const { response, visited, finalUrl } = await logIn(start, this.who, this.cookies)
    await response.arrayBuffer()
    for (const url of visited) noteInRunLog('url', url)
    return finalUrl
  }

  confirmOnly(draft: Members): Promise<Answer> {
    const { draft_id, text_hash } = draft as { draft_id: string; text_hash: string }
    return this.post(`${this.mandates}/drafts/${draft_id}/confirmation`, { text_hash })
  }

  /** Both steps of accepting what was offered. The answer is the confirmation's, or the draft's where that is refused. */
  async accept(mandateId: unknown, language = 'nb'): Promise<Answer> {
    const draft = await this.post(`${this.mandates}/${String(mandateId)}/acceptance-drafts`, { language })
    return draft.status === 201 ? this.confirm(draft.body as Members) : draft
  }

  /** A change of a mandate as this person sees it now. */
  async change(mandateId: string, path: string, body: Members = {}): Promise<Answer> {
    const seen = await this.get(`${this.mandates}/${mandateId}`)
    return this.post(`${this.mandates}/${mandateId}/${path}`, body, { 'if-match': seen.headers.get('etag') ?? '' })
  }
}

/** A relying service, played with openid-client, which no one here wrote. */
export class RelyingService {
  private token: { readonly value: string; readonly until: number } | undefined

  private constructor(
    private readonly parts: LocalParts,
    readonly registered: DevelopmentClient,
    readonly configuration: oidc.Configuration,
  ) {}

  static async open(parts: LocalParts, clientId: string): Promise<RelyingService> {
    const registered = parts.clients.find(({ client }) => client.clientId === clientId)
    if (registered === undefined) throw new Error(`no client is called ${clientId}`)
    const key = await importJWK(registered.privateKey, 'ES256')
    if (key instanceof Uint8Array) throw new Error('not a private key')
    const configuration = await oidc.discovery(
      new URL(parts.url),
      clientId,
      {},
      oidc.PrivateKeyJwt({ key, kid: registered.privateKey.kid ?? '' }),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out; here it is loopback
      { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] },
    )
    return new RelyingService(parts, registered, configuration)
  }

  async accessToken(): Promise<string> {
    if (this.token === undefined || this.token.until < Date.now()) {
      const { access_token } = await oidc.clientCredentialsGrant(this.configuration)
      this.token = { value: access_token, until: Date.now() + 200_000 }
    }
    return this.token.value
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const url = new URL(path, this.parts.url)
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await this.accessToken()}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return answerOf('POST', url, response)
  }

  async get(path: string): Promise<Answer> {
    const url = new URL(path, this.parts.url)
    const headers = { authorization: `Bearer ${await this.accessToken()}` }
    return answerOf('GET', url, await fetch(url, { headers }))
  }

  /** May the one act for the other? Named by number, logged in at the high level by the service's word. */
  evaluate(
    representative: string,
    principal: string,
    service: string,
    action: string,
    more: { readonly properties?: Members; readonly context?: Members } = {},
  ): Promise<Answer> {
    return this.post('/access/v1/evaluation', {
      subject: { type: 'person', id: representative },
      action: { name: action },
      resource: { type: 'person', id: principal, properties: { service, ...more.properties } },
      context: { acr: 'idporten-loa-high', auth_time: Math.floor(Date.now() / 1000), ...more.context },
    })
  }

  /** The user's id_token from the stand-in ID-porten, issued to this service. */
  async idTokenOf(personId: string): Promise<string> {
    const { client, redirectUri, idportenKey } = this.registered
    const played = { clientId: client.clientId, redirectUri, privateJwk: idportenKey }
    const { id_token } = await tokensFor(this.parts.idporten.issuer, played, { id: personId })
    return id_token
  }

  /** Opens an actor grant for the user who has just logged in here. */
  async representations(personId: string): Promise<Answer> {
    return this.post('/v1/representations', {
      login_token: await this.idTokenOf(personId),
      login_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    })
  }

  /** Exchanges a handle and an actor grant for a delegation token. Rejects as openid-client does. */
  exchange(
    handle: string,
    actorGrant: string,
    scope?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<oidc.TokenEndpointResponse> {
    return oidc.genericGrantRequest(this.configuration, 'urn:ietf:params:oauth:grant-type:token-exchange', {
      subject_token: handle,
      subject_token_type: `${this.parts.url}/token-type/representation-handle`,
      actor_token: actorGrant,
      actor_token_type: `${this.parts.url}/token-type/actor-grant`,
      audience: this.registered.audience.audience,
      ...(scope === undefined ? {} : { scope }),
      ...more,
    })
  }
}
