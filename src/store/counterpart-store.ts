import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

const COUNTERPARTS = statement(
  'counterparts',
  `select distinct n.principal, n.representative
     from representation n
    where (n.principal = $1 or n.representative = $1) and n.representative is not null and (exists (
            select from mandate_power w
             where w.mandate_id = n.representation_id and upper_inf(w.recorded)
               and w.state in ('held', 'active') and w.valid @> $3::timestamptz)
       or exists (
            select from relation_version v
             where v.representation_id = n.representation_id and upper_inf(v.recorded) and v.valid @> $3::timestamptz))
    order by n.principal, n.representative limit $2`,
)

/** The pairs, with this party on either side, between whom something is in force at this instant. */
export async function counterparts(
  db: Queryable,
  party: PartyId,
  instant: Date,
  limit: number,
): Promise<{ readonly principal: PartyId; readonly representative: PartyId }[]> {
  return db.query(COUNTERPARTS, [party, limit, instant.toISOString()])
}
