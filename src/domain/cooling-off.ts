import { type CatalogueVersion, findService } from './catalogue.js'
import { Problem } from './problem.js'

const HOUR = 3_600_000

/** For how many hours what is given in these services is held before it takes effect: the longest that a risk class asks for. */
export function coolingOffHours(serviceIds: readonly string[], catalogue: CatalogueVersion): number {
  const hours = serviceIds.map((id) => {
    const riskClass = findService(catalogue, id)?.riskClass
    return catalogue.riskClasses.find((one) => one.id === riskClass)?.coolingOffHours ?? 0
  })
  return Math.max(0, ...hours)
}

/** What is given, and how it stands at first. */
export interface HeldBack<P> {
  readonly state: 'held' | 'active'
  readonly powers: readonly (P & { readonly validFrom: Date })[]
}

/**
 * The powers, none of which takes effect until so many hours after this instant. They are held where one of them would have.
 *
 * @throws Problem `end_before_start` where one would end before that.
 */
export function heldBack<P extends { readonly validFrom: Date; readonly validUntil: Date }>(
  powers: readonly P[],
  hours: number,
  instant: Date,
): HeldBack<P> {
  const earliest = new Date(instant.getTime() + hours * HOUR)
  if (hours === 0 || powers.every(({ validFrom }) => validFrom >= earliest)) return { state: 'active', powers }
  if (powers.some(({ validUntil }) => validUntil <= earliest)) {
    throw new Problem('end_before_start', `it would end before it takes effect, ${hours} hours from now`)
  }
  const later = powers.map((power) => ({ ...power, validFrom: power.validFrom < earliest ? earliest : power.validFrom }))
  return { state: 'held', powers: later }
}
