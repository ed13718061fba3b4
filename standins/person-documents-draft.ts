import { dayText, startOfDayText } from './country-days.js'
import type {
  Adresse,
  Adressebeskyttelse,
  Doedsfall,
  Familierelasjon,
  Foedsel,
  Foreldreansvar,
  Identifikasjonsnummer,
  Kjoenn,
  Meta,
  Navn,
  PersonDocument,
  RettsligHandleevne,
  Status,
  Vegadresse,
  Vergemaal,
} from './person-documents.js'

/** A document while it is being written. Members without rows are left out when it is finished, as the register does. */
export interface PersonDraft {
  /** Whose place in the country it is. */
  readonly index: number
  number: string
  /** A number that the person had before, if any. */
  formerNumber: string | null
  born: number
  identifikasjonsnummer: Identifikasjonsnummer[]
  status: Status[]
  foedsel: Foedsel[]
  kjoenn: Kjoenn[]
  navn: Navn[]
  bostedsadresse: Adresse[]
  deltBosted: Adresse[]
  adressebeskyttelse: Adressebeskyttelse[]
  doedsfall: Doedsfall[]
  familierelasjon: Familierelasjon[]
  foreldreansvar: Foreldreansvar[]
  vergemaalEllerFremtidsfullmakt: Vergemaal[]
  rettsligHandleevne: RettsligHandleevne[]
}

const MEMBERS = [
  ...(['identifikasjonsnummer', 'status', 'foedsel', 'kjoenn', 'navn', 'bostedsadresse', 'deltBosted'] as const),
  ...(['adressebeskyttelse', 'doedsfall', 'familierelasjon', 'foreldreansvar'] as const),
  ...(['vergemaalEllerFremtidsfullmakt', 'rettsligHandleevne'] as const),
]

/** The finished document. */
export function documentOf(draft: PersonDraft): PersonDocument {
  const document: Partial<Record<keyof PersonDocument, readonly Meta[]>> = {}
  for (const member of MEMBERS) if (draft[member].length > 0) document[member] = draft[member]
  return document as unknown as PersonDocument
}

/** An element in force since that day. */
export function since(day: number): Meta {
  const text = startOfDayText(day)
  return { ajourholdstidspunkt: text, erGjeldende: true, kilde: 'KILDE_DSF', gyldighetstidspunkt: text }
}

/** An element that was in force from one day to another. */
export function between(from: number, to: number): Meta {
  return { ...since(from), erGjeldende: false, opphoerstidspunkt: startOfDayText(to) }
}

export interface Person {
  readonly index: number
  readonly number: string
  readonly kind: 'birth_number' | 'd_number'
  readonly born: number
  readonly sex: 'kvinne' | 'mann'
  readonly givenName: string
  readonly familyName: string
  readonly address: Vegadresse
  /** Since when everything said of the person holds. */
  readonly registered: number
}

/** Somebody alive, at an address that is no secret, with no ties. */
export function plainPerson(person: Person): PersonDraft {
  const meta = since(person.registered)
  const isDNumber = person.kind === 'd_number'
  return {
    index: person.index,
    number: person.number,
    formerNumber: null,
    born: person.born,
    identifikasjonsnummer: [numberRow(person.number, meta)],
    status: [{ ...meta, status: isDNumber ? 'midlertidig' : 'bosatt' }],
    foedsel: [birthRow(person.born, meta)],
    kjoenn: [{ ...meta, kjoenn: person.sex }],
    navn: [{ ...meta, fornavn: person.givenName, etternavn: person.familyName }],
    bostedsadresse: isDNumber ? [] : [addressRow(person.address, meta)],
    deltBosted: [],
    adressebeskyttelse: [],
    doedsfall: [],
    familierelasjon: [],
    foreldreansvar: [],
    vergemaalEllerFremtidsfullmakt: [],
    rettsligHandleevne: [],
  }
}

export function numberRow(number: string, meta: Meta): Identifikasjonsnummer {
  const identifikatortype = number >= '4' ? 'dNummer' : 'foedselsnummer'
  const status = meta.erGjeldende === true ? 'iBruk' : 'opphoert'
  return { ...meta, status, foedselsEllerDNummer: number, identifikatortype }
}

export function birthRow(born: number, meta: Meta): Foedsel {
  const day = dayText(born)
  return { ...meta, foedselsdato: day, foedselsaar: day.slice(0, 4) }
}

export function addressRow(vegadresse: Vegadresse, meta: Meta, adressegradering = 'ugradert'): Adresse {
  return { ...meta, vegadresse, adressegradering }
}

/** Parental responsibility, as it stands both on the child and on the adult. */
export function giveResponsibility(child: PersonDraft, adult: PersonDraft, ansvar: string, meta: Meta): void {
  const row = { ...meta, ansvar, ansvarssubjekt: child.number, ansvarlig: adult.number }
  child.foreldreansvar.push(row)
  adult.foreldreansvar.push(row)
}

/** Kinship, on both. It gives no power of its own. */
export function makeParent(child: PersonDraft, adult: PersonDraft, role: 'mor' | 'far' | 'medmor', meta: Meta): void {
  const [up, down] = [child, adult].map(({ number }) => ({ ...meta, relatertPerson: number }))
  if (up === undefined || down === undefined) return
  child.familierelasjon.push({ ...down, relatertPersonsRolle: role, minRolleForPerson: 'barn' })
  adult.familierelasjon.push({ ...up, relatertPersonsRolle: 'barn', minRolleForPerson: role })
}

/** Replaces the number, which becomes historical. */
export function renumber(draft: PersonDraft, former: string, from: number, until: number): void {
  draft.formerNumber = former
  draft.identifikasjonsnummer = [numberRow(former, between(from, until)), numberRow(draft.number, since(until))]
}

export function setStatus(draft: PersonDraft, status: string, day: number): void {
  draft.status = [...draft.status.map((row) => ended(row, day)), { ...since(day), status }]
}

export function ended<Row extends Meta>(row: Row, day: number): Row {
  return { ...row, erGjeldende: false, opphoerstidspunkt: startOfDayText(day) }
}

export function dieOn(draft: PersonDraft, day: number): void {
  draft.doedsfall.push({ ...since(day), doedsdato: dayText(day) })
  setStatus(draft, 'doed', day)
}

/** Grades the address, and tells it on the document as a whole. */
export function protect(draft: PersonDraft, graderingsnivaa: string, day: number): void {
  draft.adressebeskyttelse.push({ ...since(day), graderingsnivaa })
  draft.bostedsadresse = draft.bostedsadresse.map((row) => ({ ...row, adressegradering: graderingsnivaa }))
}

/** The register's date, which need not be the one in the number. */
export function correctBirth(person: PersonDraft, born: number): void {
  const meta = person.foedsel[0] ?? since(born)
  person.born = born
  person.foedsel = [birthRow(born, meta)]
}
