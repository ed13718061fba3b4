import { type Queryable, statement } from './database.js'

/**
 * Parties are named by the hash of their numbers: our own ids differ from one load to the next. A party that no register
 * tells of counts only where it stands in a relation.
 */
const DIGEST = statement(
  'register_digest',
  `with named as materialized (
     select party_id, sha256(convert_to(string_agg(scheme || value || (replaced_at is null), ',' order by scheme, value), 'UTF8')) as name
       from party_identifier group by party_id
   ), facts as (
     select md5(row(n.name, f.source, f.name, f.family_name, f.born_on, f.died_on, f.ceased, f.protected_address,
              f.capacity_lost, f.residences)::text) as line
       from party_fact f join named n using (party_id) where f.source = $1 and upper_inf(f.recorded)
   ), relations as (
     select md5(row(p.name, r.name, n.basis, n.source, v.says, v.tasks,
              extract(epoch from lower(v.valid)), extract(epoch from upper(v.valid)),
              regexp_replace(n.source_reference, 'party:[-0-9a-f]{36}', 'party'))::text) as line
       from relation_version v join representation n using (representation_id)
       join named p on p.party_id = n.principal left join named r on r.party_id = n.representative
      where n.source = $1 and upper_inf(v.recorded)
   ), lines as (
     select line from facts union all select line from relations
   )
   select encode(sha256(convert_to(coalesce(string_agg(line, '' order by line), ''), 'UTF8')), 'hex') as digest,
          count(*)::int as lines from lines`,
)

export interface RegisterDigest {
  readonly digest: string
  /** How many facts and relations it is made from. */
  readonly lines: number
}

/**
 * A fingerprint of all that this register tells now: two databases that know the same have the same, whatever their ids
 * and however they came to know it. No number leaves the database.
 */
export async function registerDigest(db: Queryable, source: string): Promise<RegisterDigest> {
  const [row] = await db.query<RegisterDigest>(DIGEST, [source])
  if (row === undefined) throw new Error('there is no digest')
  return row
}
