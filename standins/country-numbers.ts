/**
 * Who has which identity number, without a list: a person's place gives the number, and the number gives the place back.
 *
 * People stand in households of ten. Slot 0 and 1 of a household are children, the others adults of certain ages. Over
 * 6570 households every slot passes through 18 years of birth dates once, each date one time; the next 6570 households
 * (the next *round*) do so again and take the next serial number of each date. So no number is given twice.
 */

import { chosen } from './country-chance.js'
import { dayNumber, dayText } from './country-days.js'
import { syntheticIdentityNumber } from './people.js'

export const HOUSEHOLD = 10

/** The largest country: 86 rounds of 6570 households would be 5,650,200 people. */
export const MOST_PERSONS = 5_600_000

/** Households in a round, and days in the 18 years that a slot passes through. */
const ROUND = 6570
const ROUNDS = 86
/** Coprime to the round: neighbouring households have children of quite different ages. */
const STEP = 1381

interface Slot {
  /** Years of the youngest. */
  readonly from: number
  /** Dates are shuffled within stretches of so many days, so that generations keep their distance. */
  readonly stretch: number
  readonly factor: number
  /** Where its serial ranks begin, apart from those of other slots that can have the same dates. */
  readonly rank: number
}

const SLOTS: readonly Slot[] = [
  { from: 0, stretch: 1095, factor: 412, rank: 0 },
  { from: 0, stretch: 1095, factor: 677, rank: ROUNDS },
  { from: 28, stretch: 3285, factor: 1201, rank: 0 },
  { from: 30, stretch: 3285, factor: 1777, rank: ROUNDS },
  { from: 27, stretch: 3285, factor: 2003, rank: 2 * ROUNDS },
  { from: 18, stretch: 3285, factor: 911, rank: 3 * ROUNDS },
  { from: 24, stretch: 3285, factor: 1429, rank: 4 * ROUNDS },
  { from: 50, stretch: 3285, factor: 547, rank: 0 },
  { from: 52, stretch: 3285, factor: 2287, rank: ROUNDS },
  { from: 73, stretch: 3285, factor: 1013, rank: 0 },
]

/** Ranks of numbers that people had earlier: no slot reaches so far up. */
const FORMER_RANKS = 5 * ROUNDS
/** Ranks that are given by hand: instead of an extra person's number, or when a number is changed. */
export const SPARE_RANK = 7 * ROUNDS

/** Where somebody's number stands: the day in it, and which of that day's valid serials. */
export interface NumberPlace {
  readonly day: number
  readonly rank: number
}

/** The place of the number of the person in that slot of that household, in a country made for that day. */
export function numberPlace(seed: number, today: number, household: number, slot: number): NumberPlace {
  const round = Math.floor(household / ROUND)
  const { from, stretch, factor, rank } = slotAt(slot)
  const turn = ((household % ROUND) * STEP) % ROUND
  const within = ((turn % stretch) * factor + shift(seed, round, slot, stretch)) % stretch
  const age = youngest(from) + turn - (turn % stretch) + within
  return { day: today - age, rank: rank + round }
}

/** The place of a number that the person had before: the same day and round, in ranks of its own. */
export function formerNumberPlace(current: NumberPlace, slot: number): NumberPlace {
  const { rank } = slotAt(slot)
  return { day: current.day, rank: FORMER_RANKS + (current.rank - rank) + (slot === 5 ? 0 : ROUNDS) }
}

/** Which slots of which households could have that place, the number being current or former. */
export function householdsAt(
  seed: number,
  today: number,
  { day, rank }: NumberPlace,
): readonly (readonly [number, number])[] {
  if (rank >= FORMER_RANKS) {
    const slot = rank < FORMER_RANKS + ROUNDS ? 5 : 2
    return [householdOf(seed, today - day, (rank - FORMER_RANKS) % ROUNDS, slot)].filter((found) => found !== undefined)
  }
  return SLOTS.map(({ rank: first }, slot) =>
    rank >= first && rank < first + ROUNDS ? householdOf(seed, today - day, rank - first, slot) : undefined,
  ).filter((found) => found !== undefined)
}

function householdOf(seed: number, age: number, round: number, slot: number): readonly [number, number] | undefined {
  const { from, stretch, factor } = slotAt(slot)
  const place = age - youngest(from)
  if (place < 0 || place >= ROUND) return undefined
  const within = (place % stretch) - shift(seed, round, slot, stretch) + stretch
  const turn = place - (place % stretch) + ((within * inverse(factor, stretch)) % stretch)
  return [round * ROUND + ((turn * inverse(STEP, ROUND)) % ROUND), slot]
}

function slotAt(slot: number): Slot {
  const found = SLOTS[slot]
  if (found === undefined) throw new RangeError(`a household has no slot ${slot}`)
  return found
}

/** Days after which someone is surely so many years old; nobody is born today. */
function youngest(years: number): number {
  return Math.max(1, Math.ceil(years * 365.25))
}

function shift(seed: number, round: number, slot: number, stretch: number): number {
  return chosen(stretch, seed, round * HOUSEHOLD + slot, 1)
}

const inverses = new Map<number, number>()

function inverse(factor: number, modulus: number): number {
  const key = factor * 10_000 + modulus
  let found = inverses.get(key)
  if (found === undefined) {
    found = 1
    while ((found * factor) % modulus !== 1) found += 1
    inverses.set(key, found)
  }
  return found
}

/** How check digits depend on the date: two remainders of eleven. Dates with the same two have the same valid serials. */
function classOf(sixDigits: string): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(sixDigits, Number)
  const first = (3 * a + 7 * b + 6 * c + d + 8 * e + 9 * f) % 11
  const second = (5 * a + 4 * b + 3 * c + 2 * d + 7 * e + 6 * f) % 11
  return first * 11 + second
}

interface Endings {
  /** Serial and check digits, five characters, in the order of their ranks. */
  readonly byRank: readonly string[]
  readonly rankOf: ReadonlyMap<string, number>
}

const endings = new Map<number, Endings>()

/** What numbers beginning so can end in, in an order that does not show the rank. */
function endingsOf(sixDigits: string, born: string, kind: 'birth_number' | 'd_number'): Endings {
  const key = classOf(sixDigits)
  let found = endings.get(key)
  if (found === undefined) {
    const byRank: string[] = []
    for (let step = 0; step < 1000; step += 1) {
      const number = syntheticIdentityNumber(born, (step * 389) % 1000, kind)
      if (number !== null) byRank.push(number.slice(6))
    }
    found = { byRank, rankOf: new Map(byRank.map((ending, rank) => [ending, rank])) }
    endings.set(key, found)
  }
  return found
}

/**
 * The number at a place: synthetic, with the check digits of the rule of 1964.
 *
 * @throws RangeError above the rank that every date has (there are more than 800).
 */
export function numberAt({ day, rank }: NumberPlace, kind: 'birth_number' | 'd_number'): string {
  const born = dayText(day)
  const six = sixDigits(born, kind)
  const ending = endingsOf(six, born, kind).byRank[rank]
  if (ending === undefined) throw new RangeError('no such rank among the numbers of a day')
  return six + ending
}

function sixDigits(born: string, kind: 'birth_number' | 'd_number'): string {
  const date = Number(born.slice(8)) + (kind === 'd_number' ? 40 : 0)
  return `${date < 10 ? '0' : ''}${date}${Number(born.slice(5, 7)) + 80}${born.slice(2, 4)}`
}

/** Where a number stands, read with the century that makes its bearer younger than 100 on `today`; null if it is none of ours. */
export function placeOf(number: string, today: number): NumberPlace | null {
  const parts = /^(\d\d)(8[1-9]|9[0-2])(\d\d)\d{5}$/.exec(number)
  if (parts === null) return null
  const [, date = '', month = '', year = ''] = parts
  const kind = date >= '40' ? 'd_number' : 'birth_number'
  const monthAndDate = `${digits(Number(month) - 80)}-${digits(Number(date) % 40)}`
  for (const century of ['20', '19']) {
    const day = dayNumber(`${century}${year}-${monthAndDate}`)
    if (Number.isNaN(day) || day > today || dayText(day).slice(8) !== monthAndDate.slice(3)) continue
    const rank = endingsOf(number.slice(0, 6), dayText(day), kind).rankOf.get(number.slice(6))
    return rank === undefined ? null : { day, rank }
  }
  return null
}

function digits(value: number): string {
  return String(value).padStart(2, '0')
}
