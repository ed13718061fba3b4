import type { Digest } from '../domain/notice.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

const FIND = statement('find_notice_setting', 'select first_use as digest from notice_setting where party_id = $1')

/** How often the person wants an e-mail of first uses: of each, unless something else was chosen. */
export async function firstUseDigest(db: Queryable, party: PartyId): Promise<Digest> {
  const [row] = await db.query<{ digest: Digest }>(FIND, [party])
  return row?.digest ?? 'each'
}

const PUT = statement(
  'put_notice_setting',
  `insert into notice_setting (party_id, first_use) values ($1, $2)
   on conflict (party_id) do update set first_use = excluded.first_use, changed_at = clock_timestamp()`,
)

export async function putFirstUseDigest(tx: Transaction, party: PartyId, digest: Digest): Promise<void> {
  await tx.query(PUT, [party, digest])
}
