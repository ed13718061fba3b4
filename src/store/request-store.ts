import type { AskedPowers } from '../domain/asked-powers.js'
import type { NoticeKind } from '../domain/notice.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { SeenParty } from './mandate-view-store.js'

/** A request as it is made. */
export interface NewRequest extends AskedPowers {
  readonly requestId: string
  readonly helper: PartyId
  /** Null where it reaches nobody. */
  readonly principal: PartyId | null
  /** HMAC of the number asked for. */
  readonly askedNumber: Buffer
  /** The family name as the helper wrote it. */
  readonly askedName: string
  readonly message: string | null
  readonly lapsesAt: Date
}

/** What has become of a request. */
export interface RequestFate {
  readonly lapsesAt: Date
  readonly withdrawnAt: Date | null
  readonly declinedAt: Date | null
  /** Whether the helper is kept from knowing that it was declined. */
  readonly silently: boolean
  readonly approvedAt: Date | null
  /** The database's clock when this was read. */
  readonly instant: Date
}

/** A request as one of the two sees it. */
export interface SeenRequest extends RequestFate, AskedPowers {
  readonly requestId: string
  readonly helper: Pick<SeenParty, 'partyId' | 'name' | 'bornYear'>
  readonly principal: PartyId | null
  readonly askedName: string
  readonly message: string | null
  readonly madeAt: Date
  readonly reason: string | null
  readonly mandateId: string | null
  readonly letterOrderedAt: Date | null
  /** Whether the one who is asked lets nothing of this helper through. */
  readonly blocked: boolean
}

export type RequestState = 'open' | 'approved' | 'declined' | 'withdrawn' | 'lapsed'

/** What it is to the one who was asked. */
export function stateForAsked({ approvedAt, declinedAt, withdrawnAt, lapsesAt, instant }: RequestFate): RequestState {
  if (approvedAt !== null) return 'approved'
  if (declinedAt !== null) return 'declined'
  if (withdrawnAt !== null) return 'withdrawn'
  return lapsesAt <= instant ? 'lapsed' : 'open'
}

/** What it is to the helper: declined silently, it looks like one that nobody answers. */
export function stateForHelper(fate: RequestFate): RequestState {
  return stateForAsked(fate.silently ? { ...fate, declinedAt: null } : fate)
}

/** The same two, as conditions. */
const OPEN_FOR_ASKED = 'num_nonnulls(approved_at, declined_at, withdrawn_at) = 0 and lapses_at > clock_timestamp()'
const OPEN_FOR_HELPER = `num_nonnulls(approved_at, withdrawn_at) = 0 and (declined_at is null or silently)
  and lapses_at > clock_timestamp()`

const HOLD = statement(
  'hold_requests_of_helper',
  `select pg_advisory_xact_lock(hashtextextended('mandate_request' || $1::uuid::text, 0))`,
)

/** One after the other: what is counted of this helper's requests must still be so when one more is added. */
export async function holdRequestsOf(tx: Transaction, helper: PartyId): Promise<void> {
  await tx.query(HOLD, [helper])
}

/** How the helper stands, with everyone and with the one asked for now. Counts what he may know of. */
export interface Standing {
  readonly open: number
  readonly madeInADay: number
  readonly openToThis: number
  /** Within a year, to this number, and not approved. */
  readonly inVainInAYear: number
  /** When the latest was declined that he was told of; null when none was. */
  readonly declinedAt: Date | null
  /** Whether one more would not reach this person: he is blocked, or has asked under another number. He learns nothing of it. */
  readonly unheard: boolean
  readonly instant: Date
}

const STANDING = statement(
  'request_standing',
  `select (count(*) filter (where ${OPEN_FOR_HELPER}))::int as open,
          (count(*) filter (where made_at > clock_timestamp() - interval '1 day'))::int as "madeInADay",
          (count(*) filter (where asked_number = $2 and ${OPEN_FOR_HELPER}))::int as "openToThis",
          (count(*) filter (where asked_number = $2 and approved_at is null
             and made_at > clock_timestamp() - interval '1 year'))::int as "inVainInAYear",
          max(declined_at) filter (where asked_number = $2 and not silently) as "declinedAt",
          coalesce(bool_or(principal = $3 and asked_number <> $2 and approved_at is null
             and made_at > clock_timestamp() - interval '1 year'), false)
            or exists (select from request_block b where b.principal = $3 and b.helper = $1) as unheard,
          clock_timestamp() as instant
     from mandate_request where helper = $1`,
)

/** @param principal whom the number belongs to; null where to no one. The same statement runs for both. */
export async function standingOf(
  tx: Transaction,
  helper: PartyId,
  askedNumber: Buffer,
  principal: PartyId | null,
): Promise<Standing> {
  const [row] = await tx.query<Standing>(STANDING, [helper, askedNumber, principal])
  if (row === undefined) throw new Error('requests could not be counted')
  return row
}

const TOLD = 'request_received' satisfies NoticeKind

const INSERT = statement(
  'insert_request',
  `with made as (
     insert into mandate_request (request_id, helper, principal, asked_number, asked_name, powers, until, message, lapses_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz)
     returning request_id, helper, principal
   )
   insert into notice_cause (kind, party_id, subject, edition, other)
   select '${TOLD}', principal, request_id, '', helper from made where principal is not null`,
)

/** Makes it, and has the one whom it reaches told: by the same statement as when it reaches nobody. */
export async function insertRequest(tx: Transaction, request: NewRequest): Promise<void> {
  const { requestId, helper, principal, askedNumber, askedName, powers, until, message, lapsesAt } = request
  const who = [requestId, helper, principal, askedNumber, askedName]
  await tx.query(INSERT, [...who, JSON.stringify(powers), until, message, lapsesAt.toISOString()])
}

const SELECT = `
  select r.request_id as "requestId", r.principal, r.asked_name as "askedName", r.powers, r.until::text as until, r.message,
         r.made_at as "madeAt", r.lapses_at as "lapsesAt", r.withdrawn_at as "withdrawnAt", r.declined_at as "declinedAt",
         r.silently, r.reason, r.approved_at as "approvedAt", r.mandate_id as "mandateId",
         l.ordered_at as "letterOrderedAt", b.helper is not null as blocked, clock_timestamp() as instant,
         json_build_object('partyId', r.helper, 'name', coalesce(f.name, ''), 'bornYear', extract(year from f.born_on)) as helper
    from mandate_request r
    left join party_fact f on f.party_id = r.helper and upper_inf(f.recorded)
    left join letter l on l.request_id = r.request_id
    left join request_block b on b.principal = r.principal and b.helper = r.helper`

const ONE = statement('see_request', `${SELECT} where r.request_id = $1 and (r.helper = $2 or r.principal = $2)`)

/** The request, if this party made it or is asked by it; else null, whether it exists or not. */
export async function seeRequest(db: Queryable, requestId: string, party: PartyId): Promise<SeenRequest | null> {
  const rows = await db.query<SeenRequest>(ONE, [requestId, party])
  return rows[0] ?? null
}

const MANY = statement(
  'see_requests',
  `${SELECT}
    where r.request_id < $2 and r.request_id in (
            select request_id from mandate_request where helper = $1
            union select request_id from mandate_request where principal = $1)
    order by r.request_id desc limit $3`,
)

/** What this party has asked for and is asked for, latest first, before the given one. */
export function seeRequests(
  db: Queryable,
  party: PartyId,
  before: string | null,
  limit: number,
): Promise<SeenRequest[]> {
  return db.query<SeenRequest>(MANY, [party, before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit])
}

const WITHDRAW = statement(
  'withdraw_request',
  `update mandate_request set withdrawn_at = clock_timestamp() where request_id = $1 and helper = $2 and ${OPEN_FOR_HELPER}
   returning principal, withdrawn_at as at`,
)

/** The helper takes it back. Null when there is no such request of his that is open to his knowledge. */
export async function withdrawRequest(
  tx: Transaction,
  requestId: string,
  helper: PartyId,
): Promise<{ readonly principal: PartyId | null; readonly at: Date } | null> {
  const rows = await tx.query<{ principal: PartyId | null; at: Date }>(WITHDRAW, [requestId, helper])
  return rows[0] ?? null
}

/** How the one who is asked says no. */
export interface Refusal {
  readonly reason: string | null
  /** Nothing of this helper reaches him from then on, and the helper is not told, of this no either. */
  readonly block: boolean
  readonly report: boolean
}

const DECLINE = statement(
  'decline_request',
  `with declined as (
     update mandate_request set declined_at = clock_timestamp(), reason = $3, silently = $4, reported = $5
      where request_id = $1 and principal = $2 and ${OPEN_FOR_ASKED}
     returning principal, helper, declined_at
   ), blocked as (
     insert into request_block (principal, helper)
     select principal, helper from declined where $4
     on conflict do nothing
   )
   select helper, declined_at as at from declined`,
)

/** Null when this party is asked by no such request that is open. */
export async function declineRequest(
  tx: Transaction,
  requestId: string,
  principal: PartyId,
  { reason, block, report }: Refusal,
): Promise<{ readonly helper: PartyId; readonly at: Date } | null> {
  const rows = await tx.query<{ helper: PartyId; at: Date }>(DECLINE, [requestId, principal, reason, block, report])
  return rows[0] ?? null
}

const UNBLOCK = statement(
  'unblock_helper',
  `delete from request_block b using mandate_request r
    where r.request_id = $1 and r.principal = $2 and b.principal = r.principal and b.helper = r.helper
   returning b.helper, clock_timestamp() as at`,
)

/** Lets the helper of this request through again. Null when this party has not blocked him. */
export async function unblockHelper(
  tx: Transaction,
  requestId: string,
  principal: PartyId,
): Promise<{ readonly helper: PartyId; readonly at: Date } | null> {
  const rows = await tx.query<{ helper: PartyId; at: Date }>(UNBLOCK, [requestId, principal])
  return rows[0] ?? null
}

const APPROVE = statement(
  'approve_request',
  `update mandate_request set approved_at = clock_timestamp(), mandate_id = $3
    where request_id = $1 and principal = $2 and ${OPEN_FOR_ASKED} returning helper`,
)

/** The mandate is the answer. False when it had been answered, withdrawn or has lapsed; of two at once one waits for the other. */
export async function approveRequest(
  tx: Transaction,
  requestId: string,
  principal: PartyId,
  mandateId: string,
): Promise<boolean> {
  return (await tx.query(APPROVE, [requestId, principal, mandateId])).length === 1
}

const FORGET = statement(
  'forget_old_requests',
  `with old as (
     select r.request_id from mandate_request r
      where r.mandate_id is null and r.made_at < clock_timestamp() - interval '15 months'
        and not exists (select from request_block b where b.principal = r.principal and b.helper = r.helper)
   ), letters as (
     delete from letter l using old where l.request_id = old.request_id returning l.request_id
   )
   delete from mandate_request r using old left join letters on letters.request_id = old.request_id
    where r.request_id = old.request_id`,
)

/** Forgets requests that came to nothing, and whom they named, when no limit counts them and no block is lifted by them any more. */
export async function forgetOldRequests(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
