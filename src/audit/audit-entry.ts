import { v7 as timeOrderedId } from 'uuid'
import { canonicalJson } from '../domain/canonical-json.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'

/** What the log tells of. Closed: a new kind is a new line here and in `docs/audit.md`. */
export const AUDIT_KINDS = [
  'evaluation',
  'search',
  'exchange',
  'introspection',
  'token_revoked',
  'token_used',
  'representations_listed',
  'actor_grant_ended',
  'representative_sought',
  'organisation_handled',
  'mandate_given',
  'mandate_accepted',
  'mandate_declined',
  'mandate_narrowed',
  'mandate_extended',
  'mandate_frozen',
  'mandate_thawed',
  'mandate_ended',
  'mandate_cancelled',
  'request_made',
  'request_approved',
  'request_declined',
  'request_withdrawn',
  'helper_unblocked',
  'letter_ordered',
  'letter_sent',
  'invitation_made',
  'invitation_redeemed',
  'invitation_cancelled',
  'code_tried',
  'act_opened',
  'act_approved',
  'act_refused',
  'act_completed',
  'employment_told',
  'employment_ended',
  'ruling_made',
  'ruling_ended',
  'logged_in',
  'logged_out',
  'signing_key_made',
  'signing_key_rotated',
  'signing_key_removed',
  'notice_settings_changed',
  'trusted_contact_named',
  'trusted_contact_ended',
] as const
export type AuditKind = (typeof AUDIT_KINDS)[number]

/** One thing that was decided or changed. */
export interface AuditEntry {
  readonly entryId: string
  readonly occurredAt: Date
  readonly kind: AuditKind
  readonly actor: PartyId | null
  readonly principal: PartyId | null
  readonly clientId: string | null
  /** What happened, by opaque ids only: no identity number, no name, no token. */
  readonly content: Readonly<Record<string, Json>>
}

/** A new entry with an id that sorts by time (UUID version 7). */
export function auditEntry(entry: Omit<AuditEntry, 'entryId'>): AuditEntry {
  return { entryId: timeOrderedId(), ...entry }
}

/** The entry as canonical JSON (RFC 8785): the same entry is always the same bytes, so that it can be hashed. */
export function canonicalForm(entry: AuditEntry): string {
  return canonicalJson({
    v: 1,
    entry_id: entry.entryId,
    occurred_at: entry.occurredAt.toISOString(),
    kind: entry.kind,
    actor: entry.actor,
    principal: entry.principal,
    client_id: entry.clientId,
    content: entry.content,
  })
}
