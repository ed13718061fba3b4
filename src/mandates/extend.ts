import type { CatalogueVersion } from '../domain/catalogue.js'
import type { Acting } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Transaction } from '../store/database.js'
import { lockMandate } from '../store/mandate-store.js'
import { refuseSelfDealing, refuseUnheld } from './acting.js'
import { refuseEndlessHistory, refuseOtherVersion } from './change.js'
import type { Confirmation } from './confirm.js'
import type { ExtendContent } from './draft-content.js'
import { extendPowers, extendable } from './extending.js'
import { lockParent } from './give.js'
import { recordChange } from './record-change.js'
import { requireLevel } from './required-level.js'

/**
 * Lets powers of a mandate last longer, as the text says.
 *
 * @throws Problem `no_such_mandate`, `version_conflict`, `not_in_this_state`, or the rule that stands in the way.
 */
export async function extend(
  tx: Transaction,
  acting: Acting,
  { content, confirmed }: Confirmation<ExtendContent>,
  catalogue: CatalogueVersion,
): Promise<string> {
  const { mandateId, version, powerIds, until } = content
  const parent = await lockParent(tx, acting, content.parent)
  const locked = await lockMandate(tx, mandateId)
  if (locked === null || (locked.through?.middle ?? locked.principal) !== acting.party) {
    throw new Problem('no_such_mandate', 'you have no such mandate')
  }
  refuseSelfDealing(acting, locked.representative)
  refuseOtherVersion(locked, version)
  refuseEndlessHistory(locked)
  const powers = extendable(locked, powerIds)
  const services = powers.map(({ service }) => service)
  requireLevel(acting.actor, services, catalogue)
  await refuseUnheld(tx, acting, powers, catalogue)
  const { principal, instant } = locked
  const wanted = { giver: acting.party, principal, parent, powers, until, instant }
  const extended = await extendPowers(tx, wanted, catalogue)
  await recordChange(tx, acting, locked, 'extended', extended, { reason: null, confirmed })
  return mandateId
}
