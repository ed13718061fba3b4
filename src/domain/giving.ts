import { type Day, addDays, addMonths, ageOn, isDay, osloDay, startOfDay } from './calendar.js'
import { type Action, type CatalogueVersion, type MandateRule, type Service, findService } from './catalogue.js'
import { lacksCapacity } from './capacity.js'
import type { Power } from './mandate.js'
import type { Party } from './party.js'
import { Problem } from './problem.js'

/** A power as someone asks for it to be given. Days are Europe/Oslo days; the last one is included. */
export interface WantedPower {
  readonly service: string
  readonly action: string
  readonly provider: string | null
  readonly object: string | null
  /** Null: from now on. */
  readonly from: Day | null
  /** Null: as long as the catalogue gives by default. */
  readonly until: Day | null
  /** Whether the representative may pass it on. */
  readonly passingOn: boolean
}

/** A power as it will be given. */
export interface PlannedPower extends Power {
  readonly passingOn: boolean
  readonly validFrom: Date
  readonly validUntil: Date
}

/** What a confirmation would give, and whether the representative must accept first. */
export interface Plan {
  readonly powers: readonly PlannedPower[]
  readonly acceptance: boolean
}

const MOST_MONTHS_AHEAD = 12

/**
 * What comes of the wish, by the rules of the catalogue version: who may give what to whom, and for how long. Never
 * endless. The giver learns which rule stands in the way; of the representative only that he is not available, whether
 * he is unknown, dead, too young or protected.
 *
 * @param representative null when no one by that number and name is known.
 * @throws Problem naming the first rule that the wish breaks.
 */
export function planMandate(
  wanted: readonly WantedPower[],
  giver: Party,
  representative: Party | null,
  catalogue: CatalogueVersion,
  instant: Date,
): Plan {
  if (representative?.partyId === giver.partyId) {
    throw new Problem('not_to_oneself', 'the giver and the representative are the same person')
  }
  const rules = wanted.map((power) => ({ power, ...ruleFor(power, catalogue) }))
  for (const { service, rule } of rules) checkGiver(giver, service, rule, instant)
  const powers = rules.map(({ power, service, rule }) => planPower(power, service, rule, instant))
  refuseTwins(powers)
  if (representative?.kind === 'organisation') refuseOrganisation(rules)
  for (const { rule } of rules) checkRepresentative(representative, rule, instant)
  return { powers, acceptance: rules.some(({ rule }) => rule.acceptance) }
}

/** @throws Problem where the power is not in the catalogue, or cannot be given by mandate. */
export function ruleFor(
  { service: id, action }: Pick<WantedPower, 'service' | 'action'>,
  catalogue: CatalogueVersion,
): { service: Service; rule: MandateRule } {
  const service = findService(catalogue, id)
  if (service === undefined) throw new Problem('unknown_service', 'the catalogue has no such service', { service: id })
  if (!(service.actions as readonly string[]).includes(action)) {
    throw new Problem('unknown_action', 'the service has no such action', { service: id, action })
  }
  const personal = catalogue.personalByLaw.some(
    (law) =>
      law.bases.includes('mandate') && law.services.includes(id) && (law.actions as readonly string[]).includes(action),
  )
  if (service.mandate === null || personal || !(service.mandate.actions as readonly string[]).includes(action)) {
    throw new Problem('not_given_by_mandate', 'this cannot be given by mandate', { service: id, action })
  }
  return { service, rule: service.mandate }
}

/**
 * Whether the giver may still give these powers: what can no longer be given is not made to last longer either.
 *
 * @throws Problem naming the first rule that stands in the way.
 */
export function refuseGiver(
  giver: Party,
  powers: readonly Pick<WantedPower, 'service' | 'action'>[],
  catalogue: CatalogueVersion,
  instant: Date,
): void {
  for (const power of powers) {
    const { service, rule } = ruleFor(power, catalogue)
    checkGiver(giver, service, rule, instant)
  }
}

function checkGiver(giver: Party, service: Service, rule: MandateRule, instant: Date): void {
  const hindrance = hindranceOfGiver(giver, service, rule, instant)
  if (hindrance !== null) throw hindrance
}

/** The first rule about the giver that stands in the way; null when there is none. */
export function hindranceOfGiver(giver: Party, service: Service, rule: MandateRule, instant: Date): Problem | null {
  if (giver.kind === 'organisation') return hindranceOfOrganisation(giver, service)
  if (giver.bornOn === null) {
    return new Problem('principal_facts_missing', 'the register has not told us your date of birth')
  }
  if (giver.diedOn !== null || giver.ceased) {
    return new Problem('principal_not_alive', 'the register says that the giver is dead, or has closed the number')
  }
  if (lacksCapacity(giver, service)) {
    return new Problem('principal_without_capacity', 'legal capacity was taken away in this field', {
      service: service.id,
    })
  }
  if (ageOn(giver.bornOn, osloDay(instant)) < rule.principalFromAge) {
    return new Problem('principal_too_young', `this can be given from the age of ${rule.principalFromAge}`, {
      service: service.id,
      from_age: rule.principalFromAge,
    })
  }
  if (giver.protectedAddress && service.protectedAddress === 'refuse') {
    return new Problem('not_given_by_mandate', 'this cannot be given by someone with a protected address', {
      service: service.id,
    })
  }
  return null
}

/** An organisation gives of what the roles in it are for: in other services it has nothing of its own to give. */
function hindranceOfOrganisation(giver: Party, service: Service): Problem | null {
  if (giver.ceased) return new Problem('principal_not_alive', 'the register says that the organisation is struck off')
  if (service.roles.length > 0) return null
  return new Problem('not_given_by_organisations', 'organisations do not use this service', { service: service.id })
}

/** Whoever works in an organisation passes nothing on. */
function refuseOrganisation(rules: readonly { power: WantedPower; service: Service }[]): void {
  const one = rules.find(({ power }) => power.passingOn)
  if (one === undefined) return
  throw new Problem('not_given_to_organisations', 'only a person can pass this on', { service: one.service.id })
}

/** @throws Problem `representative_not_available`, whatever it is that stands in the way. */
export function checkRepresentative(party: Party | null, rule: MandateRule, instant: Date): void {
  if (isAvailable(party, rule, instant)) return
  throw new Problem('representative_not_available', 'no one by that number and name can be given this mandate')
}

/** Whether the party can represent someone under this rule. */
export function isAvailable(party: Party | null, rule: MandateRule, instant: Date): boolean {
  if (party?.kind === 'organisation') return !party.ceased
  return (
    party !== null &&
    party.bornOn !== null &&
    party.diedOn === null &&
    !party.ceased &&
    ageOn(party.bornOn, osloDay(instant)) >= rule.representativeFromAge &&
    // By number no one helps someone with a protected address, whatever the service: the answer must not tell which one it is.
    !party.protectedAddress
  )
}

/** @throws Problem naming the rule about provider, days or passing on that the wish breaks. */
export function planPower(wanted: WantedPower, service: Service, rule: MandateRule, instant: Date): PlannedPower {
  if (wanted.provider !== null && !service.providers.includes(wanted.provider)) {
    throw new Problem('unknown_provider', 'this organisation does not offer the service', { service: service.id })
  }
  if (wanted.passingOn && !rule.passingOn) {
    throw new Problem('not_to_be_passed_on', 'this can never be passed on', { service: service.id })
  }
  const today = osloDay(instant)
  const from = wanted.from === null ? today : existingDay(wanted.from)
  const until = wanted.until === null ? addDays(addMonths(from, rule.defaultMonths), -1) : existingDay(wanted.until)
  if (from < today) throw new Problem('start_in_the_past', 'a mandate cannot begin in the past')
  if (until < from) throw new Problem('end_before_start', 'the mandate would end before it begins')
  const last = addDays(addMonths(from, rule.maximumMonths), -1)
  if (until > last || from > addMonths(today, MOST_MONTHS_AHEAD)) {
    throw new Problem(
      'period_too_long',
      `at most ${rule.maximumMonths} months, and a start within ${MOST_MONTHS_AHEAD}`,
      {
        service: service.id,
        latest_until: last,
      },
    )
  }
  return {
    service: service.id,
    action: wanted.action as Action,
    provider: wanted.provider,
    object: wanted.object,
    passingOn: wanted.passingOn,
    validFrom: from === today ? instant : startOfDay(from),
    validUntil: startOfDay(addDays(until, 1)),
  }
}

function existingDay(day: Day): Day {
  if (!isDay(day)) throw new Problem('no_such_day', 'there is no such day; days are written YYYY-MM-DD')
  return day
}

/** @throws Problem `same_power_twice`. */
export function refuseTwins(powers: readonly PlannedPower[]): void {
  const twins = powers.some((a, i) =>
    powers.some(
      (b, j) =>
        i < j &&
        a.service === b.service &&
        a.action === b.action &&
        a.provider === b.provider &&
        a.object === b.object &&
        a.validFrom < b.validUntil &&
        b.validFrom < a.validUntil,
    ),
  )
  if (twins) throw new Problem('same_power_twice', 'the same power stands twice for the same time')
}

/** The last day, in Oslo, on which something holds that ends at this instant. */
export function lastDay(validUntil: Date): Day {
  return osloDay(new Date(validUntil.getTime() - 1))
}

/**
 * A new end for powers in force: later than now, never beyond the catalogue's maximum counted from today.
 *
 * @throws Problem when the day does not exist, is not later, or is too late.
 */
export function extendedUntil(
  power: { readonly service: string; readonly action: Action; readonly validUntil: Date },
  until: Day,
  catalogue: CatalogueVersion,
  instant: Date,
): Date {
  const { rule } = ruleFor(power, catalogue)
  const end = startOfDay(addDays(existingDay(until), 1))
  if (end <= power.validUntil) throw new Problem('not_wider', 'the new end is not later than the one there is')
  const last = addDays(addMonths(osloDay(instant), rule.maximumMonths), -1)
  if (until > last) {
    throw new Problem('period_too_long', `at most ${rule.maximumMonths} months from today`, { latest_until: last })
  }
  return end
}
