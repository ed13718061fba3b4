import { auditEntry } from './audit-entry.js'
import { appendAuditEntry } from './audit-log.js'
import type { Actor } from '../domain/party.js'
import { Problem, type ProblemCode } from '../domain/problem.js'
import { countRecentEntries } from '../store/audit-store.js'
import type { Queryable } from '../store/database.js'

const MOST_MISSES_IN_AN_HOUR = 20
/** What is answered where no one has the number and the name, or the one who has cannot be chosen. */
const MISSES: readonly ProblemCode[] = ['representative_not_available', 'contact_not_available']

/**
 * A draft, or the naming of whom one trusts, looks someone up by number and name. Who misses too often is going through the register, and must wait.
 *
 * @throws Problem `too_many_requests`.
 */
export async function refuseSearching(db: Queryable, actor: Actor): Promise<void> {
  if ((await countRecentEntries(db, actor.partyId, 'representative_sought')) < MOST_MISSES_IN_AN_HOUR) return
  throw new Problem('too_many_requests', 'too many numbers and names that do not fit: wait an hour')
}

/** Does the work, and records it when no such person was found: without the number, which may be anyone's. */
export async function recordingMisses<T>(
  db: Queryable,
  actor: Actor,
  instant: Date,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem && MISSES.includes(error.code)) {
      const parties = { actor: actor.partyId, principal: null, clientId: null }
      await appendAuditEntry(
        db,
        auditEntry({ kind: 'representative_sought', occurredAt: instant, ...parties, content: {} }),
      )
    }
    throw error
  }
}
