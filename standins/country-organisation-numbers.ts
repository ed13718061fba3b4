/** Numbers of synthetic organisations begin with 3, as those of the register's own test data do. */

const FIRST = 3_100_000
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2]

/** The number of the organisation at that place: seven digits that count, one that makes a check digit possible, and it. */
export function organisationNumber(place: number): string {
  const seven = String(FIRST + place)
  for (let eighth = 0; eighth < 10; eighth += 1) {
    const eight = `${seven}${(place + eighth) % 10}`
    const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(eight[i]), 0)
    const digit = (11 - (sum % 11)) % 11
    if (digit < 10) return `${eight}${digit}`
  }
  throw new RangeError('at most one digit of ten is impossible')
}

/** The place of the organisation with that number; undefined if it is none of ours. */
export function organisationPlace(orgnr: string): number | undefined {
  if (!/^3\d{8}$/.test(orgnr)) return undefined
  const place = Number(orgnr.slice(0, 7)) - FIRST
  return place >= 0 && organisationNumber(place) === orgnr ? place : undefined
}
