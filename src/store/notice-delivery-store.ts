import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'
import type { DeliveryChannel } from './notice-cause-store.js'

/** A message that someone has taken upon himself to send. */
export interface ClaimedDelivery {
  readonly deliveryId: string
  readonly partyId: PartyId
  /** Of an SMS: whether it is only for someone who has no e-mail address. */
  readonly insteadOfEmail: boolean
  /** This one included. */
  readonly attempts: number
  readonly createdAt: Date
}

const CLAIM = statement(
  'claim_notice_deliveries',
  `with due as (
     select delivery_id from notice_delivery
      where channel = $1 and state in ('waiting', 'sending') and due_at <= clock_timestamp()
      order by due_at limit $2 for update skip locked
   )
   update notice_delivery d
      set state = 'sending', claim = $3, attempts = d.attempts + 1,
          due_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
     from due where d.delivery_id = due.delivery_id
   returning d.delivery_id as "deliveryId", d.party_id as "partyId", d.instead_of_email as "insteadOfEmail", d.attempts,
             d.created_at as "createdAt"`,
)

/**
 * Takes up to so many messages that are due, for so many milliseconds: no one else has them until then. Who is stopped
 * on the way has said nothing of what became of them, and they are tried again when the time is over.
 */
export function claimDeliveries(
  db: Queryable,
  channel: DeliveryChannel,
  limit: number,
  claim: string,
  milliseconds: number,
): Promise<ClaimedDelivery[]> {
  return db.query<ClaimedDelivery>(CLAIM, [channel, limit, claim, milliseconds])
}

/** What became of it for good. */
export type DeliveryEnd = 'sent' | 'not_needed' | 'not_reachable' | 'refused' | 'given_up'

const END = statement(
  'end_notice_deliveries',
  `update notice_delivery set state = $3, claim = null, done_at = clock_timestamp()
    where delivery_id = any($1::uuid[]) and claim = $2`,
)

/** Notes what became of them, unless another has taken them meanwhile. */
export async function endDeliveries(
  db: Queryable,
  deliveryIds: readonly string[],
  claim: string,
  end: DeliveryEnd,
): Promise<void> {
  if (deliveryIds.length > 0) await db.query(END, [[...deliveryIds], claim, end])
}

const PUT_OFF = statement(
  'put_off_notice_deliveries',
  `update notice_delivery d set state = 'waiting', claim = null,
          due_at = clock_timestamp() + make_interval(secs => o.milliseconds / 1000)
     from unnest($1::uuid[], $2::float8[]) as o (delivery_id, milliseconds)
    where d.delivery_id = o.delivery_id and d.claim = $3`,
)

/** To be tried again in so many milliseconds. */
export interface PutOff {
  readonly deliveryId: string
  readonly milliseconds: number
}

export async function putOffDeliveries(db: Queryable, later: readonly PutOff[], claim: string): Promise<void> {
  if (later.length === 0) return
  const columns = [later.map(({ deliveryId }) => deliveryId), later.map(({ milliseconds }) => milliseconds)]
  await db.query(PUT_OFF, [...columns, claim])
}
