import { lacksCapacity } from './capacity.js'
import { type CatalogueVersion, type MandateRule, type Service } from './catalogue.js'
import {
  type Plan,
  type PlannedPower,
  type WantedPower,
  checkRepresentative,
  hindranceOfGiver,
  isAvailable,
  lastDay,
  planPower,
  refuseTwins,
  ruleFor,
} from './giving.js'
import { type GrantedPower, coversObject, coversProvider, stateAt } from './mandate.js'
import type { Party } from './party.js'
import { Problem } from './problem.js'

/** What someone holds and wants to pass on. */
export interface Passable {
  readonly principal: Party
  /** Its representative, who passes it on. */
  readonly middle: Party
  readonly answerBy: Date | null
  readonly powers: readonly GrantedPower[]
}

/**
 * What comes of the wish to pass a mandate on: to a third person, only what the principal lets be passed on and the
 * catalogue still allows, never wider and never longer. A power without a last day ends with the parent's at the latest.
 *
 * @param representative null when no one by that number and name is known.
 * @throws Problem naming the first rule that the wish breaks; of the principal no more than that it cannot be passed on.
 */
export function planPassingOn(
  wanted: readonly WantedPower[],
  parent: Passable,
  representative: Party | null,
  catalogue: CatalogueVersion,
  instant: Date,
): Plan {
  if (representative?.partyId === parent.middle.partyId) {
    throw new Problem('not_to_oneself', 'whoever passes it on and the representative are the same person')
  }
  if (representative?.partyId === parent.principal.partyId) {
    throw new Problem('not_to_the_principal', 'the principal needs no mandate from himself')
  }
  const rules = wanted.map((power) => ({ power, ...ruleFor(power, catalogue) }))
  const powers = rules.map(({ power, service, rule }) => {
    refusePassingOn(power, parent, service, rule, instant)
    return withinParent(planPower(power, service, rule, instant), parent, instant, power.until === null)
  })
  refuseTwins(powers)
  if (representative?.kind === 'organisation') {
    throw new Problem('not_given_to_organisations', 'what was given is passed on to a person only')
  }
  for (const { rule } of rules) checkRepresentative(representative, rule, instant)
  return { powers, acceptance: rules.some(({ rule }) => rule.acceptance) }
}

/**
 * Whether those above may still let these powers be used through another: what they can no longer do is not made to last
 * longer either.
 *
 * @throws Problem `not_to_be_passed_on`.
 */
export function refuseParent(
  parent: Passable,
  powers: readonly Pick<WantedPower, 'service' | 'action'>[],
  catalogue: CatalogueVersion,
  instant: Date,
): void {
  for (const power of powers) {
    const { service, rule } = ruleFor(power, catalogue)
    refusePassingOn({ passingOn: false }, parent, service, rule, instant)
  }
}

function refusePassingOn(
  { passingOn }: Pick<WantedPower, 'passingOn'>,
  { principal, middle }: Passable,
  service: Service,
  rule: MandateRule,
  instant: Date,
): void {
  const more = { service: service.id }
  if (passingOn) throw new Problem('not_to_be_passed_on', 'what was passed on is not passed on again', more)
  if (!rule.passingOn) throw new Problem('not_to_be_passed_on', 'this can never be passed on', more)
  const possible =
    hindranceOfGiver(principal, service, rule, instant) === null &&
    isAvailable(middle, rule, instant) &&
    !lacksCapacity(middle, service)
  if (!possible) throw new Problem('not_to_be_passed_on', 'this cannot be passed on as things stand', more)
}

/**
 * The power, inside one of the parent's: same service and action, same or narrower provider and object, all of its time.
 *
 * @param shorten whether it may end earlier than planned to be so; else only the hours of the parent's last day are cut.
 * @throws Problem `not_to_be_passed_on` or `wider_than_parent`.
 */
export function withinParent<P extends PlannedPower>(
  power: P,
  { powers, answerBy }: Pick<Passable, 'powers' | 'answerBy'>,
  instant: Date,
  shorten: boolean,
): P {
  const covering = powers.filter(
    (above) =>
      above.service === power.service &&
      above.action === power.action &&
      coversProvider(above, power) &&
      coversObject(above, power) &&
      ['active', 'not_yet_valid'].includes(stateAt(above, answerBy, instant)),
  )
  const more = { service: power.service, action: power.action }
  if (covering.length > 0 && !covering.some(({ passingOn }) => passingOn)) {
    throw new Problem('not_to_be_passed_on', 'the principal does not let this be passed on', more)
  }
  const [longest] = covering
    .filter(({ passingOn, validFrom }) => passingOn && validFrom <= power.validFrom)
    .map(({ validUntil }) => validUntil)
    .sort((one, other) => other.getTime() - one.getTime())
  const fits =
    longest !== undefined && longest > power.validFrom && (shorten || lastDay(power.validUntil) <= lastDay(longest))
  if (!fits) throw new Problem('wider_than_parent', 'this reaches beyond the mandate that is passed on', more)
  return { ...power, validUntil: longest < power.validUntil ? longest : power.validUntil }
}
