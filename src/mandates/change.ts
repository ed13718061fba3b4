import { type Day, addDays, isDay, startOfDay } from '../domain/calendar.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { type GrantedPower, type MandateState, stateAt } from '../domain/mandate.js'
import type { Acting, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Transaction } from '../store/database.js'
import { type Change, type ChangedPower, type LockedMandate, lockMandate } from '../store/mandate-store.js'
import { refuseSelfDealing, refuseUnheld } from './acting.js'
import { endMandates } from './end-mandates.js'
import { recordChange } from './record-change.js'
import { requireLevel } from './required-level.js'

/** A change to a mandate that narrows, stops or ends it, or declines an offer. Accepting and widening go through a draft. */
export type WantedChange =
  | { readonly kind: 'decline' }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'thaw' }
  /** `quiet`: the others have no notice of it; the principal always has. */
  | { readonly kind: 'end'; readonly quiet?: boolean }
  | { readonly kind: 'narrow'; readonly powers: readonly NarrowedPower[] }

/** A power that is taken away (`until` null), or that ends earlier: on this last day. */
export interface NarrowedPower {
  readonly powerId: string
  readonly until: Day | null
}

/** Of what was passed on, the giver is the one in the middle. */
type Role = 'giver' | 'representative' | 'principal'

const MAY: Readonly<Record<WantedChange['kind'], readonly Role[]>> = {
  decline: ['representative'],
  freeze: ['giver'],
  thaw: ['giver'],
  narrow: ['giver'],
  end: ['giver', 'representative', 'principal'],
}

/**
 * Makes the change, if the one it is made for is a party to the mandate who may make it, and if the mandate is still at the version
 * that he saw. It holds for every question that arrives after this transaction has been answered. With the last of its
 * powers ends what was passed on from it.
 *
 * @param ifVersion the version the change was decided upon (`If-Match`).
 * @returns the new version.
 * @throws Problem `no_such_mandate` (also for others' mandates), `not_yours_to_do`, `version_conflict`,
 * `not_in_this_state`, `not_narrower`; of thawing also `login_level_too_low`, `not_to_oneself`, `not_given_for_organisation`.
 */
export async function changeMandate(
  tx: Transaction,
  acting: Acting,
  mandateId: string,
  ifVersion: number,
  wanted: WantedChange,
  reason: string | null,
  catalogue: CatalogueVersion,
): Promise<number> {
  const locked = await lockMandate(tx, mandateId)
  if (locked === null) throw new Problem('no_such_mandate', 'you have no such mandate')
  const role = roleOf(locked, acting.party)
  if (role === null) throw new Problem('no_such_mandate', 'you have no such mandate')
  if (!MAY[wanted.kind].includes(role)) throw new Problem('not_yours_to_do', 'only the other party may do this')
  refuseOtherVersion(locked, ifVersion)
  if (wanted.kind !== 'end') refuseEndlessHistory(locked)
  if (wanted.kind === 'thaw') await refuseThawing(tx, acting, locked, catalogue)
  const quiet = wanted.kind === 'end' && wanted.quiet === true
  if (quiet && role === 'representative') throw new Problem('not_yours_to_do', 'whoever gave it has to know of its end')
  const { change, powers } = outcome(locked, role, wanted)
  const version = await recordChange(tx, acting, locked, change, powers, { reason, confirmed: null, quiet })
  if (leavesNothing(locked, powers)) await endMandates(tx, acting, locked.below, 'parent_ended', quiet)
  return version
}

/** What goes on is given once more: whoever lets it must be able to give it. */
async function refuseThawing(
  tx: Transaction,
  acting: Acting,
  locked: LockedMandate,
  catalogue: CatalogueVersion,
): Promise<void> {
  const services = locked.powers.map(({ service }) => service)
  requireLevel(acting.actor, services, catalogue)
  refuseSelfDealing(acting, locked.representative)
  const frozen = locked.powers.filter((power) => stateOf(locked, power) === 'frozen')
  await refuseUnheld(tx, acting, frozen, catalogue)
}

function leavesNothing({ powers }: LockedMandate, changed: readonly ChangedPower[]): boolean {
  const after = new Map(changed.map(({ powerId, state }) => [powerId, state]))
  return powers.every(({ powerId, state }) => ['ended', 'declined', 'cancelled'].includes(after.get(powerId) ?? state))
}

/** @throws Problem `version_conflict` where the mandate is no longer at the version that was decided upon. */
export function refuseOtherVersion({ version }: LockedMandate, seen: number): void {
  if (version === seen) return
  throw new Problem('version_conflict', 'the mandate has been changed since you saw it', { current_version: version })
}

const MOST_VERSIONS = 200

/**
 * Every version is kept and shown: a mandate that is changed without end would weigh on everyone's answers. It can always
 * be ended.
 *
 * @throws Problem `too_many_requests`.
 */
export function refuseEndlessHistory({ version }: LockedMandate): void {
  if (version < MOST_VERSIONS) return
  throw new Problem('too_many_requests', `changed ${MOST_VERSIONS} times already: end it and give a new one`)
}

function roleOf(locked: LockedMandate, party: PartyId): Role | null {
  if (party === (locked.through?.middle ?? locked.principal)) return 'giver'
  if (party === locked.representative) return 'representative'
  return party === locked.principal ? 'principal' : null
}

interface Outcome {
  readonly change: Exclude<Change, 'given' | 'accepted' | 'extended'>
  readonly powers: readonly ChangedPower[]
}

function outcome(locked: LockedMandate, role: Role, wanted: WantedChange): Outcome {
  switch (wanted.kind) {
    case 'decline':
      return { change: 'declined', powers: turn(locked, ['offered'], 'declined') }
    case 'freeze':
      return { change: 'frozen', powers: turn(locked, FREEZABLE, 'frozen') }
    case 'thaw':
      return { change: 'thawed', powers: turn(locked, ['frozen'], 'active') }
    case 'end':
      return end(locked, role)
    case 'narrow':
      refuseTwice(wanted.powers)
      return { change: 'narrowed', powers: wanted.powers.map((power) => narrow(locked, power)) }
  }
}

const FREEZABLE: readonly MandateState[] = ['active', 'not_yet_valid', 'held']

/** What freezing a mandate changes; nothing where nothing in it is in force or will be. */
export function frozenPowers(locked: LockedMandate): ChangedPower[] {
  const canBe = locked.powers.some((power) => FREEZABLE.includes(stateOf(locked, power)))
  return canBe ? turn(locked, FREEZABLE, 'frozen') : []
}

/** Every power in one of these states goes to the new one; there must be at least one. */
function turn(locked: LockedMandate, from: readonly MandateState[], to: ChangedPower['state']): ChangedPower[] {
  const powers = locked.powers.filter((power) => from.includes(stateOf(locked, power)))
  if (powers.length === 0) {
    throw new Problem('not_in_this_state', `nothing in this mandate is ${from.join(' or ')}`)
  }
  return powers.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: to }))
}

/** An offer that the giver, or its principal, takes back is cancelled, one that the representative turns down is declined. */
function end(locked: LockedMandate, role: Role): Outcome {
  const isOffer = locked.powers.some((power) => stateOf(locked, power) === 'offered')
  if (isOffer) {
    return role === 'representative'
      ? { change: 'declined', powers: turn(locked, ['offered'], 'declined') }
      : { change: 'cancelled', powers: turn(locked, ['offered'], 'cancelled') }
  }
  return { change: 'ended', powers: turn(locked, ['active', 'not_yet_valid', 'held', 'frozen'], 'ended') }
}

function refuseTwice(powers: readonly NarrowedPower[]): void {
  if (new Set(powers.map(({ powerId }) => powerId)).size === powers.length) return
  throw new Problem('invalid_request', 'a power stands twice')
}

function narrow(locked: LockedMandate, { powerId, until }: NarrowedPower): ChangedPower {
  const power = locked.powers.find((one) => one.powerId === powerId)
  if (power === undefined) throw new Problem('invalid_request', 'the mandate has no such power')
  if (!['offered', 'active', 'not_yet_valid', 'held', 'frozen'].includes(stateOf(locked, power))) {
    throw new Problem('not_in_this_state', 'this power has ended already')
  }
  if (until === null) return { powerId, state: 'ended', validUntil: power.validUntil }
  if (!isDay(until)) throw new Problem('no_such_day', 'there is no such day; days are written YYYY-MM-DD')
  const validUntil = startOfDay(addDays(until, 1))
  if (validUntil >= power.validUntil) throw new Problem('not_narrower', 'the new end is not earlier')
  if (validUntil <= power.validFrom || validUntil <= locked.instant) {
    throw new Problem('end_before_start', 'it would end before it begins, or has begun: take the power away instead')
  }
  return { powerId, state: power.state, validUntil }
}

function stateOf(locked: LockedMandate, power: GrantedPower): MandateState {
  return stateAt(power, locked.answerBy, locked.instant)
}
