import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { countRecentEntries } from '../store/audit-store.js'
import type { Database, Queryable, Transaction } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { holdTries } from '../store/try-store.js'
import { auditEntry } from './audit-entry.js'
import { appendAuditEntry } from './audit-log.js'

const MOST_REFUSALS_IN_AN_HOUR = 20

/** What has come of a search so far: the work says when someone was found by the number and name. */
export interface Search {
  isFound: boolean
}

/**
 * Does what looks someone up by number and name, one such thing after the other for each person. Whoever finds no one too
 * often is going through the register, and must wait. Being refused for another reason once someone was found counts the
 * same: else a number that fits would cost nothing. What is refused before that tells nothing and counts nothing.
 *
 * @throws Problem `too_many_requests`, or that of the work.
 */
export async function seeking<T>(
  db: Database,
  actor: Actor,
  work: (tx: Transaction, search: Search) => Promise<T>,
): Promise<T> {
  const outcome = await db.transaction(async (tx) => {
    await refuseSearching(tx, actor)
    const search: Search = { isFound: false }
    try {
      return { done: await work(tx, search) }
    } catch (refusal) {
      if (!(refusal instanceof Problem)) throw refusal
      if (search.isFound || refusal.code === 'representative_not_available') await recordRefusal(tx, actor)
      return { refusal }
    }
  })
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.done
}

/**
 * Begins a search within a transaction, whose end the next one waits for.
 *
 * @throws Problem `too_many_requests`.
 */
export async function refuseSearching(tx: Transaction, actor: Actor): Promise<void> {
  await holdTries(tx, actor.partyId, 'representative_sought')
  if ((await countRecentEntries(tx, actor.partyId, 'representative_sought')) < MOST_REFUSALS_IN_AN_HOUR) return
  throw new Problem('too_many_requests', 'too many numbers and names of which nothing came: wait an hour')
}

/** Records that a search was refused: without the number, which may be anyone's. */
export async function recordRefusal(db: Queryable, actor: Actor): Promise<void> {
  const who = { actor: actor.partyId, principal: null, clientId: null }
  const { instant: occurredAt } = await clock(db)
  await appendAuditEntry(db, auditEntry({ kind: 'representative_sought', occurredAt, ...who, content: {} }))
}
