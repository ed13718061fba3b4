/** Chance that is none: the same seed and places give the same outcome, in any order and on any machine. */

/** A whole number from 0 to 2³² − 1 that depends on all of its arguments. */
export function mixed(seed: number, place: number, purpose: number): number {
  let x =
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(place + 1, 0xc2b2ae35) ^ Math.imul(purpose + 1, 0x27d4eb2f)
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/** A whole number from 0 to `below` − 1. */
export function chosen(below: number, seed: number, place: number, purpose: number): number {
  return mixed(seed, place, purpose) % below
}

/** Whether something that happens `rate` times in 10,000 happens here. */
export function happens(rate: number, seed: number, place: number, purpose: number): boolean {
  return mixed(seed, place, purpose) % 10_000 < rate
}
