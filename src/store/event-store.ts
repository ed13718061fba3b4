import { type Queryable, statement } from './database.js'
import type { EventType } from './ground-change-store.js'

/** So long events are kept, whoever has taken them. */
export const EVENTS_KEPT_DAYS = 7

/** An event as it is told to one client. */
export interface GroundEvent {
  /** Of this client's events, without gaps. */
  readonly number: number
  readonly jti: string
  /** What the client calls the ground. */
  readonly handle: string
  readonly type: EventType
  /** No earlier than what is told of. */
  readonly toldAt: Date
}

/** An event that is about to be told. */
export interface NewEvent {
  readonly clientId: string
  readonly handle: string
  readonly type: EventType
}

/** Where it is said that a client has events; the payload is the client's id. */
export const EVENTS_TOLD = 'events_told'

const TELL = statement(
  'tell_events',
  `with now_on as materialized (
     select clock_timestamp() as told_at
   ), new as materialized (
     select client_id, handle, type, row_number() over of_client as place, count(*) over (partition by client_id) as total
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality as n (client_id, handle, type, place)
     window of_client as (partition by client_id order by place)
   ), stream as (
     insert into event_stream (client_id, last_number)
     select client_id, count(*) from new group by client_id
     on conflict (client_id) do update set last_number = event_stream.last_number + excluded.last_number
     returning client_id, last_number
   ), told as (
     insert into event (client_id, number, jti, handle, type, told_at)
     select n.client_id, s.last_number - n.total + n.place, gen_random_uuid(), n.handle, n.type, now_on.told_at
       from new n join stream s using (client_id), now_on
   ), done as (
     delete from ground_change where change_id = any($4::bigint[])
   )
   select pg_notify('${EVENTS_TOLD}', client_id) from stream`,
)

/**
 * Writes the events in this order and takes out of the outbox the changes that they tell of, in one statement: whoever is
 * interrupted before it tells them again, and none is told twice. One at a time may do this, or a client's numbers would
 * not come in the order in which they are seen.
 */
export async function tellEvents(
  office: Queryable,
  events: readonly NewEvent[],
  changeIds: readonly string[],
): Promise<void> {
  await office.query(TELL, [
    events.map(({ clientId }) => clientId),
    events.map(({ handle }) => handle),
    events.map(({ type }) => type),
    changeIds,
  ])
}

const COLUMNS = `number::float8 as number, jti, handle, type, told_at as "toldAt"`

const RANGE = statement(
  'event_range',
  `select coalesce((select last_number from event_stream where client_id = $1), 0)::float8 as last,
          (select min(number) from event where client_id = $1)::float8 as "firstKept",
          (select min(number) from event where client_id = $1 and told_at > clock_timestamp() - make_interval(secs => $2))::float8
            as "firstRecent"`,
)

/** Which of its events a client can get: numbers. */
export interface EventRange {
  /** 0 where it was never told anything. */
  readonly last: number
  /** Null where none is kept. */
  readonly firstKept: number | null
  /** The first of the last so many seconds; null where there is none. */
  readonly firstRecent: number | null
}

export async function eventRange(db: Queryable, clientId: string, recentSeconds: number): Promise<EventRange> {
  const [row] = await db.query<EventRange>(RANGE, [clientId, recentSeconds])
  return row ?? { last: 0, firstKept: null, firstRecent: null }
}

const AFTER = statement(
  'events_after',
  `select ${COLUMNS} from event where client_id = $1 and number > $2 order by number limit $3`,
)

/** The client's events after this number, in order, at most so many. */
export function eventsAfter(db: Queryable, clientId: string, number: number, limit: number): Promise<GroundEvent[]> {
  return db.query<GroundEvent>(AFTER, [clientId, number, limit])
}

const UNACKNOWLEDGED = statement(
  'unacknowledged_events',
  `select ${COLUMNS} from event where client_id = $1 and acknowledged_at is null order by number limit $2`,
)

/** The client's events that it has not said to have taken, in order, at most so many. */
export function unacknowledgedEvents(db: Queryable, clientId: string, limit: number): Promise<GroundEvent[]> {
  return db.query<GroundEvent>(UNACKNOWLEDGED, [clientId, limit])
}

const ACKNOWLEDGE = statement(
  'acknowledge_events',
  `update event e set acknowledged_at = clock_timestamp(), refused_as = a.refused_as
     from unnest($2::uuid[], $3::text[]) as a (jti, refused_as)
    where e.jti = a.jti and e.client_id = $1 and e.acknowledged_at is null`,
)

/** An event that a client is done with. */
export interface Acknowledged {
  readonly jti: string
  /** Why it could not take it; null where it did. */
  readonly refusedAs: string | null
}

/** The client is done with these; what is not its own, or was done with before, is left as it is. */
export async function acknowledgeEvents(
  db: Queryable,
  clientId: string,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const columns = [acknowledged.map(({ jti }) => jti), acknowledged.map(({ refusedAs }) => refusedAs)]
  await db.query(ACKNOWLEDGE, [clientId, ...columns])
}

const FORGET = statement(
  'forget_old_events',
  `delete from event where told_at < clock_timestamp() - interval '${EVENTS_KEPT_DAYS} days'`,
)

/** Forgets what was told more than seven days ago. */
export async function forgetOldEvents(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
