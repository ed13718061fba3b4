import { lacksCapacity } from './capacity.js'
import { type Covering, type Hindrance, hindranceOfParties, isDead } from './hindrance.js'
import { parentGround } from './mandate-coverage.js'
import type { Party } from './party.js'

/** The one in the middle: who passed the ground on, or the organisation of a chain; null where there is none. */
export function middleOf({ ground, chain }: Pick<Covering, 'ground' | 'chain'>): Party | null {
  if (chain !== null) return chain.organisation
  return ground.basis === 'mandate' ? (ground.parent?.middle ?? null) : null
}

/**
 * The same question as the one in the middle would ask it by what he has: no one has more through him. Null where there is
 * no one in the middle.
 */
export function askedByMiddle(covering: Covering): Covering | null {
  const { ground, chain } = covering
  if (chain !== null) return { ...covering, actor: chain.organisation, ground: chain.ground, chain: null }
  if (ground.basis !== 'mandate' || ground.parent === null) return null
  return { ...covering, actor: ground.parent.middle, ground: parentGround(ground, ground.parent) }
}

/**
 * What the registers say of the one in the middle and that stands in the way. With his death, or with his number closed,
 * what he passed on ends, and what an organisation had when it is struck off; it rests where he has lost the capacity to
 * act in the field.
 */
export function hindranceOfMiddle(covering: Covering): Hindrance | null {
  const asked = askedByMiddle(covering)
  if (asked === null) return null
  const { actor: middle, service, question } = asked
  const kind = covering.chain === null ? 'person' : 'organisation'
  const gone = middle.kind !== kind || middle.ceased || isDead(middle, question.instant)
  if (gone) return { reason: 'ended', validUntil: null }
  const hindrance = hindranceOfParties(asked)
  if (hindrance !== null) return hindrance
  return lacksCapacity(middle, service) ? { reason: 'representative_without_capacity', validUntil: null } : null
}
