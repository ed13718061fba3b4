import type { Day } from '../domain/calendar.js'
import { ADULT_GUARDIANSHIPS } from '../domain/ground.js'
import { type Queryable, statement } from './database.js'
import { TOLD_AFTER_MINUTES } from './status-entry-store.js'
import { MANDATE_STATUSES } from './status-list-store.js'

/** What clients can be told of a ground of theirs; the names are part of the interface. */
export const EVENT_TYPES = [
  'delegation-revoked',
  'delegation-suspended',
  'delegation-resumed',
  'delegation-scope-changed',
  'delegation-expired',
  'principal-status-changed',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/**
 * What happened to a ground: to the mandate itself or the one it was passed on from; `principal`, what the register says of
 * the principal; `other`, anything else that it stands on; `time`, that it is later; `grown`, that the principal is a child
 * no more.
 */
export type Cause = 'narrowed' | 'frozen' | 'thawed' | 'ended' | 'principal' | 'other' | 'time' | 'grown'

/** One change as it concerns one client's handle. */
export interface ChangeForClient {
  readonly changeId: string
  readonly clientId: string
  readonly handle: string
  readonly cause: Cause
  /** How the ground stands now, as the status lists tell it: 0 valid, 1 ended, 2 frozen. */
  readonly status: 0 | 1 | 2
  /** What the client was told of it last, of what is kept; null where nothing. */
  readonly lastTold: EventType | null
}

/** Some of what is in the outbox, the oldest first, and everyone whom it concerns. */
export interface GroundChanges {
  readonly changeIds: readonly string[]
  readonly concerned: readonly ChangeForClient[]
}

/** Which grounds a change concerns: all whose print (`GROUND_PRINTS`) or status it changes. */
const TOUCHED = `
  select t.change_id, n.representation_id, t.how as cause
    from taken t join representation n on n.representation_id = t.changed where t.what = 'mandate'
   union
  select t.change_id, n.representation_id, t.how
    from taken t join representation n on n.parent = t.changed where t.what = 'mandate'
   union
  select t.change_id, n.representation_id, case t.how when 'time' then 'time' else 'other' end
    from taken t join representation h on h.representation_id = t.changed
    join representation n on n.principal = h.principal and n.basis = h.basis where t.what = 'relation'
   union
  select t.change_id, n.representation_id, case t.how when 'time' then 'time' else 'other' end
    from taken t join representation h on h.representation_id = t.changed
    join representation n on n.principal = h.principal and n.representative = h.representative and n.basis = 'employment'
   where t.what = 'employment'
   union
  -- What the organisation holds, as far as tokens are out by which the one employed used it.
  select t.change_id, n.representation_id, 'other'
    from taken t join representation h on h.representation_id = t.changed
    join status_entry e on e.employee = h.representative
     and e.tokens_until > statement_timestamp() - interval '${TOLD_AFTER_MINUTES} minutes'
    join representation n on n.representation_id = e.representation_id and n.representative = h.principal
   where t.what = 'employment'
   union
  select t.change_id, n.representation_id,
         case when t.how = 'told' then 'principal'
              when exists (select from relation_version v where v.representation_id = n.representation_id
                              and upper_inf(v.recorded) and n.basis = 'guardian' and v.says = any($2)) then 'time'
              else t.how end
    from taken t join representation n on n.principal = t.changed
   where t.what = 'party' and (t.how = 'told' or n.basis in ('parent', 'guardian'))
   union
  select t.change_id, n.representation_id, 'other'
    from taken t join representation n on n.representative = t.changed where t.what = 'party' and t.how = 'told'
   union
  select t.change_id, n.representation_id, 'other'
    from taken t join representation above on above.representative = t.changed
    join representation n on n.parent = above.representation_id where t.what = 'party' and t.how = 'told'
   union
  select t.change_id, n.representation_id, case t.how when 'time' then 'time' else 'other' end
    from taken t join representation n on n.principal = t.changed where t.what = 'ruling'`

const READ = statement(
  'read_ground_changes',
  `with taken as materialized (
     select change_id, what, changed, how from ground_change order by change_id limit $1
   ), touched as materialized (${TOUCHED}
   ), held as materialized (
     select t.change_id, t.representation_id, t.cause, h.client_id, h.handle from touched t join handle h using (representation_id)
   ), ground as materialized (
     select * from representation where representation_id in (select representation_id from held)
   ), standing as (
     select representation_id, status from (${MANDATE_STATUSES}) m
      union all
     select n.representation_id, case when exists (
              select from relation_version v where v.representation_id = n.representation_id and upper_inf(v.recorded)
                 and (upper_inf(v.valid) or upper(v.valid) > statement_timestamp())
               union all
              select from employment e where e.employment_id = n.representation_id and upper_inf(e.recorded)
                 and (upper_inf(e.valid) or upper(e.valid) > statement_timestamp())) then 0 else 1 end
       from ground n where n.basis <> 'mandate'
   )
   select coalesce((select json_agg(change_id::text) from taken), '[]') as "changeIds",
          coalesce((
            select json_agg(json_build_object('changeId', h.change_id::text, 'clientId', h.client_id, 'handle', h.handle,
                     'cause', h.cause, 'status', s.status, 'lastTold', (
                       select e.type from event e where e.handle = h.handle order by e.number desc limit 1))
                   order by h.change_id, h.handle)
              from held h join standing s using (representation_id)), '[]') as concerned`,
)

/** Up to so many changes of the outbox, the oldest of those that are committed first. */
export async function readGroundChanges(db: Queryable, limit: number): Promise<GroundChanges> {
  const [row] = await db.query<GroundChanges>(READ, [limit, ADULT_GUARDIANSHIPS])
  return row ?? { changeIds: [], concerned: [] }
}

const LOOK_AT_CLOCK = statement(
  'note_what_time_changed',
  `with looked as (
     select looked_until as since, $1::timestamptz as until from event_clock
   ), noted as (
     update event_clock set looked_until = greatest(looked_until, looked.until) from looked
   )
   insert into ground_change (what, changed, how)
   select distinct due.what, due.changed, 'time' from looked cross join lateral (
     select 'mandate' as what, mandate_id as changed from mandate_power
      where upper_inf(recorded) and state in ('held', 'active', 'frozen')
        and upper(valid) > looked.since and upper(valid) <= looked.until
      union all
     select 'relation', representation_id from relation_version
      where upper_inf(recorded) and not upper_inf(valid) and upper(valid) > looked.since and upper(valid) <= looked.until
      union all
     select 'employment', employment_id from employment
      where upper_inf(recorded) and not upper_inf(valid) and upper(valid) > looked.since and upper(valid) <= looked.until
      union all
     select 'ruling', principal from ruling
      where upper_inf(recorded) and lower(valid) > looked.since and lower(valid) <= looked.until
      union all
     select 'ruling', principal from ruling
      where upper_inf(recorded) and not upper_inf(valid) and upper(valid) > looked.since and upper(valid) <= looked.until
   ) due`,
)

/** Puts into the outbox what has ended or begun by time alone from where it was last looked for until this instant. */
export async function noteWhatTimeChanged(db: Queryable, until: Date): Promise<void> {
  await db.query(LOOK_AT_CLOCK, [until])
}

const CLOCK = statement(
  'event_clock',
  'select looked_until as "lookedUntil", clock_timestamp() as now from event_clock',
)

/** The database's clock, and up to when it has been looked for what time alone has changed. */
export async function eventClock(db: Queryable): Promise<{ readonly lookedUntil: Date; readonly now: Date }> {
  const [row] = await db.query<{ lookedUntil: Date; now: Date }>(CLOCK, [])
  if (row === undefined) throw new Error('the clock of the events is not there')
  return row
}

const NOTE_BIRTHDAYS = statement(
  'note_birthdays',
  `insert into ground_change (what, changed, how)
   select distinct 'party', n.principal, b.how
     from unnest($1::date[], $2::text[]) as b (born_on, how)
     join party_fact f on f.born_on = b.born_on and upper_inf(f.recorded)
     join representation n on n.principal = f.party_id and n.basis in ('parent', 'guardian')
     join handle h on h.representation_id = n.representation_id`,
)

/** Children of whom clients have grounds, born on one of these days: on it they reach an age that matters. */
export interface Birthday {
  readonly bornOn: Day
  /** Whether they are children no more. */
  readonly how: 'time' | 'grown'
}

/** Puts these birthdays into the outbox. Twice is no harm: clients are told twice at most. */
export async function noteBirthdays(db: Queryable, birthdays: readonly Birthday[]): Promise<void> {
  const columns = [birthdays.map(({ bornOn }) => bornOn), birthdays.map(({ how }) => how)]
  if (birthdays.length > 0) await db.query(NOTE_BIRTHDAYS, columns)
}
