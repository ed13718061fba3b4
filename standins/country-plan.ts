/** What a country is made from, and whose number is whose. */

import { formerNumberPlace, numberAt, numberPlace } from './country-numbers.js'
import type { PersonDraft } from './person-documents-draft.js'

export interface Plan {
  readonly seed: number
  /** The day that ages are counted from, as days since 1970. */
  readonly today: number
  readonly persons: number
  /** Numbers that belong to people written by hand, and what the country's own people have instead. */
  readonly replaced: ReadonlyMap<string, string>
}

export type Ten = readonly [
  ...[PersonDraft, PersonDraft, PersonDraft, PersonDraft, PersonDraft],
  ...[PersonDraft, PersonDraft, PersonDraft, PersonDraft, PersonDraft],
]

/** A household while it is being written. */
export interface Household {
  readonly plan: Plan
  readonly place: number
  /**
   * Two children, their mother and father, three adults who live alone (the second is the child of the couple that
   * follows), a couple between 50 and 70, and one over 73.
   */
  readonly people: Ten
  /** The day on which something happened in this household, a year or four ago. */
  readonly then: number
}

/** The number of whoever stands in that slot. */
export function numberOf(plan: Plan, place: number, slot: number, kind: 'birth_number' | 'd_number'): string {
  const number = numberAt(numberPlace(plan.seed, plan.today, place, slot), kind)
  return plan.replaced.get(number) ?? number
}

/** A number that whoever stands in slot 2 or 5 may have had before. */
export function formerNumberOf({ plan, place }: Household, slot: 2 | 5): string {
  const current = numberPlace(plan.seed, plan.today, place, slot)
  const number = numberAt(formerNumberPlace(current, slot), 'birth_number')
  return plan.replaced.get(number) ?? number
}
