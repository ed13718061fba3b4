import type { Household } from './country-plan.js'

/** One way in which the register surprises its readers. */
export interface TrapRow {
  readonly name: string
  /** Households in 10,000 that have it, besides the first that surely does. */
  readonly rate: number
  /** The slot whose document holds the trap, then those of others that it concerns. */
  readonly slots: readonly number[]
  /** Slots of people with a d-number. */
  readonly dNumbers?: readonly number[]
  /** Without it both parents live with the children and are responsible for them. */
  readonly family?: 'none'
  readonly apply: (household: Household) => void
}
