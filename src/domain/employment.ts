import { weigh } from './ability.js'
import { type Catalogue, findService } from './catalogue.js'
import type { Covered, NotCovered } from './coverage.js'
import { inForce, nextBoundary } from './ground.js'
import { LEGAL_RULES } from './legal-rules.js'
import { type Power, type RepresentationId, coversProvider } from './mandate.js'
import type { PartyId } from './party.js'
import type { Reason } from './reasons.js'

/** What an organisation says that someone who works for it may do on its behalf. */
export interface EmploymentGround {
  readonly basis: 'employment'
  readonly representationId: RepresentationId
  /** The organisation. */
  readonly principal: PartyId
  /** Who works for it. */
  readonly representative: PartyId
  readonly powers: readonly EmployeePower[]
  /** Start inclusive, end exclusive; null where the organisation set none. */
  readonly validFrom: Date
  readonly validUntil: Date | null
}

/** One action in one service, perhaps only at one provider; all objects. */
export type EmployeePower = Omit<Power, 'object'>

/**
 * Tells whether the organisation lets the employee use the power, whatever it is that the organisation has. It follows
 * the current catalogue: an organisation ends and tells anew at any time. What employment can never cover stands in
 * `LEGAL_RULES.employeeActions`.
 */
export function judgeEmployment(
  ground: EmploymentGround,
  asked: Power,
  instant: Date,
  catalogue: Catalogue,
): Covered | NotCovered {
  const about = ground.powers
    .filter(isForEmployees)
    .filter(({ service, action }) => service === asked.service && action === asked.action)
  const fitting = about.filter((power) => coversProvider({ ...power, object: null }, asked))
  const refused = (reason: Reason): NotCovered => ({
    reason,
    names: fitting.length > 0,
    validUntil: nextBoundary([ground], instant),
  })
  const service = findService(catalogue.current, asked.service)
  const weighed = weigh(ground, fitting, asked, catalogue.current)
  if (weighed === 'personal') return { reason: 'personal_by_law', names: true, validUntil: null }
  if (ground.validFrom > instant) return refused('not_yet_valid')
  if (!inForce(ground, instant)) return refused('expired')
  if (weighed === 'given' && service !== undefined) {
    const validUntil = nextBoundary([ground], instant)
    return { assurance: service.assurance, validUntil, needsConsent: false, needsOthers: false }
  }
  return refused(about.length > 0 ? 'provider_not_covered' : 'power_not_covered')
}

/**
 * The same in the organisation's own affairs: only where organisations use the service, and no action that nobody could
 * have there by a role.
 */
export function judgeOwnAffairs(
  ground: EmploymentGround,
  asked: Power,
  instant: Date,
  catalogue: Catalogue,
): Covered | NotCovered {
  const judged = judgeEmployment(ground, asked, instant, catalogue)
  const roles = findService(catalogue.current, asked.service)?.roles ?? []
  if ('reason' in judged || roles.some(({ actions }) => actions.includes(asked.action))) return judged
  return { reason: 'power_not_covered', names: true, validUntil: nextBoundary([ground], instant) }
}

/** Whether an organisation can leave this to someone by his employment alone. */
export function isForEmployees({ action }: Pick<Power, 'action'>): boolean {
  return LEGAL_RULES.employeeActions.value.some((one) => one === action)
}
