import type { JWK } from 'jose'
import { type Queryable, type Transaction, statement } from './database.js'

/** A key is for one type of token, named as the token's header has it (RFC 8725 section 3.11). */
export const KEY_PURPOSES = ['at+jwt', 'statuslist+jwt', 'secevent+jwt'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** A key as it is kept. Its private half is encrypted, or lies in a module under a label; one that is removed has none. */
export interface KeptKey {
  /** RFC 7638 thumbprint of the public half. */
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly publicJwk: JWK
  readonly sealed: Buffer | null
  readonly label: string | null
}

/** Times in milliseconds since 1970, by the database's clock. */
export interface StoredKey extends KeptKey {
  readonly madeAt: number
  /** Null while it only stands by. */
  readonly signsFrom: number | null
  readonly removedAt: number | null
}

/** All keys there ever were, as they stood at this instant of the database's clock. */
export interface StoredKeys {
  readonly instant: number
  readonly keys: readonly StoredKey[]
}

function milliseconds(time: string): string {
  return `(extract(epoch from ${time}) * 1000)::float8`
}

const READ = statement(
  'read_signing_keys',
  `select ${milliseconds('instant')} as instant, kid, purpose, public_jwk as "publicJwk", sealed, label,
          ${milliseconds('made_at')} as "madeAt", ${milliseconds('signs_from')} as "signsFrom",
          ${milliseconds('removed_at')} as "removedAt"
     from (select clock_timestamp() as instant) this left join signing_key on true
    order by purpose, made_at, kid`,
)

export async function readSigningKeys(db: Queryable): Promise<StoredKeys> {
  const rows = await db.query<(StoredKey | { readonly kid: null }) & { readonly instant: number }>(READ, [])
  const [first] = rows
  if (first === undefined) throw new Error('the database told no time')
  const keys = rows.flatMap((row): readonly StoredKey[] => {
    if (row.kid === null) return []
    const { kid, purpose, publicJwk, sealed, label, madeAt, signsFrom, removedAt } = row
    return [{ kid, purpose, publicJwk, sealed, label, madeAt, signsFrom, removedAt }]
  })
  return { instant: first.instant, keys }
}

const LOCK = statement('lock_signing_keys', `select pg_advisory_xact_lock(hashtext('signing_keys'))`)

/** Until the end of the transaction nobody else changes keys. */
export async function lockSigningKeys(tx: Transaction): Promise<void> {
  await tx.query(LOCK, [])
}

const INSERT = statement(
  'insert_signing_key',
  `insert into signing_key (kid, purpose, public_jwk, sealed, label, made_at, signs_from)
   select $1, $2, $3, $4, $5, now, case when $6 then now end from clock_timestamp() now
   returning made_at as "madeAt"`,
)

/** @param signsAtOnce or else it stands by. */
export async function insertSigningKey(
  tx: Transaction,
  { kid, purpose, publicJwk, sealed, label }: KeptKey,
  signsAtOnce: boolean,
): Promise<Date> {
  const values = [kid, purpose, JSON.stringify(publicJwk), sealed, label, signsAtOnce]
  const [row] = await tx.query<{ madeAt: Date }>(INSERT, values)
  if (row === undefined) throw new Error('the key was not inserted')
  return row.madeAt
}

const LET_SIGN = statement(
  'let_key_sign',
  `update signing_key set signs_from = greatest(clock_timestamp(), made_at + $2::float8 * interval '1 millisecond')
    where kid = $1 returning signs_from as "signsFrom"`,
)

/** Lets it sign once it has been shown for so many milliseconds, at the earliest now. */
export async function letKeySign(tx: Transaction, kid: string, shownFor: number): Promise<Date> {
  const [row] = await tx.query<{ signsFrom: Date }>(LET_SIGN, [kid, shownFor])
  if (row === undefined) throw new Error('there is no such key')
  return row.signsFrom
}

const REMOVE = statement(
  'remove_signing_key',
  `update signing_key set removed_at = clock_timestamp(), sealed = null where kid = $1 and removed_at is null
   returning removed_at as "removedAt"`,
)

/** Takes it out of use at once and for good, and forgets its private half. */
export async function removeSigningKey(tx: Transaction, kid: string): Promise<Date> {
  const [row] = await tx.query<{ removedAt: Date }>(REMOVE, [kid])
  if (row === undefined) throw new Error('there is no such key to remove')
  return row.removedAt
}
