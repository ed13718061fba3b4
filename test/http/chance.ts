/** What is chosen at random follows from the seed alone. */
export interface Chance {
  below(end: number): number
  of<T>(values: readonly T[]): T
  /** True so many times in a hundred. */
  hit(percent: number): boolean
}

/** Mulberry32. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return { below, of: (values) => values[below(values.length)] as (typeof values)[number], hit: (p) => below(100) < p }
}
