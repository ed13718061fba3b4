import type { Plan } from '../domain/giving.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Queryable } from '../store/database.js'
import { overlappingMandates } from '../store/mandate-store.js'

/**
 * Names the mandates that hold one of the powers for some of the time: the giver is offered to extend them. The
 * constraint in the database stands behind this for two that give at once.
 *
 * @throws Problem `overlapping_mandate` with `extend_instead`.
 */
export async function refuseOverlap(
  db: Queryable,
  principal: PartyId,
  representative: PartyId,
  plan: Plan,
): Promise<void> {
  const twins = await overlappingMandates(db, principal, representative, plan.powers)
  if (twins.length === 0) return
  throw new Problem('overlapping_mandate', 'the same power is already given for some of this time: extend that one', {
    extend_instead: twins,
  })
}
