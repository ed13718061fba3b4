import type { PartyId } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import { liveMandatesOf, lockMandate } from '../store/mandate-store.js'
import { recordChange } from './record-change.js'

/**
 * Ends every mandate to and from these people, whom the register says to be dead, with an entry in the log for each, in
 * the transaction that records the deaths. What has ended so stays ended, also when the death turns out to be a mistake.
 *
 * @returns how many mandates were ended.
 */
export async function endMandatesOfTheDead(
  tx: Transaction,
  register: string,
  dead: readonly PartyId[],
): Promise<number> {
  if (dead.length === 0) return 0
  const mandates = await liveMandatesOf(tx, dead)
  let ended = 0
  for (const mandateId of mandates) {
    const locked = await lockMandate(tx, mandateId)
    const powers = (locked?.powers ?? [])
      .filter(({ state }) => ['offered', 'held', 'active', 'frozen'].includes(state))
      .map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'ended' as const }))
    // Another may have ended it while we waited for the lock.
    if (locked === null || powers.length === 0) continue
    await recordChange(tx, { register }, locked, 'ended', powers, { reason: 'death', confirmed: null })
    ended += 1
  }
  return ended
}
