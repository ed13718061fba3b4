import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Queryable } from '../store/database.js'
import { type SeenMandate, seeMandate } from '../store/mandate-view-store.js'

/**
 * The mandate that this party passes on: one that its principal has given to him.
 *
 * @throws Problem `no_such_mandate`, `not_yours_to_do`, `not_to_be_passed_on` of what was passed on itself.
 */
export async function parentOf(db: Queryable, mandateId: string, party: PartyId): Promise<SeenMandate> {
  const parent = await seeMandate(db, mandateId, party)
  if (parent === null) throw new Problem('no_such_mandate', 'you have no such mandate')
  if (parent.representative.partyId !== party) {
    throw new Problem('not_yours_to_do', 'only the representative passes it on')
  }
  if (parent.through !== null) {
    throw new Problem('not_to_be_passed_on', 'what was passed on is not passed on again')
  }
  return parent
}
