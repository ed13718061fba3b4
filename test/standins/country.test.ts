import { describe, expect, test } from '@jest/globals'
import { idnr } from '@navikt/fnrvalidator'
import { country } from '../../standins/country.js'
import { HOUSEHOLD, householdsAt, numberAt, numberPlace, placeOf } from '../../standins/country-numbers.js'
import { organisationNumber } from '../../standins/country-organisation-numbers.js'
import { allNumbers, currentNumber, type PersonDocument } from '../../standins/person-documents.js'
import { hasValidCheckDigit, readIdentifier } from '../../src/domain/identifier.js'
import { ageOn } from '../../src/domain/calendar.js'
import { norwegianDate, syntheticPeople } from '../../standins/people.js'

const TODAY = '2026-11-01'
/** Enough for the proportions to show. */
const PERSONS = 30_000
const large = country({ seed: 1, persons: PERSONS })

interface Count {
  readonly numbers: Set<string>
  given: number
  invalid: number
  minors: number
  links: number
  wards: number
  tasks: number
  lasting: number
  capacity: number
}

function counted(): Count {
  const count = { numbers: new Set<string>(), given: 0, invalid: 0, minors: 0, links: 0, wards: 0, tasks: 0 }
  const result: Count = { ...count, lasting: 0, capacity: 0 }
  for (const document of large.people()) addTo(result, document)
  return result
}

function addTo(count: Count, document: PersonDocument): void {
  for (const number of allNumbers(document)) {
    count.numbers.add(number)
    count.given += 1
    if (idnr(number).status !== 'valid' || typeof readIdentifier(number, 'synthetic') === 'string') count.invalid += 1
  }
  const born = document.foedsel?.[0]?.foedselsdato
  const own = allNumbers(document)
  if (born !== undefined && ageOn(born, TODAY) < 18) {
    count.minors += 1
    const rows = document.foreldreansvar ?? []
    count.links += rows.filter(
      (row) => row.erGjeldende && row.ansvarlig && own.includes(row.ansvarssubjekt ?? ''),
    ).length
  }
  const current = (document.vergemaalEllerFremtidsfullmakt ?? []).filter(({ erGjeldende }) => erGjeldende)
  if (current.some(({ vergemaaltype }) => vergemaaltype === 'stadfestetFremtidsfullmakt')) count.lasting += 1
  else if (current.length > 0) {
    count.wards += 1
    count.tasks += current.reduce((sum, { verge }) => sum + (verge.tjenesteomraade?.length ?? 0), 0)
  }
  if (document.rettsligHandleevne !== undefined) count.capacity += 1
}

describe('a large country', () => {
  const count = counted()

  test('has valid synthetic numbers, each once', () => {
    expect(count.given).toBeGreaterThan(PERSONS)
    expect(count.invalid).toBe(0)
    expect(count.numbers.size).toBe(count.given)
  })

  test('has the proportions that are known of Norway', () => {
    expect(count.minors / PERSONS).toBeCloseTo(0.2, 2)
    expect(count.links / count.minors).toBeGreaterThan(1.7)
    expect(count.links / count.minors).toBeLessThan(1.9)
    expect(count.wards / PERSONS).toBeGreaterThan(0.01)
    expect(count.wards / PERSONS).toBeLessThan(0.017)
    expect(count.tasks / count.wards).toBeGreaterThan(8)
    expect(count.tasks / count.wards).toBeLessThan(11)
    expect(count.lasting / PERSONS).toBeGreaterThan(0.0002)
    expect(count.lasting / PERSONS).toBeLessThan(0.001)
    expect(count.capacity).toBeGreaterThan(0)
  })

  test('finds everyone by every number, and nobody by another', () => {
    for (let index = 0; index < PERSONS; index += 97) {
      for (const number of allNumbers(large.personAt(index))) expect(large.indexOf(number)).toBe(index)
    }
    expect(large.indexOf('00000000000')).toBeUndefined()
    expect(large.indexOf('')).toBeUndefined()
    const beyond = currentNumber(country({ seed: 1, persons: PERSONS + 50 }).personAt(PERSONS + 30))
    expect(large.indexOf(beyond)).toBeUndefined()
  })
})

describe('the same options', () => {
  test('give the same people, one by one and as a stream, in any size', () => {
    const again = country({ seed: 1, persons: PERSONS })
    const some = [...again.people(4_321, 4_444)]
    expect(some).toHaveLength(123)
    some.forEach((document, i) => expect(document).toEqual(large.personAt(4_321 + i)))
    expect(country({ seed: 1, persons: 200_000 }).personAt(4_321)).toEqual(large.personAt(4_321))
  })

  test('and another seed gives others', () => {
    expect(country({ seed: 2, persons: PERSONS }).personAt(600)).not.toEqual(large.personAt(600))
  })
})

test('a number leads back to its household up to the largest country', () => {
  for (let household = 0; household < 560_000; household += 5_003) {
    for (let slot = 0; slot < HOUSEHOLD; slot += 1) {
      const place = numberPlace(9, 20_000, household, slot)
      expect(householdsAt(9, 20_000, place)).toContainEqual([household, slot])
      expect(placeOf(numberAt(place, 'birth_number'), 20_000)).toEqual(place)
    }
  }
})

test.each([999, 5_600_001, 1_000.5])('there is no country of %d', (persons) => {
  expect(() => country({ seed: 1, persons })).toThrow(RangeError)
})

test.each([-1, PERSONS, 0.5])('there is no person at %d', (index) => {
  expect(() => large.personAt(index)).toThrow(RangeError)
})

test('the last people of an uneven country have no ties to anyone outside it', () => {
  const uneven = country({ seed: 1, persons: 1_007 })
  const last = [...uneven.people(1_000)]
  expect(last).toHaveLength(7)
  expect(last.filter(({ foreldreansvar, familierelasjon }) => foreldreansvar ?? familierelasjon)).toEqual([])
})

describe('people written by hand', () => {
  const named = syntheticPeople(norwegianDate(new Date('2026-11-01T12:00:00Z')))
  const taken = currentNumber(country({ seed: 1, persons: 1_000 }).personAt(555))
  const extra = [...named.map(({ identityNumber }) => identityNumber), taken].map((number): PersonDocument => ({
    identifikasjonsnummer: [
      { erGjeldende: true, status: 'iBruk', foedselsEllerDNummer: number, identifikatortype: 'foedselsnummer' },
    ],
  }))
  const mixed = country({ seed: 1, persons: 1_000, extra })

  test('come last, and keep their numbers to themselves', () => {
    expect(mixed.size).toBe(1_000 + extra.length)
    expect([...mixed.people()].slice(1_000)).toEqual(extra)
    const numbers = [...mixed.people()].flatMap(allNumbers)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(mixed.indexOf(taken)).toBe(mixed.size - 1)
  })

  test('leave whoever had the number another one, by which others know her', () => {
    const number = currentNumber(mixed.personAt(555))
    expect(number).not.toBe(taken)
    expect(idnr(number).status).toBe('valid')
    expect(mixed.indexOf(number)).toBe(555)
  })

  test('without a synthetic number are refused', () => {
    const document = {
      identifikasjonsnummer: [{ status: 'iBruk', foedselsEllerDNummer: '1', identifikatortype: 'dNummer' }],
    }
    expect(() => country({ seed: 1, persons: 1_000, extra: [document] })).toThrow(RangeError)
  })
})

describe('organisations', () => {
  test('are one for eight people, with valid numbers that lead back', () => {
    expect(large.organisations).toBe(PERSONS / 8)
    const numbers = Array.from({ length: large.organisations }, (_, place) => organisationNumber(place))
    expect(numbers.filter((number) => !hasValidCheckDigit(number))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.every((number, place) => large.organisationPlace(number) === place)).toBe(true)
    expect(large.organisationPlace(organisationNumber(12_500))).toBeUndefined()
  })

  test('have roles held by people of the country', () => {
    for (let place = 0; place < 200; place += 1) {
      const roles = large.organisationAt(place).rollegrupper.flatMap(({ roller }) => roller)
      for (const { person } of roles) {
        if (person?.fodselsnummer === undefined) continue
        const index = large.indexOf(person.fodselsnummer)
        expect(large.personAt(index ?? -1).foedsel?.[0]?.foedselsdato).toBe(person.fodselsdato)
      }
    }
  })
})
