import type { Acting } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import { type RegisterName, lockMandate } from '../store/mandate-store.js'
import { recordChange } from './record-change.js'

/**
 * Ends what has not ended of these mandates, with an entry in the log for each. The ids come in order: parents lie before
 * what was passed on from them, so that no two who end or give wait for each other.
 *
 * @param reason a code of ours, which the parties see.
 * @param quiet whether only who ended it and the principal have a notice.
 * @returns how many mandates were ended.
 */
export async function endMandates(
  tx: Transaction,
  by: Acting | RegisterName,
  mandates: readonly string[],
  reason: 'death' | 'parent_ended',
  quiet = false,
): Promise<number> {
  let ended = 0
  for (const mandateId of mandates) {
    const locked = await lockMandate(tx, mandateId)
    const powers = (locked?.powers ?? [])
      .filter(({ state }) => ['offered', 'held', 'active', 'frozen'].includes(state))
      .map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'ended' as const }))
    // Another may have ended it while we waited for the lock.
    if (locked === null || powers.length === 0) continue
    await recordChange(tx, by, locked, 'ended', powers, { reason, confirmed: null, quiet })
    ended += 1
  }
  return ended
}
