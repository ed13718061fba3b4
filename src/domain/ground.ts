import type { Day } from './calendar.js'
import type { EmploymentGround } from './employment.js'
import type { MandateGround, RepresentationId } from './mandate.js'
import type { PartyId } from './party.js'
import type { Action } from './catalogue.js'

/** Parental responsibility, by the codes of Folkeregisteret (`foreldreansvar.ansvar`). */
export const RESPONSIBILITIES = ['felles', 'mor', 'far', 'medmor', 'andre', 'ukjent'] as const
export type Responsibility = (typeof RESPONSIBILITIES)[number]

/** Kinds of guardianship, by the codes of Folkeregisteret (`vergemaaltype`); a confirmed lasting power is a basis of its own. */
export const GUARDIANSHIPS = [
  'voksen',
  'midlertidigForVoksen',
  'mindreaarig',
  'midlertidigForMindreaarig',
  'ensligMindreaarigAsylsoeker',
  'ensligMindreaarigFlyktning',
  'forvaltningUtenforVergemaal',
] as const
export type Guardianship = (typeof GUARDIANSHIPS)[number]

/** Guardianship that does not end when the one who has a guardian comes of age. */
export const ADULT_GUARDIANSHIPS: readonly string[] = ['voksen', 'midlertidigForVoksen'] satisfies Guardianship[]

/** What every ground has that a register tells of. */
interface Registered {
  readonly representationId: RepresentationId
  readonly principal: PartyId
  readonly representative: PartyId
  /** When the register says that it holds: start inclusive, end exclusive; null where it sets none. */
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  /** When what the register says of it was last known to be complete. */
  readonly factsFreshAt: Date | null
}

export interface ParentGround extends Registered {
  readonly basis: 'parent'
  readonly responsibility: Responsibility
}

export interface GuardianGround extends Registered {
  readonly basis: 'guardian'
  readonly guardianship: Guardianship
  /** `vergeTjenestevirksomhet/vergeTjenesteoppgave`, e.g. `nav/pensjon`. */
  readonly tasks: readonly string[]
}

export interface LastingPowerGround extends Registered {
  readonly basis: 'lasting_power'
}

export interface RoleGround extends Registered {
  readonly basis: 'organisation_role'
  /** The code of Enhetsregisteret, e.g. `DAGL`. */
  readonly role: string
}

/** A ground that follows from what a register says. It cannot be given or ended here. */
export type RegisterGround = ParentGround | GuardianGround | LastingPowerGround | RoleGround

/** A legal ground by which one party may act for another, as far as we know it. */
export type Ground = MandateGround | RegisterGround | EmploymentGround

/** Whether a register tells of it, so that it is only as good as the register is fresh. */
export function isRegistered(ground: Ground): ground is RegisterGround {
  return ground.basis !== 'mandate' && ground.basis !== 'employment'
}

/**
 * Someone who holds, for the same principal, what the actor may hold too: parental responsibility, or a role in the
 * organisation. Others can only make an answer stricter.
 */
export interface Holder {
  readonly representationId: RepresentationId
  readonly basis: 'parent' | 'organisation_role'
  /** Null where the register knows of a holder but not of his number. */
  readonly representative: PartyId | null
  /** The responsibility, or the role. */
  readonly says: string
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  readonly diedOn: Day | null
  readonly residences: readonly string[]
}

/** What authorities have decided, or the person has reserved, about acting for one principal. */
export const RULINGS = [
  /** A child is in care: parents' powers rest. */
  'care_order',
  /** The Statsforvalter has set a guardian for a matter (setteverge): only that one acts in it, of those who act by law. */
  'set_guardian',
  'conflict_of_interest',
  /** No one acts for the principal in this: set by the principal, or by the one who treats him. */
  'reservation',
  /** The Statsforvalter consents to one act. */
  'consent',
  /** A service that a confirmed lasting power names. */
  'lasting_power_scope',
] as const
export type RulingKind = (typeof RULINGS)[number]

/** One ruling; what is null is not limited. */
export interface Ruling {
  readonly rulingId: string
  readonly kind: RulingKind
  readonly principal: PartyId
  /** Whom it is about: who was set, who has the conflict, who may act with the consent, who holds the lasting power. */
  readonly representative: PartyId | null
  readonly service: string | null
  readonly action: Action | null
  readonly object: string | null
  readonly validFrom: Date
  readonly validUntil: Date | null
}

/** Whether something that holds from a start to before an end holds now. */
export function inForce(
  period: { readonly validFrom: Date | null; readonly validUntil: Date | null },
  instant: Date,
): boolean {
  return (
    (period.validFrom === null || period.validFrom <= instant) &&
    (period.validUntil === null || period.validUntil > instant)
  )
}

/** When next something begins or ends that has a start and an end; null when nothing more does. */
export function nextBoundary(
  periods: readonly { readonly validFrom: Date | null; readonly validUntil: Date | null }[],
  instant: Date,
): Date | null {
  let next: Date | null = null
  for (const { validFrom, validUntil } of periods) {
    for (const time of [validFrom, validUntil]) {
      if (time !== null && time > instant && (next === null || time < next)) next = time
    }
  }
  return next
}
