import { type AuditRow, appendAuditRows } from '../store/audit-store.js'
import type { Database, Transaction } from '../store/database.js'
import { type AuditEntry, canonicalForm } from './audit-entry.js'

interface Waiting {
  readonly row: AuditRow
  readonly written: () => void
  readonly failed: (error: unknown) => void
}

const MOST_IN_ONE_STATEMENT = 256

/**
 * Appends to the log. An answer leaves only after the promise for its entry is fulfilled, and that is when the entry is
 * durable. Entries that come while a write is under way share the next one: one statement, one commit, and each
 * caller waits for the commit that holds its own.
 */
export class AuditLog {
  private waiting: Waiting[] = []
  private writing = false

  constructor(private readonly db: Database) {}

  /** Rejects when the entry could not be written: then the answer must not leave. */
  append(entry: AuditEntry): Promise<void> {
    return new Promise((written, failed) => {
      this.waiting.push({ row: rowOf(entry), written, failed })
      if (!this.writing) void this.write()
    })
  }

  private async write(): Promise<void> {
    this.writing = true
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_IN_ONE_STATEMENT)
      try {
        await appendAuditRows(
          this.db,
          batch.map(({ row }) => row),
        )
        for (const { written } of batch) written()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    this.writing = false
  }
}

/** Appends within the transaction of the change that it tells of: neither is seen without the other. */
export async function appendWithChange(tx: Transaction, entry: AuditEntry): Promise<void> {
  await appendAuditRows(tx, [rowOf(entry)])
}

function rowOf(entry: AuditEntry): AuditRow {
  const { entryId, occurredAt, kind, actor, principal, clientId } = entry
  return { entryId, occurredAt, kind, actor, principal, clientId, entry: canonicalForm(entry) }
}
