import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Json } from '../domain/json.js'
import type { Database, Transaction } from '../store/database.js'
import {
  KEY_PURPOSES,
  type KeptKey,
  type KeyPurpose,
  type StoredKey,
  type StoredKeys,
  insertSigningKey,
  letKeySign,
  lockSigningKeys,
  readSigningKeys,
  removeSigningKey,
} from '../store/signing-key-store.js'
import { CustodyError, type KeyCustody } from './key-custody.js'
import { STALE_AFTER } from './key-reading.js'
import { type KeyState, spanOf, stateAt } from './key-span.js'

/** How long a copy of `/jwks` may be held: milliseconds. */
const HELD_FOR = 60_000
/**
 * A key is shown for so long before it signs that every instance shows it (or none at all) and no copy of the key set is
 * without it.
 */
export const SHOWN_BEFORE_SIGNING = STALE_AFTER + HELD_FOR + 20_000

/** Why keys are left as they are, in words for the operator. */
export class KeysUnchanged extends Error {}

export interface KeyOffice {
  readonly db: Database
  readonly custody: KeyCustody
  /** Milliseconds; other than `SHOWN_BEFORE_SIGNING` only where verifiers hold key sets for another time. */
  readonly shownBeforeSigning?: number
}

/**
 * Makes what is missing: where a purpose has never had a key, one that signs at once, for nobody can hold a key set from
 * before; and where none stands by, one that does. Any instance may do it, and several at once do it once.
 */
export async function makeMissingKeys({ db, custody }: KeyOffice): Promise<void> {
  if (missing(await readSigningKeys(db)).length === 0) return
  await db.transaction(async (tx) => {
    await lockSigningKeys(tx)
    const stored = await readSigningKeys(tx)
    for (const { purpose, signsAtOnce } of missing(stored)) {
      await insertKey(tx, await makeLike(inUse(stored), custody, purpose), { signsAtOnce, by: 'start' })
    }
  })
}

function missing({ keys }: StoredKeys): readonly { readonly purpose: KeyPurpose; readonly signsAtOnce: boolean }[] {
  return KEY_PURPOSES.flatMap((purpose) => {
    const mine = keys.filter((key) => key.purpose === purpose)
    const first = mine.length === 0 ? [{ purpose, signsAtOnce: true }] : []
    return mine.some(standsBy) ? first : [...first, { purpose, signsAtOnce: false }]
  })
}

/**
 * Lets the key that stands by sign, at once when it has been shown for long enough and else as soon as it has, and makes
 * the next to stand by. What the old one signed is verified for as long as it is taken. Whole or nothing.
 *
 * @throws KeysUnchanged when a rotation of this purpose is under way; CustodyError when the keys are not to be got at.
 */
export async function rotateKey(office: KeyOffice, purpose: KeyPurpose): Promise<{ kid: string; signsFrom: Date }> {
  const { custody, shownBeforeSigning = SHOWN_BEFORE_SIGNING } = office
  return changeKeys(office, async (tx, stored) => {
    const mine = inUse(stored).filter((key) => key.purpose === purpose)
    const coming = mine.find(({ signsFrom }) => signsFrom !== null && signsFrom > stored.instant)
    if (coming !== undefined) throw new KeysUnchanged(`a rotation is under way: ${told(coming)}`)
    const next = mine.find(standsBy)
    if (next === undefined) throw new KeysUnchanged(`no key for ${purpose} stands by: start the service once`)
    const signsFrom = await letKeySign(tx, next.kid, shownBeforeSigning)
    await log(tx, 'signing_key_rotated', signsFrom, { ...named(next), signs_from: signsFrom.toISOString() })
    await insertKey(tx, await makeLike(inUse(stored), custody, purpose), { signsAtOnce: false, by: 'operator' })
    return { kid: next.kid, signsFrom }
  })
}

/**
 * Takes a key out of use at once: it is in no answer of `/jwks` any more, and nothing that it signed is taken here. Where it
 * signed, the one that is next does so from now on.
 *
 * @throws KeysUnchanged when there is no such key in use.
 */
export async function removeKey(office: KeyOffice, kid: string): Promise<{ was: KeyState; successor: string | null }> {
  const { custody } = office
  const removed = await changeKeys(office, async (tx, stored) => {
    const key = inUse(stored).find((one) => one.kid === kid)
    if (key === undefined) throw new KeysUnchanged(`no key in use is called ${kid}`)
    const was = stateAt(stored.instant, spanOf(key, stored.keys))
    const others = inUse(stored).filter((one) => one.purpose === key.purpose && one.kid !== kid)
    const successor = was === 'active' ? await succeed(tx, others, stored.instant) : null
    const removedAt = await removeSigningKey(tx, kid)
    await log(tx, 'signing_key_removed', removedAt, { ...named(key), was, successor, cause: 'operator' })
    if (!others.some((one) => standsBy(one) && one.kid !== successor)) {
      // A removal goes through also where no other key can be made: the next start makes it.
      const made = await makeLike(others, custody, key.purpose).catch(() => null)
      if (made !== null) await insertKey(tx, made, { signsAtOnce: false, by: 'operator' })
    }
    return { key, was, successor }
  })
  await destroy(custody, removed.key)
  return { was: removed.was, successor: removed.successor }
}

/** The first of those that are next signs from now on, known or not; its `kid`. */
async function succeed(tx: Transaction, others: readonly StoredKey[], instant: number): Promise<string> {
  const coming = others.find(({ signsFrom }) => signsFrom !== null && signsFrom > instant)
  const next = coming ?? others.find(standsBy)
  if (next === undefined) throw new KeysUnchanged('there is no other key to sign: start the service once')
  const signsFrom = await letKeySign(tx, next.kid, 0)
  await log(tx, 'signing_key_rotated', signsFrom, { ...named(next), signs_from: signsFrom.toISOString() })
  return next.kid
}

/** One transaction that no other change of keys is beside; what has retired by then is removed in it. */
async function changeKeys<T>(
  { db, custody }: KeyOffice,
  change: (tx: Transaction, stored: StoredKeys) => Promise<T>,
): Promise<T> {
  const { result, retired } = await db.transaction(async (tx) => {
    await lockSigningKeys(tx)
    const stored = await readSigningKeys(tx)
    const isOver = (key: StoredKey): boolean => stateAt(stored.instant, spanOf(key, stored.keys)) === 'removed'
    const over = stored.keys.filter((key) => key.removedAt === null && isOver(key))
    for (const key of over) {
      const removedAt = await removeSigningKey(tx, key.kid)
      await log(tx, 'signing_key_removed', removedAt, {
        ...named(key),
        was: 'removed',
        successor: null,
        cause: 'retired',
      })
    }
    return { result: await change(tx, stored), retired: over }
  })
  for (const key of retired) await destroy(custody, key)
  return result
}

/** After the commit: a key that is removed stays so, whatever the module says. */
async function destroy(custody: KeyCustody, key: StoredKey): Promise<void> {
  await custody.destroy(key).catch((cause: unknown) => {
    throw new CustodyError(`signing key ${key.kid} is removed, but ${key.label ?? ''} still lies in the module`, {
      cause,
    })
  })
}

/** Those whose private halves must be at hand. */
function inUse({ instant, keys }: StoredKeys): readonly StoredKey[] {
  return keys.filter((key) => stateAt(instant, spanOf(key, keys)) !== 'removed')
}

/** A new key in the custody of these: what is made in another one than the service's, the service could not use. */
async function makeLike(keys: readonly StoredKey[], custody: KeyCustody, purpose: KeyPurpose): Promise<KeptKey> {
  for (const key of keys) await custody.open(key)
  return custody.make(purpose)
}

function standsBy({ signsFrom, removedAt }: StoredKey): boolean {
  return signsFrom === null && removedAt === null
}

async function insertKey(
  tx: Transaction,
  key: KeptKey,
  { signsAtOnce, by }: { readonly signsAtOnce: boolean; readonly by: 'start' | 'operator' },
): Promise<void> {
  const madeAt = await insertSigningKey(tx, key, signsAtOnce)
  const custody = key.label === null ? 'software' : 'module'
  await log(tx, 'signing_key_made', madeAt, { ...named(key), signs: signsAtOnce, custody, by })
}

function named({ kid, purpose }: Pick<KeptKey, 'kid' | 'purpose'>): { kid: string; purpose: KeyPurpose } {
  return { kid, purpose }
}

function told({ kid, signsFrom }: StoredKey): string {
  return `${kid} signs from ${new Date(signsFrom ?? 0).toISOString()}`
}

async function log(
  tx: Transaction,
  kind: 'signing_key_made' | 'signing_key_rotated' | 'signing_key_removed',
  occurredAt: Date,
  content: Readonly<Record<string, Json>>,
): Promise<void> {
  const nobody = { actor: null, principal: null, clientId: null }
  await appendWithChange(tx, auditEntry({ kind, occurredAt, ...nobody, content }))
}
