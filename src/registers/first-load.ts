import { gatherStatistics, stripEmptyTables } from '../store/bare-tables.js'
import type { BulkConnection } from '../store/bulk-connection.js'
import { ensureRegister, lockRegister, moveCursor } from '../store/register-progress.js'
import { type Merged, mergeStaged, resolveStaged } from '../store/register-merge.js'
import { type StagedRefusal, beginStaging } from '../store/register-staging.js'
import type { StagedParty } from '../store/staged-rows.js'
import { documentLines } from './document-lines.js'
import { POPULATION_REGISTER as SOURCE } from './fetch-persons.js'
import { type DocumentOptions, numbersNamed, readDocument } from './read-documents.js'
import type { OnDeaths } from './take-in.js'

export interface LoadOptions extends DocumentOptions {
  /** Person documents as Folkeregisteret writes them, one to a line. */
  readonly file: string
  /**
   * The number of the register's newest event when the file was made; following goes on after it. Null where nobody knows:
   * then the first thing that following does is to compare everyone.
   */
  readonly sequence: number | null
  readonly onDeaths: OnDeaths
}

export interface Loaded extends Merged {
  readonly documents: number
  /** Lines in which no person could be read, by code: nobody knows whom they are about. */
  readonly unreadable: Readonly<Record<string, number>>
}

/**
 * Takes in a file of everyone's documents in one transaction: broken off at any point it has changed nothing. Into empty
 * tables it is a first load; later it changes what differs, and those who are not in the file stay as they are.
 *
 * @param connection with the owner's role, which alone may take indexes off and put them back.
 * @throws Error when someone else is taking in what this register says.
 */
export async function loadPersons(connection: BulkConnection, options: LoadOptions): Promise<Loaded> {
  if (!(await lockRegister(connection, SOURCE))) throw new Error('another program is taking in this register just now')
  return connection.transaction(async (tx) => {
    await ensureRegister(tx, SOURCE)
    const putBack = await stripEmptyTables(tx)
    const staging = await beginStaging(tx)
    const unreadable: Record<string, number> = {}
    let documents = 0
    for await (const lines of documentLines(options.file)) {
      const read = readLines(lines, options)
      for (const code of read.unreadable) unreadable[code] = (unreadable[code] ?? 0) + 1
      documents += lines.length
      await staging.add(read.parties, read.refusals)
    }
    await options.onDeaths(tx, SOURCE, await resolveStaged(tx))
    const merged = await mergeStaged(tx, { source: SOURCE, kind: 'person' }, putBack !== null)
    await putBack?.()
    await gatherStatistics(tx)
    if (options.sequence !== null) await moveCursor(tx, SOURCE, { position: options.sequence + 1 })
    return { ...merged, documents, unreadable }
  })
}

export interface ReadLines {
  readonly parties: readonly StagedParty[]
  readonly refusals: readonly StagedRefusal[]
  /** Why a line tells of no one that we could name. */
  readonly unreadable: readonly string[]
}

/** What stands in these lines. */
export function readLines(lines: readonly string[], options: DocumentOptions): ReadLines {
  const parties: StagedParty[] = []
  const refusals: StagedRefusal[] = []
  const unreadable: string[] = []
  for (const line of lines) {
    const document = parsed(line)
    const read = document === undefined ? { refused: 'not_json' } : readDocument(document, options)
    if ('staged' in read) {
      parties.push(read.staged)
      continue
    }
    const numbers = numbersNamed(document, options)
    refusals.push(...numbers.map((identifier) => ({ identifier, code: read.refused })))
    if (numbers.length === 0) unreadable.push(read.refused)
  }
  return { parties, refusals, unreadable }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
