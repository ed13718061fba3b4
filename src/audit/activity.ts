import type { CatalogueVersion, Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type AuditCursor, type AuditRow, auditRowsOfActor, auditRowsOfPrincipal } from '../store/audit-store.js'
import { type Client, findClient } from '../store/client-store.js'
import type { Queryable } from '../store/database.js'
import { namedParties } from '../store/party-store.js'
import { usesOfTokens } from '../store/use-store.js'
import { type Line, lineOf } from './activity-line.js'
import { AUDIT_KINDS, type AuditKind } from './audit-entry.js'
import type { Json } from '../domain/json.js'

const PAGE = 50
/** Of the uses of one token; how many there are is told besides. */
const MOST_USES = 20
const NO_LINE: readonly AuditKind[] = [
  'logged_in',
  'logged_out',
  'representative_sought',
  // For the organisation to see; those who handle its mandates do not look at each other here.
  'organisation_handled',
  'code_tried',
  // Who has been told what of an authority’s decision is for the authority to say.
  'ruling_made',
  'ruling_ended',
  // Stands beneath the exchange of its token.
  'token_used',
  'signing_key_made',
  'signing_key_rotated',
  'signing_key_removed',
  'notice_settings_changed',
]
const SHOWN: readonly AuditKind[] = AUDIT_KINDS.filter((kind) => !NO_LINE.includes(kind))
/** What a service asked about him without his login says nothing of what he did. */
const SHOWN_TO_ACTOR: readonly AuditKind[] = ['exchange']

/**
 * What was asked and done on behalf of this person, latest first. A token that was issued was *allowed*; what the service
 * says that it did under it stands beneath it as `uses`, and is what was *done*. Of someone who asked without any ground
 * between them only the service is told, not who it was: a principal learns no more of a stranger than the stranger of him.
 *
 * @param actor only what this one asked and did; null for everyone.
 */
export async function activityOf(
  db: Queryable,
  principal: PartyId,
  before: AuditCursor | null,
  language: Language,
  catalogue: CatalogueVersion,
  actor: PartyId | null = null,
): Promise<Json> {
  const rows = await auditRowsOfPrincipal(db, principal, SHOWN, before, PAGE, actor)
  const page = await pageOf(db, principal, rows, language, catalogue)
  // What he asked before there was any ground is told without his name, and so not here either.
  return actor === null ? page : { ...page, activity: page.activity.filter(({ by }) => by !== null) }
}

/**
 * What this person did on behalf of others, latest first: the tokens that services asked for at his login, and what they say
 * they did under them. What he did not do he can tell by it.
 */
export async function activityForOthers(
  db: Queryable,
  actor: PartyId,
  before: AuditCursor | null,
  language: Language,
  catalogue: CatalogueVersion,
  principal: PartyId | null = null,
): Promise<Json> {
  const rows = await auditRowsOfActor(db, actor, SHOWN_TO_ACTOR, before, PAGE, principal)
  return pageOf(db, actor, rows, language, catalogue)
}

async function pageOf(
  db: Queryable,
  viewer: PartyId,
  rows: readonly AuditRow[],
  language: Language,
  catalogue: CatalogueVersion,
): Promise<{ readonly activity: readonly Line[]; readonly next: string | null }> {
  const parties = [...new Set(rows.flatMap(({ actor, principal }) => [actor, principal]))]
  const known = await namedParties(
    db,
    parties.filter((party): party is PartyId => party !== null),
  )
  const names = new Map(known.map(({ partyId, name }) => [partyId as string, name]))
  const clients = await clientNames(db, rows)
  const exchanges = rows.filter(({ kind }) => kind === 'exchange').map(({ entryId }) => entryId)
  const uses = new Map((await usesOfTokens(db, exchanges, MOST_USES)).map((token) => [token.evaluationId, token]))
  const last = rows.length === PAGE ? rows.at(-1) : undefined
  return {
    activity: rows.map((row) => lineOf(row, { viewer, names, clients, uses, language, catalogue })),
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

async function clientNames(db: Queryable, rows: readonly AuditRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ clientId }) => (clientId === null ? [] : [clientId])))]
  const found = await Promise.all(ids.map((clientId) => findClient(db, clientId)))
  return new Map(
    found.filter((client): client is Client => client !== null).map(({ clientId, name }) => [clientId, name]),
  )
}
