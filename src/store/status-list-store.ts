import { type Queryable, statement } from './database.js'
import { lacksEvidence } from './evidence-store.js'
import { GROUND_PRINTS } from './hold-ground.js'
import { TOLD_AFTER_MINUTES } from './status-entry-store.js'

/** The entries of one list that are not valid. */
export interface SetEntries {
  readonly listId: number
  readonly set: readonly { readonly index: number; readonly status: 1 | 2 }[]
  /** How many of them are decoys. */
  readonly decoys: number
}

/** How the grounds stand, in all lists. Whatever was committed before `instant` is in it. */
export interface Statuses {
  readonly instant: Date
  readonly lists: readonly SetEntries[]
}

/**
 * Of the mandates in `ground`: 1 when it or the one it was passed on from has ended, 2 when one of them is frozen, else 0.
 * A power whose time is over does not count: it is left as it was when the rest is frozen or ended. One that is held counts,
 * since nothing is issued on it before it takes effect. A mandate that lacks its evidence counts as ended.
 */
export const MANDATE_STATUSES = `
  select power.representation_id,
         case max(case when power.lacking then 2 when power.active then 0 when power.frozen then 1 else 2 end) when 0 then 0 when 1 then 2 else 1 end as status
    from (select chain.representation_id,
                 bool_or(w.state in ('held', 'active') and upper(w.valid) > statement_timestamp()) as active,
                 bool_or(w.state = 'frozen' and upper(w.valid) > statement_timestamp()) as frozen,
                 ${lacksEvidence('chain.mandate_id')} as lacking
            from (select representation_id, representation_id as mandate_id from ground where basis = 'mandate'
                   union all
                  select representation_id, parent from ground where parent is not null) chain
            join mandate_power w on w.mandate_id = chain.mandate_id and upper_inf(w.recorded)
           group by chain.representation_id, chain.mandate_id) power
   group by power.representation_id`

const READ = statement(
  'read_statuses',
  `with live as materialized (
     select list_id, idx, representation_id, employee, stands_on, decoy from status_entry
      where tokens_until > statement_timestamp() - interval '${TOLD_AFTER_MINUTES} minutes'
   ), ground as materialized (
     select * from representation where representation_id in (select representation_id from live)
   ), employed as materialized (
     select used.representation_id, used.employee, sum(extract(epoch from lower(e.recorded))) as print
       from (select distinct representation_id, employee from live where employee is not null) used
       join ground n using (representation_id)
       join representation w on w.principal = n.representative and w.representative = used.employee
       join employment e on e.employment_id = w.representation_id and upper_inf(e.recorded)
      group by used.representation_id, used.employee
   ), judged as (
     select live.list_id, live.idx, false as decoy,
            case when live.stands_on <> now_on.print + coalesce(employed.print, 0) then 1 else coalesce(mandate.status, 0) end as status
       from live join (${GROUND_PRINTS}) now_on using (representation_id)
       left join employed on employed.representation_id = live.representation_id and employed.employee = live.employee
       left join (${MANDATE_STATUSES}) mandate on mandate.representation_id = live.representation_id
      union all
     select list_id, idx, true, decoy from live where decoy is not null
   )
   select floor(extract(epoch from statement_timestamp()) * 1000)::float8 as instant,
          (select json_agg(json_build_object('listId', l.list_id,
                    'set', coalesce((select json_agg(json_build_object('index', j.idx, 'status', j.status))
                                       from judged j where j.list_id = l.list_id and j.status > 0), '[]'),
                    'decoys', (select count(*) from judged j where j.list_id = l.list_id and j.decoy)))
             from status_list l) as lists`,
)

/**
 * Computes from the grounds as they stand what each list has to tell. The instant is that at which the statement was sent,
 * before anything was read.
 */
export async function readStatuses(db: Queryable): Promise<Statuses> {
  const [row] = await db.query<{ instant: number; lists: SetEntries[] }>(READ, [])
  if (row === undefined) throw new Error('the database told no time')
  return { instant: new Date(row.instant), lists: row.lists }
}

/** A list as it was signed. */
export interface SignedList {
  readonly listId: number
  /** Compact JWT. */
  readonly token: string
  readonly signedAt: Date
}

const PUBLISH = statement(
  'publish_status_list',
  `insert into signed_status_list (list_id, token, signed_at) values ($1, $2, $3)
   on conflict (list_id) do update set token = excluded.token, signed_at = excluded.signed_at
    where signed_status_list.signed_at < excluded.signed_at`,
)

/** From now on every instance serves this one, unless a newer one is there. */
export async function publishStatusList(db: Queryable, { listId, token, signedAt }: SignedList): Promise<void> {
  await db.query(PUBLISH, [listId, token, signedAt])
}

const FIND = statement(
  'find_status_list',
  `select list_id as "listId", signed_at as "signedAt", case when $2::timestamptz is distinct from signed_at then token end as token
     from signed_status_list where list_id = $1`,
)

/** The newest of this list; `known` itself when that is the newest, null when there is no such list. */
export async function findSignedList(
  db: Queryable,
  listId: number,
  known: SignedList | null,
): Promise<SignedList | null> {
  const [row] = await db.query<Omit<SignedList, 'token'> & { token: string | null }>(FIND, [
    listId,
    known?.signedAt ?? null,
  ])
  if (row === undefined) return null
  return row.token === null ? known : { ...row, token: row.token }
}

const NAMES = statement('status_list_names', 'select list_id as "listId" from signed_status_list order by list_id')

/** The ids of all lists. */
export async function statusListIds(db: Queryable): Promise<number[]> {
  const rows = await db.query<{ listId: number }>(NAMES, [])
  return rows.map(({ listId }) => listId)
}
