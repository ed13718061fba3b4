import type { AssuranceLevel } from '../domain/catalogue.js'
import { ACTIONS, type Action } from '../domain/catalogue.js'
import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Power } from '../domain/mandate.js'
import { Problem } from '../domain/problem.js'
import { levelOf } from '../login/assurance.js'
import { type LoginTokens, type VerifiedLogin, issuedTo } from '../login/login-token.js'
import type { Client } from '../store/client-store.js'
import type { Named } from '../store/facts-store.js'
import type { NamedAct } from './approvals.js'
import type { Asked } from './evaluate.js'

/** Whom or what a request names. Of the properties only those that our reading knows count, and they can only narrow. */
export interface Entity {
  readonly type: string
  readonly id: string
  readonly properties?: Properties | null
}

export type Properties = Readonly<Record<string, unknown>>

export interface EvaluationContext {
  readonly acr?: string | null
  readonly auth_time?: number | null
  readonly login_token?: string | null
  /** The organisation that the subject is at work for, by number or handle. */
  readonly via?: string | null
  /** The act that several must agree to, which the question is about. */
  readonly act?: { readonly id: string; readonly content_hash: string } | null
}

/** An AuthZEN 1.0 evaluation request as it came, its shape checked: entities of any type. */
export interface EvaluationRequest {
  readonly subject: Entity
  readonly action: { readonly name: string; readonly properties?: Properties | null }
  readonly resource: Entity
  readonly context?: EvaluationContext | null
}

export type LoginVerifier = Pick<LoginTokens, 'verifyIdToken'>

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
  tokens: LoginVerifier,
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
  return {
    actor,
    principal,
    power: readPower(action.name, resource.properties ?? null),
    ...(await readLogin(context, actor, client, series, tokens)),
    act: readAct(context),
    client,
    requestId,
  }
}

function readAct(context: EvaluationRequest['context']): NamedAct | null {
  const act = context?.act ?? null
  return act === null ? null : { actId: act.id, contentHash: Buffer.from(act.content_hash, 'base64url') }
}

/**
 * The power that an action and the properties of a resource name. An action that no service can have is an unknown power,
 * which is an answer and no fault of the request.
 */
export function readPower(action: string, properties: Properties | null): Power {
  const service = textOf(properties, 'service', 100)
  if (service === null) throw new Problem('invalid_request', 'resource.properties.service must name the service')
  const provider = textOf(properties, 'provider', 100)
  return { service, action: knownAction(action), provider, object: textOf(properties, 'object', 200) }
}

/** Half a character (a lone surrogate) has no place in the log's canonical JSON (RFC 8785 section 3.2.2.2). */
function textOf(properties: Properties | null, member: string, longest: number): string | null {
  const value = properties !== null && Object.hasOwn(properties, member) ? properties[member] : undefined
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value !== '' && value.length <= longest && value.isWellFormed()) return value
  const wanted = `must be a text of 1 to ${longest} whole characters`
  throw new Problem('invalid_request', `resource.properties.${member} ${wanted}`)
}

function knownAction(name: string): Action {
  return ACTIONS.find((action) => action === name) ?? ('unknown' as Action)
}

/** @throws Problem `numbers_not_allowed`, or for a number that is none. */
export function readName(member: string, id: string, client: Client, series: NumberSeries): Named {
  if (HANDLE.test(id)) return { by: 'handle', handle: id }
  if (!client.mayUseNumbers) {
    throw new Problem('numbers_not_allowed', `${member}.id must be a handle: this client may not ask with numbers`)
  }
  const identifier = readIdentifier(id, series)
  if (typeof identifier === 'string') throw new Problem(identifier, `${member}.id is no identifier that counts here`)
  return { by: 'identifier', identifier }
}

export function refuseWrongType(type: 'person' | 'organisation', named: Named): void {
  if (named.by !== 'identifier') return
  if ((named.identifier.scheme === 'orgnr') !== (type === 'organisation')) {
    throw new Problem('invalid_request', `an id of type ${type} is expected`)
  }
}

async function readLogin(
  context: EvaluationRequest['context'],
  actor: Named,
  client: Client,
  series: NumberSeries,
  tokens: LoginVerifier,
): Promise<Pick<Asked, 'login' | 'worksFor'>> {
  const token = context?.login_token ?? null
  const via = readVia(context, series)
  if (token !== null) {
    const login = await verifyLogin(token, client, tokens)
    const { level, authenticatedAt, identifier } = login
    // By number: a handle does not say whose number it stands for.
    if (actor.by !== 'identifier' || !same(actor.identifier, identifier)) throw tokenOfAnother('subject')
    return { login: { level, authenticatedAt, proof: 'login_token' }, worksFor: workIn(login, via) }
  }
  const level: AssuranceLevel = levelOf(context?.acr ?? undefined) ?? 'low'
  const seconds = context?.auth_time ?? null
  const authenticatedAt = seconds === null ? null : new Date(seconds * 1000)
  return { login: { level, authenticatedAt, proof: 'asserted' }, worksFor: via }
}

/** Any client may name an organisation by number: those are public. @throws Problem for what names none. */
export function readVia(context: EvaluationContext | null | undefined, series: NumberSeries): Named | null {
  const via = context?.via ?? null
  if (via === null) return null
  if (HANDLE.test(via)) return { by: 'handle', handle: via }
  const identifier = readIdentifier(via, series)
  if (typeof identifier === 'string') throw new Problem(identifier, 'context.via is no identifier that counts here')
  if (identifier.scheme !== 'orgnr') throw new Problem('invalid_request', 'context.via must name an organisation')
  return { by: 'identifier', identifier }
}

/**
 * The organisation that the login's issuer says the person is at work for; null for a private login. What the asker says of
 * it must agree.
 *
 * @throws Problem `invalid_login_token`
 */
export function workIn({ worksFor }: VerifiedLogin, said: Named | null): Named | null {
  const agrees = said === null || (worksFor !== null && said.by === 'identifier' && same(said.identifier, worksFor))
  if (!agrees) throw new Problem('invalid_login_token', 'the login token is not of work for context.via, by number')
  return worksFor === null ? null : { by: 'identifier', identifier: worksFor }
}

/** The login of the client's own user that the token tells of. @throws Problem `invalid_login_token` */
export async function verifyLogin(token: string, client: Client, tokens: LoginVerifier): Promise<VerifiedLogin> {
  const expected = issuedTo(client, token)
  if (expected === null) {
    throw new Problem('invalid_login_token', 'this client is not registered with an identity provider')
  }
  return tokens.verifyIdToken(token, expected)
}

export function tokenOfAnother(member: 'subject' | 'resource'): Problem {
  const how = member === 'subject' ? ', who must be named by number here' : ''
  return new Problem('invalid_login_token', `the login token is not of the ${member}${how}`)
}

export function same(a: Identifier, b: Identifier): boolean {
  return a.scheme === b.scheme && a.value === b.value
}
