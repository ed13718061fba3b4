import { describe, expect, test } from '@jest/globals'
import { type RegisteredPerson, readPersonDocument } from '../../src/registers/person-document.js'
import type { WarningCounts } from '../../src/registers/reading-warnings.js'
import { RegisterFault } from '../../src/registers/register-fault.js'
import { NUMBERS } from './register-server.js'

const { child, mother, ward, guardian, other, dNumber } = NUMBERS

const OPTIONS = {
  guardianTasks: new Map([
    ['nav/pensjon', { expired: false }],
    ['nav/arbeid', { expired: false }],
    ['skatteetaten/skatt', { expired: false }],
    ['skatteetaten/innkreving', { expired: true }],
  ]),
  residenceSecret: 'a secret',
}

const current = (rest: object): object => ({ erGjeldende: true, kilde: 'x', ...rest })
const former = (rest: object): object => ({ erGjeldende: false, ...rest })
const number = (value: string, rest: object = {}): object =>
  current({ status: 'iBruk', foedselsEllerDNummer: value, identifikatortype: 'foedselsnummer', ...rest })

const road = (rest: object = {}, address: object = {}): object =>
  current({
    vegadresse: {
      kommunenummer: '0301',
      adressenavn: 'Storgata',
      adressenummer: { husnummer: '4', husbokstav: 'B' },
      bruksenhetsnummer: 'H0101',
      poststed: { postnummer: '0155', poststedsnavn: 'OSLO' },
      ...address,
    },
    adressegradering: 'ugradert',
    ...rest,
  })

function documentOf(rest: object = {}, own: string = ward): object {
  return {
    identifikasjonsnummer: [number(own)],
    status: [current({ status: 'bosatt' })],
    navn: [current({ fornavn: 'KARI', mellomnavn: 'MYR', etternavn: 'NORDMANN' })],
    foedsel: [current({ foedselsdato: '1963-07-25', foedselsaar: '1963', foedeland: 'NOR' })],
    ...rest,
  }
}

function read(rest: object, own?: string): RegisteredPerson & { readonly warnings: WarningCounts } {
  const { person, warnings } = readPersonDocument(documentOf(rest, own), OPTIONS)
  return { ...person, warnings }
}

function refusalOf(rest: object): string {
  try {
    readPersonDocument(documentOf(rest), OPTIONS)
  } catch (error) {
    if (error instanceof RegisterFault) return error.message
    throw error
  }
  return 'no refusal'
}

test('a plain document, unknown members and all', () => {
  expect(read({ kjoenn: [current({ kjoenn: 'kvinne' })], noeNytt: { a: [1] } })).toEqual({
    numbers: [{ value: ward, type: 'fnr', current: true }],
    status: 'alive',
    name: 'KARI MYR NORDMANN',
    familyName: 'NORDMANN',
    bornOn: '1963-07-25',
    diedOn: null,
    protection: 'none',
    residences: [],
    responsibilities: [],
    responsibleFor: [],
    guardians: [],
    capacityLost: [],
    warnings: {},
  })
})

describe('numbers', () => {
  const d = { identifikatortype: 'dNummer' }
  test.each<[string, object[], unknown]>([
    [
      'an earlier d-number',
      [number(ward), former({ ...number(dNumber, d), erGjeldende: false, status: 'opphoert' })],
      [
        { value: ward, type: 'fnr', current: true },
        { value: dNumber, type: 'dnr', current: false },
      ],
    ],
    [
      'two marked as current, one in use',
      [number(dNumber, { ...d, status: 'opphoert' }), number(ward)],
      [
        { value: dNumber, type: 'dnr', current: false },
        { value: ward, type: 'fnr', current: true },
      ],
    ],
    [
      'a void number that is the only one',
      [number(ward, { status: 'opphoert' })],
      [{ value: ward, type: 'fnr', current: true }],
    ],
    ['the same row twice', [number(ward), number(ward)], [{ value: ward, type: 'fnr', current: true }]],
  ])('%s', (_, identifikasjonsnummer, expected) => {
    expect(read({ identifikasjonsnummer }).numbers).toEqual(expected)
  })

  test('a row without a mark counts where no other is marked', () => {
    const unmarked = number(ward, { erGjeldende: undefined })
    expect(read({ identifikasjonsnummer: [unmarked] }).numbers).toEqual([{ value: ward, type: 'fnr', current: true }])
    const both = read({ identifikasjonsnummer: [unmarked, number(other)] })
    expect(both.numbers.filter((each) => each.current).map(({ value }) => value)).toEqual([other])
    expect(both.warnings).toEqual({ currency_unmarked: 1 })
  })

  test.each<[string, unknown]>([
    ['none', []],
    ['none that is current', [former(number(ward, { erGjeldende: false }))]],
    ['two in use', [number(ward), number(other)]],
    ['a number of another length', [number('123')]],
    ['a type that we do not know', [number(ward, { identifikatortype: 'hNummer' })]],
    ['a mark that is neither', [number(ward, { erGjeldende: 'ja' })]],
  ])('is malformed: %s', (_, identifikasjonsnummer) => {
    const message = refusalOf({ identifikasjonsnummer })
    expect(message).toMatch(/^folkeregisteret: malformed \(person\.identifikasjonsnummer/)
    expect(message).not.toMatch(/\d{11}/)
  })
})

describe('status, birth, death', () => {
  test.each([
    ['bosatt', 'alive'],
    ['utflyttet', 'alive'],
    ['foedselsregistrert', 'alive'],
    ['midlertidig', 'alive'],
    ['inaktiv', 'alive'],
    ['ikkeBosatt', 'alive'],
    ['aktiv', 'alive'],
    ['forsvunnet', 'missing'],
    ['opphoert', 'ceased'],
    ['doed', 'dead'],
  ])('%s is %s', (status, expected) => {
    expect(read({ status: [current({ status }), former({ status: 'doed' })] }).status).toBe(expected)
  })

  test.each<[string, unknown]>([
    ['an unknown one', [current({ status: 'noeNytt' })]],
    ['none', []],
    ['none that is current', [former({ status: 'bosatt' })]],
    ['a row that says nothing', [current({})]],
  ])('%s is malformed: it neither ends everything nor allows it', (_, status) => {
    expect(refusalOf({ status })).toMatch(/malformed \(person\.status/)
  })

  test.each<[string, object, unknown]>([
    [
      'a death, as a list',
      { doedsfall: [current({ doedsdato: '2024-05-01' })] },
      { status: 'dead', diedOn: '2024-05-01' },
    ],
    [
      'a death, as one object',
      { doedsfall: current({ doedsdato: '2024-05-01' }) },
      { status: 'dead', diedOn: '2024-05-01' },
    ],
    ['a death on an unknown day', { doedsfall: [current({})] }, { status: 'dead', diedOn: null }],
    [
      'a death without a mark counts',
      { doedsfall: [{ doedsdato: '2024-05-01' }] },
      { status: 'dead', diedOn: '2024-05-01' },
    ],
    [
      'a death that was annulled',
      { doedsfall: [former({ doedsdato: '2024-05-01' })] },
      { status: 'alive', diedOn: null },
    ],
    ['dead by the status alone', { status: [current({ status: 'doed' })] }, { status: 'dead', diedOn: null }],
    ['the year of birth alone', { foedsel: [current({ foedselsaar: '1963' })] }, { bornOn: null }],
    ['no birth', { foedsel: [] }, { bornOn: null }],
    [
      'a corrected birth',
      { foedsel: [former({ foedselsdato: '1962-07-25' }), current({ foedselsdato: '1963-07-26' })] },
      { bornOn: '1963-07-26' },
    ],
    ['no name yet', { navn: undefined }, { name: null, familyName: null }],
    [
      'a changed name',
      { navn: [former({ fornavn: 'A', etternavn: 'B' }), current({ fornavn: 'C', etternavn: 'D' })] },
      { name: 'C D', familyName: 'D' },
    ],
  ])('%s', (_, rest, expected) => {
    expect(read(rest)).toMatchObject(expected as object)
  })

  test.each<[string, object]>([
    ['two births', { foedsel: [current({ foedselsdato: '1963-07-25' }), current({ foedselsdato: '1963-07-26' })] }],
    ['a birth that is no day', { foedsel: [current({ foedselsdato: '1963-02-30' })] }],
    ['a death that is no day', { doedsfall: [current({ doedsdato: 'i går' })] }],
  ])('%s: malformed', (_, rest) => {
    expect(refusalOf(rest)).toMatch(/malformed/)
  })
})

describe('protection: the strictest of what the document says', () => {
  const grade = (graderingsnivaa: string, rest: object = {}): object => current({ graderingsnivaa, ...rest })
  test.each<[string, object, string]>([
    ['none', { adressebeskyttelse: [grade('ugradert')] }, 'none'],
    ['client', { adressebeskyttelse: [grade('klientadresse')] }, 'client'],
    ['confidential', { adressebeskyttelse: [grade('fortrolig')] }, 'confidential'],
    ['strictly', { adressebeskyttelse: [grade('strengtFortrolig')] }, 'strictly_confidential'],
    ['in capitals', { adressebeskyttelse: [grade('STRENGT_FORTROLIG')] }, 'strictly_confidential'],
    ['two rows', { adressebeskyttelse: [grade('fortrolig'), grade('ugradert')] }, 'confidential'],
    ['a row without a mark', { adressebeskyttelse: [grade('fortrolig', { erGjeldende: undefined })] }, 'confidential'],
    ['one that has ended', { adressebeskyttelse: [grade('fortrolig', { erGjeldende: false })] }, 'none'],
    ['on the address alone', { bostedsadresse: [road({ adressegradering: 'fortrolig' })] }, 'confidential'],
    [
      'on an earlier address',
      { bostedsadresse: [road({ adressegradering: 'fortrolig', erGjeldende: false })] },
      'none',
    ],
    [
      'on a shared residence',
      { deltBosted: [road({ adressegradering: 'strengtFortrolig' })] },
      'strictly_confidential',
    ],
  ])('%s', (_, rest, expected) => {
    expect(read(rest).protection).toBe(expected)
  })

  test('a degree that we do not know is the strictest, and told of', () => {
    const { protection, warnings } = read({ adressebeskyttelse: [grade('hemmelig')] })
    expect(protection).toBe('strictly_confidential')
    expect(warnings).toEqual({ unknown_protection: 1 })
  })

  test('a row without a degree is malformed', () => {
    expect(refusalOf({ adressebeskyttelse: [current({})] })).toMatch(/malformed/)
  })
})

describe('residence', () => {
  const keysOf = (...bostedsadresse: object[]): readonly string[] => read({ bostedsadresse }).residences
  const [home] = keysOf(road())
  const cadastre = (property: object = {}, rest: object = {}): object =>
    current({
      matrikkeladresse: {
        matrikkelnummer: { kommunenummer: '0301', gaardsnummer: 0, bruksnummer: 27, festenummer: 0, ...property },
        undernummer: 0,
        bruksenhetsnummer: '',
        ...rest,
      },
    })

  test('is an opaque key, the same for the same dwelling however it is written', () => {
    expect(home).toMatch(/^[\w-]{43}$/)
    expect(
      keysOf(road({ flyttedato: '2020-01-01' }, { adressenavn: 'STORGATA ', coAdressenavn: 'c/o A', poststed: null })),
    ).toEqual([home])
    expect(keysOf(cadastre())).toEqual(
      keysOf(cadastre({ festenummer: undefined }, { undernummer: undefined, bruksenhetsnummer: undefined })),
    )
  })

  test.each<[string, object]>([
    ['another flat', { bruksenhetsnummer: 'H0102' }],
    ['no flat', { bruksenhetsnummer: '' }],
    ['another house', { adressenummer: { husnummer: '5', husbokstav: 'B' } }],
    ['another letter', { adressenummer: { husnummer: '4', husbokstav: 'C' } }],
    ['another road', { adressenavn: 'Lillegata' }],
    ['another municipality', { kommunenummer: '5001' }],
  ])('%s is another dwelling', (_, address) => {
    expect(keysOf(road({}, address))).toHaveLength(1)
    expect(keysOf(road({}, address))).not.toEqual([home])
  })

  test('another secret makes another key', () => {
    const document = documentOf({ bostedsadresse: [road()] })
    expect(readPersonDocument(document, { ...OPTIONS, residenceSecret: 'other' }).person.residences).not.toEqual([home])
  })

  test.each<[string, object]>([
    ['unknown residence', current({ ukjentBosted: { bostedskommune: '0301' } })],
    ['a road without a house', road({}, { adressenummer: undefined })],
    ['a house number that is empty', road({}, { adressenummer: { husnummer: '' } })],
    ['a property without a number', cadastre({ gaardsnummer: undefined })],
    ['an earlier address', road({ erGjeldende: false })],
    ['an address without a mark', road({ erGjeldende: undefined })],
  ])('%s is no dwelling that others can share', (_, row) => {
    expect(keysOf(row)).toEqual([])
  })

  test('the registered one first, then the shared one, each once', () => {
    const shared = road({}, { bruksenhetsnummer: 'H0202' })
    const { residences } = read({ bostedsadresse: [road()], deltBosted: [shared, road()] })
    expect(residences).toEqual([home, ...keysOf(shared)])
  })
})

describe('parental responsibility', () => {
  const row = (rest: object = {}): object =>
    current({
      ansvar: 'felles',
      ansvarssubjekt: child,
      ansvarlig: mother,
      gyldighetstidspunkt: '2023-03-18T00:00:00+02:00',
      ...rest,
    })
  const from = new Date('2023-03-17T22:00:00Z')
  const by = (value: string): object => ({ by: 'number', value })
  const childs = (...foreldreansvar: object[]): ReturnType<typeof read> => read({ foreldreansvar }, child)

  test.each(['felles', 'mor', 'far', 'medmor', 'andre', 'ukjent'])('%s is kept as it is', (ansvar) => {
    const { responsibilities, warnings } = childs(row({ ansvar }))
    expect(responsibilities).toEqual([{ kind: ansvar, holder: by(mother), from, until: null }])
    expect(warnings).toEqual({})
  })

  test.each([[{ ansvar: 'noeNytt' }], [{ ansvar: undefined }], [{ ansvar: 'Felles' }]])(
    '%j is unknown, never guessed',
    (rest) => {
      const { responsibilities, warnings } = childs(row(rest))
      expect(responsibilities).toMatchObject([{ kind: 'ukjent' }])
      expect(warnings).toEqual({ unknown_kind: 1 })
    },
  )

  test('joint, one row for each parent', () => {
    const { responsibilities } = childs(row(), row({ ansvarlig: other }))
    expect(responsibilities.map(({ holder }) => holder)).toEqual([by(mother), by(other)])
  })

  const named = {
    ansvarligUtenIdentifikator: { navn: { fornavn: 'Ada', etternavn: 'Lind' }, foedselsdato: '1980-01-02' },
  }
  test.each<[string, object, unknown]>([
    ['without a number', named, { by: 'name', name: 'Ada Lind', bornOn: '1980-01-02' }],
    ['an organisation', { ansvarligOrganisasjon: '889640782' }, { by: 'organisation', orgnr: '889640782' }],
    ['nobody named', { ansvar: 'far' }, { by: 'unknown' }],
  ])('a holder who is %s still counts', (_, rest, holder) => {
    const { responsibilities, warnings } = childs(row({ ansvarlig: undefined, ...rest }))
    expect(responsibilities).toMatchObject([{ holder }])
    expect(warnings).toEqual({ responsible_without_number: 1 })
  })

  test('duplicates are gone; rows whose periods meet become one; a gap stays', () => {
    const ended = row({ opphoerstidspunkt: '2024-01-01T00:00:00+01:00' })
    const meets = row({
      gyldighetstidspunkt: '2024-01-01T00:00:00+01:00',
      opphoerstidspunkt: '2025-01-01T00:00:00+01:00',
    })
    const later = row({ gyldighetstidspunkt: '2026-01-01T00:00:00+01:00' })
    const until = new Date('2024-12-31T23:00:00Z')
    expect(childs(row(), row(), row({ kilde: 'y' })).responsibilities).toHaveLength(1)
    expect(childs(later, meets, ended).responsibilities).toMatchObject([
      { from, until },
      { from: new Date('2025-12-31T23:00:00Z'), until: null },
    ])
    expect(
      childs(row({ gyldighetstidspunkt: undefined }), row({ gyldighetstidspunkt: undefined })).responsibilities,
    ).toMatchObject([{ from: null }])
  })

  test('only what is current: earlier rows and rows without a mark give nothing', () => {
    const { responsibilities, warnings } = childs(row({ erGjeldende: false }), row({ erGjeldende: undefined }))
    expect(responsibilities).toEqual([])
    expect(warnings).toEqual({ currency_unmarked: 1 })
  })

  test('on the adult’s document the rows only tell of whom', () => {
    const rows = [
      row(),
      row(),
      row({ ansvarssubjekt: other, ansvar: 'mor' }),
      row({ ansvarssubjekt: ward, erGjeldende: false }),
    ]
    const { responsibilities, responsibleFor, warnings } = read({ foreldreansvar: rows }, mother)
    expect(responsibilities).toEqual([])
    expect(responsibleFor).toEqual([child, other])
    expect(warnings).toEqual({})
  })

  test('a row of someone with an earlier number of the child is the child’s', () => {
    const numbers = [number(child), former({ ...number(other), erGjeldende: false, status: 'opphoert' })]
    const { responsibilities } = read(
      { identifikasjonsnummer: numbers, foreldreansvar: [row({ ansvarssubjekt: other })] },
      child,
    )
    expect(responsibilities).toHaveLength(1)
  })

  test.each<[string, object]>([
    ['of other people', row({ ansvarssubjekt: other })],
    ['without a child and without an adult', row({ ansvarssubjekt: undefined, ansvarlig: undefined })],
    ['of a child for itself', row({ ansvarlig: child })],
  ])('a row %s gives nothing and is told of', (_, foreldreansvar) => {
    const { responsibilities, responsibleFor, warnings } = childs(foreldreansvar)
    expect([responsibilities, responsibleFor]).toEqual([[], []])
    expect(warnings).toEqual({ row_about_another: 1 })
  })

  test('an adult’s row of a child without a number names no one', () => {
    expect(read({ foreldreansvar: [row({ ansvarssubjekt: undefined })] }, mother)).toMatchObject({
      responsibleFor: [],
      responsibilities: [],
    })
  })

  test('a period without an instant is left out', () => {
    const { responsibilities, warnings } = childs(row({ opphoerstidspunkt: '2023-03-18T00:00:00+02:00' }))
    expect(responsibilities).toEqual([])
    expect(warnings).toEqual({ empty_period: 1 })
  })

  test.each<[string, object]>([
    ['a number of another length', row({ ansvarlig: '1' })],
    ['a time without an offset', row({ gyldighetstidspunkt: '2023-03-18T00:00:00' })],
    ['an organisation number of another length', row({ ansvarlig: undefined, ansvarligOrganisasjon: '1' })],
  ])('%s is malformed', (_, foreldreansvar) => {
    expect(() => childs(foreldreansvar)).toThrow(/malformed \(person\.foreldreansvar\[0\]/)
  })
})

describe('guardians', () => {
  const pair = (vergeTjenestevirksomhet: string, vergeTjenesteoppgave: string): object => ({
    vergeTjenestevirksomhet,
    vergeTjenesteoppgave,
  })
  const PENSION = pair('nav', 'pensjon')
  const row = (verge: object = {}, rest: object = {}): object =>
    current({
      vergemaaltype: 'voksen',
      embete: 'statsforvalterenITroendelag',
      gyldighetstidspunkt: '2023-03-16T00:00:00+01:00',
      verge: { foedselsEllerDNummer: guardian, tjenesteomraade: [PENSION], ...verge },
      ...rest,
    })
  const wards = (...vergemaalEllerFremtidsfullmakt: object[]): ReturnType<typeof read> =>
    read({ vergemaalEllerFremtidsfullmakt })
  const from = new Date('2023-03-15T23:00:00Z')

  test('a guardian with a task', () => {
    expect(wards(row())).toMatchObject({
      guardians: [
        {
          kind: 'voksen',
          holder: { by: 'number', value: guardian },
          office: 'statsforvalterenITroendelag',
          tasks: ['nav/pensjon'],
          from,
          until: null,
        },
      ],
      warnings: {},
    })
  })

  test.each([
    'voksen',
    'midlertidigForVoksen',
    'mindreaarig',
    'midlertidigForMindreaarig',
    'ensligMindreaarigAsylsoeker',
    'ensligMindreaarigFlyktning',
    'forvaltningUtenforVergemaal',
    'stadfestetFremtidsfullmakt',
  ])('%s is a kind of its own', (vergemaaltype) => {
    expect(wards(row({}, { vergemaaltype })).guardians).toMatchObject([{ kind: vergemaaltype }])
  })

  test.each([['noeNytt'], [undefined]])('of the kind %s he has no tasks', (vergemaaltype) => {
    const { guardians, warnings } = wards(row({}, { vergemaaltype }))
    expect(guardians).toMatchObject([{ kind: 'unknown', tasks: [] }])
    expect(warnings).toEqual({ unknown_kind: 1 })
  })

  test('several rows of the same guardian become one, with each task once', () => {
    const tasks = [PENSION, pair('nav', 'arbeid'), PENSION]
    const { guardians } = wards(
      row({ tjenesteomraade: tasks }),
      row(),
      row({ tjenesteomraade: [pair('skatteetaten', 'skatt')] }),
    )
    expect(guardians).toMatchObject([{ tasks: ['nav/pensjon', 'nav/arbeid', 'skatteetaten/skatt'] }])
  })

  test('but rows of another period, kind, office or guardian stay apart: no task lives longer than its own row', () => {
    const { guardians } = wards(
      row(),
      row({ tjenesteomraade: [pair('nav', 'arbeid')] }, { opphoerstidspunkt: '2026-12-31T00:00:00+01:00' }),
      row({}, { vergemaaltype: 'midlertidigForVoksen' }),
      row({}, { embete: 'statsforvalterenIOsloOgViken' }),
      row({ foedselsEllerDNummer: other }),
    )
    expect(guardians).toHaveLength(5)
    expect(guardians.find(({ until }) => until !== null)?.tasks).toEqual(['nav/arbeid'])
  })

  test.each<[string, unknown, readonly string[], WarningCounts]>([
    [
      'a pair that the catalogue does not know',
      [pair('nav', 'noeNytt'), PENSION],
      ['nav/pensjon'],
      { unknown_task_pair: 1 },
    ],
    [
      'a pair that has expired',
      [pair('skatteetaten', 'innkreving'), PENSION],
      ['nav/pensjon'],
      { expired_task_pair: 1 },
    ],
    ['the task of another business', [pair('kommune', 'pensjon')], [], { unknown_task_pair: 1 }],
    ['another spelling', [pair('NAV', 'pensjon')], [], { unknown_task_pair: 1 }],
    ['half a pair', [{ vergeTjenestevirksomhet: 'nav' }], [], { unknown_task_pair: 1 }],
    ['no tasks', undefined, [], {}],
    ['an empty list', [], [], {}],
  ])('%s gives nothing', (_, tjenesteomraade, tasks, warnings) => {
    expect(wards(row({ tjenesteomraade }))).toMatchObject({ guardians: [{ tasks }] })
    expect(wards(row({ tjenesteomraade })).warnings).toEqual(warnings)
  })

  test('the scope of before November 2023 gives nothing', () => {
    const old = {
      tjenesteomraade: undefined,
      omfang: 'personligeOgOekonomiskeInteresser',
      omfangetErInnenPersonligOmraade: true,
    }
    expect(wards(row(old)).guardians).toMatchObject([{ tasks: [] }])
  })

  const name = { fornavn: 'Tom', etternavn: 'Lind' }
  test.each<[string, object, unknown]>([
    [
      'a name and a birth date',
      { navnFoedselsdato: { personnavn: name, foedselsdato: '1970-02-03' } },
      { by: 'name', name: 'Tom Lind', bornOn: '1970-02-03' },
    ],
    ['a name alone', { navn: name }, { by: 'name', name: 'Tom Lind', bornOn: null }],
    ['nothing', {}, { by: 'unknown' }],
  ])('a guardian known by %s is there, and no one can log in as him', (_, verge, holder) => {
    const { guardians, warnings } = wards(row({ foedselsEllerDNummer: undefined, ...verge }))
    expect(guardians).toMatchObject([{ holder }])
    expect(warnings).toEqual({ guardian_without_number: 1 })
  })

  test('only what is current counts', () => {
    const { guardians, warnings } = wards(row({}, { erGjeldende: false }), row({}, { erGjeldende: undefined }))
    expect(guardians).toEqual([])
    expect(warnings).toEqual({ currency_unmarked: 1 })
  })

  test('nobody is his own guardian', () => {
    expect(wards(row({ foedselsEllerDNummer: ward }))).toMatchObject({
      guardians: [],
      warnings: { row_about_another: 1 },
    })
  })

  test('a row without the guardian is there and gives nothing', () => {
    expect(wards(row({}, { verge: undefined })).guardians).toMatchObject([{ holder: { by: 'unknown' }, tasks: [] }])
  })
})

describe('legal capacity: presence means that something is lost', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a code is kept as it is',
      { rettsligHandleevne: [current({ rettsligHandleevneomfang: 'noeNytt' })] },
      ['noeNytt'],
    ],
    ['with a capital, as it is asked for', { RettsligHandleevne: [current({ rettsligHandleevneomfang: 'x' })] }, ['x']],
    ['no code', { rettsligHandleevne: [current({})] }, ['unspecified']],
    ['no mark', { rettsligHandleevne: [{ rettsligHandleevneomfang: 'x' }] }, ['x']],
    ['one object', { rettsligHandleevne: current({ rettsligHandleevneomfang: 'x' }) }, ['x']],
    ['the same twice', { rettsligHandleevne: [current({}), current({})] }, ['unspecified']],
    ['given back', { rettsligHandleevne: [former({ rettsligHandleevneomfang: 'x' })] }, []],
  ])('%s', (_, rest, expected) => {
    expect(read(rest).capacityLost).toEqual(expected)
  })
})

test('neither warnings nor refusals hold a number', () => {
  const foreldreansvar = [current({ ansvar: 'x', ansvarssubjekt: other, ansvarlig: mother })]
  expect(JSON.stringify(read({ foreldreansvar }).warnings)).not.toMatch(/\d{11}/)
  expect(refusalOf({ foreldreansvar: [current({ ansvarlig: `${other}0` })] })).toBe(
    'folkeregisteret: malformed (person.foreldreansvar[0].ansvarlig)',
  )
})

test.each([null, [], 'x', 7])('%j is no document', (value) => {
  expect(() => readPersonDocument(value, OPTIONS)).toThrow('folkeregisteret: malformed (person)')
})
