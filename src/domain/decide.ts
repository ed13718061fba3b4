import { ageOn, earliestOf, osloDay, reachesAge } from './calendar.js'
import {
  type AssuranceLevel,
  type Basis,
  type Catalogue,
  type RiskClass,
  type Service,
  findService,
  satisfies,
  stricter,
} from './catalogue.js'
import { mayNotDispose } from './capacity.js'
import { type NotCovered, judgeCoverage } from './coverage.js'
import { type Ground, type Holder, type Ruling, nextBoundary } from './ground.js'
import {
  type Covering,
  deathToCome,
  hindranceOfParties,
  hindranceOfRulings,
  isDead,
  nextLegalChange,
  othersOf,
  partlyReserved,
} from './hindrance.js'
import type { Power, RepresentationId } from './mandate.js'
import { nextChangeOf } from './mandate-coverage.js'
import { askedByMiddle, hindranceOfMiddle, middleOf } from './middle.js'
import type { Login, Party, PartyId } from './party.js'
import { REASONS, remedyFor, type Reason, type Remedy } from './reasons.js'

/** May `actor` use `power` on behalf of `principal` at `instant`? */
export interface Question {
  /** Null where the identifier that was asked about belongs to no party we know. */
  readonly actor: PartyId | null
  readonly principal: PartyId | null
  /** How the asker named the principal: help for someone with a protected address is possible by handle only. */
  readonly principalNamedBy: 'number' | 'handle'
  readonly power: Power
  readonly login: Login
  readonly instant: Date
  /** The services that the asking client is registered for. */
  readonly entitledTo: readonly string[]
}

/** Everything known of the two parties and what is between them, and of others only what can make an answer stricter. */
export interface Facts {
  readonly actor: Party | null
  readonly principal: Party | null
  readonly grounds: readonly Ground[]
  /** All who hold parental responsibility for the principal, or a role in it, the actor among them. */
  readonly holders: readonly Holder[]
  /** About acting for the principal. */
  readonly rulings: readonly Ruling[]
  /** Who has approved the very act that the question names; empty where it names none. */
  readonly approvedBy: readonly PartyId[]
  /** When that act lapses. */
  readonly approvedUntil?: Date
}

/** What the asking service must see to when it goes on. */
export type Obligation =
  | { readonly type: 'assurance'; readonly level: AssuranceLevel }
  | { readonly type: 'introspect' }
  | { readonly type: 'stale_facts'; readonly freshAt: Date | null }
  /** Something of what was asked about is reserved: ask about each object by itself before it is shown or changed. */
  | { readonly type: 'ask_for_each_object' }

export interface Allowed {
  readonly allowed: true
  readonly basis: 'self' | Basis
  /** Null for `self`. */
  readonly representationId: RepresentationId | null
  readonly obligations: readonly Obligation[]
  /** The earliest instant at which the passing of time alone could change this answer. */
  readonly validUntil: Date | null
}

export interface Refused {
  readonly allowed: false
  readonly reason: Reason
  readonly remedy: Remedy | null
  readonly basis: 'self' | Basis | null
  readonly representationId: RepresentationId | null
  readonly obligations: readonly Obligation[]
  readonly validUntil: Date | null
}

export type Decision = Allowed | Refused

/**
 * Answers the question from the facts and the catalogue.
 *
 * Pure and total: same question, facts and catalogue, same answer. Checks run from the general to the particular
 * (`docs/decision-order.md`), so the reason given is the first thing that would have to change. Without a ground
 * between the two, nothing is said of the principal, not even that he exists.
 *
 * @throws Error when the facts are not about the two parties of the question: that is a fault of ours, never an answer.
 */
export function decide(question: Question, facts: Facts, catalogue: Catalogue): Decision {
  refuseForeignFacts(question, facts)
  const service = findService(catalogue.current, question.power.service)
  if (!service?.actions.includes(question.power.action)) return refuse('unknown_power')
  if (!question.entitledTo.includes(service.id)) return refuse('not_entitled')
  const risk = riskClassOf(service, catalogue)
  if (risk.proof === 'login_token' && question.login.proof !== 'login_token') return refuse('proof_of_login_required')
  if (!satisfies(question.login.level, service.assurance)) return stepUp(service.assurance)

  const { actor, principal, grounds } = facts
  if (actor?.kind !== 'person' || actor.ceased || isDead(actor, question.instant)) return refuseActor(question, actor)
  if (question.actor === question.principal) return whileAlive(actor, question, decideSelf(question, actor, service))
  const judged = grounds.flatMap((ground) => {
    if (principal === null) return []
    const coverage = judgeCoverage(ground, question.power, question.instant, facts, catalogue)
    if ('reason' in coverage) return [{ names: coverage.names, decision: notCovered(ground, coverage) }]
    const covering = { question, facts, actor, principal, ground, covered: coverage, service }
    return [{ names: true, decision: decideCovering(covering, risk) }]
  })
  return whileAlive(actor, question, best(judged))
}

/** The last defence against a mix-up in what was read: every row must be about the pair that was asked about. */
function refuseForeignFacts({ actor, principal }: Question, facts: Facts): void {
  const ofThePair =
    (facts.actor?.partyId ?? null) === actor &&
    (facts.principal?.partyId ?? null) === principal &&
    facts.grounds.every((ground) => ground.principal === principal && ground.representative === actor) &&
    facts.grounds.every((ground) => isThirdPerson(middleOf({ ground }), [principal, actor])) &&
    facts.rulings.every((ruling) => ruling.principal === principal)
  if (!ofThePair) throw new Error('the facts are not about the parties of the question')
}

function isThirdPerson(middle: Party | null, pair: readonly (PartyId | null)[]): boolean {
  return middle === null || !pair.includes(middle.partyId)
}

/** Whether the actor is unknown or dead is told only of someone whose own login we have checked. */
function refuseActor(question: Question, actor: Party | null): Refused {
  if (question.login.proof !== 'login_token') return refuse('no_registered_ground')
  if (actor?.kind !== 'person') return refuse('actor_not_identified')
  if (isDead(actor, question.instant)) return refuse('actor_deceased')
  return refuse('actor_ceased', { validUntil: deathToCome(actor, question.instant) })
}

/** A register may tell of a death on a day that has not begun here: it would change every answer but one about no one. */
function whileAlive(actor: Party, question: Question, decision: Decision): Decision {
  if (!decision.allowed && decision.reason === refuseActor(question, actor).reason) return decision
  return { ...decision, validUntil: earliestOf([decision.validUntil, deathToCome(actor, question.instant)]) }
}

/** A protected address is no hindrance to acting for oneself. */
function decideSelf(question: Question, actor: Party, service: Service): Decision {
  const self = { basis: 'self' as const, representationId: null }
  if (actor.bornOn === null) return refuse('facts_missing', self)
  if (ageOn(actor.bornOn, osloDay(question.instant)) < service.selfFromAge) {
    return refuse('self_too_young', { ...self, validUntil: reachesAge(actor.bornOn, service.selfFromAge) })
  }
  if (mayNotDispose(actor, service, question.power.action)) return refuse('self_without_capacity', self)
  return { allowed: true, ...self, obligations: [{ type: 'assurance', level: service.assurance }], validUntil: null }
}

/** What is not covered says nothing of the parties: only a change of the ground changes it. */
function notCovered(ground: Ground, { reason, validUntil }: NotCovered): Decision {
  return refuse(reason, { ...about(ground), validUntil })
}

function decideCovering(covering: Covering, risk: RiskClass): Decision {
  const { question, actor, principal, ground, covered, service } = covering
  const of = about(ground)
  const level = stricter(covered.assurance, service.assurance)
  if (!satisfies(question.login.level, level)) {
    // From the next change on another power may cover it, for which a weaker login does.
    return { ...stepUp(level), ...of, validUntil: changeOf(ground, question.instant) }
  }

  const middle = middleOf(covering)
  const byMiddle = askedByMiddle(covering)
  const hindrance =
    hindranceOfParties(covering) ??
    hindranceOfMiddle(covering) ??
    hindranceOfRulings(covering) ??
    (byMiddle === null ? null : hindranceOfRulings(byMiddle))
  // Who held it in the child's youth learns nothing of the grown-up, not even by a time.
  if (hindrance?.reason === 'child_of_age') {
    return refuse('child_of_age', { ...of, validUntil: covered.validUntil })
  }
  const until = earliestOf([
    covered.validUntil,
    deathToCome(principal, question.instant),
    middle === null ? null : deathToCome(middle, question.instant),
    nextLegalChange(covering),
  ])
  if (hindrance !== null) {
    return refuse(hindrance.reason, { ...of, validUntil: earliestOf([until, hindrance.validUntil]) })
  }

  const freshness = freshnessOf(
    [actor, principal, ...(middle === null ? [] : [middle]), ...(ground.basis === 'mandate' ? [] : [ground])],
    risk,
    question.instant,
  )
  const mayBeStale = service.readOnStaleFacts && question.power.action === 'read'
  if (!freshness.fresh && !mayBeStale) return refuse('facts_too_old', { ...of, validUntil: until })
  const untilStale = freshness.fresh ? earliestOf([until, freshness.until]) : until
  const others = othersOf(covering)
  if (others !== null) return refuse(others, { ...of, validUntil: untilStale })

  const obligations: Obligation[] = [{ type: 'assurance', level }]
  if (risk.introspect) obligations.push({ type: 'introspect' })
  if (!freshness.fresh) obligations.push({ type: 'stale_facts', freshAt: freshness.freshAt })
  if (partlyReserved(covering) || (byMiddle !== null && partlyReserved(byMiddle)))
    obligations.push({ type: 'ask_for_each_object' })
  return { allowed: true, ...of, obligations, validUntil: untilStale }
}

function about({ basis, representationId }: Ground): { basis: Basis; representationId: RepresentationId } {
  return { basis, representationId }
}

function changeOf(ground: Ground, instant: Date): Date | null {
  return ground.basis === 'mandate' ? nextChangeOf(ground, instant) : nextBoundary([ground], instant)
}

type Freshness =
  { readonly fresh: true; readonly until: Date } | { readonly fresh: false; readonly freshAt: Date | null }

function freshnessOf(
  sources: readonly { readonly factsFreshAt: Date | null }[],
  risk: RiskClass,
  instant: Date,
): Freshness {
  const told = sources.map(({ factsFreshAt }) => factsFreshAt)
  const oldest = told.includes(null) ? null : earliestOf(told)
  if (oldest === null) return { fresh: false, freshAt: null }
  const until = new Date(oldest.getTime() + risk.freshnessMinutes * 60_000)
  return until > instant ? { fresh: true, until } : { fresh: false, freshAt: oldest }
}

/** What one ground gives, and whether it names the very power asked for. */
interface Judged {
  readonly decision: Decision
  readonly names: boolean
}

/**
 * A yes before a no; of several, the yes on fresh facts, and of those the one that lasts longest; the no that came closest
 * to a yes, and of those the one that changes first. A ground that names the power tells more by its no than one that
 * names others. A no, and a yes on old facts, lasts only until one of the grounds, whichever it is, may give another answer.
 */
function best(judged: readonly Judged[]): Decision {
  const first = [...judged].sort(bestFirst)[0]?.decision
  if (first === undefined) return refuse('no_registered_ground')
  if (first.allowed && !isOnOldFacts(first)) return first
  return { ...first, validUntil: earliestOf(judged.map(({ decision }) => decision.validUntil)) }
}

/** How close it came. For a stronger login a ground asks only once it covers the power. */
function rank({ decision, names }: Judged): number {
  if (decision.allowed) return isOnOldFacts(decision) ? YES : YES + 1
  const reason = decision.reason === 'step_up_required' ? 'personal_by_law' : decision.reason
  return (names ? REASONS.length : 0) + REASONS.indexOf(reason)
}

function isOnOldFacts({ obligations }: Allowed): boolean {
  return obligations.some(({ type }) => type === 'stale_facts')
}

const YES = 2 * REASONS.length

function bestFirst(one: Judged, other: Judged): number {
  const lasts = ({ decision }: Judged): number => decision.validUntil?.getTime() ?? Number.MAX_SAFE_INTEGER
  const id = ({ decision }: Judged): string => decision.representationId ?? ''
  const time = one.decision.allowed ? lasts(other) - lasts(one) : lasts(one) - lasts(other)
  return rank(other) - rank(one) || time || (id(one) < id(other) ? -1 : 1)
}

function riskClassOf(service: Service, catalogue: Catalogue): RiskClass {
  const found = catalogue.current.riskClasses.find((riskClass) => riskClass.id === service.riskClass)
  if (found === undefined) throw new Error(`catalogue ${catalogue.current.version}: no risk class ${service.riskClass}`)
  return found
}

function refuse(reason: Reason, about: Partial<Refused> = {}): Refused {
  return {
    allowed: false,
    reason,
    remedy: remedyFor(reason, about.basis !== undefined && about.basis !== null && about.basis !== 'mandate'),
    basis: null,
    representationId: null,
    obligations: [],
    validUntil: null,
    ...about,
  }
}

function stepUp(level: AssuranceLevel): Refused {
  return refuse('step_up_required', { obligations: [{ type: 'assurance', level }] })
}
