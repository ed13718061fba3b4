import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'
import {
  AT_WORK_JSON,
  type AtWorkRow,
  type FactsAt,
  GROUNDS_JSON,
  HOLDER,
  type GroundRow,
  HOLDERS_JSON,
  type HolderRow,
  PARTY_JSON,
  type PartyRow,
  RULINGS_JSON,
  type RulingRow,
  betweenOf,
  partyOf,
} from './facts-store.js'

/** Someone for whom a party may perhaps act, with the facts that tell. */
export interface Candidate {
  readonly name: string
  readonly facts: FactsAt
}

export interface Candidates {
  /** The database's clock when the facts were read. */
  readonly instant: Date
  readonly catalogueVersion: number
  /** In the order in which the principals became known. */
  readonly candidates: readonly Candidate[]
  /** False when there are more than were asked for. */
  readonly complete: boolean
}

/** Whoever is left out here could not be answered with a yes: nothing in force that could give a power in any of the services. */
const GATHER = statement(
  'gather_candidates',
  `with clock as materialized (select clock_timestamp() as instant),
   principals as (
     select distinct n.principal
       from clock, representation n
      where n.representative = coalesce($4::uuid, $1) and (exists (
              select from mandate_power w
               where w.mandate_id = n.representation_id and upper_inf(w.recorded)
                 and w.state in ('held', 'active') and w.valid @> clock.instant and w.service_id = any($2::text[]))
         or exists (
              select from relation_version v
               where v.representation_id = n.representation_id and upper_inf(v.recorded) and v.valid @> clock.instant))
      union select $4::uuid where $4 is not null
      order by 1 limit $3 + 1
   )
   select floor(extract(epoch from clock.instant) * 1000)::float8 as instant,
          (select max(version) from catalogue_version) as "catalogueVersion",
          ${PARTY_JSON.replace('%', '$1')} as actor,
          (select json_agg(json_build_object(
                    'principal', ${PARTY_JSON.replace('%', 'asked.principal')},
                    'name', (select f.name from party_fact f where f.party_id = asked.principal and upper_inf(f.recorded)),
                    'grounds', ${GROUNDS_JSON}, 'holders', ${HOLDERS_JSON}, 'rulings', ${RULINGS_JSON},
                    'atWork', ${AT_WORK_JSON}) order by asked.principal)
             from (select asked.*, ${HOLDER} as holder
                     from (select $1::uuid as actor, p.principal, $4::uuid as works_for from principals p) asked) asked
          ) as candidates
     from clock`,
)

interface Row {
  readonly instant: number
  readonly catalogueVersion: number | null
  readonly actor: PartyRow | null
  readonly candidates: readonly CandidateRow[] | null
}

interface CandidateRow {
  readonly principal: PartyRow
  readonly name: string | null
  readonly grounds: readonly GroundRow[] | null
  readonly holders: readonly HolderRow[] | null
  readonly rulings: readonly RulingRow[] | null
  readonly atWork: AtWorkRow | null
}

/**
 * Gathers in one statement those for whom this party may perhaps act in one of the services, each with everything that
 * `decide` needs about the pair: the same facts as `readFacts` gives, all of one instant. At most `limit` principals.
 *
 * @param worksFor the organisation that the party is at work for: then that one, and those it may perhaps act for
 */
export async function gatherCandidates(
  db: Queryable,
  representative: PartyId,
  services: readonly string[],
  limit: number,
  worksFor: PartyId | null = null,
): Promise<Candidates> {
  const [row] = await db.query<Row>(GATHER, [representative, services, limit, worksFor])
  if (row === undefined || row.catalogueVersion === null) throw new Error('no catalogue has been published')
  const { catalogueVersion } = row
  const instant = new Date(row.instant)
  const actor = partyOf(row.actor)
  const candidates = (row.candidates ?? []).map(({ principal, name, ...between }) => {
    const facts = { actor, principal: partyOf(principal), ...betweenOf(between, principal.partyId) }
    return { name: name ?? '', facts: { instant, catalogueVersion, facts } }
  })
  return { instant, catalogueVersion, candidates: candidates.slice(0, limit), complete: candidates.length <= limit }
}

const COUNT_LAW = statement(
  'count_law_grounds',
  `select count(*)::int as count from representation n
    where n.principal = $1 and n.basis not in ('mandate', 'employment')
      and exists (select from relation_version v
                   where v.representation_id = n.representation_id and upper_inf(v.recorded) and v.valid @> clock_timestamp())`,
)

/** How many grounds others have by law to act for this party now, as the registers say. */
export async function countLawGrounds(db: Queryable, principal: PartyId): Promise<number> {
  const [row] = await db.query<{ count: number }>(COUNT_LAW, [principal])
  return row?.count ?? 0
}
