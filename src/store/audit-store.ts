import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

/** An entry as it is stored: the canonical text, and beside it what it is found by. */
export interface AuditRow {
  readonly entryId: string
  readonly occurredAt: Date
  readonly kind: string
  readonly actor: string | null
  readonly principal: string | null
  readonly clientId: string | null
  readonly entry: string
}

/**
 * A column as the lines of one text: of an array the driver looks at each character for what to escape, and an entry is
 * full of quotes. Canonical JSON has no line break, nor has anything beside it; one more or less would leave a row without
 * its entry, which the table refuses.
 */
const column = (place: number, type: string): string => `string_to_array($${place}, E'\\n', '')::${type}[]`
const linesOf = (values: readonly (string | null)[]): string => values.map((value) => value ?? '').join('\n')

const APPEND = statement(
  'append_audit_entries',
  `insert into audit_entry (entry_id, occurred_at, kind, actor, principal, client_id, entry)
   select * from unnest(${column(1, 'uuid')}, ${column(2, 'timestamptz')}, ${column(3, 'text')}, ${column(4, 'uuid')},
                        ${column(5, 'uuid')}, ${column(6, 'text')}, ${column(7, 'text')})`,
)

/** Appends the entries in one statement; outside a transaction they are durable when the promise is fulfilled. */
export async function appendAuditRows(db: Queryable, rows: readonly AuditRow[]): Promise<void> {
  await db.query(APPEND, [
    linesOf(rows.map((row) => row.entryId)),
    linesOf(rows.map((row) => row.occurredAt.toISOString())),
    linesOf(rows.map((row) => row.kind)),
    linesOf(rows.map((row) => row.actor)),
    linesOf(rows.map((row) => row.principal)),
    linesOf(rows.map((row) => row.clientId)),
    linesOf(rows.map((row) => row.entry)),
  ])
}

/** Where a page of the log ended: the next one begins before it. */
export interface AuditCursor {
  readonly occurredAt: Date
  readonly entryId: string
}

/** Where the first page begins. */
const LATEST = { occurredAt: null, entryId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

const OF_PRINCIPAL = statement(
  'audit_entries_of_principal',
  `select entry_id as "entryId", occurred_at as "occurredAt", kind, actor, principal, client_id as "clientId", entry
     from audit_entry
    where principal = $1 and kind = any($2::text[]) and (occurred_at, entry_id) < ($3::timestamptz, $4::uuid)
      and ($6::uuid is null or actor = $6)
    order by occurred_at desc, entry_id desc limit $5`,
)

/** The latest entries about this principal before the cursor, latest first; of one actor only where one is named. */
export async function auditRowsOfPrincipal(
  db: Queryable,
  principal: PartyId,
  kinds: readonly string[],
  before: AuditCursor | null,
  limit: number,
  other: string | null = null,
): Promise<AuditRow[]> {
  const { occurredAt, entryId } = before ?? LATEST
  return db.query(OF_PRINCIPAL, [principal, [...kinds], occurredAt?.toISOString() ?? 'infinity', entryId, limit, other])
}

const OF_ACTOR = statement(
  'audit_entries_of_actor',
  `select entry_id as "entryId", occurred_at as "occurredAt", kind, actor, principal, client_id as "clientId", entry
     from audit_entry
    where actor = $1 and principal <> actor and kind = any($2::text[])
      and (occurred_at, entry_id) < ($3::timestamptz, $4::uuid) and ($6::uuid is null or principal = $6)
    order by occurred_at desc, entry_id desc limit $5`,
)

/** The same of what this actor did on behalf of others, or of one of them. */
export async function auditRowsOfActor(
  db: Queryable,
  actor: PartyId,
  kinds: readonly string[],
  before: AuditCursor | null,
  limit: number,
  other: string | null = null,
): Promise<AuditRow[]> {
  const { occurredAt, entryId } = before ?? LATEST
  return db.query(OF_ACTOR, [actor, [...kinds], occurredAt?.toISOString() ?? 'infinity', entryId, limit, other])
}

const LAST_TOKENS = statement(
  'last_tokens_of_actors',
  `select actor, max(occurred_at) as at from audit_entry
    where principal = $1 and kind = 'exchange' and actor = any($2::uuid[]) and entry::jsonb #>> '{content,refused}' is null
    group by actor`,
)

/** When each of these last got a token to act for this principal with; those who never did are left out. */
export async function lastTokensOf(
  db: Queryable,
  principal: string,
  actors: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await db.query<{ actor: string; at: Date }>(LAST_TOKENS, [principal, [...actors]])
  return new Map(rows.map(({ actor, at }) => [actor, at]))
}

const EXCHANGES = statement(
  'exchange_entries',
  `select entry_id as "entryId", occurred_at as "occurredAt", kind, actor, principal, client_id as "clientId", entry
     from audit_entry
    where kind = 'exchange' and entry_id = any($1::uuid[]) and client_id = $2 and occurred_at >= $3::timestamptz`,
)

/** Those of these entries that tell of an exchange of this client since then. */
export async function exchangeRows(
  db: Queryable,
  entryIds: readonly string[],
  clientId: string,
  since: Date,
): Promise<AuditRow[]> {
  return db.query(EXCHANGES, [[...entryIds], clientId, since.toISOString()])
}

const RECENT = statement(
  'count_recent_audit_entries',
  `select count(*)::int as count from audit_entry
    where actor = $1 and kind = $2 and occurred_at > clock_timestamp() - interval '1 hour'`,
)

/** How many entries of this kind the actor has made within the last hour. */
export async function countRecentEntries(db: Queryable, actor: PartyId, kind: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(RECENT, [actor, kind])
  return row?.count ?? 0
}

const MAKE_PARTITIONS = statement('make_audit_partitions', 'select make_audit_partitions($1)')

/** Makes sure that this month and the ones after it have their partitions. Idempotent. */
export async function makeAuditPartitions(db: Queryable, monthsAhead: number): Promise<void> {
  await db.query(MAKE_PARTITIONS, [monthsAhead])
}

const STRAYS = statement('audit_strays', 'select exists (select from audit_entry_default) as found')

/** Whether entries landed outside the monthly partitions: a month was not made in time. */
export async function hasAuditStrays(db: Queryable): Promise<boolean> {
  const rows = await db.query<{ found: boolean }>(STRAYS, [])
  return rows[0]?.found === true
}
