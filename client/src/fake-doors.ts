import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import type { RegisteredClient } from './client-proof.js'
import type { FakeSigner } from './fake-signer.js'
import type { Power } from './ground.js'
import type { ReportedUse } from './reported-use.js'
import type { FakeIssuer, FakeRepresentation } from './testing.js'

type Answer = { readonly status: number; readonly type?: string; readonly body: unknown }

const REFUSED: Answer = { status: 401, body: { error: 'invalid_client' } }

/** The doors of a fake issuer. */
export class FakeDoors {
  isDown = false
  decide: Parameters<FakeIssuer['answer']>[0] = () => ({ allowed: false, reason: 'no_registered_ground' })
  representations: readonly FakeRepresentation[] = []
  readonly asked: string[] = []
  readonly uses: ReportedUse[] = []
  private accessToken = randomUUID()
  private readonly streams = new Set<ServerResponse>()
  private readonly used = new Set<string>()
  private readonly grants = new Set<string>()

  constructor(
    private readonly issuer: string,
    private readonly signer: FakeSigner,
    private readonly client: RegisteredClient,
  ) {}

  open(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(request.url ?? '')
    if (this.isDown) {
      response.destroy()
      return
    }
    if (request.url?.startsWith('/v1/events') === true) {
      this.stream(request, response)
      return
    }
    this.answerTo(request).then(
      ({ status, type = 'application/json', body }) => {
        const written = typeof body === 'string' ? body : JSON.stringify(body)
        response.writeHead(status, { 'content-type': type }).end(status === 204 ? undefined : written)
      },
      () => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}'),
    )
  }

  /** As when its key is taken out of use: no access token from before is good any more, and streams end. */
  withdrawAccess(): void {
    this.accessToken = randomUUID()
    for (const stream of this.streams) stream.end()
  }

  /** Open, and silent: what a test ends or freezes stands in the lists. */
  private stream(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.authorization !== `Bearer ${this.accessToken}`) {
      response.writeHead(401).end()
      return
    }
    this.streams.add(response)
    response.once('close', () => this.streams.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  }

  private async answerTo(request: IncomingMessage): Promise<Answer> {
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /.well-known/oauth-authorization-server':
        return {
          status: 200,
          body: {
            issuer: this.issuer,
            jwks_uri: `${this.issuer}/jwks`,
            token_endpoint: `${this.issuer}/oauth/token`,
            introspection_endpoint: `${this.issuer}/oauth/introspect`,
            response_types_supported: [],
          },
        }
      case 'GET /.well-known/authzen-configuration': {
        const at = `${this.issuer}/access/v1/evaluation`
        return { status: 200, body: { policy_decision_point: this.issuer, access_evaluation_endpoint: at } }
      }
      case 'GET /jwks':
        return { status: 200, body: { keys: [this.signer.key.publicJwk] } }
      case 'GET /statuslists/1':
        return { status: 200, type: 'application/statuslist+jwt', body: await this.signer.statusList() }
      case 'POST /oauth/token':
        return this.token(new URLSearchParams(await text(request)), request.headers['dpop'])
      case 'POST /oauth/introspect':
        return this.introspect(new URLSearchParams(await text(request)))
      case 'POST /access/v1/evaluation':
        return this.lettingIn(request, (body) => this.evaluate(body as AuthzenQuestion))
      case 'POST /v1/representations':
        return this.lettingIn(request, () => this.list())
      case 'POST /v1/representations/end':
        return this.lettingIn(request, (body) => this.end(body as { actor_grant: string }))
      case 'POST /v1/uses':
        return this.lettingIn(request, (body) => this.take(body as { uses: ReportedUse[] }))
      default:
        return { status: 404, body: { code: 'not_found' } }
    }
  }

  private async lettingIn(request: IncomingMessage, answer: (body: unknown) => Answer): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${this.accessToken}`)
      return { status: 401, body: { code: 'invalid_client_token' } }
    return answer(JSON.parse(await text(request)))
  }

  private async token(form: URLSearchParams, proof: string | string[] | undefined): Promise<Answer> {
    if (!(await this.isProved(form))) return REFUSED
    if (form.get('grant_type') === 'client_credentials') {
      return { status: 200, body: { access_token: this.accessToken, token_type: 'Bearer', expires_in: 300 } }
    }
    const found = this.representations.find(({ handle }) => handle === form.get('subject_token'))
    if (found === undefined || !this.grants.has(form.get('actor_token') ?? ''))
      return { status: 400, body: { error: 'invalid_request' } }
    const wanted = form.get('scope')?.split(' ')
    const powers = found.token.powers.filter((power) => wanted?.includes(scopeOf(power)) ?? true)
    if (powers.length === 0) return { status: 400, body: { error: 'invalid_scope' } }
    const bound = typeof proof === 'string' ? { boundTo: await thumbprintIn(proof) } : {}
    const access_token = await this.signer.token({ ...found.token, handle: found.handle, powers, ...bound })
    const { scope } = decodeJwt<{ scope: string }>(access_token)
    const token_type = typeof proof === 'string' ? 'DPoP' : 'Bearer'
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token'
    return { status: 200, body: { access_token, token_type, issued_token_type, expires_in: 300, scope } }
  }

  private async introspect(form: URLSearchParams): Promise<Answer> {
    if (!(await this.isProved(form))) return REFUSED
    const token = form.get('token') ?? ''
    if (!this.signer.isValid(token)) return { status: 200, body: { active: false } }
    return { status: 200, body: { active: true, ...decodeJwt(token) } }
  }

  /** As the real one does, each proof once. */
  private async isProved(form: URLSearchParams): Promise<boolean> {
    const { kid = '', x = '', y = '' } = this.client.key
    try {
      const { payload } = await jwtVerify(
        form.get('client_assertion') ?? '',
        await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256'),
        {
          issuer: this.client.clientId,
          subject: this.client.clientId,
          audience: this.issuer,
          algorithms: ['ES256'],
          requiredClaims: ['jti', 'exp'],
        },
      )
      const id = `${kid}.${payload.jti ?? ''}`
      return !this.used.has(id) && this.used.add(id).size > 0
    } catch {
      return false
    }
  }

  private evaluate({ subject, action, resource }: AuthzenQuestion): Answer {
    const { service, provider = null, object = null } = resource.properties
    const power: Power = { service, action: action.name, provider, object }
    const principal = { type: resource.type, id: resource.id }
    const answer = this.decide({ representative: subject.id, principal, power })
    const { allowed, ...told } = answer
    return {
      status: 200,
      body: { decision: allowed, context: { evaluation_id: randomUUID(), obligations: [], ...told } },
    }
  }

  private list(): Answer {
    const actor_grant = randomUUID()
    this.grants.add(actor_grant)
    const representations = this.representations.map(({ handle, name, token }) => ({
      handle,
      principal: { handle: token.principal ?? 'p_test', name, born_year: null },
      basis: token.basis ?? 'mandate',
      powers: token.powers.map((power) => ({ ...power, scope: scopeOf(power), valid_until: null })),
    }))
    const actor_grant_expires_at = new Date(Date.now() + 7_200_000).toISOString()
    const body = {
      actor_grant,
      actor_grant_expires_at,
      actor_grant_idle_seconds: 1_800,
      representations,
      complete: true,
    }
    return { status: 200, body }
  }

  private take({ uses }: { readonly uses: readonly ReportedUse[] }): Answer {
    const isNew = ({ use_id }: ReportedUse): boolean => !this.uses.some((known) => known.use_id === use_id)
    this.uses.push(...uses.filter(isNew))
    return { status: 200, body: { uses: uses.map(({ use_id }) => ({ use_id, taken: true, refused: null })) } }
  }

  private end({ actor_grant: grant }: { readonly actor_grant: string }): Answer {
    this.grants.delete(grant)
    return { status: 204, body: null }
  }
}

interface AuthzenQuestion {
  readonly subject: { readonly id: string }
  readonly action: { readonly name: Power['action'] }
  readonly resource: {
    readonly type: 'person' | 'organisation'
    readonly id: string
    readonly properties: { readonly service: string; readonly provider?: string; readonly object?: string }
  }
}

function scopeOf({ service, action }: Power): string {
  return `${service}.${action}`
}

/** Believed as it stands: it is the service's own test. */
function thumbprintIn(proof: string): Promise<string> {
  const { jwk } = decodeProtectedHeader(proof)
  return calculateJwkThumbprint(jwk ?? {})
}
