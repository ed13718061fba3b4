import { describe, expect, test } from '@jest/globals'
import { country } from '../../standins/country.js'
import { CountryChanges } from '../../standins/country-changes.js'
import { allNumbers } from '../../standins/person-documents.js'
import { trapNamed } from '../../standins/country-traps.js'

/** A household without a trap whose children live with both parents. */
function calmHousehold(changes: CountryChanges): number {
  for (let first = 600; first < 1_000; first += 10) {
    const rows = changes.documentAt(first).foreldreansvar ?? []
    if (rows.length === 2 && changes.documentAt(first + 3).adressebeskyttelse === undefined) return first
  }
  throw new Error('no such household')
}

function stage() {
  const changes = new CountryChanges(country({ seed: 5, persons: 1_000 }), { firstSequence: 100 })
  return { changes, child: calmHousehold(changes) }
}

const kinds = (changes: CountryChanges) =>
  (changes.events.from(100) ?? []).map(({ sequence, kind, number }) => [sequence, kind, changes.indexOf(number)])

describe('what happens to people', () => {
  test('a death, and its annulment', () => {
    const { changes, child } = stage()
    changes.die(child + 2, '2026-11-05')
    expect(changes.documentAt(child + 2).doedsfall).toMatchObject([{ erGjeldende: true, doedsdato: '2026-11-05' }])
    changes.annulDeath(child + 2)
    const { doedsfall, status } = changes.documentAt(child + 2)
    expect(doedsfall).toMatchObject([{ erGjeldende: false }])
    expect(status?.filter(({ erGjeldende }) => erGjeldende)).toMatchObject([{ status: 'bosatt' }])
    expect(kinds(changes)).toEqual([
      [100, 'endringIDoedsfall', child + 2],
      [101, 'endringIStatus', child + 2],
      [102, 'endringIDoedsfall', child + 2],
      [103, 'endringIStatus', child + 2],
      [104, 'personErReaktivert', child + 2],
    ])
  })

  test('a death that was in the first load can be annulled', () => {
    const { changes } = stage()
    const { index } = trapNamed(changes.country, 'death_to_be_annulled')
    changes.annulDeath(index)
    expect(changes.documentAt(index).doedsfall?.some(({ erGjeldende }) => erGjeldende)).toBe(false)
  })

  test('a new number leads to the same person, and so does the old', () => {
    const { changes, child } = stage()
    const old = changes.numberOf(child)
    const number = changes.changeNumber(child)
    expect(number).not.toBe(old)
    expect([changes.indexOf(old), changes.indexOf(number)]).toEqual([child, child])
    expect(allNumbers(changes.documentAt(child))).toEqual([old, number])
    expect(changes.events.from(100)).toMatchObject([{ kind: 'endringIIdentifikasjonsnummer', number }])
    expect(changes.documentAt(child + 2).foreldreansvar?.some(({ ansvarssubjekt }) => ansvarssubjekt === old)).toBe(
      true,
    )
  })

  test('two people of the same day get different new numbers', () => {
    const { changes, child } = stage()
    const numbers = [changes.changeNumber(child), changes.changeNumber(child), changes.changeNumber(child + 1)]
    expect(new Set(numbers).size).toBe(3)
  })

  test('a guardian comes and goes', () => {
    const { changes, child } = stage()
    const [ward, guardian] = [child + 4, child + 7]
    changes.setGuardian(ward, {
      guardian,
      tasks: [{ vergeTjenestevirksomhet: 'nav', vergeTjenesteoppgave: 'pensjon' }],
    })
    const rows = () => changes.documentAt(ward).vergemaalEllerFremtidsfullmakt
    expect(rows()).toMatchObject([{ erGjeldende: true, verge: { foedselsEllerDNummer: changes.numberOf(guardian) } }])
    changes.changeNumber(guardian)
    changes.endGuardian(ward, guardian, '2026-11-10')
    expect(rows()).toMatchObject([{ erGjeldende: false, opphoerstidspunkt: '2026-11-10T00:00:00+01:00' }])
    expect(kinds(changes).map(([, kind, index]) => [kind, index])).toEqual([
      ['endringIVergemaal', ward],
      ['endringIIdentifikasjonsnummer', guardian],
      ['endringIVergemaal', ward],
    ])
  })

  test('responsibility moves from both parents to one: three documents, three events', () => {
    const { changes, child } = stage()
    const [mother, father] = [child + 2, child + 3]
    changes.setResponsibility(child, [{ kind: 'mor', holder: mother }])
    const inForce = (index: number) =>
      (changes.documentAt(index).foreldreansvar ?? []).filter(
        (row) => row.erGjeldende === true && row.ansvarssubjekt === changes.numberOf(child),
      )
    expect(inForce(child)).toMatchObject([{ ansvar: 'mor', ansvarlig: changes.numberOf(mother) }])
    expect(inForce(mother)).toMatchObject([{ ansvar: 'mor' }])
    expect(inForce(father)).toEqual([])
    expect(kinds(changes)).toEqual([
      [100, 'endringIForeldreansvar', child],
      [101, 'endringIForeldreansvar', mother],
      [102, 'endringIForeldreansvar', father],
    ])
    const sister = (changes.documentAt(father).foreldreansvar ?? []).filter(({ erGjeldende }) => erGjeldende === true)
    expect(sister).toHaveLength(1)
  })

  test('an address becomes secret', () => {
    const { changes, child } = stage()
    changes.protect(child + 3, 'strengtFortrolig')
    const { adressebeskyttelse, bostedsadresse } = changes.documentAt(child + 3)
    expect(adressebeskyttelse).toMatchObject([{ erGjeldende: true, graderingsnivaa: 'strengtFortrolig' }])
    expect(bostedsadresse?.every(({ adressegradering }) => adressegradering === 'strengtFortrolig')).toBe(true)
  })

  test('someone ceases', () => {
    const { changes, child } = stage()
    changes.setStatus(child + 4, 'opphoert')
    expect(kinds(changes).map(([, kind]) => kind)).toEqual(['endringIStatus', 'personErOpphoert'])
  })
})

describe('the events', () => {
  test('come a thousand at a time, from a number on, over gaps, until they are forgotten', () => {
    const { changes } = stage()
    expect([changes.events.latest(), changes.events.from(100)]).toEqual([99, []])
    changes.touch(0, 600)
    changes.events.skip(50)
    changes.touch(0, 600)
    expect(changes.events.latest()).toBe(1_349)
    const page = changes.events.from(100) ?? []
    expect([page.length, page[599]?.sequence, page[600]?.sequence]).toEqual([1_000, 699, 750])
    expect(changes.events.from(710)?.[0]?.sequence).toBe(750)
    expect(changes.events.from(1_350)).toEqual([])
    changes.events.forgetBefore(200)
    expect(changes.events.from(199)).toBeNull()
    expect(changes.events.from(200)?.[0]?.sequence).toBe(200)
  })
})
