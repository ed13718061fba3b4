import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { ageOn } from '../../src/domain/calendar.js'
import { country } from '../../standins/country.js'
import { TRAP_ROWS, trapOf } from '../../standins/country-trap-rows.js'
import { trapNamed, traps } from '../../standins/country-traps.js'
import { allNumbers, currentNumber, type PersonDocument } from '../../standins/person-documents.js'

const TODAY = '2026-11-01'
const small = country({ seed: 3, persons: 1_000 })

interface Place {
  readonly person: PersonDocument
  readonly number: string
  readonly others: readonly PersonDocument[]
}

const guardians = ({ person }: Place) => person.vergemaalEllerFremtidsfullmakt ?? []
const tasksOf = (place: Place) =>
  guardians(place).flatMap(({ verge }) =>
    (verge.tjenesteomraade ?? []).map((task) => `${task.vergeTjenestevirksomhet}/${task.vergeTjenesteoppgave}`),
  )
const own = ({ person, number }: Place) => (person.foreldreansvar ?? []).filter((row) => row.ansvarssubjekt === number)
const status = ({ person }: Place) => person.status?.find(({ erGjeldende }) => erGjeldende)?.status
const address = (person: PersonDocument | undefined) => JSON.stringify(person?.bostedsadresse?.[0]?.vegadresse)
const age = (person: PersonDocument | undefined) => ageOn(person?.foedsel?.[0]?.foedselsdato ?? '', TODAY)
const grade = ({ person }: Place) => person.adressebeskyttelse?.[0]?.graderingsnivaa
const kinds = (place: Place) => own(place).map(({ ansvar }) => ansvar)

/** What makes each trap one. */
const HOLDS: Readonly<Record<string, (place: Place) => boolean>> = {
  duplicate_tasks: (at) => new Set(tasksOf(at)).size < tasksOf(at).length,
  guardian_in_several_elements: (at) =>
    guardians(at).length > 1 && new Set(guardians(at).map(({ verge }) => verge.foedselsEllerDNummer)).size === 1,
  guardian_by_name_only: (at) =>
    guardians(at).some(({ verge }) => verge.foedselsEllerDNummer === undefined && verge.navnFoedselsdato !== undefined),
  guardian_without_tasks: (at) => guardians(at).length === 1 && tasksOf(at).length === 0,
  unknown_task_pair: (at) => tasksOf(at).includes('romfartsverket/maanereise') && tasksOf(at).length > 1,
  expired_task_pair: (at) => tasksOf(at).includes('laanekassen/laanOgStipend') && tasksOf(at).length > 1,
  ended_guardianship: (at) =>
    guardians(at).length > 0 && guardians(at).every(({ erGjeldende, verge }) => erGjeldende === false && verge.omfang),
  two_guardians: (at) => new Set(guardians(at).map(({ verge }) => verge.foedselsEllerDNummer)).size === 2,
  guardian_dead: (at) => guardians(at).length === 1 && at.others[0]?.doedsfall !== undefined,
  guardian_under_old_number: (at) => {
    const named = guardians(at)[0]?.verge.foedselsEllerDNummer ?? ''
    return at.others.some((other) => currentNumber(other) !== named && allNumbers(other).includes(named))
  },
  guardian_not_yet: (at) => (guardians(at)[0]?.gyldighetstidspunkt ?? '') > TODAY,
  lasting_power: (at) => guardians(at)[0]?.vergemaaltype === 'stadfestetFremtidsfullmakt',
  unknown_guardianship_kind: (at) => guardians(at)[0]?.vergemaaltype === 'sikkerhetsvergemaal',
  temporary_guardian: (at) => guardians(at)[0]?.vergemaaltype === 'midlertidigForVoksen',
  administration_without_guardianship: (at) => guardians(at)[0]?.vergemaaltype === 'forvaltningUtenforVergemaal',
  asylum_minor: (at) => at.number >= '4' && age(at.person) < 18 && guardians(at).length === 1 && own(at).length === 0,
  responsibility_unknown: (at) => kinds(at).join() === 'ukjent',
  father_without_holder: (at) => kinds(at).join() === 'far' && own(at)[0]?.ansvarlig === undefined,
  kin_without_responsibility: (at) =>
    age(at.person) < 18 && own(at).length === 0 && at.person.familierelasjon?.length === 2,
  co_mother: (at) => kinds(at).join() === 'medmor',
  responsibility_of_others: (at) => kinds(at).join() === 'andre' && own(at)[0]?.ansvarlig !== undefined,
  responsibility_of_an_organisation: (at) => /^\d{9}$/.test(own(at)[0]?.ansvarligOrganisasjon ?? ''),
  holder_without_number: (at) => own(at)[0]?.ansvarligUtenIdentifikator !== undefined,
  duplicate_responsibility: (at) =>
    own(at).length === 4 && new Set(own(at).map((row) => JSON.stringify(row))).size === 2,
  unknown_responsibility_kind: (at) => kinds(at).join() === 'fosterhjem',
  responsibility_ended: (at) => own(at).filter(({ erGjeldende }) => erGjeldende).length === 1 && own(at).length === 2,
  responsibility_ended_on_child_only: (at) =>
    own(at).some((row) => !row.erGjeldende) &&
    (at.others[0]?.foreldreansvar ?? []).some((row) => row.ansvarssubjekt === at.number && row.erGjeldende === true),
  responsibility_under_old_number: (at) =>
    own(at).some(({ ansvarlig = '' }) =>
      at.others.some((other) => allNumbers(other).indexOf(ansvarlig) === 0 && currentNumber(other) !== ansvarlig),
    ),
  adult_with_old_responsibility: (at) => age(at.person) >= 18 && own(at).some(({ erGjeldende }) => erGjeldende),
  parent_under_18: (at) => age(at.others[0]) < 18 && own(at)[0]?.ansvarlig === allNumbers(at.others[0] ?? at.person)[0],
  parent_dead: (at) => kinds(at).length === 2 && at.others[0]?.doedsfall !== undefined,
  parents_dead: (at) => at.others.slice(0, 2).every(({ doedsfall }) => doedsfall) && guardians(at).length === 1,
  parents_apart: (at) => address(at.others[0]) !== address(at.others[1]) && at.person.deltBosted === undefined,
  shared_residence: (at) => JSON.stringify(at.person.deltBosted?.[0]?.vegadresse) === address(at.others[1]),
  family_in_hiding: (at) => grade(at) === 'strengtFortrolig' && at.others[2]?.adressebeskyttelse === undefined,
  dead: (at) => at.person.doedsfall !== undefined && status(at) === 'doed',
  death_to_be_annulled: (at) => at.person.doedsfall !== undefined && status(at) === 'doed',
  dead_without_date: (at) => at.person.doedsfall !== undefined && at.person.doedsfall[0]?.doedsdato === undefined,
  ceased: (at) => status(at) === 'opphoert',
  missing: (at) => status(at) === 'forsvunnet',
  emigrated: (at) => status(at) === 'utflyttet',
  inactive_d_number: (at) => status(at) === 'inaktiv' && at.number >= '4',
  changed_number: (at) =>
    allNumbers(at.person).length === 2 && (allNumbers(at.person)[0] ?? '') >= '4' && at.number < '4',
  corrected_number: (at) => allNumbers(at.person).length === 2 && allNumbers(at.person).every((number) => number < '4'),
  birth_date_differs: (at) => {
    const [year = '', , date = ''] = at.person.foedsel?.[0]?.foedselsdato?.split('-') ?? []
    return at.number.slice(0, 2) !== date || at.number.slice(4, 6) !== year.slice(2)
  },
  birth_year_only: (at) =>
    at.person.foedsel?.[0]?.foedselsdato === undefined && at.person.foedsel?.[0]?.foedselsaar !== undefined,
  confidential: (at) => grade(at) === 'fortrolig' && at.person.bostedsadresse?.[0]?.adressegradering === 'fortrolig',
  strictly_confidential: (at) => grade(at) === 'strengtFortrolig',
  client_address: (at) => grade(at) === 'klientadresse',
  unknown_protection: (at) => grade(at) === 'hemmelig',
  unknown_status: (at) => status(at) === 'paaVandring',
  no_residence: (at) => at.person.bostedsadresse?.[0]?.ukjentBosted !== undefined,
  capacity_lost: (at) => at.person.rettsligHandleevne !== undefined && guardians(at).length === 1,
}

describe('a country of 1,000 has', () => {
  test('every trap that there is, and no test of another', () => {
    expect(traps(small).map(({ name }) => name)).toEqual(TRAP_ROWS.map(({ name }) => name))
    expect(Object.keys(HOLDS).sort()).toEqual(TRAP_ROWS.map(({ name }) => name).sort())
  })

  test.each(Object.keys(HOLDS))('%s', (name) => {
    const trap = trapNamed(small, name)
    const person = small.personAt(trap.index)
    const place = { person, number: currentNumber(person), others: trap.others.map((index) => small.personAt(index)) }
    expect(HOLDS[name]?.(place)).toBe(true)
    const calm = small.personAt(903)
    expect(HOLDS[name]?.({ person: calm, number: currentNumber(calm), others: [calm, calm, calm] })).not.toBe(true)
  })
})

test('traps come elsewhere too, by their rates', () => {
  const households = 300_000
  const found = new Map<string, number>()
  for (let place = 100; place < households; place += 1) {
    const name = trapOf(3, place)?.name
    if (name !== undefined) found.set(name, (found.get(name) ?? 0) + 1)
  }
  for (const { name, rate } of TRAP_ROWS) {
    const expected = (households / 10_000) * rate
    const spread = 5 * Math.sqrt(expected)
    expect([name, Math.abs((found.get(name) ?? 0) - expected) < spread]).toEqual([name, true])
  }
})

test('there is no trap of another name', () => {
  expect(() => trapNamed(small, 'mermaid')).toThrow('there is no trap mermaid')
})

test('docs/synthetic-country.md has each trap in its order with its rate, and no other', () => {
  const page = readFileSync('docs/synthetic-country.md', 'utf8')
  const told = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| \S/gm)].map(([, name, rate]) => [name, Number(rate)])
  expect(told).toEqual(TRAP_ROWS.map(({ name, rate }) => [name, rate]))
})
