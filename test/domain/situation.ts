import type { Catalogue } from '../../src/domain/catalogue.js'
import type { Facts, Question } from '../../src/domain/decide.js'
import type { GrantedPower, MandateGround, Power, RepresentationId } from '../../src/domain/mandate.js'
import { type Login, PRIVATE, type Party, type PartyId } from '../../src/domain/party.js'
import { CATALOGUE, EVERY_SERVICE, catalogueOf } from '../support/catalogue.js'

/** Facts in which every ground is a mandate. */
export interface MandateFacts extends Facts {
  readonly grounds: readonly MandateGround[]
}

/** Everything that a decision depends on. */
export interface Situation {
  readonly question: Question
  readonly facts: MandateFacts
  readonly catalogue: Catalogue
}

/** What is different from the base situation. */
export interface Change {
  readonly question?: Partial<Question>
  readonly asked?: Partial<Power>
  readonly login?: Partial<Login>
  /** Null: no one is known by that number. */
  readonly kari?: Partial<Party> | null
  readonly ola?: Partial<Party> | null
  readonly mandate?: Partial<MandateGround>
  readonly granted?: Partial<GrantedPower>
  readonly powers?: readonly GrantedPower[]
  readonly grounds?: readonly MandateGround[]
  readonly catalogue?: Catalogue
}

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** A Monday in Oslo, in winter time. */
export const NOON = new Date('2026-03-02T11:00:00Z')
export const START = new Date('2025-12-31T23:00:00Z')
export const END = new Date('2026-06-30T22:00:00Z')
/** When the register was last complete, and how long the risk class of `nav.pension` lives with that. */
export const FRESH_AT = at(-HOUR)
export const FRESH_UNTIL = at(23 * HOUR)

/** So many milliseconds after noon. */
export function at(milliseconds: number): Date {
  return new Date(NOON.getTime() + milliseconds)
}

export const KARI = 'party-kari' as PartyId
export const OLA = 'party-ola' as PartyId
export const M1 = 'mandate-1' as RepresentationId
export const M2 = 'mandate-2' as RepresentationId

export const kari: Party = {
  partyId: KARI,
  kind: 'person',
  bornOn: '1950-05-17',
  diedOn: null,
  protectedAddress: false,
  ceased: false,
  capacityLost: [],
  residences: [],
  factsFreshAt: FRESH_AT,
}
export const ola: Party = { ...kari, partyId: OLA, bornOn: '1985-11-21' }

export const SEE_PENSION: Power = { service: 'nav.pension', action: 'read', provider: null, object: null }

export const granted: GrantedPower = {
  ...SEE_PENSION,
  powerId: 'power-1',
  catalogueVersion: 1,
  state: 'active',
  passingOn: false,
  validFrom: START,
  validUntil: END,
}

/** Kari lets Ola see her pension, from New Year until the end of June. */
export const mandate: MandateGround = {
  basis: 'mandate',
  representationId: M1,
  principal: KARI,
  representative: OLA,
  answerBy: null,
  powers: [granted],
  parent: null,
}

/** Ola, logged in well enough, asks a service about Kari's pension at noon; `change` says what is otherwise. */
export function when(change: Change = {}): Situation {
  const principal = change.kari === null ? null : { ...kari, ...change.kari }
  const actor = change.ola === null ? null : { ...ola, ...change.ola }
  const powers = change.powers ?? [{ ...granted, ...change.granted }]
  const grounds = change.grounds ?? [{ ...mandate, powers, ...change.mandate }]
  const question: Question = {
    actor: actor?.partyId ?? null,
    principal: principal?.partyId ?? null,
    principalNamedBy: 'number',
    context: PRIVATE,
    power: { ...SEE_PENSION, ...change.asked },
    login: { level: 'substantial', authenticatedAt: at(-5 * MINUTE), proof: 'asserted', ...change.login },
    instant: NOON,
    entitledTo: EVERY_SERVICE,
    ...change.question,
  }
  const bothKnown = principal !== null && actor !== null
  return {
    question,
    facts: { actor, principal, grounds: bothKnown ? grounds : [], holders: [], rulings: [], approvedBy: [] },
    catalogue: change.catalogue ?? catalogueOf(CATALOGUE),
  }
}

/** Kari asks about her own pension. */
export function whenKariHerself(change: Omit<Change, 'ola'> = {}): Situation {
  const { question, facts, catalogue } = when({ ...change, grounds: [] })
  const herself = facts.principal
  return {
    question: { ...question, actor: question.principal },
    facts: { actor: herself, principal: herself, grounds: [], holders: [], rulings: [], approvedBy: [] },
    catalogue,
  }
}

/** The situation with more grounds, or fewer, between the two. */
export function withGrounds(situation: Situation, grounds: readonly MandateGround[]): Situation {
  return { ...situation, facts: { ...situation.facts, grounds } }
}
