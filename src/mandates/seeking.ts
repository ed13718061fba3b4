import { auditEntry } from '../audit/audit-entry.js'
import { appendAuditEntry } from '../audit/audit-log.js'
import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { countRecentEntries } from '../store/audit-store.js'
import type { Queryable } from '../store/database.js'

const MOST_MISSES_IN_AN_HOUR = 20

/**
 * A draft looks someone up by number and name. Who misses too often is going through the register, and must wait.
 *
 * @throws Problem `too_many_requests`.
 */
export async function refuseSearching(db: Queryable, actor: Actor): Promise<void> {
  if ((await countRecentEntries(db, actor.partyId, 'representative_sought')) < MOST_MISSES_IN_AN_HOUR) return
  throw new Problem('too_many_requests', 'too many numbers and names that do not fit: wait an hour')
}

/** Does the work, and records it when no such representative was found: without the number, which may be anyone's. */
export async function recordingMisses<T>(db: Queryable, actor: Actor, instant: Date, work: () => T): Promise<T> {
  try {
    return work()
  } catch (error) {
    if (error instanceof Problem && error.code === 'representative_not_available') {
      const parties = { actor: actor.partyId, principal: null, clientId: null }
      await appendAuditEntry(
        db,
        auditEntry({ kind: 'representative_sought', occurredAt: instant, ...parties, content: {} }),
      )
    }
    throw error
  }
}
