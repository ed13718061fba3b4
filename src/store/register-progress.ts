import type { Identifier } from '../domain/identifier.js'
import type { BulkConnection } from './bulk-connection.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { Moment } from './mandate-store.js'

/** Where we are in what a register tells of its changes. */
export type Cursor = { readonly position: number } | { readonly since: Date }

const LOCK = statement(
  'lock_register',
  `select pg_try_advisory_lock(hashtextextended('fullmakt_register_' || $1, 0)) as held`,
)

/** Of all who might take in what this register says, on whatever machine, one at a time: false when another does. */
export async function lockRegister(connection: BulkConnection, source: string): Promise<boolean> {
  const [row] = await connection.query<{ held: boolean }>(LOCK, [source])
  return row?.held === true
}

const ENSURE = statement(
  'ensure_register',
  `insert into register_freshness (source, fresh_at) values ($1, 'epoch') on conflict do nothing`,
)

/** Makes the register known, without saying that anything of it is fresh. */
export async function ensureRegister(db: Queryable, source: string): Promise<void> {
  await db.query(ENSURE, [source])
}

const CURSOR = statement(
  'register_cursor',
  'select position::float8 as position, since from register_cursor where source = $1',
)

/** Null for a register that has not been followed yet. */
export async function registerCursor(db: Queryable, source: string): Promise<Cursor | null> {
  const [row] = await db.query<{ position: number | null; since: Date | null }>(CURSOR, [source])
  if (row === undefined) return null
  return row.position === null ? { since: row.since ?? new Date(0) } : { position: row.position }
}

const MOVE = statement(
  'move_register_cursor',
  `insert into register_cursor (source, position, since) values ($1, $2, $3)
   on conflict (source) do update set position = excluded.position, since = excluded.since`,
)

/** Belongs in the transaction of the effect of what was read up to there. */
export async function moveCursor(tx: Transaction, source: string, cursor: Cursor): Promise<void> {
  const values = 'position' in cursor ? [cursor.position, null] : [null, cursor.since.toISOString()]
  await tx.query(MOVE, [source, ...values])
}

const CONFIRM = statement(
  'confirm_register_fresh_as_of',
  `update register_freshness set fresh_at = greatest(fresh_at, $2::timestamptz) where source = $1`,
)

/** Notes that this register's facts are complete as of that moment, taken before the register was asked. */
export async function confirmFreshAsOf(db: Queryable, source: string, moment: Moment): Promise<void> {
  await db.query(CONFIRM, [source, moment])
}

const REFUSED = statement(
  'refused_by_register',
  'select scheme, value from register_refusal where source = $1 order by since, value limit $2',
)

/** Those whose documents could not be taken in, longest first. */
export function refusedNumbers(db: Queryable, source: string, limit: number): Promise<Identifier[]> {
  return db.query<Identifier>(REFUSED, [source, limit])
}

const FORGET = statement(
  'forget_refusals',
  'delete from register_refusal where source = $1 and scheme = any($2::text[]) and value = any($3::text[])',
)

/** For numbers of which neither the register nor we know anything. */
export async function forgetRefusals(tx: Transaction, source: string, numbers: readonly Identifier[]): Promise<void> {
  if (numbers.length === 0) return
  await tx.query(FORGET, [source, numbers.map(({ scheme }) => scheme), numbers.map(({ value }) => value)])
}

const KNOWN = statement(
  'numbers_after',
  `select i.scheme, i.value from party_identifier i
    where i.scheme = any($1::text[]) and (i.scheme, i.value) > ($2, $3) and i.replaced_at is null
    order by i.scheme, i.value limit $4`,
)

/** The numbers in use after the given one, by scheme and value: to go through all that we know. */
export function numbersAfter(
  db: Queryable,
  schemes: readonly Identifier['scheme'][],
  after: Pick<Identifier, 'value'> & { readonly scheme: string },
  limit: number,
): Promise<Identifier[]> {
  return db.query<Identifier>(KNOWN, [schemes, after.scheme, after.value, limit])
}

const TOLD_OF = statement(
  'numbers_told_of',
  `select a.value, i.party_id is not null as known, f.party_id is not null as told
     from unnest($1::text[], $2::text[]) as a (scheme, value)
     left join party_identifier i on i.scheme = a.scheme and i.value = a.value
     left join party_fact f on f.party_id = i.party_id and f.source = $3 and upper_inf(f.recorded)`,
)

export interface ToldOf {
  /** A party bears the number. */
  readonly known: boolean
  /** The register has told us of that party. */
  readonly told: boolean
}

/** What we know of each of these numbers. */
export async function toldOf(
  db: Queryable,
  source: string,
  numbers: readonly Identifier[],
): Promise<ReadonlyMap<string, ToldOf>> {
  const columns = [numbers.map(({ scheme }) => scheme), numbers.map(({ value }) => value)]
  const rows = await db.query<ToldOf & { value: string }>(TOLD_OF, [...columns, source])
  return new Map(rows.map(({ value, ...told }) => [value, told]))
}

const RELATED = statement(
  'numbers_of_related',
  `with concerned as (
     select party_id from party_identifier
      where (scheme, value) in (select * from unnest($1::text[], $2::text[]))
   ), related as (
     select n.representative as party_id from representation n join concerned c on c.party_id = n.principal
      where n.source = $3 and n.representative is not null
        and exists (select from relation_version v where v.representation_id = n.representation_id and upper_inf(v.recorded))
     union
     select n.principal from representation n join concerned c on c.party_id = n.representative
      where n.source = $3
        and exists (select from relation_version v where v.representation_id = n.representation_id and upper_inf(v.recorded))
   )
   select i.scheme, i.value from related join party_identifier i using (party_id) where i.replaced_at is null`,
)

/** The numbers of those who act for one of these by this register's word, and of those for whom they act. */
export function numbersOfRelated(db: Queryable, source: string, numbers: readonly Identifier[]): Promise<Identifier[]> {
  const columns = [numbers.map(({ scheme }) => scheme), numbers.map(({ value }) => value)]
  return db.query<Identifier>(RELATED, [...columns, source])
}

const UNTOLD = statement(
  'organisations_not_told_of',
  `select i.scheme, i.value from party_identifier i
    where i.scheme = 'orgnr'
      and not exists (select from party_fact f where f.party_id = i.party_id and f.source = $1 and upper_inf(f.recorded))
      and not exists (select from register_refusal r where r.source = $1 and r.scheme = i.scheme and r.value = i.value)
    order by i.value limit $2`,
)

/** Organisations that we know by their number alone. */
export function organisationsNotToldOf(db: Queryable, source: string, limit: number): Promise<Identifier[]> {
  return db.query<Identifier>(UNTOLD, [source, limit])
}
