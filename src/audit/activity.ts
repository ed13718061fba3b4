import { findService, type CatalogueVersion, type Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type AuditCursor, type AuditRow, auditRowsOfPrincipal } from '../store/audit-store.js'
import { type Client, findClient } from '../store/client-store.js'
import type { Queryable } from '../store/database.js'
import { namedParties } from '../store/party-store.js'
import { AUDIT_KINDS, type AuditKind } from './audit-entry.js'
import type { Json } from '../domain/json.js'

const PAGE = 50
const NOT_ABOUT_A_PRINCIPAL: readonly AuditKind[] = [
  'logged_in',
  'logged_out',
  'representative_sought',
  // Who has been told what of an authority’s decision is for the authority to say.
  'ruling_made',
  'ruling_ended',
  'signing_key_made',
  'signing_key_rotated',
  'signing_key_removed',
]
const SHOWN: readonly AuditKind[] = AUDIT_KINDS.filter((kind) => !NOT_ABOUT_A_PRINCIPAL.includes(kind))

/**
 * What was asked and done on behalf of this person, latest first. Of someone who asked without any ground between them
 * only the service is told, not who it was: a principal learns no more of a stranger than the stranger of him.
 */
export async function activityOf(
  db: Queryable,
  principal: PartyId,
  before: AuditCursor | null,
  language: Language,
  catalogue: CatalogueVersion,
): Promise<Json> {
  const rows = await auditRowsOfPrincipal(db, principal, SHOWN, before, PAGE)
  const actors = [...new Set(rows.flatMap(({ actor }) => (actor === null ? [] : [actor as PartyId])))]
  const names = new Map((await namedParties(db, actors)).map(({ partyId, name }) => [partyId as string, name]))
  const clients = await clientNames(db, rows)
  const last = rows.length === PAGE ? rows.at(-1) : undefined
  return {
    activity: rows.map((row) => lineOf(row, principal, names, clients, language, catalogue)),
    next: last === undefined ? null : `${last.occurredAt.toISOString()}_${last.entryId}`,
  }
}

/** An instant as `toISOString` writes it, in a year that PostgreSQL knows, and a UUID. */
const CURSOR = /^([12]\d{3}-\d\d-\d\dT[\d:.]{12}Z)_([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/

/** Reads `next` back; null when it is none. PostgreSQL quotes what it cannot read, so nothing else is sent to it. */
export function readCursor(text: string): AuditCursor | null {
  const [, time = '', entryId = ''] = CURSOR.exec(text) ?? []
  const occurredAt = new Date(time)
  return Number.isNaN(occurredAt.getTime()) ? null : { occurredAt, entryId }
}

interface LoggedPower {
  readonly service: string
  readonly action: string
  readonly provider: string | null
}

interface Content {
  readonly power?: LoggedPower | null
  readonly powers?: readonly (LoggedPower & {
    readonly allowed: boolean
    readonly reason: string | null
    readonly basis?: string | null
  })[]
  readonly answer?: { readonly allowed: boolean; readonly reason: string | null; readonly basis: string | null }
  /** Of an exchange: null where a token was issued, or why a gate was closed. Of an introspection: null where it held. */
  readonly refused?: string | null
  readonly mandate?: string
  readonly reason?: string | null
}

function lineOf(
  row: AuditRow,
  principal: PartyId,
  names: ReadonlyMap<string, string>,
  clients: ReadonlyMap<string, string>,
  language: Language,
  catalogue: CatalogueVersion,
): Json {
  const { content } = JSON.parse(row.entry) as { content: Content }
  const byYou = row.actor === principal
  const isKnown = row.actor !== null && (byYou || hadGround(row.kind, content))
  return {
    entry_id: row.entryId,
    at: row.occurredAt.toISOString(),
    kind: row.kind,
    by_you: byYou,
    by: isKnown ? (names.get(row.actor) ?? null) : null,
    asked_by: row.clientId === null ? null : (clients.get(row.clientId) ?? null),
    ...answerIn(row.kind, content),
    powers: powersIn(row.kind, content).map(({ service, action, provider }) => ({
      service,
      service_name: findService(catalogue, service)?.name[language] ?? service,
      action,
      provider,
    })),
    mandate_id: content.mandate ?? null,
    reason: content.reason ?? null,
  }
}

/** What was changed was changed by a party to it; what was asked may have been asked by anyone. */
function hadGround(kind: string, { answer, powers = [] }: Content): boolean {
  if (kind === 'evaluation') return (answer?.basis ?? null) !== null
  if (kind === 'search') return powers.some(({ basis }) => (basis ?? null) !== null)
  return isAboutToken(kind) ? powers.length > 0 : true
}

/** Whether it tells of a token that was asked for, or asked about. */
function isAboutToken(kind: string): boolean {
  return kind === 'exchange' || kind === 'introspection'
}

function answerIn(kind: string, { answer, refused, powers = [] }: Content): Record<string, Json> {
  if (kind === 'evaluation') return { allowed: answer?.allowed ?? null, refused_because: answer?.reason ?? null }
  if (!isAboutToken(kind)) return { allowed: null, refused_because: null }
  const reason = powers.find(({ allowed }) => !allowed)?.reason ?? 'no_registered_ground'
  return { allowed: refused === null, refused_because: refused === null ? null : reason }
}

/** Of an exchange that gave a token, or a token that held, what it covers; of one that did not, what was asked for; of a search what it found. */
function powersIn(kind: string, { power, powers = [], refused }: Content): readonly LoggedPower[] {
  if (power !== undefined && power !== null) return [power]
  const isAnswer = kind === 'search' || (isAboutToken(kind) && refused === null)
  return isAnswer ? powers.filter(({ allowed }) => allowed) : powers.filter(isPower)
}

/** Changes of a mandate list powers by id only. */
function isPower(power: Partial<LoggedPower>): power is LoggedPower {
  return power.service !== undefined
}

async function clientNames(db: Queryable, rows: readonly AuditRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ clientId }) => (clientId === null ? [] : [clientId])))]
  const found = await Promise.all(ids.map((clientId) => findClient(db, clientId)))
  return new Map(
    found.filter((client): client is Client => client !== null).map(({ clientId, name }) => [clientId, name]),
  )
}
