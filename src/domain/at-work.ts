import { earliestOf } from './calendar.js'
import { type Catalogue, stricter } from './catalogue.js'
import { type Covered, type NotCovered, judgeCoverage } from './coverage.js'
import type { Facts, Question } from './decide.js'
import { type EmploymentGround, judgeEmployment } from './employment.js'
import { type Ground, inForce } from './ground.js'
import type { RepresentationId } from './mandate.js'
import type { Party, PartyId } from './party.js'

/** Of a work login: the organisation, and what it says of the actor. */
export interface AtWork {
  readonly organisation: Party
  readonly employments: readonly EmploymentGround[]
}

/** The first link of a chain: by what someone acts for the organisation that represents the principal. */
export interface Via {
  readonly organisation: PartyId
  readonly basis: 'employment'
  readonly representationId: RepresentationId
}

/** What an organisation may do for the principal, used by someone who works there. One organisation, never two. */
export interface Chain {
  readonly organisation: Party
  readonly employment: EmploymentGround
  /** Between the organisation and the principal. */
  readonly ground: Ground
}

/** A way from the actor to the principal: a ground between the two, or a chain. */
export type Way = { readonly chain: null; readonly ground: Ground } | { readonly chain: Chain }

/**
 * The ways that this login may use. Privately, every ground between the two that no employer has told of. At work for the
 * principal itself, employment and the roles that the register tells of: an office is held at work too. At work for another
 * organisation, what that one was given or holds by a role, through an employment in force: whoever no longer works there
 * is a stranger to those it acts for. What was passed on is used by a person only.
 */
export function waysOf({ context, principal }: Question, { grounds, atWork }: Facts): readonly Way[] {
  if (context.kind === 'private') return grounds.filter(({ basis }) => basis !== 'employment').map(direct)
  if (atWork?.organisation.kind !== 'organisation') return []
  const { organisation, employments } = atWork
  if (organisation.partyId === principal) {
    return grounds.filter(({ basis }) => basis === 'employment' || basis === 'organisation_role').map(direct)
  }
  return grounds
    .filter((ground) => ground.basis === 'organisation_role' || (ground.basis === 'mandate' && ground.parent === null))
    .flatMap((ground) => employments.map((employment) => ({ chain: { organisation, employment, ground } })))
}

function direct(ground: Ground): Way {
  return { chain: null, ground }
}

/** A chain through an employment that is not in force tells nothing. */
export function isOpen(way: Way, instant: Date): boolean {
  return way.chain === null || inForce(way.chain.employment, instant)
}

/** When next an employment begins: a no may change then, whoever it is about. */
export function nextEmployment({ atWork }: Facts, instant: Date): Date | null {
  const starts = (atWork?.employments ?? []).map(({ validFrom }) => validFrom)
  return earliestOf(starts.filter((start) => start > instant))
}

/** What both links cover; the no of the organisation's own link goes first, since nobody has more than it has. */
export function judgeChain(
  { employment, ground }: Chain,
  { power, instant }: Question,
  facts: Facts,
  catalogue: Catalogue,
): Covered | (NotCovered & { readonly byEmployer: boolean }) {
  const above = judgeCoverage(ground, power, instant, facts, catalogue)
  const own = judgeEmployment(employment, power, instant, catalogue)
  const validUntil = earliestOf([above.validUntil, own.validUntil])
  if ('reason' in above) return { ...above, byEmployer: false, validUntil }
  if ('reason' in own) return { ...own, byEmployer: true, validUntil }
  return { ...above, assurance: stricter(above.assurance, own.assurance), validUntil }
}

/** How the answer names a chain. */
export function viaOf({ organisation, employment }: Chain): Via {
  const { basis, representationId } = employment
  return { organisation: organisation.partyId, basis, representationId }
}
