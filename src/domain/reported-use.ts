import { holdsIdentityNumber } from './identifier.js'
import type { Power } from './mandate.js'
import type { ProblemCode } from './problem.js'

/** How it came out: it was done, could not be done, or the service itself would not do it. */
export const USE_OUTCOMES = ['done', 'failed', 'refused'] as const
export type UseOutcome = (typeof USE_OUTCOMES)[number]

/** What a service says that it did under a delegation token. */
export interface ReportedUse {
  /** The service's own, made once for each use. */
  readonly useId: string
  /** Of the token. */
  readonly evaluationId: string
  readonly power: Power
  readonly outcome: UseOutcome
  /** By which the service finds it again: a case, a journal entry. */
  readonly reference: string | null
  readonly happenedAt: Date
}

/** What a use is held against. */
export interface UsedToken {
  readonly powers: readonly Power[]
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** Why a report is not taken. */
export type UseFault = Extract<
  ProblemCode,
  | 'no_such_token'
  | 'power_not_in_token'
  | 'used_before_token'
  | 'used_in_the_future'
  | 'reported_too_late'
  | 'reference_not_allowed'
  | 'use_id_reused'
>

/** A service that cannot reach us reports when it can again, so long after the end of the token at the latest. */
export const LONGEST_REPORTED_AFTER_MS = 7 * 86_400_000

/** The clocks of the service and ours may be so far apart. */
const CLOCK_SKEW_MS = 30_000

const LONGEST_REFERENCE = 100
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u

/**
 * What is wrong with a report that comes at this instant; null where nothing is. Done after the token had run out is
 * no fault of the report: whoever is represented must see that above all.
 */
export function faultOf(use: ReportedUse, token: UsedToken | null, instant: Date): UseFault | null {
  if (token === null) return 'no_such_token'
  if (instant.getTime() > token.expiresAt.getTime() + LONGEST_REPORTED_AFTER_MS) return 'reported_too_late'
  const covering = token.powers.filter((power) => covers(power, use.power))
  if (covering.length === 0) return 'power_not_in_token'
  if (use.happenedAt.getTime() < token.issuedAt.getTime() - CLOCK_SKEW_MS) return 'used_before_token'
  if (use.happenedAt.getTime() > instant.getTime() + CLOCK_SKEW_MS) return 'used_in_the_future'
  // An object that the token does not name is the service's own text, too.
  const isOwnObject = covering.every(({ object }) => object === null)
  const texts = [use.reference, isOwnObject ? use.power.object : null]
  return texts.every((text) => text === null || mayBeKept(text)) ? null : 'reference_not_allowed'
}

/** As a verifier sees it: where the token names a provider or an object, it is for that one. */
function covers(given: Power, used: Power): boolean {
  return (
    given.service === used.service &&
    given.action === used.action &&
    (given.provider === null || given.provider === used.provider) &&
    (given.object === null || given.object === used.object)
  )
}

/** One short line in which no identity number stands: it is kept for good, and shown. */
function mayBeKept(text: string): boolean {
  return text.length <= LONGEST_REFERENCE && PLAIN.test(text) && !holdsIdentityNumber(text)
}
