/** A country in which things happen: the documents as they are now, and the events that tell of each change. */

import type { Country } from './country.js'
import { dayNumber, dayText, startOfDayText } from './country-days.js'
import { EventLog, type EventKind } from './country-events.js'
import { guardianRow, officeOf } from './country-guardianship.js'
import { numberAt, placeOf, SPARE_RANK } from './country-numbers.js'
import { between, ended, numberRow, since } from './person-documents-draft.js'
import {
  allNumbers,
  currentNumber,
  type Foreldreansvar,
  type Meta,
  type PersonDocument,
  type Tjenesteomraade,
  type Vergemaal,
} from './person-documents.js'

export interface ChangeOptions {
  /** The number of the first event; 1 where absent. */
  readonly firstSequence?: number
  readonly now?: () => Date
}

export interface NewGuardian {
  readonly guardian: number
  readonly tasks: readonly Tjenesteomraade[]
  /** `YYYY-MM-DD`; the country's day where absent. */
  readonly from?: string
  /** `voksen` where absent. */
  readonly kind?: string
}

/** Who is responsible for a child, and in what word of the register. No holder is a responsibility without one. */
export interface NewResponsibility {
  readonly kind: string
  readonly holder?: number
}

/** Persons are named by their index in the country, days are `YYYY-MM-DD`. */
export class CountryChanges {
  /** What has happened, in order. */
  readonly events: EventLog
  readonly #documents = new Map<number, PersonDocument>()
  readonly #numbers = new Map<string, number>()

  constructor(
    readonly country: Country,
    { firstSequence = 1, now = () => new Date() }: ChangeOptions = {},
  ) {
    this.events = new EventLog(firstSequence, now)
  }

  /** The document as it is now. */
  documentAt(index: number): PersonDocument {
    return this.#documents.get(index) ?? this.country.personAt(index)
  }

  /** Who has the number, or had it. */
  indexOf(number: string): number | undefined {
    return this.#numbers.get(number) ?? this.country.indexOf(number)
  }

  numberOf(index: number): string {
    return currentNumber(this.documentAt(index))
  }

  /** The person dies; the register sets both the death and the status. */
  die(index: number, day: string): void {
    const at = dayNumber(day)
    const document = this.documentAt(index)
    const doedsfall = [...(document.doedsfall ?? []), { ...since(at), doedsdato: day }]
    this.#write(index, {
      ...document,
      doedsfall,
      status: followed(document.status, { ...since(at), status: 'doed' }, at),
    })
    this.#tell(index, 'endringIDoedsfall', 'endringIStatus')
  }

  /** The death turns out to be a mistake: it is no longer in force, and the person lives where and as before. */
  annulDeath(index: number): void {
    const document = this.documentAt(index)
    const { today } = this.country
    const doedsfall = (document.doedsfall ?? []).map((row) => ended(row, today))
    this.#write(index, {
      ...document,
      doedsfall,
      status: followed(document.status, { ...since(today), status: 'bosatt' }, today),
    })
    this.#tell(index, 'endringIDoedsfall', 'endringIStatus', 'personErReaktivert')
  }

  /** The person gets another number; the old one leads to the same person. Others' documents go on naming the old one. */
  changeNumber(index: number): string {
    const document = this.documentAt(index)
    const number = this.#freeNumber(currentNumber(document))
    const { today } = this.country
    const old = document.identifikasjonsnummer.map((row) =>
      row.erGjeldende === true ? numberRow(row.foedselsEllerDNummer, between(today - 3000, today)) : row,
    )
    this.#write(index, { ...document, identifikasjonsnummer: [...old, numberRow(number, since(today))] })
    this.#tell(index, 'endringIIdentifikasjonsnummer')
    return number
  }

  /** Puts the ward under one more guardian. The guardian's own document does not tell of it, and no event concerns it. */
  setGuardian(ward: number, { guardian, tasks, from, kind }: NewGuardian): void {
    const meta = since(from === undefined ? this.country.today : dayNumber(from))
    const row = guardianRow(
      { guardian: this.numberOf(guardian), tasks, meta, ...(kind === undefined ? {} : { kind }) },
      officeOf(ward),
    )
    this.#changeGuardians(ward, (rows) => [...rows, row])
  }

  /** Ends every element that names this guardian, under any number; all guardians where none is named. */
  endGuardian(ward: number, guardian?: number, day = dayText(this.country.today)): void {
    const numbers = guardian === undefined ? null : allNumbers(this.documentAt(guardian))
    const concerns = ({ verge: { foedselsEllerDNummer: number = '' } }: Vergemaal) =>
      numbers === null || numbers.includes(number)
    this.#changeGuardians(ward, (rows) => rows.map((row) => (concerns(row) ? ended(row, dayNumber(day)) : row)))
  }

  /**
   * Replaces who is responsible for the child: what was in force ends, on the child and on the adults, and every person
   * whose document changes gets an event of its own, the child first. No responsibilities leave the child without any.
   */
  setResponsibility(
    child: number,
    responsibilities: readonly NewResponsibility[],
    day = dayText(this.country.today),
  ): void {
    const at = dayNumber(day)
    const numbers = allNumbers(this.documentAt(child))
    const endIt = (row: Foreldreansvar) =>
      numbers.includes(row.ansvarssubjekt ?? '') && row.erGjeldende === true ? ended(row, at) : row
    const rows = responsibilities.map(({ kind, holder }) => ({
      holder,
      row: {
        ...since(at),
        ansvar: kind,
        ansvarssubjekt: this.numberOf(child),
        ...(holder === undefined ? {} : { ansvarlig: this.numberOf(holder) }),
      },
    }))
    for (const index of [
      child,
      ...this.#adultsOf(
        child,
        rows.map(({ holder }) => holder),
      ),
    ]) {
      const document = this.documentAt(index)
      const added = rows.filter(({ holder }) => index === child || holder === index).map(({ row }) => row)
      this.#write(index, { ...document, foreldreansvar: [...(document.foreldreansvar ?? []).map(endIt), ...added] })
      this.#tell(index, 'endringIForeldreansvar')
    }
  }

  /** Grades the person's address: `fortrolig`, `strengtFortrolig`, `klientadresse`, or `ugradert` to end it. */
  protect(index: number, grade: string): void {
    const document = this.documentAt(index)
    const { today } = this.country
    const adressebeskyttelse = followed(document.adressebeskyttelse, { ...since(today), graderingsnivaa: grade }, today)
    const bostedsadresse = (document.bostedsadresse ?? []).map((row) => ({ ...row, adressegradering: grade }))
    this.#write(index, { ...document, adressebeskyttelse, bostedsadresse })
    this.#tell(index, 'endringIAdressebeskyttelse')
  }

  /** The register loses the person: `opphoert`, `forsvunnet`, `inaktiv` or any other word. */
  setStatus(index: number, status: string): void {
    const document = this.documentAt(index)
    const { today } = this.country
    this.#write(index, { ...document, status: followed(document.status, { ...since(today), status }, today) })
    this.#tell(index, 'endringIStatus', ...(status === 'opphoert' ? (['personErOpphoert'] as const) : []))
  }

  /** Sets a document as a test has written it, and tells of it. */
  replace(index: number, document: PersonDocument, kind: EventKind = 'personErOppdatert'): void {
    this.#write(index, document)
    this.#tell(index, kind)
  }

  /** Tells that people have changed without changing them, as `personErOppdatert` does; for bursts. */
  touch(from: number, to: number, kind: EventKind = 'personErOppdatert'): void {
    for (let index = from; index < to; index += 1) this.#tell(index, kind)
  }

  /** Everyone's document as it is now. */
  *people(): Generator<PersonDocument> {
    let index = 0
    for (const document of this.country.people()) {
      yield this.#documents.get(index) ?? document
      index += 1
    }
  }

  #changeGuardians(ward: number, change: (rows: readonly Vergemaal[]) => readonly Vergemaal[]): void {
    const document = this.documentAt(ward)
    this.#write(ward, {
      ...document,
      vergemaalEllerFremtidsfullmakt: change(document.vergemaalEllerFremtidsfullmakt ?? []),
    })
    this.#tell(ward, 'endringIVergemaal')
  }

  /** Adults whose documents tell of the child, and the new ones, each once. */
  #adultsOf(child: number, holders: readonly (number | undefined)[]): ReadonlySet<number> {
    const numbers = (this.documentAt(child).foreldreansvar ?? []).map(({ ansvarlig }) => ansvarlig)
    const known = numbers.map((number) => (number === undefined ? undefined : this.indexOf(number)))
    return new Set([...known, ...holders].filter((index) => index !== undefined && index !== child) as number[])
  }

  #freeNumber(current: string): string {
    const place = placeOf(current, this.country.today)
    if (place === null) throw new RangeError('the person has no synthetic number')
    for (let rank = SPARE_RANK + 40; ; rank += 1) {
      const number = numberAt({ day: place.day, rank }, 'birth_number')
      if (this.indexOf(number) === undefined) return number
    }
  }

  #write(index: number, document: PersonDocument): void {
    this.#documents.set(index, document)
    for (const number of allNumbers(document)) this.#numbers.set(number, index)
  }

  #tell(index: number, ...kinds: readonly EventKind[]): void {
    this.events.add(this.numberOf(index), kinds)
  }
}

/** What was in force ends, and one element follows. */
function followed<Row extends Meta>(rows: readonly Row[] | undefined, next: Row, day: number): readonly Row[] {
  const opphoerstidspunkt = startOfDayText(day)
  return [
    ...(rows ?? []).map((row) => (row.erGjeldende === true ? { ...row, erGjeldende: false, opphoerstidspunkt } : row)),
    next,
  ]
}
