import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** That a ground was used at a service, as the service reports it. */
export interface GroundUse {
  readonly representationId: string
  readonly service: string
  readonly happenedAt: Date
}

const NOTE = statement(
  'note_ground_uses',
  `insert into ground_use (representation_id, service_id, first_used_at, last_used_at)
   select u.representation_id, u.service_id, min(u.happened_at), max(u.happened_at)
     from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as u (representation_id, service_id, happened_at)
    group by 1, 2 order by 1, 2
   on conflict (representation_id, service_id) do update set last_used_at = excluded.last_used_at
    where ground_use.last_used_at < excluded.last_used_at`,
)

/** Notes when these grounds were used. In order of ground and service, so that two who report do not wait for each other. */
export async function noteGroundUses(tx: Transaction, uses: readonly GroundUse[]): Promise<void> {
  if (uses.length === 0) return
  await tx.query(NOTE, [
    uses.map(({ representationId }) => representationId),
    uses.map(({ service }) => service),
    uses.map(({ happenedAt }) => happenedAt.toISOString()),
  ])
}

const OF_PRINCIPAL = statement(
  'ground_uses_of_principal',
  `select u.representation_id as "representationId", max(u.last_used_at) as "lastUsedAt"
     from representation n join ground_use u using (representation_id)
    where n.principal = $1 group by 1`,
)

/** When each ground to act for this person was last used anywhere; nothing of one that never was. */
export async function lastUsesOf(db: Queryable, principal: PartyId): Promise<ReadonlyMap<string, Date>> {
  const rows = await db.query<{ representationId: string; lastUsedAt: Date }>(OF_PRINCIPAL, [principal])
  return new Map(rows.map(({ representationId, lastUsedAt }) => [representationId, lastUsedAt]))
}
