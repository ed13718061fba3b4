import type { JWK } from 'jose'
import type { Json } from '../domain/json.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** The login provider's signed answer to a text: its nonce is the hash of that text. */
export interface ProviderAnswer {
  readonly idToken: string
  /** Public, with `kid` and `alg`: what the token was verified with. */
  readonly providerKey: JWK
  readonly answeredAt: Date
}

/** What is kept with a version of a mandate that someone agreed to. */
export interface Evidence extends ProviderAnswer {
  readonly draftId: string
  /** What confirming the text did. */
  readonly content: Json
  /** SHA-256 of what the browser holds from login to login; null where it held nothing. */
  readonly deviceHash: Buffer | null
  /** Whether it was accepted on the device on which it had just been given. */
  readonly sameDevice: boolean
}

/**
 * Whether one of these mandates, SQL expressions of which some may be null, has a version that gives, accepts or extends and
 * lacks its evidence. Such a mandate does not count, and neither does what was passed on from it: every statement that reads
 * what is in force asks this.
 */
export function lacksEvidence(...mandateIds: readonly string[]): string {
  return `exists (
    select from mandate_version given
     where given.mandate_id in (${mandateIds.join(', ')}) and given.change in ('given', 'accepted', 'extended')
       and not exists (
             select from evidence e
              where e.mandate_id = given.mandate_id and e.version = given.version and e.nonce = given.text_hash))`
}

const INSERT = statement(
  'insert_evidence',
  `insert into evidence (mandate_id, version, id_token, provider_key, answered_at, nonce, draft_id, content, device_hash,
     same_device)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
)

/**
 * Keeps the evidence of a version that this transaction has just written, whose text has this hash. The database refuses what
 * is evidence of another text, or another person's.
 */
export async function insertEvidence(
  tx: Transaction,
  { mandateId, version }: { readonly mandateId: string; readonly version: number },
  textHash: Buffer,
  evidence: Evidence,
): Promise<void> {
  const { idToken, providerKey, answeredAt, draftId, content, deviceHash, sameDevice } = evidence
  await tx.query(INSERT, [
    ...[mandateId, version, idToken, JSON.stringify(providerKey), answeredAt.toISOString()],
    ...[textHash, draftId, JSON.stringify(content), deviceHash, sameDevice],
  ])
}

const GIVEN_ON = statement(
  'given_on_device',
  `select from evidence e join mandate_version v using (mandate_id, version)
    where e.mandate_id = $1 and v.change in ('given', 'extended') and e.device_hash = $2
      and v.made_at > clock_timestamp() - make_interval(mins => $3)`,
)

/** Whether the mandate was given on this device within so many minutes. */
export async function wasGivenOn(
  db: Queryable,
  mandateId: string,
  deviceHash: Buffer,
  minutes: number,
): Promise<boolean> {
  return (await db.query(GIVEN_ON, [mandateId, deviceHash, minutes])).length > 0
}
