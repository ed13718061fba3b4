import { v7 as timeOrderedId } from 'uuid'
import type { Day } from '../domain/calendar.js'
import type { Identifier } from '../domain/identifier.js'
import type { CapacityField } from '../domain/party.js'

/** What one document of a register says of one party now, as far as we keep it. */
export interface StagedParty {
  /** Exactly one is current. */
  readonly identifiers: readonly (Identifier & { readonly current: boolean })[]
  readonly name: string
  readonly familyName: string | null
  readonly bornOn: Day | null
  readonly diedOn: Day | null
  /** Also one of whose death no day is known. */
  readonly dead: boolean
  readonly ceased: boolean
  readonly protectedAddress: boolean
  readonly capacityLost: readonly CapacityField[]
  readonly residences: readonly string[]
  /** Who acts for this party. */
  readonly relations: readonly StagedRelation[]
}

export interface StagedRelation {
  readonly basis: 'parent' | 'guardian' | 'lasting_power' | 'organisation_role'
  /** The register's own code. */
  readonly says: string
  /** Sorted, each once. */
  readonly tasks: readonly string[]
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  /** Someone with a number, or a name of ours for one without, the same each time. */
  readonly holder: Identifier | { readonly reference: string }
}

/** Rows in PostgreSQL's text format for COPY, one text for each staging table. */
export interface StagedText {
  readonly parties: string
  readonly identifiers: string
  readonly relations: string
}

/**
 * The rows of these parties. `firstDocument` numbers them on from the parties before: a later document about the same
 * person replaces an earlier one.
 *
 * @throws Error for a text that has no place in a row, a NUL or a code with other letters than codes have.
 */
export function stagedText(parties: readonly StagedParty[], firstDocument: number): StagedText {
  let [partyRows, identifierRows, relationRows] = ['', '', '']
  parties.forEach((party, place) => {
    const document = firstDocument + place
    partyRows += partyRow(party, document)
    for (const { scheme, value, current } of party.identifiers)
      identifierRows += row(document, scheme, value, current ? 't' : 'f')
    for (const relation of party.relations) relationRows += relationRow(relation, document)
  })
  return { parties: partyRows, identifiers: identifierRows, relations: relationRows }
}

function partyRow(party: StagedParty, document: number): string {
  const flags = [party.dead, party.ceased, party.protectedAddress].map((flag) => (flag ? 't' : 'f'))
  return row(
    ...[document, timeOrderedId(), party.name, party.familyName, party.bornOn, party.diedOn],
    ...flags,
    ...[party.capacityLost, party.residences].map(list),
  )
}

function relationRow({ basis, says, tasks, validFrom, validUntil, holder }: StagedRelation, document: number): string {
  const known = 'value' in holder
  return row(
    ...[document, timeOrderedId(), basis, says, list(tasks), range(validFrom, validUntil)],
    ...(known ? [holder.scheme, holder.value, null] : [null, null, holder.reference]),
  )
}

function row(...columns: readonly (string | number | null)[]): string {
  return `${columns.map(column).join('\t')}\n`
}

function column(value: string | number | null): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  if (value.includes('\0')) throw new Error('a NUL has no place in a row')
  return NEEDS_ESCAPE.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] ?? letter) : value
}

const NEEDS_ESCAPE = /[\\\t\n\r]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function list(values: readonly string[]): string {
  if (!values.every((value) => /^[\w/-]+$/.test(value))) throw new Error('not a list of codes or keys')
  return `{${values.map((value) => `"${value}"`).join(',')}}`
}

function range(from: Date | null, until: Date | null): string {
  return `${from === null ? '(' : `[${from.toISOString()}`},${until === null ? '' : until.toISOString()})`
}
