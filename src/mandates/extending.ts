import type { Day } from '../domain/calendar.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { extendedUntil, refuseGiver } from '../domain/giving.js'
import { type GrantedPower, stateAt } from '../domain/mandate.js'
import { type Passable, refuseParent, withinParent } from '../domain/passing-on.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Queryable } from '../store/database.js'
import type { SeenMandate } from '../store/mandate-view-store.js'
import { namedParties } from '../store/party-store.js'
import { partyIn } from './party-in.js'

/** The powers that can be extended, all of them or the ones named. */
export function extendable(
  mandate: Pick<SeenMandate, 'powers' | 'answerBy' | 'instant'>,
  powerIds: readonly string[] | null,
): SeenMandate['powers'] {
  const named = mandate.powers.filter(({ powerId }) => powerIds === null || powerIds.includes(powerId))
  if (powerIds !== null && named.length !== new Set(powerIds).size) {
    throw new Problem('invalid_request', 'the mandate has no such power')
  }
  const live = named.filter((power) =>
    ['active', 'not_yet_valid'].includes(stateAt(power, mandate.answerBy, mandate.instant)),
  )
  if (live.length === 0 || (powerIds !== null && live.length !== named.length)) {
    throw new Problem('not_in_this_state', 'only what is in force, or will be, can be extended')
  }
  return live
}

/** A mandate that is to last longer, and what it was passed on from. */
export interface Extension {
  readonly giver: PartyId
  readonly principal: PartyId
  readonly parent: Pick<Passable, 'powers' | 'answerBy'> | null
  readonly powers: readonly GrantedPower[]
  readonly until: Day
  readonly instant: Date
}

/**
 * The powers with their later end, inside the parent where they were passed on.
 *
 * @throws Problem naming the rule that the new end breaks, or that has come to stand in the way.
 */
export async function extendPowers(
  db: Queryable,
  { giver: giverId, principal: principalId, parent, powers, until, instant }: Extension,
  catalogue: CatalogueVersion,
): Promise<GrantedPower[]> {
  const parties = await namedParties(db, [giverId, principalId])
  const giver = partyIn(parties, giverId)
  if (parent === null) refuseGiver(giver, powers, catalogue, instant)
  else refuseParent({ ...parent, principal: partyIn(parties, principalId), middle: giver }, powers, catalogue, instant)
  const extended = powers.map((power) => ({ ...power, validUntil: extendedUntil(power, until, catalogue, instant) }))
  return parent === null ? extended : extended.map((power) => withinParent(power, parent, instant, false))
}
