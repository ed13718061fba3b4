import { type Queryable, statement } from './database.js'

const USE = statement(
  'use_dpop_proof',
  `insert into used_dpop_proof (jkt, jti, expires_at) values ($1, $2, $3::timestamptz) on conflict do nothing returning jti`,
)

/** True the first time a proof with this `jti` is made with this key (by thumbprint), false ever after. */
export async function useDpopProof(db: Queryable, jkt: string, jti: string, expiresAt: Date): Promise<boolean> {
  return (await db.query(USE, [jkt, jti, expiresAt.toISOString()])).length === 1
}

const FORGET = statement(
  'forget_dpop_proofs',
  `delete from used_dpop_proof where expires_at < clock_timestamp() - interval '5 minutes'`,
)

/** Forgets proofs that would be refused for their age alone. */
export async function forgetUsedProofs(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
