import type { Assurance } from './assurance.js'
import type { User } from './claims.js'
import { ACTIONS, type Action, type Power } from './ground.js'
import { isText } from './json.js'
import { type PresentedProof, type ProofMemory, rememberProofs } from './proof.js'
import { type RefusalCode, TokenRefused } from './refused.js'
import { type Refusal, refusalFor } from './refusal.js'
import type { Verifier } from './verifier.js'
import type { VerifiedToken } from './verified-token.js'

type Awaitable<T> = T | Promise<T>

interface AnyGuard<Request> {
  readonly verifier: Verifier
  /** The least level at which the user must have logged in. */
  readonly minimumAssurance: Assurance
  /** Is told of each refusal, for the service's log. It decides nothing. */
  readonly onRefused?: ((code: GuardCode, request: Request) => void) | undefined
}

/** For an audience of kind `web`: the service has a session of its own. */
export interface WebGuard<Request> extends AnyGuard<Request> {
  readonly kind: 'web'
  /** The logged-in user, out of the service's own session; null where nobody is logged in. */
  readonly user: (request: Request) => Awaitable<User | null>
  /** The token out of that session, null where there is none. Left out, it is the Bearer token of the request. */
  readonly token?: ((request: Request) => Awaitable<string | null>) | undefined
}

interface Bound<Request> extends AnyGuard<Request> {
  /** Where senders reach this service: scheme, host, and the path before its own, if a proxy takes one away. */
  readonly publicUrl: URL
  /** Where instances share a memory of proofs; left out, each has its own. */
  readonly isFirst?: ProofMemory | undefined
}

/** For an audience of kind `api`: tokens come bound to a key, as `Authorization: DPoP`. */
export interface ApiGuard<Request> extends Bound<Request> {
  readonly kind: 'api'
}

/** For an audience of kind `api_with_user_token`: the user's own token comes with the request. */
export interface ApiWithUserGuard<Request> extends Bound<Request> {
  readonly kind: 'api_with_user_token'
  /** The one of whom the user's own token tells, which the service has verified; null where there is none. */
  readonly user: (request: Request) => Awaitable<User | null>
}

/** What a guard has to know of the service. All of it but what may be left out by its type. */
export type GuardSettings<Request> = WebGuard<Request> | ApiGuard<Request> | ApiWithUserGuard<Request>

/** Where it is done and to what, read from the request. Left out: only powers without such a limit do. */
export interface Limits<Request> {
  readonly provider?: ((request: Request) => string | null) | undefined
  readonly object?: ((request: Request) => string | null) | undefined
}

/** A request as it came in over HTTP. `rawHeaders` as Node gives them: `headers` would hide a second `Authorization`. */
export interface Incoming {
  readonly method: string | undefined
  /** The path with its query, as it stands in the request. */
  readonly target: string
  readonly rawHeaders: readonly string[]
}

export type GuardCode = RefusalCode | 'no_token' | 'no_user' | 'malformed_request'

export type Outcome = { readonly passed: VerifiedToken } | { readonly refused: Refusal }

/** Decides on one request. Rejects only where the service's own functions do; then, too, nothing has passed. */
export type Guard<Request> = (
  request: Request,
  incoming: Incoming,
  service: string,
  action: Action,
  limits: Limits<Request>,
) => Promise<Outcome>

/** The guard that those for Express, Fastify and Nest share. TypeError where a setting is missing. */
export function newGuard<Request>(settings: GuardSettings<Request>): Guard<Request> {
  checkSettings(settings)
  const isFirst = settings.kind === 'web' ? null : (settings.isFirst ?? rememberProofs())
  return async (request, incoming, service, action, limits) => {
    const scope = `${service}.${action}`
    try {
      const power = powerOf(request, service, action, limits)
      return { passed: await pass(settings, request, incoming, power, isFirst) }
    } catch (error) {
      const code = error instanceof TokenRefused || error instanceof GuardRefused ? error.code : null
      if (code === null) throw error
      settings.onRefused?.(code, request)
      return { refused: refusalFor(code, settings.kind, scope, settings.minimumAssurance) }
    }
  }
}

/** A power that could never be named would be found out by the first user otherwise. */
export function checkPower(service: string, action: Action): void {
  if (!isText(service) || !ACTIONS.includes(action)) throw new TypeError('guard: no such power')
}

class GuardRefused extends Error {
  constructor(readonly code: Exclude<GuardCode, RefusalCode>) {
    super(code)
  }
}

async function pass<Request>(
  settings: GuardSettings<Request>,
  request: Request,
  incoming: Incoming,
  power: Power,
  isFirst: ProofMemory | null,
): Promise<VerifiedToken> {
  const { verifier, minimumAssurance } = settings
  const user = settings.kind === 'api' ? null : await userOf(settings.user, request)
  const { token, scheme } = await tokenOf(settings, request, incoming)
  if (settings.kind === 'api' && scheme !== 'dpop') throw new TokenRefused('proof_required', 'the token came as Bearer')
  if (settings.kind === 'web' && scheme === 'dpop') throw new TokenRefused('proof_required', 'no bound tokens here')
  const proof =
    settings.kind === 'web' || isFirst === null || scheme !== 'dpop'
      ? null
      : proofIn(incoming, settings.publicUrl, isFirst)
  const verified = await verifier.verify(token, { power, user, proof, minimumAssurance })
  // RFC 9449 section 7.1: a scheme that says otherwise than the token is a mistake or a trick.
  if (verified.isBound !== (scheme === 'dpop')) throw new TokenRefused('proof_required', 'the token is bound to no key')
  return verified
}

async function userOf<Request>(find: (request: Request) => Awaitable<User | null>, request: Request): Promise<User> {
  const user = await find(request)
  if (user === null || !isText(user.issuer) || !isText(user.subject)) throw new GuardRefused('no_user')
  return user
}

async function tokenOf<Request>(
  settings: GuardSettings<Request>,
  request: Request,
  { rawHeaders }: Incoming,
): Promise<{ readonly token: string; readonly scheme: 'bearer' | 'dpop' }> {
  if (settings.kind === 'web' && settings.token !== undefined) {
    const token = await settings.token(request)
    if (!isText(token)) throw new GuardRefused('no_token')
    return { token, scheme: 'bearer' }
  }
  const [header, ...others] = headersOf(rawHeaders, 'authorization')
  if (others.length > 0) throw new GuardRefused('malformed_request')
  if (header === undefined) throw new GuardRefused('no_token')
  const [, scheme = '', token = ''] = /^(bearer|dpop) +([\w.-]+)$/i.exec(header) ?? []
  if (token === '') throw new TokenRefused('format', 'Authorization is not one token')
  return { token, scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer' }
}

function proofIn({ method, target, rawHeaders }: Incoming, publicUrl: URL, isFirst: ProofMemory): PresentedProof {
  // In absolute form, or as an authority, the target could name another host.
  if (method === undefined || !target.startsWith('/')) throw new GuardRefused('malformed_request')
  const address = `${publicUrl.origin}${publicUrl.pathname.replace(/\/$/, '')}${target}`
  if (!URL.canParse(address)) throw new GuardRefused('malformed_request')
  const proofs = headersOf(rawHeaders, 'dpop')
  return { header: proofs.length === 0 ? undefined : proofs.join(', '), method, url: new URL(address), isFirst }
}

function headersOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
}

function powerOf<Request>(request: Request, service: string, action: Action, limits: Limits<Request>): Power {
  return Object.freeze({
    service,
    action,
    provider: limit(limits.provider, request),
    object: limit(limits.object, request),
  })
}

/** What is read from a request may be missing, or be several: then nothing is known of what it is to be held against. */
function limit<Request>(read: ((request: Request) => string | null) | undefined, request: Request): string | null {
  if (read === undefined) return null
  const value = read(request)
  if (value !== null && !isText(value)) throw new GuardRefused('malformed_request')
  return value
}

/** For callers without types: a guard that does not know its service lets nobody by mistake in, it does not come to be. */
function checkSettings<Request>(settings: GuardSettings<Request>): void {
  const { verifier, kind, minimumAssurance } = settings
  must(typeof verifier?.verify === 'function', 'verifier')
  must(kind === 'web' || kind === 'api' || kind === 'api_with_user_token', 'kind')
  must(minimumAssurance === 'substantial' || minimumAssurance === 'high', 'minimumAssurance')
  if (kind !== 'api') must(typeof settings.user === 'function', 'user')
  if (kind === 'web') must(settings.token === undefined || typeof settings.token === 'function', 'token')
  else must(settings.publicUrl instanceof URL && /^https?:$/.test(settings.publicUrl.protocol), 'publicUrl')
}

function must(given: boolean, name: string): void {
  if (!given) throw new TypeError(`guard: "${name}" is missing or not valid`)
}
