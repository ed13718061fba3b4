/**
 * A synthetic country of any size. Nothing is stored: a person, an organisation or a contact is worked out from the seed
 * and its place, so that any one can be had without the others and millions can be streamed in little memory. Everyone
 * is invented; numbers are synthetic (month + 80) and valid.
 */

import { contactOf, type Contact } from './country-contacts.js'
import { dayNumber } from './country-days.js'
import { householdAt } from './country-households.js'
import { HOUSEHOLD, householdsAt, MOST_PERSONS, numberAt, placeOf, SPARE_RANK } from './country-numbers.js'
import { organisationPlace } from './country-organisation-numbers.js'
import { organisationOf, type Organisation } from './country-organisations.js'
import type { Plan, Ten } from './country-plan.js'
import { documentOf } from './person-documents-draft.js'
import { allNumbers, type PersonDocument } from './person-documents.js'

const PERSONS_PER_ORGANISATION = 8
const FEWEST_PERSONS = 1_000

export interface CountryOptions {
  readonly seed: number
  /** From 1,000 to 5,600,000. */
  readonly persons: number
  /** The day that ages are counted from, `YYYY-MM-DD`. The same day gives the same country; absent, 1 November 2026. */
  readonly today?: string
  /** Documents written by hand. They come after the others, and nobody else has their numbers. */
  readonly extra?: readonly PersonDocument[]
}

export interface Country {
  readonly seed: number
  /** The day that ages are counted from, as days since 1970. */
  readonly today: number
  /** People, those written by hand included: indexes go from 0 to `size` − 1. */
  readonly size: number
  /** Organisations, about one for eight people. */
  readonly organisations: number
  /** @throws RangeError outside the country. */
  personAt(index: number): PersonDocument
  /** The documents from one index up to another, that one not included; everyone where no bounds are given. */
  people(from?: number, to?: number): Iterable<PersonDocument>
  /** Who has this number or had it; undefined where nobody did. */
  indexOf(number: string): number | undefined
  /** @throws RangeError outside the country. */
  organisationAt(place: number): Organisation
  organisationPlace(orgnr: string): number | undefined
  /** What the contact register knows of the person at that index. */
  contactAt(index: number): Contact
}

/**
 * The country of that seed and size: the same for the same options, whenever and wherever.
 *
 * @throws RangeError for a size outside the bounds, or where a document written by hand has no synthetic number.
 */
export function country({ seed, persons, today = '2026-11-01', extra = [] }: CountryOptions): Country {
  if (!Number.isInteger(persons) || persons < FEWEST_PERSONS || persons > MOST_PERSONS) {
    throw new RangeError(`a country has from ${FEWEST_PERSONS} to ${MOST_PERSONS} persons`)
  }
  const day = dayNumber(today)
  const byHand = new Map(
    extra.flatMap((document, i) => allNumbers(document).map((number) => [number, persons + i] as const)),
  )
  const replaced = replacements([...byHand.keys()], day)
  const plan: Plan = { seed, today: day, persons, replaced }
  const ours = new Map([...replaced].map(([number, instead]) => [instead, number]))
  const organisations = Math.floor(persons / PERSONS_PER_ORGANISATION)
  const made: Country = {
    seed,
    today: day,
    size: persons + extra.length,
    organisations,
    personAt: (index) => extra[index - persons] ?? personOf(plan, index),
    people: (from = 0, to = persons + extra.length) => stream(plan, extra, from, to),
    indexOf: (number) => byHand.get(number) ?? find(plan, number, ours.get(number) ?? number),
    organisationAt: (place) => organisationOf(made, plan, place),
    organisationPlace: (orgnr) => {
      const place = organisationPlace(orgnr)
      return place !== undefined && place < organisations ? place : undefined
    },
    contactAt: (index) => contactOf(seed, day, index, made.personAt(index)),
  }
  return made
}

/** The household looked at last: whoever is found by a number is usually asked for next. */
const latest = new WeakMap<Plan, { readonly place: number; readonly people: Ten }>()

function personOf(plan: Plan, index: number): PersonDocument {
  if (!Number.isInteger(index) || index < 0 || index >= plan.persons) throw new RangeError('no person at that index')
  const place = Math.floor(index / HOUSEHOLD)
  const known = latest.get(plan)
  const people = known?.place === place ? known.people : householdAt(plan, place)
  latest.set(plan, { place, people })
  const draft = people[index % HOUSEHOLD]
  if (draft === undefined) throw new RangeError('no person at that index')
  return documentOf(draft)
}

function* stream(plan: Plan, extra: readonly PersonDocument[], from: number, to: number): Generator<PersonDocument> {
  const last = Math.min(to, plan.persons)
  for (let place = Math.floor(from / HOUSEHOLD); place * HOUSEHOLD < last; place += 1) {
    for (const draft of householdAt(plan, place)) {
      if (draft.index >= from && draft.index < last) yield documentOf(draft)
    }
  }
  yield* extra.slice(Math.max(0, from - plan.persons), Math.max(0, to - plan.persons))
}

function find(plan: Plan, number: string, formula: string): number | undefined {
  const place = placeOf(formula, plan.today)
  if (place === null) return undefined
  for (const [household, slot] of householdsAt(plan.seed, plan.today, place)) {
    const index = household * HOUSEHOLD + slot
    if (index < plan.persons && allNumbers(personOf(plan, index)).includes(number)) return index
  }
  return undefined
}

/** What the country's own people have instead of numbers that others brought: spare ones of the same day. */
function replacements(taken: readonly string[], today: number): ReadonlyMap<string, string> {
  const replaced = new Map<string, string>()
  const used = new Set(taken)
  for (const number of taken) {
    const place = placeOf(number, today)
    if (place === null) throw new RangeError('a document written by hand needs valid synthetic numbers')
    const kind = number >= '4' ? 'd_number' : 'birth_number'
    let rank = SPARE_RANK
    while (used.has(numberAt({ day: place.day, rank }, kind))) rank += 1
    const instead = numberAt({ day: place.day, rank }, kind)
    used.add(instead)
    replaced.set(number, instead)
  }
  return replaced
}
