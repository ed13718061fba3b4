import { describe, expect, test } from '@jest/globals'
import { idnr } from '@navikt/fnrvalidator'
import {
  ageOn,
  eidasPeople,
  norwegianDate,
  syntheticIdentityNumber,
  syntheticMandates,
  syntheticPeople,
} from '../../standins/people.js'
import { PeopleRegistry } from '../../standins/people-registry.js'

const TODAY = '2026-11-21'
const DAYS = ['2024-02-29', '2026-01-01', TODAY, '2026-12-31', '2027-05-14', '2031-06-06']

describe('synthetic identity numbers', () => {
  // Numbers that ID-porten's public documentation uses as examples.
  test.each([
    ['1958-09-05', 949, 'birth_number', '05895894984'],
    ['1961-01-28', 960, 'birth_number', '28816196088'],
    ['1967-10-07', 15, 'd_number', '47906701517'],
  ] as const)('born %s with serial %i as %s', (bornOn, serial, kind, expected) => {
    expect(syntheticIdentityNumber(bornOn, serial, kind)).toBe(expected)
  })

  test('some serials have no number, and the others are valid by another implementation', () => {
    const numbers = Array.from({ length: 1000 }, (_, serial) => syntheticIdentityNumber('1990-05-17', serial))
    const usable = numbers.filter((number) => number !== null)
    expect(usable.length).toBeGreaterThan(800)
    expect(usable.length).toBeLessThan(900)
    expect(usable.every((number) => idnr(number).status === 'valid')).toBe(true)
    expect(new Set(usable).size).toBe(usable.length)
  })

  test('what is no date or serial is refused without repeating it', () => {
    expect(() => syntheticIdentityNumber('not a date', 1)).toThrow('not a date of birth')
    expect(() => syntheticIdentityNumber('1990-05-17', 1000)).toThrow('serial number from 0 to 999')
  })
})

describe('the people', () => {
  test.each(DAYS)('on %s everyone has a number of their own in the synthetic series', (today) => {
    const people = syntheticPeople(today)
    const numbers = people.map((person) => person.identityNumber)
    expect(new Set(numbers).size).toBe(people.length)
    expect(people.length).toBeGreaterThanOrEqual(40)
    for (const number of numbers) {
      expect(idnr(number).status).toBe('valid')
      expect(Number(number.slice(2, 4))).toBeGreaterThan(80)
    }
  })

  test.each(DAYS)('on %s each case has the person it promises', (today) => {
    const people = syntheticPeople(today)
    const byNumber = new Map(people.map((person) => [person.identityNumber, person]))
    const agesOf = (label: string) => people.filter((p) => p.cases.includes(label)).map((p) => ageOn(p.bornOn, today))
    for (const age of [5, 11, 12, 15, 16, 17, 18]) expect(new Set(agesOf(`${age}-year-old`))).toEqual(new Set([age]))
    for (const [age, article] of [
      [11, 'an'],
      [12, 'a'],
      [15, 'a'],
      [16, 'a'],
      [17, 'a'],
    ] as const) {
      const parents = people.filter((p) => p.cases.includes(`parent of ${article} ${age}-year-old`))
      expect(parents).toHaveLength(2)
      for (const parent of parents) {
        const children = (parent.children ?? []).map((number) => byNumber.get(number))
        expect(children.map((child) => child && ageOn(child.bornOn, today))).toContain(age)
      }
    }
    const old = people.find((p) => p.cases.includes('90-year-old'))
    expect(byNumber.get(old?.children?.[0] ?? '')?.cases).toContain('child of a 90-year-old')
    expect(people.filter((p) => p.cases.includes('manager of a company'))).toMatchObject([{ isManager: true }])
    expect(people.filter((p) => p.protectedAddress)).toHaveLength(2)
    expect(people.filter((p) => p.diedOn !== null)).toHaveLength(1)
    expect(people.filter((p) => Number(p.identityNumber.slice(0, 2)) > 40)).toHaveLength(1)
  })

  test('the same day gives the same people; another day changes no one whose birthday has not come', () => {
    expect(syntheticPeople(TODAY)).toEqual(syntheticPeople(TODAY))
    const before = syntheticPeople('2026-11-20')
    expect(syntheticPeople('2026-11-21').map((p) => p.identityNumber)).toEqual(before.map((p) => p.identityNumber))
  })

  test('someone known by a foreign login only has no number', () => {
    const [visitor] = eidasPeople(TODAY)
    expect(visitor).toMatchObject({ identityNumber: null, eidasIdentifier: 'SE/NO/1234' })
  })

  test('a birthday on 29 February counts from 1 March in a common year', () => {
    expect(ageOn('2008-02-29', '2026-02-28')).toBe(17)
    expect(ageOn('2008-02-29', '2026-03-01')).toBe(18)
    expect(ageOn('2008-02-29', '2024-02-29')).toBe(16)
  })

  test('the date is the one in Norway', () => {
    expect(norwegianDate(new Date('2026-12-31T23:30:00Z'))).toBe('2027-01-01')
  })
})

describe('the mandates of the cases', () => {
  const people = syntheticPeople(TODAY)
  const mandates = syntheticMandates(people)
  const byNumber = new Map(people.map((person) => [person.identityNumber, person]))

  test('every situation occurs, between people who are labelled with it', () => {
    const labels = {
      active: 'mandate active',
      ended_yesterday: 'mandate ended yesterday',
      expires_tomorrow: 'mandate expires tomorrow',
      offered: 'mandate offered, not accepted',
      frozen: 'mandate frozen',
      starts_next_month: 'mandate starts next month',
    }
    expect(new Set(mandates.map((mandate) => mandate.situation))).toEqual(new Set(Object.keys(labels)))
    for (const { principal, representative, situation } of mandates) {
      expect(byNumber.get(principal)?.cases).toContain(`giver, ${labels[situation]}`)
      expect(byNumber.get(representative)?.cases).toContain(`helper, ${labels[situation]}`)
    }
  })

  test('no one is both sides, and every helper is of age', () => {
    for (const { principal, representative } of mandates) {
      expect(principal).not.toBe(representative)
      expect(ageOn(byNumber.get(representative)?.bornOn ?? TODAY, TODAY)).toBeGreaterThanOrEqual(18)
    }
  })
})

describe('the registry', () => {
  const registry = () => new PeopleRegistry([...syntheticPeople(TODAY), ...eidasPeople(TODAY)])
  const idsFor = (text: string) =>
    registry()
      .search(text)
      .map((person) => person.id)

  test.each([
    ['parent of a 12-year-old', ['camilla-lien', 'henrik-lien']],
    ['forelder til en 12-åring', ['camilla-lien', 'henrik-lien']],
    ['Ended Yesterday', ['per-lunde', 'hanne-lunde']],
    ['avsluttet i går', ['per-lunde', 'hanne-lunde']],
    ['mahtte', ['mahtte-eira']],
    ['elle gaup', ['elle-gaup']],
    ['eidas only', ['lars-lindqvist']],
    ['nobody of that name', []],
  ])('finds by "%s"', (text, ids) => expect(idsFor(text)).toEqual(ids))

  test('never finds by number', () => {
    const [person] = registry().all()
    expect(idsFor(person?.identityNumber ?? '')).toEqual([])
  })

  test('a new person gets a free number of the date of birth, and the listeners are waited for', async () => {
    const people = registry()
    const heard: string[] = []
    people.onNewPerson(async (person) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      heard.push(person.id)
    })
    const made = await people.add({ givenName: 'Ny', familyName: 'Person', bornOn: '2001-09-11' })
    expect(heard).toEqual([made.id])
    expect(made.identityNumber.slice(0, 6)).toBe('118901')
    expect(idnr(made.identityNumber).status).toBe('valid')
    expect(people.find(made.id)).toBe(made)
    expect(people.search('ny person')).toEqual([made])
  })

  test('a day whose numbers are all given refuses one more, and gave each once', async () => {
    const people = new PeopleRegistry([])
    const made: string[] = []
    const fill = async () => {
      for (;;) made.push((await people.add({ givenName: 'A', familyName: 'B', bornOn: '1990-05-17' })).identityNumber)
    }
    await expect(fill()).rejects.toThrow('no free synthetic number')
    expect(new Set(made).size).toBe(made.length)
    expect(made.length).toBeGreaterThan(400)
  })
})
