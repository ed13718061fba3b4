import { lacksCapacity } from './capacity.js'
import { type Covering, type Hindrance, hindranceOfParties, isDead } from './hindrance.js'
import { parentGround } from './mandate-coverage.js'
import type { Party } from './party.js'

/** The one in the middle where the ground was passed on; null where it was not. */
export function middleOf({ ground }: Pick<Covering, 'ground'>): Party | null {
  return ground.basis === 'mandate' ? (ground.parent?.middle ?? null) : null
}

/**
 * The same question as the one in the middle would ask it through the parent: no one has more through him than he has.
 * Null where the ground was not passed on.
 */
export function askedByMiddle(covering: Covering): Covering | null {
  const { ground } = covering
  if (ground.basis !== 'mandate' || ground.parent === null) return null
  return { ...covering, actor: ground.parent.middle, ground: parentGround(ground, ground.parent) }
}

/**
 * What the registers say of the one in the middle and that stands in the way. With his death, or with his number closed,
 * what he passed on ends; it rests where he has lost the capacity to act in the field.
 */
export function hindranceOfMiddle(covering: Covering): Hindrance | null {
  const asked = askedByMiddle(covering)
  if (asked === null) return null
  const { actor: middle, service, question } = asked
  const gone = middle.kind !== 'person' || middle.ceased || isDead(middle, question.instant)
  if (gone) return { reason: 'ended', validUntil: null }
  const hindrance = hindranceOfParties(asked)
  if (hindrance !== null) return hindrance
  return lacksCapacity(middle, service) ? { reason: 'representative_without_capacity', validUntil: null } : null
}
