import type { NamedAct } from '../decisions/approvals.js'
import { ACTIONS, type Action } from '../domain/catalogue.js'
import { type Narrowing, readNarrowings } from './authorization-details.js'
import { OAuthError } from './oauth-error.js'
import type { Target, TokenForm } from './token-form.js'

export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'

/** What our own kinds of token are called in a token exchange: URIs under the issuer (RFC 8693 section 3). */
export function tokenTypesOf(issuer: string): { readonly representation: string; readonly actorGrant: string } {
  return {
    representation: `${issuer}/token-type/representation-handle`,
    actorGrant: `${issuer}/token-type/actor-grant`,
  }
}

/** One action in one service, as a scope writes it. */
export interface ScopedAction {
  readonly service: string
  readonly action: Action
}

/** `nav.pension.read`. */
export function scopeOf({ service, action }: ScopedAction): string {
  return `${service}.${action}`
}

/** A token exchange whose form is right. Whether its parts exist and fit together is not known yet. */
export interface ExchangeRequest {
  readonly representationHandle: string
  readonly actorGrant: string
  /** The audience's address. */
  readonly audience: string
  /** Null: everything that is allowed there. */
  readonly scope: readonly ScopedAction[] | null
  /** Null: not narrowed. */
  readonly narrowings: readonly Narrowing[] | null
  /** The act that several have agreed to: the token is for it alone, and consumes it. Null: none. */
  readonly act: NamedAct | null
}

/**
 * Reads a token exchange (RFC 8693 section 2.1) of a representation for a delegation token.
 *
 * @throws OAuthError saying which parameter is not as it must be.
 */
export function readExchangeRequest(form: TokenForm, issuer: string): ExchangeRequest {
  const types = tokenTypesOf(issuer)
  const requested = form.get('requested_token_type') ?? ACCESS_TOKEN_TYPE
  if (requested !== ACCESS_TOKEN_TYPE) {
    throw new OAuthError('invalid_request', `requested_token_type must be ${ACCESS_TOKEN_TYPE} or left out`)
  }
  const details = form.get('authorization_details')
  return {
    representationHandle: readToken(form, 'subject_token', types.representation),
    actorGrant: readToken(form, 'actor_token', types.actorGrant),
    audience: readTarget(form.targets),
    scope: readScope(form.get('scope')),
    narrowings: details === undefined ? null : readNarrowings(details, issuer),
    act: readActReference(form.get('act_reference')),
  }
}

/** `<act_id>.<SHA-256 of the content, base64url>`. */
function readActReference(reference: string | undefined): NamedAct | null {
  if (reference === undefined) return null
  const [, actId, hash] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.([A-Za-z0-9_-]{43})$/.exec(reference) ?? []
  if (actId === undefined || hash === undefined) {
    throw new OAuthError('invalid_request', 'act_reference must be <act_id>.<SHA-256 of the content, base64url>')
  }
  return { actId, contentHash: Buffer.from(hash, 'base64url') }
}

/** RFC 8693 lets the actor token be left out; here a token always names who acts. */
function readToken(form: TokenForm, name: 'subject_token' | 'actor_token', type: string): string {
  const token = form.get(name)
  if (token === undefined) throw new OAuthError('invalid_request', `${name} is missing`)
  if (form.get(`${name}_type`) !== type) throw new OAuthError('invalid_request', `${name}_type must be ${type}`)
  return token
}

function readTarget([target, ...others]: readonly Target[]): string {
  if (target === undefined) throw new OAuthError('invalid_request', 'resource or audience is missing')
  if (others.length > 0)
    throw new OAuthError('invalid_target', 'a token is for one audience: send one resource or audience')
  const isAddress =
    /^[\x21-\x7e]{1,2000}$/.test(target.value) && URL.canParse(target.value) && !target.value.includes('#')
  if (!isAddress) throw new OAuthError('invalid_target', `${target.parameter} must be an absolute URI without fragment`)
  return target.value
}

/** Powers that we do not know are dropped like those that are refused: the answer says what was granted. */
function readScope(scope: string | undefined): readonly ScopedAction[] | null {
  if (scope === undefined) return null
  const known = [...new Set(scope.split(' '))].flatMap(readScopeToken)
  if (known.length === 0) throw new OAuthError('invalid_scope', 'no scope of these exists')
  return known
}

function readScopeToken(token: string): ScopedAction[] {
  const [, service, verb] = /^([a-z0-9.-]+)\.([a-z]+)$/.exec(token) ?? []
  const action = ACTIONS.find((known) => known === verb)
  return service === undefined || action === undefined ? [] : [{ service, action }]
}
