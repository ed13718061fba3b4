import { Problem } from '../domain/problem.js'
import type { Standing } from '../store/request-store.js'

/**
 * Limits against nagging. All are proposed: no source names numbers. They count what the helper himself knows of, so that
 * running into one tells him nothing of the other.
 */
export const REQUEST_LIMITS = {
  /** How long a request waits for its answer. */
  openDays: 30,
  /** Requests to one person that wait at once. */
  openToOne: 1,
  /** Requests to one person within a year that were not approved. */
  inVainInAYear: 3,
  /** How long one person is left in peace after declining. */
  restDays: 30,
  /** Requests that wait at once, whoever was asked. */
  open: 10,
  /** Requests made within 24 hours, withdrawn or not: with each of them a stranger's message arrives. */
  inADay: 20,
  /** Letters within a year: each costs postage and frightens someone. */
  lettersInAYear: 3,
} as const

const DAY = 86_400_000

/** @throws Problem `already_asked`, `too_many_open`, `too_many_requests`, `asked_too_often` with `again_at` where that is known. */
export function refuseNagging({ open, madeInADay, openToThis, inVainInAYear, declinedAt, instant }: Standing): void {
  if (openToThis >= REQUEST_LIMITS.openToOne) throw new Problem('already_asked', 'a request to this person waits')
  if (open >= REQUEST_LIMITS.open) {
    throw new Problem('too_many_open', `${REQUEST_LIMITS.open} requests wait: withdraw one, or wait for an answer`)
  }
  if (madeInADay >= REQUEST_LIMITS.inADay) throw new Problem('too_many_requests', 'too many requests within a day')
  const againAt = declinedAt === null ? null : new Date(declinedAt.getTime() + REQUEST_LIMITS.restDays * DAY)
  if (againAt !== null && againAt > instant) {
    throw new Problem('asked_too_often', `who has declined is left in peace for ${REQUEST_LIMITS.restDays} days`, {
      again_at: againAt.toISOString(),
    })
  }
  if (inVainInAYear >= REQUEST_LIMITS.inVainInAYear) {
    throw new Problem('asked_too_often', `asked ${REQUEST_LIMITS.inVainInAYear} times in vain within a year`)
  }
}
