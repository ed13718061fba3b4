import type { Day } from '../domain/calendar.js'
import { GUARDIANSHIPS, RESPONSIBILITIES, type Guardianship, type Responsibility } from '../domain/ground.js'
import { currentRows } from './current-rows.js'
import type { Warn } from './reading-warnings.js'
import type { RegisterRecord } from './register-record.js'

/** Whom the register names as the one who may act. Only one with a number can ever be met at a login. */
export type RegisteredHolder =
  | { readonly by: 'number'; readonly value: string }
  | { readonly by: 'name'; readonly name: string; readonly bornOn: Day | null }
  | { readonly by: 'organisation'; readonly orgnr: string | null }
  | { readonly by: 'unknown' }

/** Start inclusive, end exclusive; null where the register sets none. */
interface Period {
  readonly from: Date | null
  readonly until: Date | null
}

/** Parental responsibility for the person, who is the child here. `ukjent` gives nothing and is never filled by guessing. */
export interface RegisteredResponsibility extends Period {
  readonly kind: Responsibility
  readonly holder: RegisteredHolder
}

export type GuardianKind = Guardianship | 'stadfestetFremtidsfullmakt' | 'unknown'

/** One guardian, or the holder of a confirmed lasting power, for one kind and one period. */
export interface RegisteredGuardian extends Period {
  readonly kind: GuardianKind
  readonly holder: RegisteredHolder
  /** The Statsforvalter, e.g. `statsforvalterenITroendelag`. */
  readonly office: string | null
  /** `vergeTjenestevirksomhet/vergeTjenesteoppgave`, each once, only such as are known and given out; may be empty. */
  readonly tasks: readonly string[]
}

/** The tasks of guardians that the catalogue knows, as it writes them: `nav/pensjon`. */
export type KnownTasks = ReadonlyMap<string, { readonly expired: boolean }>

export interface ReadResponsibilities {
  readonly responsibilities: readonly RegisteredResponsibility[]
  /** Numbers of those whom the person has responsibility for, by the adult's own document, children of age among them. */
  readonly responsibleFor: readonly string[]
}

/** Whether a row of `foreldreansvar` names people, and the person by none of these numbers: perhaps by an earlier one. */
export function namesOthersOnly(document: RegisterRecord, own: readonly string[]): boolean {
  return document.records('foreldreansvar').some((row) => {
    const named = [row.number('ansvarssubjekt'), row.number('ansvarlig')].filter((number) => number !== null)
    return named.length > 0 && !named.some((number) => own.includes(number))
  })
}

/**
 * `foreldreansvar`: the same rows stand on the child's document and on the adult's. What counts is what stands on the
 * child's; the adult's only says whose documents to read.
 */
export function readResponsibilities(
  document: RegisterRecord,
  own: readonly string[],
  warn: Warn,
): ReadResponsibilities {
  const responsibilities: RegisteredResponsibility[] = []
  const responsibleFor = new Set<string>()
  for (const row of currentRows(document.records('foreldreansvar'), 'grants', warn)) {
    const child = row.number('ansvarssubjekt')
    const adult = row.number('ansvarlig')
    const isChild = child !== null && own.includes(child)
    const isAdult = adult !== null && own.includes(adult)
    if (isChild === isAdult) {
      warn('row_about_another')
    } else if (isChild) {
      const period = periodOf(row, warn)
      if (period === null) continue
      const kind = knownKind(row.text('ansvar'), RESPONSIBILITIES, 'ukjent', warn)
      const holder = responsibleHolder(row, adult)
      if (holder.by !== 'number') warn('responsible_without_number')
      responsibilities.push({ kind, holder, ...period })
    } else if (child !== null) {
      responsibleFor.add(child)
    }
  }
  return { responsibilities: joined(responsibilities), responsibleFor: [...responsibleFor] }
}

function responsibleHolder(row: RegisterRecord, adult: string | null): RegisteredHolder {
  if (adult !== null) return { by: 'number', value: adult }
  const unnumbered = row.record('ansvarligUtenIdentifikator')
  const name = fullName(unnumbered?.record('navn') ?? null)
  if (name !== null) return { by: 'name', name, bornOn: unnumbered?.day('foedselsdato') ?? null }
  const orgnr = row.orgnr('ansvarligOrganisasjon')
  return orgnr === null ? { by: 'unknown' } : { by: 'organisation', orgnr }
}

/**
 * `vergemaalEllerFremtidsfullmakt` on the ward's document. A guardian stands there once for each decision about him, with
 * tasks repeated: rows of one guardian, kind and period become one with the set of their tasks. Rows of different periods
 * stay apart, since one joined row would give a task for longer than its own row does. A row without tasks gives nothing;
 * `omfang` has carried no data since November 2023 and is not read.
 */
export function readGuardians(
  document: RegisterRecord,
  own: readonly string[],
  known: KnownTasks,
  warn: Warn,
): readonly RegisteredGuardian[] {
  const merged = new Map<string, RegisteredGuardian>()
  for (const row of currentRows(document.records('vergemaalEllerFremtidsfullmakt'), 'grants', warn)) {
    const guardian = readGuardian(row, known, warn)
    if (guardian === null) continue
    if (guardian.holder.by === 'number' && own.includes(guardian.holder.value)) {
      warn('row_about_another')
      continue
    }
    const key = JSON.stringify({ ...guardian, tasks: null })
    const tasks = new Set([...(merged.get(key)?.tasks ?? []), ...guardian.tasks])
    merged.set(key, { ...guardian, tasks: [...tasks] })
  }
  const guardians = [...merged.values()]
  guardians.filter(({ holder }) => holder.by !== 'number').forEach(() => warn('guardian_without_number'))
  return guardians
}

const GUARDIAN_KINDS = [...GUARDIANSHIPS, 'stadfestetFremtidsfullmakt'] as const

function readGuardian(row: RegisterRecord, known: KnownTasks, warn: Warn): RegisteredGuardian | null {
  const period = periodOf(row, warn)
  if (period === null) return null
  const kind = knownKind<GuardianKind>(row.text('vergemaaltype'), GUARDIAN_KINDS, 'unknown', warn)
  const verge = row.record('verge')
  const tasks = kind === 'unknown' ? [] : readTasks(verge?.records('tjenesteomraade') ?? [], known, warn)
  return { kind, holder: guardianHolder(verge), office: row.text('embete'), tasks, ...period }
}

function guardianHolder(verge: RegisterRecord | null): RegisteredHolder {
  const value = verge?.number('foedselsEllerDNummer') ?? null
  if (value !== null) return { by: 'number', value }
  const unnumbered = verge?.record('navnFoedselsdato') ?? null
  const name = fullName(unnumbered?.record('personnavn') ?? verge?.record('navn') ?? null)
  return name === null ? { by: 'unknown' } : { by: 'name', name, bornOn: unnumbered?.day('foedselsdato') ?? null }
}

function readTasks(pairs: readonly RegisterRecord[], known: KnownTasks, warn: Warn): readonly string[] {
  const tasks = new Set<string>()
  for (const pair of pairs) {
    const task = `${pair.text('vergeTjenestevirksomhet') ?? ''}/${pair.text('vergeTjenesteoppgave') ?? ''}`
    const found = known.get(task)
    if (found === undefined) warn('unknown_task_pair')
    else if (found.expired) warn('expired_task_pair')
    else tasks.add(task)
  }
  return [...tasks]
}

function knownKind<T extends string>(code: string | null, known: readonly T[], otherwise: T, warn: Warn): T {
  const found = known.find((kind) => kind === code)
  if (found === undefined) warn('unknown_kind')
  return found ?? otherwise
}

/** Null for a period that holds no instant. */
function periodOf(row: RegisterRecord, warn: Warn): Period | null {
  const period = { from: row.instant('gyldighetstidspunkt'), until: row.instant('opphoerstidspunkt') }
  if (period.from === null || period.until === null || period.from < period.until) return period
  warn('empty_period')
  return null
}

/** The name in the order it is spoken; null where there is none, as for the newborn. */
export function fullName(name: RegisterRecord | null): string | null {
  const parts = [name?.text('fornavn'), name?.text('mellomnavn'), name?.text('etternavn')]
  return parts.filter((part) => part).join(' ') || null
}

/** Rows that say the same of the same holder become one where their periods meet; a gap between them stays a gap. */
function joined(rows: readonly RegisteredResponsibility[]): readonly RegisteredResponsibility[] {
  const result: RegisteredResponsibility[] = []
  for (const row of [...rows].sort((one, other) => startOf(one) - startOf(other))) {
    const at = result.findIndex((seen) => isSame(seen, row) && endOf(seen) >= startOf(row))
    const seen = result[at]
    if (seen === undefined) result.push(row)
    else if (endOf(row) > endOf(seen)) result[at] = { ...seen, until: row.until }
  }
  return result
}

function isSame(one: RegisteredResponsibility, other: RegisteredResponsibility): boolean {
  return one.kind === other.kind && JSON.stringify(one.holder) === JSON.stringify(other.holder)
}

function startOf({ from }: Period): number {
  return from?.getTime() ?? Number.NEGATIVE_INFINITY
}

function endOf({ until }: Period): number {
  return until?.getTime() ?? Number.POSITIVE_INFINITY
}
