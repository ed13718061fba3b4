import { type AuditRow, appendAuditRows } from '../store/audit-store.js'
import type { Database, Queryable, Transaction } from '../store/database.js'
import { Gathered } from '../store/gathered.js'
import { type AuditEntry, canonicalForm } from './audit-entry.js'

const MOST_IN_ONE_STATEMENT = 256

/**
 * Appends to the log. An answer leaves only after the promise for its entry is fulfilled, and that is when the entry is
 * durable. Entries that come while a write is under way share the next one: one statement, one commit, and each
 * caller waits for the commit that holds its own.
 */
export class AuditLog {
  private readonly entries: Gathered<AuditRow, undefined>

  constructor(private readonly db: Database) {
    this.entries = new Gathered(async (rows) => {
      await appendAuditRows(db, rows)
      return rows.map(() => undefined)
    }, MOST_IN_ONE_STATEMENT)
  }

  /** Rejects when the entry could not be written: then the answer must not leave. */
  async append(entry: AuditEntry): Promise<void> {
    await this.entries.ask(rowOf(entry))
  }

  /** The entries of one answer, in one statement of their own: all are durable, or none. */
  async appendAll(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length > 0) await appendAuditRows(this.db, entries.map(rowOf))
  }
}

/** Appends one entry by itself; durable when the promise is fulfilled. */
export async function appendAuditEntry(db: Queryable, entry: AuditEntry): Promise<void> {
  await appendAuditRows(db, [rowOf(entry)])
}

/** Appends within the transaction of the change that it tells of: neither is seen without the other. */
export async function appendWithChange(tx: Transaction, ...entries: readonly AuditEntry[]): Promise<void> {
  await appendAuditRows(tx, entries.map(rowOf))
}

/** The entry as it is stored. */
export function rowOf(entry: AuditEntry): AuditRow {
  const { entryId, occurredAt, kind, actor, principal, clientId } = entry
  return { entryId, occurredAt, kind, actor, principal, clientId, entry: canonicalForm(entry) }
}
