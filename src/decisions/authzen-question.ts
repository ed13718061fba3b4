import type { AssuranceLevel } from '../domain/catalogue.js'
import { ACTIONS, type Action } from '../domain/catalogue.js'
import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Login } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { levelOf } from '../login/assurance.js'
import type { LoginTokens } from '../login/login-token.js'
import type { Client } from '../store/client-store.js'
import type { Named } from '../store/facts-store.js'
import type { Asked } from './evaluate.js'

/** An AuthZEN 1.0 evaluation request as it came, its shape checked. */
export interface EvaluationRequest {
  readonly subject: { readonly type: string; readonly id: string }
  readonly action: { readonly name: string }
  readonly resource: {
    readonly type: string
    readonly id: string
    readonly properties: { readonly service: string; readonly provider?: string; readonly object?: string }
  }
  readonly context?: { readonly acr?: string; readonly auth_time?: number; readonly login_token?: string }
}

const HANDLE = /^[pr]_[A-Za-z0-9_-]{16,64}$/

/**
 * Reads the request as a question of ours: subject = the representative, resource = the principal, the service in its
 * properties. What the asker says of the login is believed and logged as asserted; a login token is checked. Nothing
 * the asker sends can grant.
 *
 * @throws Problem for what cannot be a question: an unknown type, a number that is none, a token of someone else.
 */
export async function readQuestion(
  request: EvaluationRequest,
  client: Client,
  requestId: string | null,
  series: NumberSeries,
  tokens: LoginTokens,
): Promise<Asked> {
  const { subject, resource, action, context } = request
  if (subject.type !== 'person') throw new Problem('invalid_request', 'subject.type must be person')
  if (resource.type !== 'person' && resource.type !== 'organisation') {
    throw new Problem('invalid_request', 'resource.type must be person or organisation')
  }
  const actor = readName('subject', subject.id, client, series)
  const principal = readName('resource', resource.id, client, series)
  refuseWrongType(resource.type, principal)
  refuseWrongType('person', actor)
  const { service, provider, object } = resource.properties
  return {
    actor,
    principal,
    // An action that no service can have is an unknown power, which is an answer and no fault of the request.
    power: { service, action: knownAction(action.name), provider: provider ?? null, object: object ?? null },
    login: await readLogin(context, actor, client, tokens),
    client,
    requestId,
  }
}

function knownAction(name: string): Action {
  return ACTIONS.find((action) => action === name) ?? ('unknown' as Action)
}

function readName(member: string, id: string, client: Client, series: NumberSeries): Named {
  if (HANDLE.test(id)) return { by: 'handle', handle: id }
  if (!client.mayUseNumbers) {
    throw new Problem('numbers_not_allowed', `${member}.id must be a handle: this client may not ask with numbers`)
  }
  const identifier = readIdentifier(id, series)
  if (typeof identifier === 'string') throw new Problem(identifier, `${member}.id is no identifier that counts here`)
  return { by: 'identifier', identifier }
}

function refuseWrongType(type: 'person' | 'organisation', named: Named): void {
  if (named.by !== 'identifier') return
  if ((named.identifier.scheme === 'orgnr') !== (type === 'organisation')) {
    throw new Problem('invalid_request', `an id of type ${type} is expected`)
  }
}

async function readLogin(
  context: EvaluationRequest['context'],
  actor: Named,
  client: Client,
  tokens: LoginTokens,
): Promise<Login> {
  if (context?.login_token !== undefined) return readLoginToken(context.login_token, actor, client, tokens)
  const level: AssuranceLevel = levelOf(context?.acr) ?? 'low'
  const seconds = context?.auth_time
  return { level, authenticatedAt: seconds === undefined ? null : new Date(seconds * 1000), proof: 'asserted' }
}

/** The token must be of the very person asked about, by number: a handle does not say whose number it stands for. */
async function readLoginToken(token: string, actor: Named, client: Client, tokens: LoginTokens): Promise<Login> {
  const { loginIssuer, loginClientId } = client
  if (loginIssuer === null || loginClientId === null) {
    throw new Problem('invalid_login_token', 'this client is not registered with an identity provider')
  }
  const login = await tokens.verifyIdToken(token, { issuer: loginIssuer, clientId: loginClientId })
  if (actor.by !== 'identifier' || !same(actor.identifier, login.identifier)) {
    throw new Problem('invalid_login_token', 'the login token is not of the subject, who must be named by number here')
  }
  return { level: login.level, authenticatedAt: login.authenticatedAt, proof: 'login_token' }
}

function same(a: Identifier, b: Identifier): boolean {
  return a.scheme === b.scheme && a.value === b.value
}
