import type { Day } from '../domain/calendar.js'
import { currentRows } from './current-rows.js'
import {
  type KnownTasks,
  type RegisteredGuardian,
  type RegisteredResponsibility,
  fullName,
  namesOthersOnly,
  readGuardians,
  readResponsibilities,
} from './person-relations.js'
import { type Warn, type WarningCounts, countWarnings } from './reading-warnings.js'
import { RegisterRecord } from './register-record.js'
import { residenceKey } from './residence-key.js'

/** One number of a person, as the register writes it. */
export interface RegisteredNumber {
  readonly value: string
  readonly type: 'fnr' | 'dnr'
  readonly current: boolean
}

/** From the mildest to the strictest. */
export const PROTECTIONS = ['none', 'client', 'confidential', 'strictly_confidential'] as const
export type Protection = (typeof PROTECTIONS)[number]

/** `ceased`: the number is void for good (`opphoert`). An inactive d-number is alive: it can be taken up again. */
export type PersonStatus = 'alive' | 'dead' | 'ceased' | 'missing'

/** What Folkeregisteret says of one person now. */
export interface RegisteredPerson {
  /** Exactly one is current. Earlier ones stand here when the register was asked for history. */
  readonly numbers: readonly RegisteredNumber[]
  readonly status: PersonStatus
  /** Null for one who has not been given a name yet. */
  readonly name: string | null
  readonly familyName: string | null
  /** Never from the number; null where the register knows the year alone. */
  readonly bornOn: Day | null
  /** Null too for a death on an unknown day. A death that was annulled leaves no trace here. */
  readonly diedOn: Day | null
  readonly protection: Protection
  /** Opaque keys of where the person lives (`residenceKey`): the registered residence first, then a shared one. */
  readonly residences: readonly string[]
  readonly responsibilities: readonly RegisteredResponsibility[]
  readonly responsibleFor: readonly string[]
  readonly guardians: readonly RegisteredGuardian[]
  /** `rettsligHandleevneomfang` as the register writes it; `unspecified` where it names no field. Not empty: something is lost. */
  readonly capacityLost: readonly string[]
}

export interface PersonReading {
  readonly person: RegisteredPerson
  readonly warnings: WarningCounts
}

export interface PersonReadingOptions {
  readonly guardianTasks: KnownTasks
  /** For `residenceKey`. Changing it means reading everyone anew. */
  readonly residenceSecret: string
}

/**
 * Reads one person document of Folkeregisteret (`folkeregisterperson`). What could give a power is read strictly, members
 * that we do not know are left alone, and what was left out is counted in the warnings.
 *
 * @throws RegisterFault `malformed` where no safe reading is left: no single current number, no current status or one
 * that we do not know, two different birth dates, a member of another type.
 */
export function readPersonDocument(value: unknown, options: PersonReadingOptions): PersonReading {
  const document = RegisterRecord.read('folkeregisteret', value, 'person')
  const { warn, counts } = countWarnings()
  const numbers = readNumbers(document, warn)
  const own = numbers.map((number) => number.value)
  const deaths = currentRows(document.records('doedsfall'), 'restricts', warn)
  const name = currentRows(document.records('navn'), 'names', warn)[0] ?? null
  const person: RegisteredPerson = {
    numbers,
    status: readStatus(document, deaths.length > 0, warn),
    name: fullName(name),
    familyName: name?.text('etternavn') ?? null,
    bornOn: onlyDay(document, 'foedsel', currentRows(document.records('foedsel'), 'names', warn), 'foedselsdato'),
    diedOn: onlyDay(document, 'doedsfall', deaths, 'doedsdato'),
    protection: readProtection(document, warn),
    residences: readResidences(document, options.residenceSecret, warn),
    ...readResponsibilities(document, own, warn),
    guardians: readGuardians(document, own, options.guardianTasks, warn),
    capacityLost: readCapacityLost(document, warn),
  }
  return { person, warnings: counts }
}

/**
 * What a document proves of itself by the numbers in it. `about_another`: the number that it was asked for is not in it.
 * `earlier_number`: it is, but some rows call the person by another, which must be one of earlier days.
 *
 * @throws RegisterFault `malformed`
 */
export function identityOf(value: unknown, asked: string): 'proved' | 'about_another' | 'earlier_number' {
  const document = RegisterRecord.read('folkeregisteret', value, 'person')
  const own = document.records('identifikasjonsnummer').map((row) => valueOf(row))
  if (!own.includes(asked)) return 'about_another'
  return namesOthersOnly(document, own) ? 'earlier_number' : 'proved'
}

function valueOf(row: RegisterRecord): string {
  return row.number('foedselsEllerDNummer') ?? row.refuse('foedselsEllerDNummer')
}

function readNumbers(document: RegisterRecord, warn: Warn): readonly RegisteredNumber[] {
  const rows = document.records('identifikasjonsnummer')
  const current = currentRows(rows, 'names', warn)
  const inUse = current.length > 1 ? current.filter((row) => row.text('status') === 'iBruk') : current
  const [theOne, ...others] = new Set(inUse.map(valueOf))
  if (theOne === undefined || others.length > 0) return document.refuse('identifikasjonsnummer')
  const numbers = new Map(
    rows.map((row) => [valueOf(row), { value: valueOf(row), type: typeOf(row), current: valueOf(row) === theOne }]),
  )
  return [...numbers.values()]
}

function typeOf(row: RegisterRecord): 'fnr' | 'dnr' {
  const type = row.text('identifikatortype')
  if (type === 'foedselsnummer') return 'fnr'
  return type === 'dNummer' ? 'dnr' : row.refuse('identifikatortype')
}

const STATUSES: ReadonlyMap<string | null, PersonStatus> = new Map([
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
])

/** A status that we do not know is not taken for one that ends everything, nor for one that allows it. */
function readStatus(document: RegisterRecord, hasDeath: boolean, warn: Warn): PersonStatus {
  const rows = currentRows(document.records('status'), 'restricts', warn)
  if (rows.length === 0) return document.refuse('status')
  const found = rows.map((row) => STATUSES.get(row.text('status')) ?? row.refuse('status'))
  if (hasDeath) return 'dead'
  return (['dead', 'ceased', 'missing'] as const).find((status) => found.includes(status)) ?? 'alive'
}

function onlyDay(
  document: RegisterRecord,
  entity: string,
  rows: readonly RegisterRecord[],
  member: string,
): Day | null {
  const days = new Set(rows.map((row) => row.day(member)).filter((day) => day !== null))
  return days.size > 1 ? document.refuse(entity) : ([...days][0] ?? null)
}

const GRADES: ReadonlyMap<string, Protection> = new Map([
  ['ugradert', 'none'],
  ['klientadresse', 'client'],
  ['fortrolig', 'confidential'],
  ['strengtfortrolig', 'strictly_confidential'],
])

/** The strictest of what `adressebeskyttelse` and the addresses themselves say. Case and underscores vary between them. */
function readProtection(document: RegisterRecord, warn: Warn): Protection {
  const declared = currentRows(document.records('adressebeskyttelse'), 'restricts', warn)
  const addresses = ['bostedsadresse', 'deltBosted'].flatMap((name) => document.records(name))
  const grades = [
    ...declared.map((row) => row.text('graderingsnivaa') ?? row.refuse('graderingsnivaa')),
    ...addresses.filter((row) => row.flag('erGjeldende') !== false).map((row) => row.text('adressegradering')),
  ]
  const ranks = grades.filter((grade) => grade !== null).map((grade) => PROTECTIONS.indexOf(protectionOf(grade, warn)))
  return PROTECTIONS[Math.max(0, ...ranks)] ?? 'strictly_confidential'
}

function protectionOf(grade: string, warn: Warn): Protection {
  const known = GRADES.get(grade.toLowerCase().replaceAll('_', ''))
  if (known === undefined) warn('unknown_protection')
  return known ?? 'strictly_confidential'
}

function readResidences(document: RegisterRecord, secret: string, warn: Warn): readonly string[] {
  const keys = ['bostedsadresse', 'deltBosted']
    .flatMap((name) => currentRows(document.records(name), 'grants', warn))
    .map((row) => residenceKey(row, secret))
  return [...new Set(keys.filter((key) => key !== null))]
}

/** The entity is `RettsligHandleevne` when it is asked for and `rettsligHandleevne` in the schema: both are read. */
function readCapacityLost(document: RegisterRecord, warn: Warn): readonly string[] {
  const rows = [...document.records('rettsligHandleevne'), ...document.records('RettsligHandleevne')]
  const fields = currentRows(rows, 'restricts', warn).map((row) => row.text('rettsligHandleevneomfang'))
  return [...new Set(fields.map((field) => field ?? 'unspecified'))]
}
