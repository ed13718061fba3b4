import { type AuditKind, auditEntry } from '../audit/audit-entry.js'
import { earliestOf } from '../domain/calendar.js'
import type { Json } from '../domain/json.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { StoredState } from '../domain/mandate.js'
import { type Acting, organisationOf } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import {
  type Change,
  type ChangedPower,
  type ConfirmedText,
  type LockedMandate,
  type RegisterName,
  type Through,
  insertChange,
} from '../store/mandate-store.js'

/** Why a mandate was changed, in the words of whoever changed it or as a code of ours, and the text if one was confirmed. */
export interface Cause {
  readonly reason: string | null
  readonly confirmed: ConfirmedText | null
  /** Of an end: whether the others get no notice of it. */
  readonly quiet?: boolean
}

/**
 * Writes the next version of a locked mandate and the entry that tells of it. Returns the new version. A register can
 * only end.
 */
export async function recordChange(
  tx: Transaction,
  by: Acting | RegisterName,
  locked: LockedMandate,
  change: Exclude<Change, 'given'>,
  powers: readonly ChangedPower[],
  { reason, confirmed, quiet = false }: Cause,
): Promise<number> {
  const { mandateId, moment, instant, principal, representative, through } = locked
  const madeBy = 'register' in by ? by : by.actor.partyId
  const madeFor = 'register' in by ? null : organisationOf(by)
  const made = { mandateId, change, madeBy, madeFor, madeAt: moment, reason, confirmed, quiet }
  const version = await insertChange(tx, made, powers)
  const kind: AuditKind = `mandate_${change}`
  const content: Record<string, Json> = {
    mandate: mandateId,
    representative,
    ...chainOf(through),
    version,
    reason,
    powers: powers.map(({ powerId, state, validUntil }) => ({
      power: powerId,
      state,
      valid_until: validUntil.toISOString(),
    })),
    ...(confirmed === null ? {} : takesEffect(powers[0]?.state, powers)),
    ...(confirmed?.evidence.sameDevice === true ? { flags: ['same_device'] } : {}),
    text_hash: confirmed?.textHash.toString('base64url') ?? null,
    catalogue_version: confirmed?.catalogueVersion ?? null,
    ...(quiet ? { quiet } : {}),
    ...('register' in by ? { register: by.register } : { login_level: by.actor.login.level, ...onBehalfOf(by) }),
  }
  const actor = 'register' in by ? null : by.actor.partyId
  const entry = auditEntry({ kind, occurredAt: instant, actor, principal, clientId: null, content })
  await appendWithChange(tx, entry)
  return version
}

/** What an entry tells of the organisation that the actor did it for. Nothing where he did it for himself. */
export function onBehalfOf(acting: Acting): Record<string, Json> {
  const organisation = organisationOf(acting)
  return organisation === null ? {} : { on_behalf_of: organisation }
}

/** What an entry tells of a mandate that was passed on: from which one, and by whom. Nothing of one that was not. */
export function chainOf(through: Through | null): Record<string, Json> {
  return through === null ? {} : { parent: through.parent, middle: through.middle }
}

/** What an entry tells of powers that are held: when the first of them takes effect. Nothing of others. */
export function takesEffect(
  state: StoredState | undefined,
  powers: readonly { readonly validFrom?: Date }[],
): Record<string, Json> {
  if (state !== 'held') return {}
  return { takes_effect_at: earliestOf(powers.map(({ validFrom = null }) => validFrom))?.toISOString() ?? null }
}
