import type { AssuranceLevel, Catalogue, Service } from './catalogue.js'
import { findService } from './catalogue.js'
import type { Facts } from './decide.js'
import type { Ground } from './ground.js'
import { judgeOwnAffairs } from './employment.js'
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
  switch (ground.basis) {
    case 'mandate':
      return judgeMandate(ground, asked, instant, catalogue)
    case 'employment':
      return judgeOwnAffairs(ground, asked, instant, catalogue)
    case 'parent':
    case 'guardian':
    case 'lasting_power':
    case 'organisation_role':
      return judgeByLaw(ground, asked, instant, facts.rulings, catalogue)
  }
}

/** Every power that the ground could cover in these services: what a list of it asks `decide` about, each once. */
export function nameablePowers(
  ground: Ground,
  facts: Pick<Facts, 'rulings' | 'atWork'>,
  services: readonly string[],
  catalogue: Catalogue,
): Power[] {
  const powers = [...powersIn(ground, facts, services, catalogue)].flatMap((power) => [
    power,
    ...narrowedAtWork(power, facts),
  ])
  const wanted = powers.filter(({ service }) => services.includes(service))
  return [...new Map(wanted.map((power) => [JSON.stringify(Object.values(power)), power])).values()]
}

function powersIn(
  ground: Ground,
  { rulings }: Pick<Facts, 'rulings'>,
  services: readonly string[],
  catalogue: Catalogue,
): readonly Power[] {
  switch (ground.basis) {
    case 'mandate':
      return ground.powers.map(({ service, action, provider, object }) => ({ service, action, provider, object }))
    case 'employment':
      return ground.powers.map((power) => ({ ...power, object: null }))
    case 'parent':
    case 'guardian':
    case 'lasting_power':
    case 'organisation_role':
      return services
        .map((id) => findService(catalogue.current, id))
        .filter((service): service is Service => service !== undefined)
        .flatMap((service) => lawPowers(ground, service, rulings))
  }
}

/** Where the organisation has the power everywhere and lets the employee use it at one provider, that is what he has. */
function narrowedAtWork(power: Power, { atWork }: Pick<Facts, 'atWork'>): readonly Power[] {
  if (power.provider !== null) return []
  return (atWork?.employments ?? [])
    .flatMap(({ powers }) => powers)
    .filter(({ service, action, provider }) => {
      return service === power.service && action === power.action && provider !== null
    })
    .map(({ provider }) => ({ ...power, provider }))
}
