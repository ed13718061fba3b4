import type { Identifier } from '../domain/identifier.js'
import type { Power } from '../domain/mandate.js'
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

/** Whom a search looks for: those for whom one party may act, or those who may act for him. */
export type Sought = 'principals' | 'representatives'

export interface Search {
  readonly sought: Sought
  /** Whose search it is, as his login names him. */
  readonly owner: Identifier
  /** What the request calls him, where it does so by a handle. */
  readonly handle: string | null
  /** The organisation that the owner is at work for, when he seeks principals; null with a private login. */
  readonly worksFor: Identifier | null
  readonly clientId: string
  readonly power: Power
  readonly kind: 'person' | 'organisation'
  /** Only those after this one; null from the beginning. */
  readonly after: PartyId | null
}

/** Someone who may perhaps be found, with the facts of the pair. */
export interface Found {
  readonly partyId: PartyId
  /** What the asking client calls this party; null where it has no handle for it yet. */
  readonly handle: string | null
  readonly facts: FactsAt
}

export interface Gathering {
  /** The database's clock when the facts were read. */
  readonly instant: Date
  readonly catalogueVersion: number
  /** What the registers say of the one whose search it is; null when he is unknown. */
  readonly owner: FactsAt['facts']['actor']
  /** The one that the owner is at work for; null with a private login, and when it is unknown. */
  readonly organisation: PartyId | null
  /** The party that the handle stands for; null when it stands for none, or none was given. */
  readonly named: PartyId | null
  /** In the order of their ids. */
  readonly found: readonly Found[]
  /** False when there are more than were asked for. */
  readonly complete: boolean
}

// A second on either side, and no more weighed than time, service and object: what is in force is for `decide` to say.
const ABOUT_NOW = `tstzrange(clock.instant - interval '1 second', clock.instant + interval '1 second')`

/** Himself, and whoever is left in could be answered with a yes; who is left out could not: nothing in force names the power. */
function gathering(sought: Sought): string {
  const [role, other] = sought === 'principals' ? ['representative', 'principal'] : ['principal', 'representative']
  const [actor, principal] = sought === 'principals' ? ['named.owner', 'c.party_id'] : ['c.party_id', 'named.owner']
  const held =
    sought === 'principals' ? 'case when $12::text is null then named.owner else named.works_for end' : 'named.owner'
  return `with clock as materialized (select clock_timestamp() as instant),
   named as materialized (
     select (select party_id from party_identifier where scheme = $1 and value = $2) as owner,
            (select party_id from party_identifier where scheme = $12 and value = $13) as works_for,
            (select coalesce(h.party_id, n.principal) from handle h left join representation n using (representation_id)
              where h.handle = $3 and h.client_id = $4) as named
   ), candidates as materialized (
     select p.party_id
       from (
         select n.${other} as party_id
           from clock, named, representation n
          where n.${role} = ${held} and (exists (
                  select from mandate_power w
                   where w.mandate_id = n.representation_id and upper_inf(w.recorded)
                     and w.state in ('held', 'active') and w.valid && ${ABOUT_NOW} and w.service_id = $5 and w.action = $6
                     and (w.provider is null or w.provider = $7) and (w.object is null or w.object = $8))
             or exists (
                  select from relation_version v
                   where v.representation_id = n.representation_id and upper_inf(v.recorded)
                     and v.valid && ${ABOUT_NOW}))
         union select owner from named
         union select works_for from named
       ) near join party p using (party_id)
      where p.kind = $9 and ($10::uuid is null or p.party_id > $10)
      order by p.party_id limit $11 + 1
   )
   select floor(extract(epoch from clock.instant) * 1000)::float8 as instant,
          (select max(version) from catalogue_version) as "catalogueVersion",
          ${PARTY_JSON.replace('%', 'named.owner')} as owner, named.works_for as "worksFor", named.named,
          (select json_agg(json_build_object(
                    'party', ${PARTY_JSON.replace('%', 'asked.party_id')},
                    'handle', (select h.handle from handle h where h.client_id = $4 and h.party_id = asked.party_id),
                    'grounds', ${GROUNDS_JSON}, 'holders', ${HOLDERS_JSON}, 'rulings', ${RULINGS_JSON},
                    'atWork', ${AT_WORK_JSON})
                  order by asked.party_id)
             from (select asked.*, ${HOLDER} as holder
                     from (select c.party_id, ${actor} as actor, ${principal} as principal, named.works_for
                             from candidates c) asked) asked) as found
     from clock, named`
}

const GATHER = {
  principals: statement('search_principals', gathering('principals')),
  representatives: statement('search_representatives', gathering('representatives')),
}

interface Row {
  readonly instant: number
  readonly catalogueVersion: number | null
  readonly owner: PartyRow | null
  readonly worksFor: PartyId | null
  readonly named: PartyId | null
  readonly found: readonly FoundRow[] | null
}

interface FoundRow {
  readonly party: PartyRow
  readonly handle: string | null
  readonly grounds: readonly GroundRow[] | null
  readonly holders: readonly HolderRow[] | null
  readonly rulings: readonly RulingRow[] | null
  readonly atWork: AtWorkRow | null
}

/**
 * Gathers in one statement those between whom and the owner the power may perhaps be had, himself among them, each with
 * everything that `decide` needs: the same facts as `readFacts` gives of the pair, all of one instant. At most `limit`.
 */
export async function gatherFound(db: Queryable, search: Search, limit: number): Promise<Gathering> {
  const { sought, owner: login, handle, clientId, worksFor, power, kind, after } = search
  const { service, action, provider, object } = power
  const about = [login.scheme, login.value, handle, clientId, service, action, provider, object, kind, after, limit]
  const values = [...about, worksFor?.scheme ?? null, worksFor?.value ?? null]
  const [row] = await db.query<Row>(GATHER[sought], values)
  if (row === undefined || row.catalogueVersion === null) throw new Error('no catalogue has been published')
  const { catalogueVersion, named, worksFor: organisation } = row
  const instant = new Date(row.instant)
  const owner = partyOf(row.owner)
  const found = (row.found ?? []).map(({ party: partyRow, handle: known, ...between }) => {
    const party = partyOf(partyRow)
    const pair = sought === 'principals' ? { actor: owner, principal: party } : { actor: party, principal: owner }
    const facts = { ...pair, ...betweenOf(between, pair.principal?.partyId) }
    return { partyId: partyRow.partyId, handle: known, facts: { instant, catalogueVersion, facts } }
  })
  return {
    instant,
    catalogueVersion,
    owner,
    organisation,
    named,
    found: found.slice(0, limit),
    complete: found.length <= limit,
  }
}
