import type { Json } from '../domain/json.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** What a write answered. */
export interface WriteAnswer {
  readonly status: number
  readonly etag: string | null
  readonly body: Json
}

const CLAIM = statement(
  'claim_idempotency_key',
  `insert into idempotency (owner, key, request_hash) values ($1, $2, $3) on conflict do nothing returning key`,
)
const RECALL = statement(
  'recall_idempotent_answer',
  `select request_hash as "requestHash", status, headers ->> 'etag' as etag, body from idempotency where owner = $1 and key = $2`,
)
const KEEP = statement(
  'keep_idempotent_answer',
  `update idempotency set status = $3, headers = jsonb_build_object('etag', $4::text), body = $5 where owner = $1 and key = $2`,
)

/** The first with a key does the work; `seen` carries what the first one answered; `reused` means another request. */
export type Claim =
  { readonly kind: 'first' } | { readonly kind: 'seen'; readonly answer: WriteAnswer } | { readonly kind: 'reused' }

/** Claims the owner's key for this request. A second one at the same time waits until the first has committed. */
export async function claimKey(tx: Transaction, owner: string, key: string, requestHash: Buffer): Promise<Claim> {
  const claimed = await tx.query(CLAIM, [owner, key, requestHash])
  if (claimed.length === 1) return { kind: 'first' }
  const [row] = await tx.query<WriteAnswer & { requestHash: Buffer }>(RECALL, [owner, key])
  if (row === undefined) throw new Error('an idempotency key vanished while it was claimed')
  if (!row.requestHash.equals(requestHash)) return { kind: 'reused' }
  return { kind: 'seen', answer: { status: row.status, etag: row.etag, body: row.body } }
}

/** Keeps the answer with the key, in the transaction of the write itself. */
export async function keepAnswer(tx: Transaction, owner: string, key: string, answer: WriteAnswer): Promise<void> {
  await tx.query(KEEP, [owner, key, answer.status, answer.etag, JSON.stringify(answer.body)])
}

const FORGET = statement(
  'forget_idempotency',
  `delete from idempotency where created_at < clock_timestamp() - interval '7 days'`,
)

/** Keys are remembered for seven days. */
export async function forgetIdempotencyKeys(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
