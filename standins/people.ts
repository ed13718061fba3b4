/** The synthetic people that every stand-in shares: ID-porten logs them in, the registers know them. */

import { caseLabels, type CaseFacts, type CaseLabel } from './people-cases.js'
import { EIDAS_ROWS, MANDATE_ROWS, PERSON_ROWS, type Birth, type PersonRow, type Situation } from './people-rows.js'

/** Someone in the population register. Identity numbers are synthetic: birth number or d-number with month + 80. */
export interface SyntheticPerson {
  /** Opaque and stable over the days: what a tester, a test or a form picks the person by. Never the number. */
  readonly id: string
  /** Eleven digits with valid check digits. Changes on the birthday of those whose age is kept. */
  readonly identityNumber: string
  readonly givenName: string
  readonly familyName: string
  /** `YYYY-MM-DD`. */
  readonly bornOn: string
  readonly diedOn: string | null
  readonly protectedAddress: boolean
  /** Plain-language labels in English, such as `parent of a 12-year-old`. */
  readonly cases: readonly string[]
  /** The same labels in Norwegian bokmål, in the same order. */
  readonly casesNb: readonly string[]
  /** Identity numbers of children of any age. */
  readonly children?: readonly string[]
  /** Identity numbers of those whose guardian the person is, in matters of pension and tax. */
  readonly wards?: readonly string[]
  /** Manager of the first company of the synthetic country. */
  readonly isManager?: true
  /** Someone who can also log in from another country, and whom ID-porten has matched to the number. */
  readonly eidasIdentifier?: string
}

/** Someone whom only a foreign login knows: no identity number, not in the population register. */
export interface EidasPerson extends Omit<SyntheticPerson, 'identityNumber' | 'children' | 'wards' | 'isManager'> {
  readonly identityNumber: null
  /** As ID-porten writes it: country of the eID, receiving country, number. `SE/NO/1234`. */
  readonly eidasIdentifier: string
}

/** Whoever the login page can offer. */
export type LoginPerson = SyntheticPerson | EidasPerson

/** A mandate that the demo and the tests want to exist. Putting it into the register is the caller's part. */
export interface SyntheticMandateCase {
  /** Identity number. */
  readonly principal: string
  /** Identity number. */
  readonly representative: string
  readonly service: string
  readonly actions: readonly string[]
  readonly situation: Situation
}

export type NumberKind = 'birth_number' | 'd_number'

/**
 * The synthetic identity number of someone born on `bornOn` (`YYYY-MM-DD`) with the individual number `serial`
 * (0 to 999), check digits by the rule of 1964, so that it is valid under the rule of 2032 too.
 *
 * @returns null where a check digit would be 10: that serial was never given to anyone.
 */
export function syntheticIdentityNumber(
  bornOn: string,
  serial: number,
  kind: NumberKind = 'birth_number',
): string | null {
  const [year = '', month = '', day = ''] = bornOn.split('-')
  const shownDay = Number(day) + (kind === 'd_number' ? 40 : 0)
  const nine = `${digits(shownDay, 2)}${digits(Number(month) + 80, 2)}${year.slice(-2)}${digits(serial, 3)}`
  if (!/^\d{9}$/.test(nine)) throw new RangeError('not a date of birth and a serial number from 0 to 999')
  const first = checkDigit(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2])
  if (first === null) return null
  const second = checkDigit(`${nine}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
  return second === null ? null : `${nine}${first}${second}`
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function checkDigit(number: string, weights: readonly number[]): number | null {
  const remainder = weights.reduce((sum, weight, i) => sum + weight * Number(number[i]), 0) % 11
  if (remainder === 1) return null
  return remainder === 0 ? 0 : 11 - remainder
}

/**
 * The first number of that date, from the serial `startAt` on and round again, that `taken` does not know.
 * People born before 2000 get serials below 500, others from 500, as most real ones have.
 */
export function freeIdentityNumber(
  bornOn: string,
  kind: NumberKind,
  startAt: number,
  taken: (identityNumber: string) => boolean,
): string | null {
  const base = bornOn < '2000' ? 0 : 500
  for (let step = 0; step < 500; step += 1) {
    const candidate = syntheticIdentityNumber(bornOn, base + ((startAt + step) % 500), kind)
    if (candidate !== null && !taken(candidate)) return candidate
  }
  return null
}

/** Age in whole years on `today`, both `YYYY-MM-DD`. Someone born on 29 February grows older on 1 March. */
export function ageOn(bornOn: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return today.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** Swedish writes dates as ISO 8601 does. */
const NORWEGIAN_CALENDAR = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' })

/** The date in Norway at `now`, as `YYYY-MM-DD`. */
export function norwegianDate(now: Date): string {
  return NORWEGIAN_CALENDAR.format(now)
}

/** About forty people, the same for the same `today` (`YYYY-MM-DD`, Norwegian calendar). Each has one or more cases. */
export function syntheticPeople(today: string): readonly SyntheticPerson[] {
  const numbers = identityNumbers(today)
  return PERSON_ROWS.map((row) => ({
    ...describe(row, today, row.eidasIdentifier === undefined ? 'none' : 'also'),
    identityNumber: required(numbers, row.id),
    ...(row.children === undefined ? {} : { children: row.children.map((id) => required(numbers, id)) }),
    ...(row.wards === undefined ? {} : { wards: row.wards.map((id) => required(numbers, id)) }),
    ...(row.isManager === undefined ? {} : { isManager: row.isManager }),
    ...(row.eidasIdentifier === undefined ? {} : { eidasIdentifier: row.eidasIdentifier }),
  }))
}

/** Those who can log in from another country only. They are in no Norwegian register. */
export function eidasPeople(today: string): readonly EidasPerson[] {
  return EIDAS_ROWS.map((row) => ({
    ...describe(row, today, 'only'),
    identityNumber: null,
    eidasIdentifier: row.eidasIdentifier,
  }))
}

/** The mandates of the cases, between `people` as `syntheticPeople` made them. */
export function syntheticMandates(people: readonly SyntheticPerson[]): readonly SyntheticMandateCase[] {
  const numbers = new Map(people.map((person) => [person.id, person.identityNumber]))
  return MANDATE_ROWS.map((row) => ({
    ...row,
    principal: required(numbers, row.principal),
    representative: required(numbers, row.representative),
  }))
}

function identityNumbers(today: string): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>()
  const taken = new Set<string>()
  PERSON_ROWS.forEach((row, place) => {
    const kind = row.dNumber === true ? 'd_number' : 'birth_number'
    const number = freeIdentityNumber(birthDate(row.born, today), kind, place * 11, (n) => taken.has(n))
    if (number === null) throw new RangeError(`no free number for ${row.id}`)
    taken.add(number)
    numbers.set(row.id, number)
  })
  return numbers
}

function birthDate(born: Birth, today: string): string {
  if ('on' in born) return born.on
  const thisYear = Number(today.slice(0, 4))
  const hadBirthday = born.birthday <= today.slice(5)
  return `${thisYear - born.age - (hadBirthday ? 0 : 1)}-${born.birthday}`
}

function describe(row: PersonRow, today: string, eidas: CaseFacts['eidas']) {
  const labels = labelsOf(row, today, eidas)
  return {
    id: row.id,
    givenName: row.givenName,
    familyName: row.familyName,
    bornOn: birthDate(row.born, today),
    diedOn: row.diedOn ?? null,
    protectedAddress: row.protectedAddress === true,
    cases: labels.map((label) => label.en),
    casesNb: labels.map((label) => label.nb),
  }
}

function labelsOf(row: PersonRow, today: string, eidas: CaseFacts['eidas']): readonly CaseLabel[] {
  const age = (of: PersonRow): number => ageOn(birthDate(of.born, today), today)
  return caseLabels({
    age: age(row),
    diedOn: row.diedOn ?? null,
    protectedAddress: row.protectedAddress === true,
    dNumber: row.dNumber === true,
    eidas,
    childAges: PERSON_ROWS.filter((other) => row.children?.includes(other.id)).map(age),
    parentAges: PERSON_ROWS.filter((other) => other.children?.includes(row.id)).map(age),
    isGuardian: row.wards !== undefined,
    isManager: row.isManager === true,
    isWard: PERSON_ROWS.some((other) => other.wards?.includes(row.id)),
    given: MANDATE_ROWS.filter((mandate) => mandate.principal === row.id).map((mandate) => mandate.situation),
    received: MANDATE_ROWS.filter((mandate) => mandate.representative === row.id).map((mandate) => mandate.situation),
  })
}

function required(numbers: ReadonlyMap<string, string>, id: string): string {
  const number = numbers.get(id)
  if (number === undefined) throw new RangeError(`no such synthetic person: ${id}`)
  return number
}
