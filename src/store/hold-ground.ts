import type { RepresentationId } from '../domain/mandate.js'
import { type Transaction, statement } from './database.js'

/** What was known of a ground, in one number: compared for equality and nothing else. */
export type GroundPrint = string & { readonly brand: 'GroundPrint' }

/**
 * The print of the ground `n` (a row of `representation`), as SQL. It is made of the moments at which the ground was
 * narrowed, the register said what it says of it and of others with the same basis, the parties became what they are, and
 * what is ruled was ruled. When any of these changes so does the print: what was issued before stands on something else.
 *
 * A sum and not the latest of them: of two transactions the later moment may come to be seen first.
 */
export const GROUND_PRINT = `(
  select coalesce(sum(extract(epoch from known.since)), 0)
    from (select c.made_at as since from mandate_version c
           where c.mandate_id in (n.representation_id, n.parent) and c.change = 'narrowed'
           union all
          select lower(v.recorded) from representation h join relation_version v using (representation_id)
           where h.principal = n.principal and h.basis = n.basis and upper_inf(v.recorded)
           union all
          select lower(f.recorded) from party_fact f
           where f.party_id in (n.principal, n.representative,
                   (select above.representative from representation above where above.representation_id = n.parent))
             and upper_inf(f.recorded)
           union all
          select lower(g.recorded) from ruling g
           where g.principal = n.principal and upper_inf(g.recorded)) known)`

const HOLD_GROUND = statement(
  'hold_ground',
  `with chain as materialized (
          select representation_id from representation where representation_id = $1
          union select parent from representation where representation_id = $1 and parent is not null),
        given as (select from mandate where mandate_id in (select representation_id from chain) order by mandate_id for share),
        told as (select from relation_version where representation_id = $1 and upper_inf(recorded) for share)
   select ${GROUND_PRINT}::text as print
     from representation n
    where n.representation_id = $1 and (select count(*) from given) + (select count(*) from told) > 0`,
)

/**
 * Keeps the ground, and what it was passed on from, as they are until the transaction ends: whoever wants to change one
 * waits, and whoever is changing it is waited for. Null when there is no such ground.
 *
 * The print is of what was known before any waiting. Facts that are read after it may be newer than the print, never
 * older: what is issued on them counts at worst as outdated from the beginning.
 */
export async function holdGround(tx: Transaction, representationId: RepresentationId): Promise<GroundPrint | null> {
  const [held] = await tx.query<{ print: GroundPrint }>(HOLD_GROUND, [representationId])
  return held?.print ?? null
}
