import type { PartyId } from '../domain/party.js'
import { type Transaction, statement } from './database.js'

const HOLD = statement(
  'hold_code_tries',
  `select pg_advisory_xact_lock(hashtextextended('code_tries' || $1::uuid::text, 0))`,
)

/** One try after the other: of many at once none slips past the count. */
export async function holdCodeTries(tx: Transaction, party: PartyId): Promise<void> {
  await tx.query(HOLD, [party])
}
