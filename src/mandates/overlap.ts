import type { Plan } from '../domain/giving.js'
import { Problem } from '../domain/problem.js'
import type { Queryable } from '../store/database.js'
import { type GivenBetween, overlappingMandates } from '../store/mandate-store.js'

/**
 * Names the mandates that hold one of the powers for some of the time: the giver is offered to extend them. The
 * constraint in the database stands behind this for two that give at once.
 *
 * @throws Problem `overlapping_mandate` with `extend_instead`.
 */
export async function refuseOverlap(db: Queryable, between: GivenBetween, plan: Plan): Promise<void> {
  const twins = await overlappingMandates(db, between, plan.powers)
  if (twins.length === 0) return
  throw new Problem('overlapping_mandate', 'the same power is already given for some of this time: extend that one', {
    extend_instead: twins,
  })
}
