import type { Day } from '../domain/calendar.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

/** What one service looked at of one person on one day, by one kind of question. */
export interface LookupsOfDay {
  /** In Europe/Oslo. */
  readonly day: Day
  readonly clientId: string
  readonly kind: 'evaluation' | 'search' | 'representations_listed'
  readonly count: number
  readonly latest: Date
  /** The services that were asked about, as far as the question named any. */
  readonly services: readonly string[]
}

/**
 * Questions about this person, and lists of many that he stands in. A list is found by the one at whose login it was asked
 * for: someone who can act for him, or someone at work for such a one.
 */
const LOOKED = `
  select a.occurred_at, a.entry_id, a.kind, a.client_id, a.entry
    from audit_entry a
   where a.principal = $1 and a.client_id is not null and a.kind in ('evaluation', 'search')
     and a.occurred_at >= $2::timestamptz and a.occurred_at < $3::timestamptz
  union all
  select a.occurred_at, a.entry_id, a.kind, a.client_id, a.entry
    from audit_entry a
   where a.actor in (
           select n.representative from representation n where n.principal = $1
           union
           select e.representative from representation n
             join representation e on e.principal = n.representative and e.basis = 'employment'
            where n.principal = $1)
     and a.principal is null and a.client_id is not null and a.kind in ('representations_listed', 'search')
     and a.occurred_at >= $2::timestamptz and a.occurred_at < $3::timestamptz
     and (a.entry::jsonb #> '{content,representations}' @> jsonb_build_array(jsonb_build_object('principal', $1::text))
          or a.entry::jsonb #> '{content,answers}' @> jsonb_build_array(jsonb_build_object('party', $1::text)))`

const LATEST = statement('latest_lookup', `select max(occurred_at) as at from (${LOOKED}) looked`)

/** When this person was last looked at before this instant (null: until now); null when never. */
export async function latestLookup(db: Queryable, party: PartyId, before: Date | null): Promise<Date | null> {
  const [row] = await db.query<{ at: Date | null }>(LATEST, [party, '-infinity', before?.toISOString() ?? 'infinity'])
  return row?.at ?? null
}

const BY_DAY = statement(
  'lookups_by_day',
  `select (looked.occurred_at at time zone 'Europe/Oslo')::date::text as day, looked.client_id as "clientId", looked.kind,
          count(distinct looked.entry_id)::int as count, max(looked.occurred_at) as latest,
          coalesce(array_agg(distinct named.service) filter (where named.service is not null), '{}') as services
     from (${LOOKED}) looked
     left join lateral (
       select s #>> '{}' as service from jsonb_path_query(looked.entry::jsonb, '$.content.power.service') s
       union all
       select s #>> '{}' from jsonb_path_query(looked.entry::jsonb, '$.content.powers[*].service') s
       union all
       select s #>> '{}' from jsonb_path_query(looked.entry::jsonb,
         '$.content.representations[*] ? (@.principal == $party).powers[*].service', jsonb_build_object('party', $1::text)) s
     ) named on true
    group by 1, 2, 3
    order by 1 desc, latest desc, 2, 3`,
)

/** Grouped by day, latest first, in this time: start inclusive, end exclusive (null: until now). */
export function lookupsByDay(db: Queryable, party: PartyId, from: Date, to: Date | null): Promise<LookupsOfDay[]> {
  return db.query(BY_DAY, [party, from.toISOString(), to?.toISOString() ?? 'infinity'])
}
