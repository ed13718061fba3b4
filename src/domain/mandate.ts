import type { Action } from './catalogue.js'
import type { Party, PartyId } from './party.js'

export type RepresentationId = string & { readonly brand: 'RepresentationId' }

/** What may be done: one action in one service, perhaps only at one provider, perhaps only for one object. */
export interface Power {
  readonly service: string
  readonly action: Action
  /** Organisation number of the one provider it is limited to, compared byte for byte. */
  readonly provider: string | null
  /** The one case, property or journey it is limited to, compared byte for byte. */
  readonly object: string | null
}

/** `expired` and `lapsed` are not stored but follow from the clock, and so does the end of `held`. */
export const STORED_STATES = ['offered', 'held', 'active', 'frozen', 'ended', 'declined', 'cancelled'] as const
export type StoredState = (typeof STORED_STATES)[number]
export type MandateState = StoredState | 'not_yet_valid' | 'expired' | 'lapsed'

/** A power as it stands in a mandate now. */
export interface GrantedPower extends Power {
  readonly powerId: string
  /** The catalogue version under which it was given: a service that grows later does not widen it. */
  readonly catalogueVersion: number
  readonly state: StoredState
  /** Whether the principal lets the representative pass it on. */
  readonly passingOn: boolean
  /** Start inclusive, end exclusive. What is held takes effect at the start. */
  readonly validFrom: Date
  readonly validUntil: Date
}

/** A mandate between two parties as the decision sees it: its identity and its powers, in force or not. */
export interface MandateGround {
  readonly basis: 'mandate'
  readonly representationId: RepresentationId
  readonly principal: PartyId
  readonly representative: PartyId
  /** Until when an offer can be accepted. */
  readonly answerBy: Date | null
  readonly powers: readonly GrantedPower[]
  /** What it was passed on from; null where the principal gave it himself. */
  readonly parent: ParentMandate | null
}

/** The mandate that another one was passed on from, given by the same principal: a sub-mandate holds only within it. */
export interface ParentMandate {
  readonly representationId: RepresentationId
  /** Its representative, who passed it on. */
  readonly middle: Party
  readonly answerBy: Date | null
  readonly powers: readonly GrantedPower[]
}

/** What a power is at this instant, the passing of time included. */
export function stateAt(power: PowerInTime, answerBy: Date | null, instant: Date): MandateState {
  const { state, validFrom, validUntil } = power
  if (state === 'ended' || state === 'declined' || state === 'cancelled') return state
  if (state === 'offered' && answerBy !== null && answerBy <= validUntil && answerBy <= instant) return 'lapsed'
  if (validUntil <= instant) return 'expired'
  if (state === 'held') return validFrom > instant ? 'held' : 'active'
  return state === 'active' && validFrom > instant ? 'not_yet_valid' : state
}

/** Until when a power stays what it is at this instant; null when the passing of time alone changes it no more. */
export function stateUntil(power: PowerInTime, answerBy: Date | null, instant: Date): Date | null {
  const now = stateAt(power, answerBy, instant)
  const next = [power.validFrom, power.validUntil, ...(answerBy === null ? [] : [answerBy])]
    .filter((time) => time > instant && stateAt(power, answerBy, time) !== now)
    .sort((a, b) => a.getTime() - b.getTime())
  return next[0] ?? null
}

type PowerInTime = Pick<GrantedPower, 'state' | 'validFrom' | 'validUntil'>

/** Whether a power that names no provider, or this very one, covers it; the same for the object. */
export function coversProvider(power: Power, asked: Power): boolean {
  return power.provider === null || power.provider === asked.provider
}

export function coversObject(power: Power, asked: Power): boolean {
  return power.object === null || power.object === asked.object
}
