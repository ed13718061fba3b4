import { stateAt } from '../domain/mandate.js'
import type { Json } from '../domain/json.js'
import { type Actor, forOneself } from '../domain/party.js'
import type { Transaction } from '../store/database.js'
import { countLawGrounds } from '../store/grounds-store.js'
import { liveMandatesGivenBy, lockMandate } from '../store/mandate-store.js'
import { frozenPowers } from './change.js'
import { recordChange } from './record-change.js'

/**
 * Freezes whatever this person has given or passed on and is in force or will be, also what has been changed too often for
 * anything else. Mandates are locked in order of id, as by everyone who takes more than one: parents before what was passed
 * on from them. Frozen already, it stays so; told again, it changes nothing.
 *
 * @returns how many were frozen now and had been, and what is left: offers that can still be accepted, and
 * grounds by law, which no one freezes here.
 */
export async function freezeAll(tx: Transaction, actor: Actor): Promise<Json> {
  const count = { frozen: 0, already_frozen: 0, still_offered: 0 }
  for (const mandateId of await liveMandatesGivenBy(tx, actor.partyId)) {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) continue
    const powers = frozenPowers(locked)
    const states = locked.powers.map((power) => stateAt(power, locked.answerBy, locked.instant))
    if (powers.length > 0) {
      // No reason: the representative need not know that he is not the only one.
      await recordChange(tx, forOneself(actor), locked, 'frozen', powers, { reason: null, confirmed: null })
      count.frozen += 1
    } else if (states.includes('frozen')) count.already_frozen += 1
    if (states.includes('offered')) count.still_offered += 1
  }
  return { ...count, by_law: await countLawGrounds(tx, actor.partyId) }
}
