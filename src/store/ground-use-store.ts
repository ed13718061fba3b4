import { type Transaction, statement } from './database.js'

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
