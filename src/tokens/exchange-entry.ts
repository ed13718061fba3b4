import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import type { Json } from '../domain/json.js'
import type { Power } from '../domain/mandate.js'
import { contextOf } from '../domain/party.js'
import { viaOf, workOf } from '../decisions/decision-entry.js'
import type { JudgedPower } from '../decisions/judge-ground.js'
import type { ActorGrant } from '../store/actor-grant-store.js'
import type { FactsAt } from '../store/facts-store.js'
import type { Act } from '../store/act-store.js'
import type { AuditRow } from '../store/audit-store.js'
import type { Audience } from '../store/client-store.js'
import type { Represented } from '../store/handle-store.js'
import type { GroundPrint } from '../store/hold-ground.js'
import type { DelegationClaims } from './delegation-token.js'

/** What an exchange was decided from. */
export interface Exchanged {
  readonly clientId: string
  readonly audience: Audience
  /** Names the actor grant in the log: its hash, of which no grant can be made. */
  readonly grantName: string
  readonly grant: ActorGrant | null
  readonly represented: Represented | null
  /** Of the ground; null when there is no such one. */
  readonly print: GroundPrint | null
  readonly facts: FactsAt
  /** The open act that the token would be for; null where none was named. */
  readonly act: Act | null
  /** Thumbprint of the key that the token would be bound to; null for none. */
  readonly jkt: string | null
  /** Empty when a gate was closed before any power was looked at. */
  readonly judged: readonly JudgedPower[]
}

/** What an exchange was refused for. A closed gate is named in the log and nowhere else. */
export type RefusedFor = 'actor_grant' | 'handle' | 'not_the_representative' | 'powers' | 'too_large'

/** How an exchange came out, in the log. */
export type ExchangeOutcome =
  { readonly issued: DelegationClaims; readonly numberGiven: boolean } | { readonly refused: RefusedFor }

/** The entry before its outcome: its id is the `evaluation_id` of the token. */
export function exchangeEntry(exchanged: Exchanged): AuditEntry {
  const { clientId, audience, grantName, grant, represented, facts, judged } = exchanged
  return auditEntry({
    kind: 'exchange',
    occurredAt: facts.instant,
    actor: grant?.partyId ?? null,
    principal: represented?.principal ?? null,
    clientId,
    content: {
      audience: audience.audience,
      representation: represented?.representationId ?? null,
      actor_grant: grantName,
      login: grant === null ? null : loginOf(grant),
      ...(grant === null ? {} : workOf(contextOf(grant.worksFor))),
      catalogue_version: facts.catalogueVersion,
      act: exchanged.act?.actId ?? null,
      powers: judged.map(answerOf),
    },
  })
}

/** The entry with how it came out. */
export function withOutcome(entry: AuditEntry, outcome: ExchangeOutcome): AuditEntry {
  const told: Record<string, Json> =
    'refused' in outcome
      ? { token: null, refused: outcome.refused }
      : { token: tokenOf(outcome.issued), refused: null, number_given: outcome.numberGiven }
  return { ...entry, content: { ...entry.content, ...told } }
}

/** A token as the entry of its exchange tells of it. */
export interface LoggedToken {
  readonly jti: string
  readonly audience: string
  readonly representation: string | null
  readonly powers: readonly Power[]
  /** Rounded down to the second, as `iat` is. */
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** Reads the token back from the entry of its exchange; null where none was issued. */
export function tokenIn({ entry, occurredAt }: Pick<AuditRow, 'entry' | 'occurredAt'>): LoggedToken | null {
  const { content } = JSON.parse(entry) as { content: LoggedExchange }
  if (content.token === null) return null
  return {
    jti: content.token.jti,
    audience: content.audience,
    representation: content.representation,
    powers: content.powers.filter(({ allowed }) => allowed),
    issuedAt: new Date(Math.floor(occurredAt.getTime() / 1000) * 1000),
    expiresAt: new Date(content.token.expires_at),
  }
}

interface LoggedExchange {
  readonly audience: string
  readonly representation: string | null
  readonly powers: readonly (Power & { readonly allowed: boolean })[]
  readonly token: { readonly jti: string; readonly expires_at: string } | null
}

/** A person's login as the log tells of it. */
export function loginOf({ level, acr, authenticatedAt }: Pick<ActorGrant, 'level' | 'acr' | 'authenticatedAt'>): Json {
  return { level, acr, proof: 'login_token', authenticated_at: authenticatedAt.toISOString() }
}

/** One power and the answer to it, as the log tells of it. */
export function answerOf({ power, decision }: JudgedPower): Json {
  return {
    ...power,
    allowed: decision.allowed,
    reason: decision.allowed ? null : decision.reason,
    ...viaOf(decision),
    obligations: decision.obligations.map(({ type }) => type),
    valid_until: decision.validUntil?.toISOString() ?? null,
  }
}

function tokenOf({ jti, scope, exp, cnf }: DelegationClaims): Json {
  return { jti, scope, expires_at: new Date(exp * 1000).toISOString(), jkt: cnf?.jkt ?? null }
}
