import type { PartyId } from '../domain/party.js'
import { type Transaction, statement } from './database.js'

const HOLD = statement('hold_tries', `select pg_advisory_xact_lock(hashtextextended($1 || $2::uuid::text, 0))`)

/** What someone may try so many times an hour: codes, and numbers with names. */
export type Tried = 'code_tried' | 'representative_sought'

/** One try after the other: of many at once none slips past the count. */
export async function holdTries(tx: Transaction, party: PartyId, tried: Tried): Promise<void> {
  await tx.query(HOLD, [tried, party])
}
