import type { AssuranceLevel, Catalogue, Service } from './catalogue.js'
import { findService } from './catalogue.js'
import type { Facts } from './decide.js'
import type { Ground } from './ground.js'
import { judgeByLaw, lawPowers } from './law-coverage.js'
import type { Power } from './mandate.js'
import { judgeMandate } from './mandate-coverage.js'
import type { Reason } from './reasons.js'

/** The ground covers the power; the registers have not yet been asked about the parties. */
export interface Covered {
  readonly assurance: AssuranceLevel
  /** When what covers it ends; null where no end is set. */
  readonly validUntil: Date | null
  /** Whether the act itself needs the consent of the Statsforvalter. */
  readonly needsConsent: boolean
  /** Whether all who hold the ground must agree. */
  readonly needsOthers: boolean
}

/** The ground does not cover it, and why; `validUntil` is when time alone could change that. */
export interface NotCovered {
  readonly reason: Reason
  /** Whether the ground names this very power: then its reason tells more than that of a ground that names others. */
  readonly names: boolean
  readonly validUntil: Date | null
}

/** Tells whether a ground of any basis covers the power at that instant, and if not, what comes closest. */
export function judgeCoverage(
  ground: Ground,
  asked: Power,
  instant: Date,
  facts: Pick<Facts, 'rulings'>,
  catalogue: Catalogue,
): Covered | NotCovered {
  return ground.basis === 'mandate'
    ? judgeMandate(ground, asked, instant, catalogue)
    : judgeByLaw(ground, asked, instant, facts.rulings, catalogue)
}

/** Every power that the ground could cover in these services: what a list of it asks `decide` about, each once. */
export function nameablePowers(
  ground: Ground,
  facts: Pick<Facts, 'rulings'>,
  services: readonly string[],
  catalogue: Catalogue,
): Power[] {
  const powers =
    ground.basis === 'mandate'
      ? ground.powers.map(({ service, action, provider, object }) => ({ service, action, provider, object }))
      : services
          .map((id) => findService(catalogue.current, id))
          .filter((service): service is Service => service !== undefined)
          .flatMap((service) => lawPowers(ground, service, facts.rulings))
  const wanted = powers.filter(({ service }) => services.includes(service))
  return [...new Map(wanted.map((power) => [JSON.stringify(Object.values(power)), power])).values()]
}
