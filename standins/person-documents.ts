/**
 * The person document of Folkeregisteret, as far as this project reads it: shapes and words of the register's own
 * (XSD Persondokument v1, enumerations of 2026). Values of enumerations are plain strings here, since a register may say
 * a word that nobody has heard before, and the synthetic country does so on purpose.
 */

/** What every element of a document can carry. Instants are ISO 8601 with the offset of Oslo. */
export interface Meta {
  readonly ajourholdstidspunkt?: string
  readonly erGjeldende?: boolean
  readonly kilde?: string
  readonly aarsak?: string
  readonly gyldighetstidspunkt?: string
  readonly opphoerstidspunkt?: string
}

export interface Identifikasjonsnummer extends Meta {
  readonly status: string
  readonly foedselsEllerDNummer: string
  readonly identifikatortype: string
}

export interface Status extends Meta {
  readonly status: string
}

export interface Foedsel extends Meta {
  readonly foedselsdato?: string
  readonly foedselsaar: string
}

export interface Kjoenn extends Meta {
  readonly kjoenn: string
}

export interface Navn extends Meta {
  readonly fornavn: string
  readonly mellomnavn?: string
  readonly etternavn: string
}

export interface Vegadresse {
  readonly kommunenummer: string
  readonly bruksenhetsnummer: string
  readonly adressenavn: string
  readonly adressekode: string
  readonly adressenummer: { readonly husnummer: string }
  readonly poststed: { readonly poststedsnavn: string; readonly postnummer: string }
}

/** `bostedsadresse` and `deltBosted` alike. */
export interface Adresse extends Meta {
  readonly vegadresse?: Vegadresse
  readonly ukjentBosted?: { readonly bostedskommune?: string }
  readonly adressegradering: string
  readonly flyttedato?: string
}

export interface Adressebeskyttelse extends Meta {
  readonly graderingsnivaa: string
}

export interface Doedsfall extends Meta {
  readonly doedsdato?: string
}

export interface Familierelasjon extends Meta {
  readonly relatertPerson: string
  readonly relatertPersonsRolle: string
  readonly minRolleForPerson: string
}

/** A person without a number, as a relation names one. */
export interface BiPerson {
  readonly navn: { readonly fornavn: string; readonly mellomnavn?: string; readonly etternavn: string }
  readonly foedselsdato?: string
  readonly statsborgerskap?: string
  readonly kjoenn?: string
}

export interface Foreldreansvar extends Meta {
  readonly ansvar: string
  /** The child. */
  readonly ansvarssubjekt?: string
  /** The adult. */
  readonly ansvarlig?: string
  readonly ansvarligOrganisasjon?: string
  readonly ansvarligUtenIdentifikator?: BiPerson
}

export interface Tjenesteomraade {
  readonly vergeTjenestevirksomhet: string
  readonly vergeTjenesteoppgave: string
}

export interface Verge {
  readonly foedselsEllerDNummer?: string
  readonly navnFoedselsdato?: {
    readonly personnavn: { readonly fornavn: string; readonly etternavn: string }
    readonly foedselsdato?: string
    readonly statsborgerskap?: readonly string[]
  }
  readonly tjenesteomraade?: readonly Tjenesteomraade[]
  readonly omfang?: string
  readonly omfangetErInnenPersonligOmraade?: boolean
}

export interface Vergemaal extends Meta {
  readonly vergemaaltype?: string
  readonly embete?: string
  readonly verge: Verge
}

export interface RettsligHandleevne extends Meta {
  readonly rettsligHandleevneomfang?: string
}

export interface PersonDocument {
  readonly identifikasjonsnummer: readonly Identifikasjonsnummer[]
  readonly status?: readonly Status[]
  readonly foedsel?: readonly Foedsel[]
  readonly kjoenn?: readonly Kjoenn[]
  readonly navn?: readonly Navn[]
  readonly bostedsadresse?: readonly Adresse[]
  readonly deltBosted?: readonly Adresse[]
  readonly adressebeskyttelse?: readonly Adressebeskyttelse[]
  readonly doedsfall?: readonly Doedsfall[]
  readonly familierelasjon?: readonly Familierelasjon[]
  readonly foreldreansvar?: readonly Foreldreansvar[]
  readonly vergemaalEllerFremtidsfullmakt?: readonly Vergemaal[]
  readonly rettsligHandleevne?: readonly RettsligHandleevne[]
}

/** The parts of a document that `part=` can ask for, and what each of them holds. */
const PARTS: Readonly<Record<string, readonly (keyof PersonDocument)[]>> = {
  'person-basis': [
    'status',
    'foedsel',
    'kjoenn',
    'navn',
    'bostedsadresse',
    'deltBosted',
    'adressebeskyttelse',
    'doedsfall',
  ],
  'relasjon-utvidet': ['familierelasjon', 'foreldreansvar', 'vergemaalEllerFremtidsfullmakt'],
  'identitetsgrunnlag-utvidet': [],
  historikk: [],
  RettsligHandleevne: ['rettsligHandleevne'],
}
const SINGLE: readonly (keyof PersonDocument)[] = [
  ...([
    'status',
    'foedsel',
    'kjoenn',
    'navn',
    'bostedsadresse',
    'deltBosted',
    'adressebeskyttelse',
    'doedsfall',
  ] as const),
  ...(['familierelasjon', 'foreldreansvar', 'vergemaalEllerFremtidsfullmakt'] as const),
]

/**
 * The document as someone gets it who asked for these parts: what has ended only with `historikk`, and numbers always.
 * Without parts it is `person-basis`.
 *
 * @returns null where a part has no such name.
 */
export function partsOf(document: PersonDocument, parts: readonly string[]): PersonDocument | null {
  const asked = parts.length === 0 ? ['person-basis'] : parts
  const members = new Set<keyof PersonDocument>(['identifikasjonsnummer'])
  for (const part of asked) {
    const single = SINGLE.find((member) => member === part)
    const group = single === undefined ? PARTS[part] : [single]
    if (group === undefined) return null
    for (const member of group) members.add(member)
  }
  const history = asked.includes('historikk')
  const entries = Object.entries(document) as [keyof PersonDocument, readonly Meta[]][]
  return Object.fromEntries(
    entries
      .filter(([member]) => members.has(member))
      .map(([member, rows]) => [member, history ? rows : rows.filter((row) => row.erGjeldende !== false)]),
  ) as unknown as PersonDocument
}

/** The number in force; the last one where the register has ended them all. */
export function currentNumber(document: PersonDocument): string {
  const numbers = document.identifikasjonsnummer
  return (numbers.find(({ erGjeldende }) => erGjeldende === true) ?? numbers.at(-1))?.foedselsEllerDNummer ?? ''
}

/** All numbers that the person has or had. */
export function allNumbers(document: PersonDocument): readonly string[] {
  return document.identifikasjonsnummer.map(({ foedselsEllerDNummer }) => foedselsEllerDNummer)
}
