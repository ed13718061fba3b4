import type { RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { type Transaction, statement } from './database.js'

/** What was known of a ground, in one number: compared for equality and nothing else. */
export type GroundPrint = string & { readonly brand: 'GroundPrint' }

/**
 * The prints of the grounds in `ground` (rows of `representation`), as SQL: `representation_id` and `print`. A print is
 * made of the moments at which the ground was narrowed, the register said what it says of it and of others with the same
 * basis, the employer told of the employee, the parties became what they are, and what is ruled was ruled. When any of
 * these changes so does the print: what was issued before stands on something else.
 *
 * A sum and not the latest of them: of two transactions the later moment may come to be seen first.
 */
export const GROUND_PRINTS = `
  select known.representation_id, sum(extract(epoch from known.since)) as print
    from (select n.representation_id, to_timestamp(0) as since from ground n
           union all
          select n.representation_id, c.made_at from ground n
            join mandate_version c on c.mandate_id = n.representation_id and c.change = 'narrowed'
           union all
          select n.representation_id, c.made_at from ground n
            join mandate_version c on c.mandate_id = n.parent and c.change = 'narrowed'
           union all
          select n.representation_id, lower(v.recorded) from ground n
            join representation h on h.principal = n.principal and h.basis = n.basis
            join relation_version v on v.representation_id = h.representation_id and upper_inf(v.recorded)
           union all
          select n.representation_id, lower(e.recorded) from ground n
            join representation w on w.principal = n.principal and w.representative = n.representative
            join employment e on e.employment_id = w.representation_id and upper_inf(e.recorded)
           where n.basis = 'employment'
           union all
          select n.representation_id, lower(f.recorded) from ground n
            join party_fact f on f.party_id = n.principal and upper_inf(f.recorded)
           union all
          select n.representation_id, lower(f.recorded) from ground n
            join party_fact f on f.party_id = n.representative and upper_inf(f.recorded)
           union all
          select n.representation_id, lower(f.recorded) from ground n
            join representation above on above.representation_id = n.parent
            join party_fact f on f.party_id = above.representative and upper_inf(f.recorded)
           union all
          select n.representation_id, lower(g.recorded) from ground n
            join ruling g on g.principal = n.principal and upper_inf(g.recorded)) known
   group by known.representation_id`

const HOLD_GROUND = statement(
  'hold_ground',
  `with ground as materialized (select * from representation where representation_id = $1),
        chain as materialized (
          select representation_id from ground union select parent from ground where parent is not null),
        given as (select from mandate where mandate_id in (select representation_id from chain) order by mandate_id for share),
        told as (select from relation_version where representation_id = $1 and upper_inf(recorded) for share),
        works as (
          select e.employment_id, lower(e.recorded) as since from employment e
           where e.employment_id in (
                   select representation_id from representation
                    where representation_id = $1 or (principal = $2 and representative = $3 and basis = 'employment'))
             and upper_inf(e.recorded) order by e.employment_id for share)
   select (p.print + (select coalesce(sum(extract(epoch from since)), 0) from works
                       where exists (select from ground where representative = $2)))::text as print
     from (${GROUND_PRINTS}) p
    where (select count(*) from given) + (select count(*) from told) + (select count(*) from works) > 0`,
)

/**
 * Keeps the ground, and what it was passed on from or is used through, as they are until the transaction ends: whoever
 * wants to change one waits, and whoever is changing it is waited for. Null when there is no such ground.
 *
 * The print is of what was known before any waiting. Facts that are read after it may be newer than the print, never
 * older: what is issued on them counts at worst as outdated from the beginning.
 *
 * @param employment the organisation and who works there; null where the ground is used privately.
 */
export async function holdGround(
  tx: Transaction,
  representationId: RepresentationId,
  employment: { readonly organisation: PartyId; readonly employee: PartyId } | null = null,
): Promise<GroundPrint | null> {
  const link = [employment?.organisation ?? null, employment?.employee ?? null]
  const [held] = await tx.query<{ print: GroundPrint }>(HOLD_GROUND, [representationId, ...link])
  return held?.print ?? null
}

const HOLD_ROLES = statement(
  'hold_roles',
  `select from representation n join relation_version v using (representation_id)
    where n.principal = $1 and n.representative = $2 and n.basis = 'organisation_role' and upper_inf(v.recorded)
    order by v.representation_id for share of v`,
)

/** The same of what the register says now of this person's roles in an organisation. */
export async function holdRoles(tx: Transaction, organisation: PartyId, person: PartyId): Promise<void> {
  await tx.query(HOLD_ROLES, [organisation, person])
}
