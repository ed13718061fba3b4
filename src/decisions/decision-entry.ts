import { createHmac } from 'node:crypto'
import type { Decision } from '../domain/decide.js'
import type { Json } from '../domain/json.js'
import type { Power } from '../domain/mandate.js'
import type { Login, LoginContext } from '../domain/party.js'
import type { Named } from '../store/facts-store.js'

/** What the log tells of a decision: by opaque ids only. */
export function answerOf(decision: Decision): Record<string, Json> {
  return {
    allowed: decision.allowed,
    reason: decision.allowed ? null : decision.reason,
    basis: decision.basis,
    representation: decision.representationId,
    ...viaOf(decision),
    obligations: decision.obligations.map(({ type }) => type),
    valid_until: isoOf(decision.validUntil),
  }
}

/** The organisation through which the actor has it, and by what he acts for that one; nothing where there is none. */
export function viaOf({ via }: Decision): Record<string, Json> {
  if (via === undefined) return {}
  return { via: { organisation: via.organisation, basis: via.basis, representation: via.representationId } }
}

/** The organisation of a work login, null where it is unknown; nothing of a private one. */
export function workOf(context: LoginContext): Record<string, Json> {
  return context.kind === 'private' ? {} : { works_for: context.organisation }
}

/** What the log tells of the login that a question was asked with. */
export function loginOf({ level, proof, authenticatedAt }: Login): Record<string, Json> {
  return { level, proof, authenticated_at: isoOf(authenticatedAt) }
}

/** A service that is not in the catalogue is the asker's own text, and that may be anything: it does not go into the log. */
export function loggablePower(power: Power, unknown: boolean): Record<string, Json> | null {
  return unknown ? null : { ...power }
}

/** A number that belongs to no party, under a key: told apart by it, and never read. Null for what is named by a handle. */
export function hashOfUnknown(key: Buffer, named: Named): string | null {
  if (named.by !== 'identifier') return null
  const { scheme, value } = named.identifier
  return createHmac('sha256', key).update(`${scheme}:${value}`).digest('base64url')
}

function isoOf(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
