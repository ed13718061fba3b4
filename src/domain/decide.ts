import { ageOn, earliestOf, osloDay, reachesAge, startOfDay } from './calendar.js'
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
import type { MandateGround, Power, RepresentationId } from './mandate.js'
import { type Covered, type NotCovered, judgeMandate, nextChangeOf } from './mandate-coverage.js'
import type { Login, Party, PartyId } from './party.js'
import { REASONS, REMEDY_FOR, type Reason, type Remedy } from './reasons.js'

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

/** A legal ground by which one party may act for another, as far as we know it. Further bases join this union. */
export type Ground = MandateGround

/** Everything known of the two parties and what is between them; nothing of anyone else. */
export interface Facts {
  readonly actor: Party | null
  readonly principal: Party | null
  readonly grounds: readonly Ground[]
}

/** What the asking service must see to when it goes on. */
export type Obligation =
  | { readonly type: 'assurance'; readonly level: AssuranceLevel }
  | { readonly type: 'introspect' }
  | { readonly type: 'stale_facts'; readonly freshAt: Date | null }

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
  if (actor === null || isDead(actor, question.instant)) return refuseActor(question, actor)
  if (question.actor === question.principal) return whileAlive(actor, question, decideSelf(question, actor, service))
  const judged = grounds.flatMap((ground) => {
    if (principal === null) return []
    const coverage = judgeMandate(ground, question.power, question.instant, catalogue)
    const names = !('reason' in coverage) || coverage.names
    return [{ names, decision: decideGround(question, actor, principal, ground, coverage, service, risk) }]
  })
  return whileAlive(actor, question, best(judged))
}

/** The last defence against a mix-up in what was read: every row must be about the pair that was asked about. */
function refuseForeignFacts({ actor, principal }: Question, facts: Facts): void {
  const ofThePair =
    (facts.actor?.partyId ?? null) === actor &&
    (facts.principal?.partyId ?? null) === principal &&
    facts.grounds.every((ground) => ground.principal === principal && ground.representative === actor)
  if (!ofThePair) throw new Error('the facts are not about the parties of the question')
}

/** Whether the actor is unknown or dead is told only of someone whose own login we have checked. */
function refuseActor(question: Question, actor: Party | null): Refused {
  if (question.login.proof !== 'login_token') return refuse('no_registered_ground')
  return refuse(actor === null ? 'actor_not_identified' : 'actor_deceased')
}

/** A register may tell of a death on a day that has not begun here: it would change every answer but one about no one. */
function whileAlive(actor: Party, question: Question, decision: Decision): Decision {
  if (!decision.allowed && decision.reason === refuseActor(question, actor).reason) return decision
  return { ...decision, validUntil: earliestOf([decision.validUntil, deathToCome(actor, question.instant)]) }
}

/** A protected address is no hindrance to acting for oneself. */
function decideSelf(question: Question, actor: Party, service: Service): Decision {
  const self = { basis: 'self' as const, representationId: null }
  if (actor.kind !== 'person') return refuse('no_registered_ground')
  if (actor.bornOn === null) return refuse('facts_missing', self)
  if (ageOn(actor.bornOn, osloDay(question.instant)) < service.selfFromAge) {
    return refuse('self_too_young', { ...self, validUntil: reachesAge(actor.bornOn, service.selfFromAge) })
  }
  return { allowed: true, ...self, obligations: [{ type: 'assurance', level: service.assurance }], validUntil: null }
}

function decideGround(
  question: Question,
  actor: Party,
  principal: Party,
  ground: Ground,
  judged: Covered | NotCovered,
  service: Service,
  risk: RiskClass,
): Decision {
  const of = { basis: ground.basis, representationId: ground.representationId }
  if ('reason' in judged) return refuse(judged.reason, { ...of, validUntil: judged.validUntil })
  const level = stricter(judged.assurance, service.assurance)
  if (!satisfies(question.login.level, level)) {
    // From the next change on another power may cover it, for which a weaker login does.
    return { ...stepUp(level), ...of, validUntil: nextChangeOf(ground, question.instant) }
  }

  const until = earliestOf([judged.validUntil, deathToCome(principal, question.instant)])
  const hindrance = hindranceOf(question, actor, principal, service)
  if (hindrance !== null) {
    return refuse(hindrance.reason, { ...of, validUntil: earliestOf([until, hindrance.validUntil]) })
  }

  const freshness = freshnessOf([actor, principal], risk, question.instant)
  const mayBeStale = service.readOnStaleFacts && question.power.action === 'read'
  if (!freshness.fresh && !mayBeStale) return refuse('facts_too_old', { ...of, validUntil: until })

  const obligations: Obligation[] = [{ type: 'assurance', level }]
  if (risk.introspect) obligations.push({ type: 'introspect' })
  if (!freshness.fresh) obligations.push({ type: 'stale_facts', freshAt: freshness.freshAt })
  return {
    allowed: true,
    ...of,
    obligations,
    validUntil: freshness.fresh ? earliestOf([until, freshness.until]) : until,
  }
}

/** What the registers say of the parties that stands in the way of a ground that covers the power. */
function hindranceOf(
  { instant, principalNamedBy }: Question,
  actor: Party,
  principal: Party,
  service: Service,
): { reason: Reason; validUntil: Date | null } | null {
  if (isDead(principal, instant)) return { reason: 'principal_deceased', validUntil: null }
  const isProtected = actor.protectedAddress || principal.protectedAddress
  if (isProtected && (service.protectedAddress === 'refuse' || principalNamedBy === 'number')) {
    return { reason: 'not_available', validUntil: null }
  }
  const rule = service.mandate
  if (rule === null) return { reason: 'power_withdrawn', validUntil: null }
  return (
    tooYoung(principal, rule.principalFromAge, 'principal_too_young', instant) ??
    tooYoung(actor, rule.representativeFromAge, 'representative_too_young', instant)
  )
}

function tooYoung(
  party: Party,
  fromAge: number,
  reason: Reason,
  instant: Date,
): { reason: Reason; validUntil: Date | null } | null {
  if (party.kind === 'organisation') return null
  if (party.bornOn === null) return { reason: 'facts_missing', validUntil: null }
  if (ageOn(party.bornOn, osloDay(instant)) >= fromAge) return null
  return { reason, validUntil: reachesAge(party.bornOn, fromAge) }
}

/** Dead from the beginning of the day of death on: the registers know no hour. */
function isDead(party: Party, instant: Date): boolean {
  return party.diedOn !== null && party.diedOn <= osloDay(instant)
}

function deathToCome(party: Party, instant: Date): Date | null {
  return party.diedOn === null || isDead(party, instant) ? null : startOfDay(party.diedOn)
}

type Freshness =
  { readonly fresh: true; readonly until: Date } | { readonly fresh: false; readonly freshAt: Date | null }

function freshnessOf(parties: readonly Party[], risk: RiskClass, instant: Date): Freshness {
  const told = parties.map(({ factsFreshAt }) => factsFreshAt)
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
 * A yes before a no; of several, the yes that lasts longest, the no that came closest to a yes, and of those the one that
 * changes first. A ground that names the power tells more by its no than one that names others. A no lasts only until
 * one of the grounds, whichever it is, may give another answer.
 */
function best(judged: readonly Judged[]): Decision {
  const first = [...judged].sort(bestFirst)[0]?.decision
  if (first === undefined) return refuse('no_registered_ground')
  if (first.allowed) return first
  return { ...first, validUntil: earliestOf(judged.map(({ decision }) => decision.validUntil)) }
}

function bestFirst(one: Judged, other: Judged): number {
  const rank = ({ decision, names }: Judged): number =>
    decision.allowed ? 2 * REASONS.length : (names ? REASONS.length : 0) + REASONS.indexOf(decision.reason)
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
    remedy: REMEDY_FOR[reason],
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
