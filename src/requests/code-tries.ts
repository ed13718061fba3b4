import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { countRecentEntries } from '../store/audit-store.js'
import type { Database } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { holdTries } from '../store/try-store.js'
import { hashOfCode, readCode } from './readable-code.js'

/** Codes that one person may try within an hour, right or wrong. Proposed. */
const MOST_TRIES_IN_AN_HOUR = 10

/**
 * Reads a code and counts the try before it is known what comes of it, so that no number of tries at once slips past.
 * One that is mistyped, as anyone can tell by its check character, is no try.
 *
 * @returns the hash that it is found by.
 * @throws Problem `code_mistyped`, `too_many_requests`.
 */
export async function tryCode(db: Database, actor: Actor, written: string): Promise<Buffer> {
  const code = readCode(written)
  if (code === null)
    throw new Problem('code_mistyped', 'a code is three groups of five characters, the last one a check')
  await db.transaction(async (tx) => {
    await holdTries(tx, actor.partyId, 'code_tried')
    if ((await countRecentEntries(tx, actor.partyId, 'code_tried')) >= MOST_TRIES_IN_AN_HOUR) {
      throw new Problem('too_many_requests', `${MOST_TRIES_IN_AN_HOUR} codes tried within an hour: wait`)
    }
    const { instant } = await clock(tx)
    const who = { actor: actor.partyId, principal: null, clientId: null }
    await appendWithChange(tx, auditEntry({ kind: 'code_tried', occurredAt: instant, ...who, content: {} }))
  })
  return hashOfCode(code)
}
