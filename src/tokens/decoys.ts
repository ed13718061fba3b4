import { randomInt } from 'node:crypto'
import { type Decoy, LIST_SIZE } from '../store/status-entry-store.js'

/** How many decoys a list has on average. */
const USUAL = 4_096
/** How long an entry stays set whose ground has ended, and so a decoy: seconds. */
const LEAST_SECONDS = 10 * 60
const MOST_SECONDS = 20 * 60

/**
 * The decoys that a list gets when it is signed, where it has so many (`docs/status-lists.md`). How many is left to
 * chance, or the number of set entries would tell how many are none; but never none, since a change also brings a signing.
 */
export function newDecoys(present: number): readonly Decoy[] {
  const missing = Math.max(4, USUAL - present)
  // Those of a new list are of all ages, as if it had been there for long.
  const least = missing > USUAL / 2 ? 1 : LEAST_SECONDS
  return Array.from({ length: 1 + randomInt(2 * missing) }, () => ({
    index: randomInt(LIST_SIZE),
    status: randomInt(8) === 0 ? 2 : 1,
    seconds: least + randomInt(MOST_SECONDS - least),
  }))
}
