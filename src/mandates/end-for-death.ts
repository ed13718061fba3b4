import type { PartyId } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import { liveMandatesOf } from '../store/mandate-store.js'
import { endMandates } from './end-mandates.js'

/**
 * Ends every mandate to and from these people, whom the register says to be dead, and what was passed on from them, with
 * an entry in the log for each, in the transaction that records the deaths. What has ended so stays ended, also when the
 * death turns out to be a mistake.
 *
 * @returns how many mandates were ended.
 */
export async function endMandatesOfTheDead(
  tx: Transaction,
  register: string,
  dead: readonly PartyId[],
): Promise<number> {
  if (dead.length === 0) return 0
  return endMandates(tx, { register }, await liveMandatesOf(tx, dead), 'death')
}
