import { forgetEndedActorGrants } from './store/actor-grant-store.js'
import { makeAuditPartitions } from './store/audit-store.js'
import { forgetExpiredJtis } from './store/client-store.js'
import type { Database } from './store/database.js'
import { forgetUsedProofs } from './store/dpop-proof-store.js'
import { forgetDrafts } from './store/draft-store.js'
import { forgetOldEvents } from './store/event-store.js'
import { forgetIdempotencyKeys } from './store/idempotency-store.js'
import { forgetOldInvitations } from './store/invitation-store.js'
import { forgetExpiredTokens } from './store/issued-token-store.js'
import { forgetOldAttempts } from './store/login-attempt-store.js'
import { clock } from './store/mandate-store.js'
import { forgetOldRequests } from './store/request-store.js'
import { forgetOldNotices } from './store/notice-store.js'
import { forgetOldSessions } from './store/session-store.js'
import { freeStatusEntries } from './store/status-entry-store.js'
import { forgetOldTrustedContacts } from './store/trusted-contact-store.js'

const EVERY = 10 * 60_000

/**
 * Every ten minutes: makes the log's coming months and forgets what has run out. Nothing that a decision depends on
 * happens here; any instance may do it, and several at once do no harm. Returns what stops it.
 */
export function keepHouse(
  db: Database,
  logFault: (fault: { readonly requestId: string; readonly error: unknown }) => void,
): () => void {
  const timer = setInterval(() => {
    void tidy(db).catch((error: unknown) => logFault({ requestId: 'housekeeping', error }))
  }, EVERY)
  timer.unref()
  return () => clearInterval(timer)
}

async function tidy(db: Database): Promise<void> {
  await makeAuditPartitions(db, 3)
  await forgetExpiredJtis(db)
  await forgetExpiredTokens(db)
  await forgetUsedProofs(db)
  await forgetDrafts(db)
  await forgetIdempotencyKeys(db)
  await forgetOldAttempts(db)
  await forgetOldSessions(db)
  await forgetEndedActorGrants(db)
  await forgetOldEvents(db)
  await forgetOldRequests(db)
  await forgetOldInvitations(db)
  await forgetOldNotices(db)
  await forgetOldTrustedContacts(db)
  await freeStatusEntries(db, (await clock(db)).instant)
}
