import { randomInt } from 'node:crypto'
import type { RepresentationId } from '../domain/mandate.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { GroundPrint } from './hold-ground.js'

/** Entries in one list: enough that an index tells nobody apart. */
export const LIST_SIZE = 2 ** 20

/** An entry goes on telling of its ground for so long after its last token, since clocks differ. */
export const TOLD_AFTER_MINUTES = 5
/** So long after its last token an index is used again; what it told before is in no list that anyone still takes. */
export const INDEX_RESTS_MINUTES = 15

/** Where the status of a token stands. */
export interface StatusPlace {
  readonly listId: number
  readonly index: number
}

/** What is issued: on which ground, for which audience, knowing what of the ground, and until when. */
export interface IssuedOn {
  readonly representationId: RepresentationId
  readonly audience: string
  readonly print: GroundPrint
  readonly expiresAt: Date
}

// Reaches further than the token at hand, so that most exchanges only read.
const ALLOT = statement(
  'allot_status_entry',
  `with known as (
     select list_id, idx, tokens_until from status_entry
      where representation_id = $1 and audience = $2 and stands_on = $3
   ), extended as (
     update status_entry e set tokens_until = $4::timestamptz + interval '10 minutes' from known k
      where e.list_id = k.list_id and e.idx = k.idx and k.tokens_until < $4 returning e.list_id, e.idx
   ), made as (
     insert into status_entry (list_id, idx, representation_id, audience, stands_on, tokens_until)
     select list.list_id, free.idx, $1, $2, $3, $4::timestamptz + interval '10 minutes'
       from (select list_id from status_list order by taking desc, list_id limit 1) list, unnest($5::int[]) as free (idx)
      where not exists (select from known)
        and not exists (select from status_entry e where e.list_id = list.list_id and e.idx = free.idx)
      limit 1
     on conflict do nothing
     returning list_id, idx
   )
   select list_id as "listId", idx as index from known where tokens_until >= $4
   union all select list_id, idx from extended
   union all select list_id, idx from made`,
)

/** Of lists that are at most half full: all of these are taken once in 65,000 times. */
const CANDIDATES = 16

/**
 * The entry of the ground at this audience, kept until the token has expired; a new one, at a random index, where there is
 * none or where something of the ground has changed since the last one. One statement, or two when another made or freed
 * one meanwhile.
 */
export async function allotStatusEntry(tx: Transaction, issued: IssuedOn): Promise<StatusPlace> {
  const { representationId, audience, print, expiresAt } = issued
  for (let attempt = 0; attempt < 4; attempt++) {
    const candidates = Array.from({ length: CANDIDATES }, () => randomInt(LIST_SIZE))
    const [place] = await tx.query<StatusPlace>(ALLOT, [representationId, audience, print, expiresAt, candidates])
    if (place !== undefined) return place
  }
  throw new Error('no status entry could be allotted')
}

/** An entry that stands for nothing, set for a while so that the set ones tell less. */
export interface Decoy {
  readonly index: number
  readonly status: 1 | 2
  /** How long it stays set. */
  readonly seconds: number
}

const PLANT = statement(
  'plant_decoys',
  `insert into status_entry (list_id, idx, decoy, tokens_until)
   select $1, d.idx, d.status, statement_timestamp() + make_interval(secs => d.seconds, mins => -${TOLD_AFTER_MINUTES})
     from unnest($2::int[], $3::int[], $4::int[]) as d (idx, status, seconds)
   on conflict do nothing
   returning idx`,
)

/** Sets decoys in a list where the index is free; answers with the indexes of those that were set. */
export async function plantDecoys(db: Queryable, listId: number, decoys: readonly Decoy[]): Promise<number[]> {
  const rows = await db.query<{ idx: number }>(PLANT, [
    listId,
    decoys.map(({ index }) => index),
    decoys.map(({ status }) => status),
    decoys.map(({ seconds }) => seconds),
  ])
  return rows.map(({ idx }) => idx)
}

const FREE = statement(
  'free_status_entries',
  `delete from status_entry where tokens_until <= $1::timestamptz - interval '${INDEX_RESTS_MINUTES} minutes'`,
)

/** Frees the indexes whose last token had expired 15 minutes and more before `instant`. */
export async function freeStatusEntries(db: Queryable, instant: Date): Promise<void> {
  await db.query(FREE, [instant])
}

const TEND = statement(
  'tend_status_lists',
  `with fill as (
     select l.list_id, count(e.idx) < $1 as taking
       from status_list l left join status_entry e using (list_id) group by l.list_id
   ), turned as (
     update status_list l set taking = fill.taking from fill
      where l.list_id = fill.list_id and l.taking <> fill.taking
   )
   insert into status_list (list_id)
   select max(list_id) + 1 from fill having not bool_or(taking)
   on conflict do nothing`,
)

/** Closes lists with so many entries to new ones, opens those that have fewer again, and begins another when all are closed. */
export async function tendStatusLists(db: Queryable, full = LIST_SIZE / 2): Promise<void> {
  await db.query(TEND, [full])
}
