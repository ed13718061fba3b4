import type { Day } from '../domain/calendar.js'
import type { Language } from '../domain/catalogue.js'
import type { Power } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import type { AuditRow } from './audit-store.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** On this channel of the database whoever sends letters is woken. */
export const LETTERS_ORDERED = 'letters_ordered'

const ORDERED_BY = statement(
  'letters_of_helper',
  `select count(*) filter (where l.request_id = $2)::int as "forThis",
          count(*) filter (where l.ordered_at > clock_timestamp() - interval '1 year')::int as "inAYear"
     from letter l join mandate_request r on r.request_id = l.request_id where r.helper = $1`,
)

/** How many letters this helper has ordered. */
export async function countLetters(
  tx: Transaction,
  helper: PartyId,
  requestId: string,
): Promise<{ readonly forThis: number; readonly inAYear: number }> {
  const [row] = await tx.query<{ forThis: number; inAYear: number }>(ORDERED_BY, [helper, requestId])
  if (row === undefined) throw new Error('letters could not be counted')
  return row
}

const INSERT = statement(
  'insert_letter',
  `with ordered as (insert into letter (letter_id, request_id) values ($1, $2) returning ordered_at)
   select ordered_at as at, pg_notify('${LETTERS_ORDERED}', '') from ordered`,
)

/** Puts a letter among those to be sent. @returns when. */
export async function insertLetter(tx: Transaction, letterId: string, requestId: string): Promise<Date> {
  const [row] = await tx.query<{ at: Date }>(INSERT, [letterId, requestId])
  if (row === undefined) throw new Error('a letter was not ordered')
  return row.at
}

/** A letter that is to be sent, with what stands in it. */
export interface OrderedLetter {
  readonly letterId: string
  readonly requestId: string
  readonly principal: PartyId
  readonly principalName: string
  /** The one in which he last logged in; bokmål where he never has. */
  readonly language: Language
  readonly helperName: string
  readonly helperBornYear: number | null
  readonly powers: readonly Power[]
  readonly until: Day
  readonly message: string | null
  readonly orderedAt: Date
  readonly lapsesAt: Date
}

const TO_BE_SENT = statement(
  'letters_to_be_sent',
  `select l.letter_id as "letterId", l.request_id as "requestId", r.principal, f.name as "principalName",
          coalesce((select s.language from session s where s.party_id = r.principal
                     order by s.authenticated_at desc limit 1), 'nb') as language,
          coalesce(h.name, '') as "helperName", extract(year from h.born_on)::int as "helperBornYear",
          r.powers, r.until::text as until, r.message, l.ordered_at as "orderedAt", r.lapses_at as "lapsesAt"
     from letter l
     join mandate_request r on r.request_id = l.request_id
     join party_fact f on f.party_id = r.principal and upper_inf(f.recorded) and f.died_on is null and not f.protected_address
     left join party_fact h on h.party_id = r.helper and upper_inf(h.recorded)
    where l.sent_at is null and num_nonnulls(r.approved_at, r.declined_at, r.withdrawn_at) = 0
      and r.lapses_at > clock_timestamp()
    order by l.letter_id limit $1`,
)

/** Letters of requests that reached someone and still wait for their answer. One that did not is never sent, and nobody is told. */
export function lettersToBeSent(db: Queryable, limit: number): Promise<OrderedLetter[]> {
  return db.query<OrderedLetter>(TO_BE_SENT, [limit])
}

const KEEP_CODE = statement(
  'keep_letter_code',
  'update letter set code_hash = $2 where letter_id = $1 and sent_at is null',
)

/** Before a letter is written, its code is good. */
export async function keepLetterCode(db: Queryable, letterId: string, codeHash: Buffer): Promise<void> {
  await db.query(KEEP_CODE, [letterId, codeHash])
}

const MARK_SENT = statement(
  'mark_letter_sent',
  `with sent as (update letter set sent_at = clock_timestamp() where letter_id = $1 and sent_at is null returning letter_id)
   insert into audit_entry (entry_id, occurred_at, kind, actor, principal, client_id, entry)
   select $2, $3, $4, $5, $6, $7, $8 from sent`,
)

/** Marks it as sent, once, with the entry that tells of it. */
export async function markLetterSent(db: Queryable, letterId: string, row: AuditRow): Promise<void> {
  const { entryId, occurredAt, kind, actor, principal, clientId, entry } = row
  await db.query(MARK_SENT, [letterId, entryId, occurredAt.toISOString(), kind, actor, principal, clientId, entry])
}

const BY_CODE = statement(
  'find_request_by_code',
  `select r.request_id as "requestId" from letter l join mandate_request r on r.request_id = l.request_id
    where l.code_hash = $1 and r.principal = $2 and num_nonnulls(r.approved_at, r.declined_at, r.withdrawn_at) = 0
      and r.lapses_at > clock_timestamp()`,
)

/** The open request to this person that the letter with this code tells of, or null. */
export async function findRequestByCode(db: Queryable, codeHash: Buffer, principal: PartyId): Promise<string | null> {
  const rows = await db.query<{ requestId: string }>(BY_CODE, [codeHash, principal])
  return rows[0]?.requestId ?? null
}
