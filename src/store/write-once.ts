import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Database, Transaction } from './database.js'
import { type WriteAnswer, claimKey, keepAnswer } from './idempotency-store.js'

/** A write as it was asked for. The key belongs to the person or the client: another one's same key is another key. */
export interface WriteRequest {
  readonly owner: PartyId | `client:${string}`
  readonly key: string
  /** What makes it this request and no other: its route, its body and its precondition. */
  readonly content: unknown
}

/**
 * Does the work in one transaction, once for each key: the same request again gets the same answer, another request
 * with the same key is refused. A write that failed leaves no trace and may be tried again with its key.
 *
 * @throws Problem `idempotency_key_reused`, and whatever `work` throws.
 */
export async function writeOnce(
  db: Database,
  { owner, key, content }: WriteRequest,
  work: (tx: Transaction) => Promise<WriteAnswer>,
): Promise<WriteAnswer> {
  const requestHash = createHash('sha256').update(canonicalJson(content)).digest()
  return db.transaction(async (tx) => {
    const claim = await claimKey(tx, owner, key, requestHash)
    if (claim.kind === 'reused') {
      throw new Problem('idempotency_key_reused', 'this Idempotency-Key was used for another request')
    }
    if (claim.kind === 'seen') return claim.answer
    const answer = await work(tx)
    await keepAnswer(tx, owner, key, answer)
    return answer
  })
}
