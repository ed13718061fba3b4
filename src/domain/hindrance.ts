import type { Chain } from './at-work.js'
import { ageOn, earliestOf, osloDay, reachesAge, startOfDay } from './calendar.js'
import type { Service } from './catalogue.js'
import type { Covered } from './coverage.js'
import type { Facts, Question } from './decide.js'
import {
  ADULT_GUARDIANSHIPS,
  type Ground,
  type Holder,
  type Ruling,
  type RulingKind,
  inForce,
  nextBoundary,
} from './ground.js'
import { lacksCapacity, mayNotDispose } from './capacity.js'
import { LEGAL_RULES } from './legal-rules.js'
import type { Power } from './mandate.js'
import type { Party } from './party.js'
import type { Reason } from './reasons.js'

/** A ground that covers the power, and all that may still stand in its way. */
export interface Covering {
  readonly question: Question
  readonly facts: Facts
  readonly actor: Party
  readonly principal: Party
  /** By which the actor acts; of a chain, his employment. */
  readonly ground: Ground
  /** Null where the ground is one between the actor and the principal. */
  readonly chain: Chain | null
  readonly covered: Covered
  readonly service: Service
}

export interface Hindrance {
  readonly reason: Reason
  /** When the passing of time alone could take it away; null where it cannot. */
  readonly validUntil: Date | null
}

/**
 * The first thing that the registers say of the two and that stands in the way of a ground that covers the power, in the
 * order of `docs/decision-order.md`; null when there is none. How fresh the facts are, and whether others must agree, comes
 * after what has been ruled.
 */
export function hindranceOfParties(covering: Covering): Hindrance | null {
  return firstOf(OF_PARTIES, covering)
}

/** The same for what has been reserved and decided. */
export function hindranceOfRulings(covering: Covering): Hindrance | null {
  return firstOf(OF_RULINGS, covering)
}

type Look = (covering: Covering) => Hindrance | null

function firstOf(looks: readonly Look[], covering: Covering): Hindrance | null {
  for (const look of looks) {
    const hindrance = look(covering)
    if (hindrance !== null) return hindrance
  }
  return null
}

const OF_PARTIES: readonly Look[] = [
  // First, since who no longer holds it must learn nothing of the one who has grown up.
  outgrown,
  notAlive,
  protectedAddress,
  capacity,
  principalAge,
  representativeAge,
  band,
  residence,
]

const OF_RULINGS: readonly Look[] = [reserved, careOrder, setGuardian, conflict, consent]

/** Dead from the beginning of the day of death on: the registers know no hour. */
export function isDead(party: Pick<Party, 'diedOn'>, instant: Date): boolean {
  return party.diedOn !== null && party.diedOn <= osloDay(instant)
}

/** The register may tell of a death on a day that has not begun here. */
export function deathToCome(party: Pick<Party, 'diedOn'>, instant: Date): Date | null {
  return party.diedOn === null || isDead(party, instant) ? null : startOfDay(party.diedOn)
}

function notAlive({ principal, question: { instant } }: Covering): Hindrance | null {
  if (isDead(principal, instant)) return forGood('principal_deceased')
  return principal.ceased ? forGood('principal_ceased') : null
}

function protectedAddress({ actor, principal, service, question }: Covering): Hindrance | null {
  const isProtected = actor.protectedAddress || principal.protectedAddress
  const helped = service.protectedAddress === 'by_handle' && question.principalNamedBy === 'handle'
  return isProtected && !helped ? forGood('not_available') : null
}

/** Of the principal it ends only what he gave himself; a guardian or a lasting power is there for just that case. */
function capacity({ ground, actor, principal, service, question: { power } }: Covering): Hindrance | null {
  if (ground.basis === 'mandate')
    return mayNotDispose(principal, service, power.action) ? forGood('capacity_lost') : null
  return lacksCapacity(actor, service) ? forGood('representative_without_capacity') : null
}

function outgrown({ ground, principal, question: { instant } }: Covering): Hindrance | null {
  if (!endsWithChildhood(ground) || principal.bornOn === null) return null
  const grown = ageOn(principal.bornOn, osloDay(instant)) >= LEGAL_RULES.childUntilAge.value
  return grown ? forGood('child_of_age') : null
}

function principalAge({ ground, principal, service, question: { instant } }: Covering): Hindrance | null {
  if (ground.basis === 'mandate') {
    return tooYoung(principal, service.mandate?.principalFromAge ?? 0, 'principal_too_young', instant)
  }
  return endsWithChildhood(ground) && principal.bornOn === null ? forGood('facts_missing') : null
}

function endsWithChildhood(ground: Ground): boolean {
  if (ground.basis === 'parent') return true
  return ground.basis === 'guardian' && !ADULT_GUARDIANSHIPS.includes(ground.guardianship)
}

function representativeAge({ ground, actor, service, question: { instant } }: Covering): Hindrance | null {
  const from =
    ground.basis === 'mandate'
      ? (service.mandate?.representativeFromAge ?? LEGAL_RULES.representativeFromAge.value)
      : LEGAL_RULES.representativeFromAge.value
  return tooYoung(actor, from, 'representative_too_young', instant)
}

function tooYoung(party: Party, fromAge: number, reason: Reason, instant: Date): Hindrance | null {
  if (party.kind === 'organisation') return null
  if (party.bornOn === null) return forGood('facts_missing')
  if (ageOn(party.bornOn, osloDay(instant)) >= fromAge) return null
  return { reason, validUntil: reachesAge(party.bornOn, fromAge) }
}

/** From an age on, fewer actions remain for a parent, or none: at 12 and at 16 in health. */
function band({ ground, principal, service, question: { power, instant } }: Covering): Hindrance | null {
  const { parent } = service
  if (ground.basis !== 'parent' || parent === null || principal.bornOn === null) return null
  const age = ageOn(principal.bornOn, osloDay(instant))
  const { reduced } = parent
  const remains = reduced === null || age < reduced.fromAge || reduced.actions.includes(power.action)
  return age < parent.untilAge && remains ? null : forGood('age_band')
}

/** Where the service asks for it, at least one of those responsible must be registered as living with the child. */
function residence({ ground, principal, facts, service, question: { instant } }: Covering): Hindrance | null {
  if (ground.basis !== 'parent' || service.parent?.coResidence !== true) return null
  const responsible = holdersOf('parent', facts.holders, instant).filter(({ says }) => says !== 'ukjent')
  const together = responsible.some(({ residences }) => residences.some((home) => principal.residences.includes(home)))
  return together ? null : forGood('not_living_together')
}

function reserved({ facts, actor, question: { power, instant } }: Covering): Hindrance | null {
  const hit = rulingsOf('reservation', facts.rulings, instant).some(
    (ruling) => concerns(ruling, actor) && reach(ruling, power) === 'all',
  )
  return hit ? forGood('reserved') : null
}

/** Whether something within what is asked about is reserved: the service must ask about each object by itself. */
export function partlyReserved({ facts, actor, question: { power, instant } }: Covering): boolean {
  return rulingsOf('reservation', facts.rulings, instant).some(
    (ruling) => concerns(ruling, actor) && reach(ruling, power) === 'part',
  )
}

function careOrder({ ground, facts, question: { power, instant } }: Covering): Hindrance | null {
  if (!LEGAL_RULES.careOrderRestsPowers.value.some((basis) => basis === ground.basis)) return null
  return rulingsOf('care_order', facts.rulings, instant).some((ruling) => reach(ruling, power) !== 'none')
    ? forGood('care_order')
    : null
}

function setGuardian({ ground, facts, actor, question: { power, instant } }: Covering): Hindrance | null {
  if (!LEGAL_RULES.setGuardianAloneActs.value.some((basis) => basis === ground.basis)) return null
  const set = rulingsOf('set_guardian', facts.rulings, instant).filter((ruling) => reach(ruling, power) !== 'none')
  const own = set.filter(({ representative }) => representative === actor.partyId)
  if (own.some((ruling) => reach(ruling, power) === 'all')) return null
  // Set for one object only, one does not act in all of them where another is set for the rest.
  const another = set.some(({ object }) => !own.some((ruling) => ruling.object === object))
  return another ? forGood('guardian_set_for_this') : null
}

function conflict({ ground, facts, actor, question: { power, instant } }: Covering): Hindrance | null {
  if (ground.basis === 'mandate') return null
  const hit = rulingsOf('conflict_of_interest', facts.rulings, instant).some(
    (ruling) => concerns(ruling, actor) && reach(ruling, power) !== 'none',
  )
  return hit ? forGood('conflict_of_interest') : null
}

/** The Statsforvalter consents to an act, not to a kind of acts: the very object must be named, by the ruling and by the question. */
function consent({ covered, facts, actor, question: { power, instant } }: Covering): Hindrance | null {
  if (!covered.needsConsent) return null
  const given = rulingsOf('consent', facts.rulings, instant).some(
    (ruling) =>
      ruling.object !== null &&
      ruling.object === power.object &&
      concerns(ruling, actor) &&
      reach(ruling, power) === 'all',
  )
  return given ? null : forGood('consent_missing')
}

function rulingsOf(kind: RulingKind, rulings: readonly Ruling[], instant: Date): readonly Ruling[] {
  return rulings.filter((ruling) => ruling.kind === kind && inForce(ruling, instant))
}

function concerns({ representative }: Ruling, actor: Party): boolean {
  return representative === null || representative === actor.partyId
}

/** Whether a ruling reaches all that is asked about, only a part of it (one object, where all are asked about), or nothing. */
function reach(ruling: Ruling, power: Power): 'all' | 'part' | 'none' {
  const service = ruling.service === null || ruling.service === power.service
  const action = ruling.action === null || ruling.action === power.action
  if (!service || !action) return 'none'
  if (ruling.object === null || ruling.object === power.object) return 'all'
  return power.object === null ? 'part' : 'none'
}

/** Those who hold it now and live. */
export function holdersOf(basis: Holder['basis'], holders: readonly Holder[], instant: Date): readonly Holder[] {
  return holders.filter((holder) => holder.basis === basis && inForce(holder, instant) && !isDead(holder, instant))
}

/** Whether all others who must agree are known; null where no one else must. */
export function othersOf({ ground, covered, facts, question: { instant } }: Covering): Reason | null {
  if (!covered.needsOthers || (ground.basis !== 'parent' && ground.basis !== 'organisation_role')) return null
  const says = ground.basis === 'parent' ? null : ground.role
  const sameHold = facts.holders.filter(
    (holder) =>
      holder.basis === ground.basis &&
      (says === null || holder.says === says) &&
      holder.representationId !== ground.representationId &&
      holder.representative !== ground.representative,
  )
  const others = holdersOf(ground.basis, sameHold, instant)
  if (others.some(({ representative }) => representative === null)) return 'co_holder_not_identified'
  if (others.length > 0) {
    const all = others.every(
      ({ representative }) => representative !== null && facts.approvedBy.includes(representative),
    )
    return all ? null : 'others_must_approve'
  }
  // The register says that it is shared, and does not say with whom; a holder who has died leaves it to the one who lives.
  const shared = ground.basis === 'organisation_role' || ground.responsibility === 'felles'
  return shared && !sameHold.some((holder) => heldUntilDeath(holder, instant)) ? 'co_holder_not_identified' : null
}

/** One whose hold ended before the death has left nothing to those who live. */
function heldUntilDeath(holder: Holder, instant: Date): boolean {
  if (holder.diedOn === null || !isDead(holder, instant)) return false
  return inForce(holder, new Date(startOfDay(holder.diedOn).getTime() - 1))
}

/** When time alone first changes anything that hinders or helps a ground by law, or a ruling about any ground. */
export function nextLegalChange({ ground, principal, service, facts, question: { instant } }: Covering): Date | null {
  const ages = [LEGAL_RULES.childUntilAge.value, service.parent?.untilAge, service.parent?.reduced?.fromAge]
  const birthdays = ages.map((age) =>
    age === undefined || principal.bornOn === null || ground.basis === 'mandate'
      ? null
      : reachesAge(principal.bornOn, age),
  )
  return earliestOf([
    facts.approvedUntil !== undefined && facts.approvedUntil > instant ? facts.approvedUntil : null,
    nextBoundary(facts.rulings, instant),
    ...(ground.basis === 'mandate' ? [] : [nextBoundary(facts.holders, instant)]),
    ...(ground.basis === 'mandate' ? [] : facts.holders.map((holder) => deathToCome(holder, instant))),
    ...birthdays.map((time) => (time !== null && time > instant ? time : null)),
  ])
}

function forGood(reason: Reason): Hindrance {
  return { reason, validUntil: null }
}
