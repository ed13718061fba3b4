import { type MongoAbility, type RawRuleOf, createMongoAbility } from '@casl/ability'
import { type AssuranceLevel, type Catalogue, type CatalogueVersion, findService, stricter } from './catalogue.js'
import {
  type GrantedPower,
  type MandateGround,
  type MandateState,
  type Power,
  coversObject,
  coversProvider,
  stateAt,
} from './mandate.js'
import type { Reason } from './reasons.js'

type Rule = RawRuleOf<MongoAbility>

/** The ground covers the power; the registers have not yet been asked about the parties. */
export interface Covered {
  readonly assurance: AssuranceLevel
  readonly validUntil: Date
}

/** The ground does not cover it, and why; `validUntil` is when time alone could change that. */
export interface NotCovered {
  readonly reason: Reason
  readonly validUntil: Date | null
}

/**
 * Tells whether a mandate covers the power at that instant, and if not, what comes closest.
 *
 * Time, provider and object are settled in plain code; CASL then weighs what was given against what no mandate can
 * cover. A power holds only if both the catalogue version it was given under and the current one have it, at the
 * stricter level of the two.
 */
export function judgeMandate(
  mandate: MandateGround,
  asked: Power,
  instant: Date,
  catalogue: Catalogue,
): Covered | NotCovered {
  const about = mandate.powers.filter((power) => power.service === asked.service && power.action === asked.action)
  const fitting = about.filter((power) => coversProvider(power, asked) && coversObject(power, asked))
  const inForce = fitting.filter((power) => stateOf(power) === 'active')
  const deciding = abilityOf(mandate, inForce, catalogue).relevantRuleFor(asked.action, asked.service)

  if (deciding?.inverted === true) return { reason: 'personal_by_law', validUntil: nextChange() }
  if (deciding === null) return { reason: whyNot(), validUntil: nextChange() }
  const [longest] = [...inForce].sort((a, b) => b.validUntil.getTime() - a.validUntil.getTime())
  if (longest === undefined) throw new Error('CASL allowed a power that is not in force')
  return judgePin(longest, catalogue)

  function stateOf(power: GrantedPower): MandateState {
    return stateAt(power, mandate.answerBy, instant)
  }

  function whyNot(): Reason {
    if (fitting.length > 0) return closest(fitting)
    const active = (power: GrantedPower): boolean => stateOf(power) === 'active'
    if (about.some((power) => active(power) && !coversProvider(power, asked))) return 'provider_not_covered'
    if (about.some(active)) return 'object_not_covered'
    return mandate.powers.some(active) ? 'power_not_covered' : closest(mandate.powers)
  }

  function closest(powers: readonly GrantedPower[]): Reason {
    const states = new Set(powers.map((power) => REASON_FOR_STATE[stateOf(power)]))
    return CLOSEST_FIRST.find((reason) => states.has(reason)) ?? 'ended'
  }

  function nextChange(): Date | null {
    const times = mandate.powers
      .filter((power) => power.state !== 'ended')
      .flatMap((power) => [power.validFrom, power.validUntil])
      .filter((time) => time > instant)
    return times.length === 0 ? null : new Date(Math.min(...times.map(Number)))
  }
}

function judgePin(power: GrantedPower, catalogue: Catalogue): Covered | NotCovered {
  const pinned = findService(catalogue.version(power.catalogueVersion), power.service)
  const current = findService(catalogue.current, power.service)
  const inBoth = [pinned, current].every((service) => service?.mandate?.actions.includes(power.action) === true)
  if (!inBoth || pinned === undefined || current === undefined) {
    return { reason: 'power_withdrawn', validUntil: power.validUntil }
  }
  return { assurance: stricter(pinned.assurance, current.assurance), validUntil: power.validUntil }
}

const REASON_FOR_STATE: Readonly<Record<MandateState, Reason>> = {
  active: 'power_not_covered',
  offered: 'not_accepted',
  held: 'held',
  frozen: 'frozen',
  not_yet_valid: 'not_yet_valid',
  expired: 'expired',
  lapsed: 'ended',
  ended: 'ended',
  declined: 'ended',
  cancelled: 'ended',
}

const CLOSEST_FIRST: readonly Reason[] = ['frozen', 'not_yet_valid', 'held', 'not_accepted', 'expired', 'ended']

/** CASL reads the words `manage` and `all` as wildcards. A service may bear any name, so nothing is a wildcard here. */
const NO_WILDCARDS = { anyAction: '\0', anySubjectType: '\0' }

/** What no mandate can cover goes last: in CASL the last rule that fits wins. */
function abilityOf(mandate: MandateGround, powers: readonly Power[], catalogue: Catalogue): MongoAbility {
  const given = powers.map(
    (power): Rule => ({ action: power.action, subject: power.service, reason: mandate.representationId }),
  )
  return createMongoAbility([...given, ...personalRules(catalogue.current)], NO_WILDCARDS)
}

const personalRulesOf = new WeakMap<CatalogueVersion, readonly Rule[]>()

/** A version never changes, so neither do its rules. */
function personalRules(version: CatalogueVersion): readonly Rule[] {
  let rules = personalRulesOf.get(version)
  if (rules === undefined) {
    rules = version.personalByLaw
      .filter(({ bases }) => bases.includes('mandate'))
      .map(({ id, services, actions }) => ({
        inverted: true,
        action: [...actions],
        subject: [...services],
        reason: id,
      }))
    personalRulesOf.set(version, rules)
  }
  return rules
}
