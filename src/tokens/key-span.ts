import type { KeyPurpose, StoredKey } from '../store/signing-key-store.js'

/** Next: shown, so that verifiers know it before it signs. Retiring: shown still, for what it has signed. */
export type KeyState = 'next' | 'active' | 'retiring' | 'removed'

/** When a key signs and is shown, in milliseconds since 1970. `Infinity` where nothing has been said yet. */
export interface KeySpan {
  readonly signsFrom: number
  readonly signsUntil: number
  readonly shownUntil: number
}

const SECOND = 1_000

/** For copies of the key set, for clocks, and for an instance that has not heard yet that another key signs. */
const MARGIN = 60 * SECOND

/** How long after its last signature a key is shown: as long as what it signed is taken for good. */
const SHOWN_ON: Readonly<Record<KeyPurpose, number>> = {
  'at+jwt': 300 * SECOND + MARGIN,
  'statuslist+jwt': 90 * SECOND + MARGIN,
  // Does not run out: a receiver may put it aside and verify it later.
  'secevent+jwt': 7 * 86_400 * SECOND,
}

/**
 * A key signs until a later one of its purpose does, also where that one has been removed since, for removal brings none
 * back. One that was removed before its time never came to sign.
 *
 * @param all keys, of whatever purpose.
 */
export function spanOf(key: StoredKey, all: readonly StoredKey[]): KeySpan {
  const removedAt = key.removedAt ?? Infinity
  const signsFrom = key.signsFrom ?? Infinity
  const later = all
    .filter(({ purpose }) => purpose === key.purpose)
    .map((other) => ({ from: other.signsFrom ?? Infinity, until: other.removedAt ?? Infinity }))
    .filter(({ from, until }) => from > signsFrom && until > from)
    .map(({ from }) => from)
  const succeededAt = Math.min(...later)
  return {
    signsFrom,
    signsUntil: Math.min(succeededAt, removedAt),
    shownUntil: Math.min(succeededAt + SHOWN_ON[key.purpose], removedAt),
  }
}

export function stateAt(instant: number, { signsFrom, signsUntil, shownUntil }: KeySpan): KeyState {
  if (instant >= shownUntil) return 'removed'
  if (instant < signsFrom) return 'next'
  return instant < signsUntil ? 'active' : 'retiring'
}
