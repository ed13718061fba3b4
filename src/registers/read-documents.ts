import type { Identifier } from '../domain/identifier.js'
import type { StagedParty } from '../store/staged-rows.js'
import { type PersonReadingOptions, type RegisteredPerson, readPersonDocument } from './person-document.js'
import type { ReadingWarning } from './reading-warnings.js'
import { RegisterFault } from './register-fault.js'
import { type StagingOptions, personNumber, stagedPerson } from './staged-person.js'

export interface DocumentOptions extends StagingOptions, Pick<PersonReadingOptions, 'guardianTasks'> {}

/** One person's document, read: what we keep of it, or why it cannot be taken in. */
export type ReadDocument =
  | { readonly person: RegisteredPerson; readonly staged: StagedParty; readonly warnings: readonly ReadingWarning[] }
  | { readonly refused: string }

/**
 * Reads a document and never throws: one person whose document makes no sense must not stand in the way of all others.
 */
export function readDocument(document: unknown, options: DocumentOptions): ReadDocument {
  try {
    const { guardianTasks, secret } = options
    const { person, warnings } = readPersonDocument(document, { guardianTasks, residenceSecret: secret })
    const staged = stagedPerson(person, options)
    if (staged === null) return { refused: 'number_of_other_series' }
    if ([staged.name, staged.familyName].some((name) => name?.includes('\0') === true)) return { refused: 'malformed' }
    return { person, staged, warnings: Object.keys(warnings) as ReadingWarning[] }
  } catch (error) {
    // Anything else is half a letter (a lone surrogate) in a text that was to be hashed: malformed too.
    return { refused: error instanceof RegisterFault ? error.code : 'malformed' }
  }
}

/** Everyone whom the document names beside the person himself. */
export function mentionedIn(person: RegisteredPerson, { series }: StagingOptions): readonly Identifier[] {
  const holders = [...person.responsibilities, ...person.guardians].flatMap(({ holder }) =>
    holder.by === 'number' ? [holder.value] : [],
  )
  const numbers = new Set([...holders, ...person.responsibleFor])
  return [...numbers].map((value) => personNumber(value, series)).filter((number) => number !== null)
}

/** The numbers in use that a document names as the person's own, however little else can be read of it. */
export function numbersNamed(document: unknown, { series }: StagingOptions): readonly Identifier[] {
  const rows = memberOf(document, 'identifikasjonsnummer')
  const values = (Array.isArray(rows) ? (rows as unknown[]) : [])
    .filter((row) => memberOf(row, 'erGjeldende') !== false)
    .map((row) => memberOf(row, 'foedselsEllerDNummer'))
  return [...new Set(values)]
    .map((value) => (typeof value === 'string' ? personNumber(value, series) : null))
    .filter((number) => number !== null)
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
