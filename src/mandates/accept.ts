import type { CatalogueVersion } from '../domain/catalogue.js'
import { coolingOffHours, heldBack } from '../domain/cooling-off.js'
import { stateAt } from '../domain/mandate.js'
import type { Acting } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Transaction } from '../store/database.js'
import { wasGivenOn } from '../store/evidence-store.js'
import { lockMandate } from '../store/mandate-store.js'
import { refuseEndlessHistory, refuseOtherVersion } from './change.js'
import type { Confirmation } from './confirm.js'
import type { AcceptContent } from './draft-content.js'
import { recordChange } from './record-change.js'
import { requireLevel } from './required-level.js'

/** Whoever gives and whoever accepts on one device within so many minutes may be one and the same person. */
const SAME_DEVICE_MINUTES = 30
const SAME_DEVICE_HOURS = 24

/**
 * The representative accepts what is offered: it takes effect at once, or when it has been held as long as the catalogue
 * asks for. On the device on which it has just been given it is held too, and marked for both.
 *
 * @throws Problem `no_such_mandate`, `version_conflict`, `not_in_this_state`, or the rule that stands in the way.
 */
export async function accept(
  tx: Transaction,
  acting: Acting,
  { content: { mandateId, version }, confirmed }: Confirmation<AcceptContent>,
  catalogue: CatalogueVersion,
): Promise<string> {
  const locked = await lockMandate(tx, mandateId)
  if (locked?.representative !== acting.party) throw new Problem('no_such_mandate', 'you have no such mandate')
  refuseOtherVersion(locked, version)
  refuseEndlessHistory(locked)
  const offered = locked.powers.filter((power) => stateAt(power, locked.answerBy, locked.instant) === 'offered')
  if (offered.length === 0) throw new Problem('not_in_this_state', 'nothing in this mandate is offered')
  const services = offered.map(({ service }) => service)
  requireLevel(acting.actor, services, catalogue)

  const { deviceHash } = confirmed.evidence
  const sameDevice = deviceHash !== null && (await wasGivenOn(tx, mandateId, deviceHash, SAME_DEVICE_MINUTES))
  const hours = Math.max(coolingOffHours(services, catalogue), sameDevice ? SAME_DEVICE_HOURS : 0)
  const { state, powers } = heldBack(offered, hours, locked.instant)
  const changed = powers.map(({ powerId, validFrom, validUntil }) => ({ powerId, state, validFrom, validUntil }))
  const marked = { ...confirmed, evidence: { ...confirmed.evidence, sameDevice } }
  await recordChange(tx, acting, locked, 'accepted', changed, { reason: null, confirmed: marked })
  return mandateId
}
