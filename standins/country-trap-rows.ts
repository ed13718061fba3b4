/** Every way known in which the register surprises its readers. */

import { mixed } from './country-chance.js'
import type { TrapRow } from './country-trap.js'
import { GUARDIAN_TRAPS } from './country-traps-guardians.js'
import { PARENT_TRAPS } from './country-traps-parents.js'
import { PERSON_TRAPS } from './country-traps-persons.js'

/** The first households have one each, in this order. */
export const TRAP_ROWS: readonly TrapRow[] = [...GUARDIAN_TRAPS, ...PARENT_TRAPS, ...PERSON_TRAPS]

const BOUNDS = TRAP_ROWS.map((_, row) => TRAP_ROWS.slice(0, row + 1).reduce((sum, { rate }) => sum + rate, 0))
const ALL_RATES = BOUNDS.at(-1) ?? 0

/** The trap that a household has, if any: the first households one each, the others by the rates. */
export function trapOf(seed: number, place: number): TrapRow | undefined {
  if (place < TRAP_ROWS.length) return TRAP_ROWS[place]
  const roll = mixed(seed, place, 20) % 10_000
  return roll >= ALL_RATES ? undefined : TRAP_ROWS[BOUNDS.findIndex((bound) => roll < bound)]
}
