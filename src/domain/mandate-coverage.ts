import { weigh } from './ability.js'
import { earliestOf } from './calendar.js'
import { type AssuranceLevel, type Catalogue, findService, satisfies, stricter } from './catalogue.js'
import type { Covered, NotCovered } from './coverage.js'
import {
  type GrantedPower,
  type MandateGround,
  type MandateState,
  type ParentMandate,
  type Power,
  coversObject,
  coversProvider,
  stateAt,
  stateUntil,
} from './mandate.js'
import type { Reason } from './reasons.js'

/**
 * Tells whether a mandate covers the power at that instant, and if not, what comes closest. What was passed on covers
 * only what the parent covers too, at this very instant, and lets be passed on.
 */
export function judgeMandate(
  mandate: MandateGround,
  asked: Power,
  instant: Date,
  catalogue: Catalogue,
): Covered | NotCovered {
  const own = judgeGiven(mandate, asked, instant, catalogue)
  if (mandate.parent === null || 'reason' in own) return own
  const above = judgeParent(parentGround(mandate, mandate.parent), asked, instant, catalogue)
  if ('reason' in above) {
    return { ...above, names: true, validUntil: earliestOf([above.validUntil, nextChangeOf(mandate, instant)]) }
  }
  const assurance = stricter(own.assurance, above.assurance)
  return { ...own, assurance, validUntil: earliestOf([own.validUntil, above.validUntil]) }
}

/** The parent as the one in the middle has it. */
export function parentGround({ principal }: MandateGround, parent: ParentMandate): MandateGround {
  const { representationId, middle, answerBy, powers } = parent
  return {
    basis: 'mandate',
    representationId,
    principal,
    representative: middle.partyId,
    answerBy,
    powers,
    parent: null,
  }
}

/** The parent's own answer, if that is a no; else that of the powers that it lets be passed on. */
function judgeParent(parent: MandateGround, asked: Power, instant: Date, catalogue: Catalogue): Covered | NotCovered {
  const whole = judgeGiven(parent, asked, instant, catalogue)
  if ('reason' in whole) return whole
  const permitted = parent.powers.filter(({ passingOn }) => passingOn)
  const passed = judgeGiven({ ...parent, powers: permitted }, asked, instant, catalogue)
  if ('reason' in passed) return { ...passed, reason: 'power_not_covered' }
  const stillPermitted = permitted.filter((power) => permitsPassingOn(power, catalogue))
  const lasting = judgeGiven({ ...parent, powers: stillPermitted }, asked, instant, catalogue)
  return 'reason' in lasting ? { ...lasting, reason: 'power_withdrawn' } : lasting
}

/** Whether the catalogue lets it be passed on, both the version it was given under and the current one. */
function permitsPassingOn({ service, catalogueVersion }: GrantedPower, catalogue: Catalogue): boolean {
  return [catalogue.version(catalogueVersion), catalogue.current].every(
    (version) => findService(version, service)?.mandate?.passingOn === true,
  )
}

/**
 * What the mandate itself covers, whatever it was passed on from.
 *
 * Time, provider and object are settled in plain code; CASL then weighs what was given against what no mandate can
 * cover. A power holds only if both the catalogue version it was given under and the current one have it, at the
 * stricter level of the two. Of several that hold, the one that asks for the weakest login covers it; of those, the one
 * that lasts longest.
 */
function judgeGiven(mandate: MandateGround, asked: Power, instant: Date, catalogue: Catalogue): Covered | NotCovered {
  const about = mandate.powers.filter((power) => power.service === asked.service && power.action === asked.action)
  const fitting = about.filter((power) => coversProvider(power, asked) && coversObject(power, asked))
  const inForce = fitting.filter(isActive)
  const weighed = weigh(mandate, inForce, asked, catalogue.current)

  if (weighed === 'personal') return { reason: 'personal_by_law', names: true, validUntil: null }
  if (weighed === 'not_given') {
    return { reason: whyNot(), names: fitting.length > 0, validUntil: nextChangeOf(mandate, instant) }
  }
  const [easiest] = inForce
    .map((power) => ({ assurance: levelOf(power, catalogue), validUntil: power.validUntil }))
    .filter((power): power is Holding => power.assurance !== null)
    .sort(weakestLoginFirst)
  if (easiest !== undefined) return { ...easiest, needsConsent: false, needsOthers: false }
  return { reason: 'power_withdrawn', names: true, validUntil: nextChangeOf(mandate, instant) }

  function isActive(power: GrantedPower): boolean {
    return stateAt(power, mandate.answerBy, instant) === 'active'
  }

  function whyNot(): Reason {
    if (fitting.length > 0) return closest(fitting)
    if (about.some((power) => isActive(power) && coversProvider(power, asked))) return 'object_not_covered'
    if (about.some(isActive)) return 'provider_not_covered'
    return mandate.powers.some(isActive) ? 'power_not_covered' : closest(mandate.powers)
  }

  function closest(powers: readonly GrantedPower[]): Reason {
    const states = new Set(powers.map((power) => REASON_FOR_STATE[stateAt(power, mandate.answerBy, instant)]))
    return CLOSEST_FIRST.find((reason) => states.has(reason)) ?? 'ended'
  }
}

/** When time alone first changes anything in the mandate or in its parent; null when it changes nothing more. */
export function nextChangeOf({ powers, answerBy, parent }: MandateGround, instant: Date): Date | null {
  const above = parent?.powers.map((power) => stateUntil(power, parent.answerBy, instant)) ?? []
  return earliestOf([...above, ...powers.map((power) => stateUntil(power, answerBy, instant))])
}

/** The level at which the power holds, in the catalogue it was given under and in the current one; null in only one. */
function levelOf(power: GrantedPower, catalogue: Catalogue): AssuranceLevel | null {
  const pinned = findService(catalogue.version(power.catalogueVersion), power.service)
  const current = findService(catalogue.current, power.service)
  if (pinned === undefined || current === undefined) return null
  const inBoth = [pinned, current].every((service) => service.mandate?.actions.includes(power.action) === true)
  return inBoth ? stricter(pinned.assurance, current.assurance) : null
}

interface Holding {
  readonly assurance: AssuranceLevel
  readonly validUntil: Date
}

function weakestLoginFirst(a: Holding, b: Holding): number {
  if (a.assurance !== b.assurance) return satisfies(b.assurance, a.assurance) ? -1 : 1
  return b.validUntil.getTime() - a.validUntil.getTime()
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
