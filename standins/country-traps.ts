import type { Country } from './country.js'
import { HOUSEHOLD } from './country-numbers.js'
import { TRAP_ROWS } from './country-trap-rows.js'

/** Where a trap surely is. Larger countries have it elsewhere too, by its rate. */
export interface Trap {
  readonly name: string
  /** The index of the person whose document holds it. */
  readonly index: number
  /** The indexes of others whom it concerns: guardians, parents. */
  readonly others: readonly number[]
  /** Households in 10,000 that have it in large countries. */
  readonly rate: number
}

/** The first person with each trap, in a fixed order; the same indexes in every country. */
export function traps(country: Country): readonly Trap[] {
  return TRAP_ROWS.map(({ name, slots, rate }, household) => {
    const [index = 0, ...others] = slots.map((slot) => household * HOUSEHOLD + slot)
    return { name, index, others, rate }
  }).filter(({ index }) => index < country.size)
}

/**
 * The first person with that trap.
 *
 * @throws RangeError where no trap has that name.
 */
export function trapNamed(country: Country, name: string): Trap {
  const found = traps(country).find((trap) => trap.name === name)
  if (found === undefined) throw new RangeError(`there is no trap ${name}`)
  return found
}
