import type { NoticeKind } from '../domain/notice.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

/** A notice as the person whom it is for sees it: with the names of those it speaks of, as they are now. */
export interface SeenNotice {
  readonly noticeId: string
  readonly kind: NoticeKind
  readonly subject: string
  /** Whether the subject is a mandate of this person; then these are its parties. */
  readonly mandate: {
    readonly role: 'giver' | 'middle' | 'representative'
    readonly giver: string
    readonly middle: string | null
    readonly representative: string
  } | null
  readonly other: string | null
  readonly data: { readonly service?: string; readonly day?: string; readonly count?: number }
  readonly causedAt: Date
  readonly readAt: Date | null
}

const name = (column: string): string =>
  `(select coalesce(f.name, '') from party p left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
     where p.party_id = ${column})`

const SEE = statement(
  'see_notices',
  `select e.notice_id as "noticeId", e.kind, e.subject, ${name('e.other')} as other, e.data,
          e.caused_at as "causedAt", e.read_at as "readAt",
          (select json_build_object(
                    'role', case $1::uuid when n.principal then 'giver' when n.representative then 'representative' else 'middle' end,
                    'giver', ${name('n.principal')}, 'middle', ${name('above.representative')},
                    'representative', ${name('n.representative')})
             from representation n left join representation above on above.representation_id = n.parent
            where n.representation_id = e.subject and n.basis = 'mandate'
              and $1::uuid in (n.principal, n.representative, above.representative)) as mandate
     from notice e
    where e.party_id = $1 and e.kind = any($2::text[])
      and ($3::uuid is null or e.number < (select b.number from notice b where b.party_id = $1 and b.notice_id = $3))
    order by e.number desc limit $4`,
)

/** What this person has been told, latest first, before the given one: nothing where that is none of his. */
export function seeNotices(
  db: Queryable,
  party: PartyId,
  kinds: readonly NoticeKind[],
  before: string | null,
  limit: number,
): Promise<SeenNotice[]> {
  return db.query<SeenNotice>(SEE, [party, [...kinds], before, limit])
}

const UNREAD = statement(
  'count_unread_notices',
  'select count(*)::int as count from notice where party_id = $1 and read_at is null and kind = any($2::text[])',
)

export async function unreadNotices(db: Queryable, party: PartyId, kinds: readonly NoticeKind[]): Promise<number> {
  const [row] = await db.query<{ count: number }>(UNREAD, [party, [...kinds]])
  return row?.count ?? 0
}

const READ = statement(
  'read_notice',
  `update notice set read_at = coalesce(read_at, clock_timestamp())
    where party_id = $1 and notice_id = $2 returning notice_id`,
)

/** Marks it as read, the first time for good. False when the person has no such notice. */
export async function readNotice(db: Queryable, party: PartyId, noticeId: string): Promise<boolean> {
  return (await db.query(READ, [party, noticeId])).length > 0
}

const READ_ALL = statement(
  'read_all_notices',
  'update notice set read_at = clock_timestamp() where party_id = $1 and read_at is null',
)

export async function readAllNotices(db: Queryable, party: PartyId): Promise<void> {
  await db.query(READ_ALL, [party])
}

/** A notice is kept as long as what has ended is shown, and some. */
const KEPT = `interval '3 years'`
/** That a message was sent is of interest as long as someone may ask where it went. */
const DELIVERIES_KEPT = `interval '90 days'`

const FORGET = statement(
  'forget_notices',
  `with sent as (delete from notice_delivery where done_at < clock_timestamp() - ${DELIVERIES_KEPT})
   delete from notice where caused_at < clock_timestamp() - ${KEPT}`,
)

export async function forgetOldNotices(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
