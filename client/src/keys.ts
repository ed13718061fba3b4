import type { CryptoKey } from 'jose'
import { safeAddress } from './bounded-fetch.js'
import { fetchKeySet, type KeySet, keyFor } from './key-set.js'
import { TokenRefused } from './refused.js'

/**
 * Gives the public ES256 key with that `kid` which signs tokens of that `typ`, undefined when the issuer has none such, and
 * throws when it cannot know.
 */
export type KeySource = (kid: string, typ: string) => Promise<CryptoKey | undefined>

/** The issuer lets its keys be held this long: a key that it withdraws is out of use after it. */
const HELD_FOR_MS = 60_000
/** From this age on, use renews the keys in the background, so that a short outage of the issuer is not noticed. */
const RENEWED_FROM_MS = 30_000
/** An unknown `kid` costs the issuer at most one answer in this time, whoever makes them up. */
const UNKNOWN_KID_PAUSE_MS = 10_000
/** After a failed request none is made for this long, and the failure is answered again. */
const FAILURE_PAUSE_MS = 1_000

/**
 * The keys published at `url` (a JWK set, RFC 7517 section 5): fetched at first use, held for 60 s at most, in one
 * request at a time however many wait for it. Make one for the life of the process. Refuses with `keys_unavailable`
 * when no keys younger than that can be had.
 *
 * @param url https, or http to this very machine, without user name and password; otherwise TypeError.
 */
export function remoteKeys(url: URL): KeySource {
  const address = safeAddress(url, 'remoteKeys')
  let held: { readonly keys: KeySet; readonly askedAt: number } | undefined
  let failed: { readonly refusal: TokenRefused; readonly at: number } | undefined
  let underway: Promise<KeySet> | undefined

  async function load(): Promise<KeySet> {
    const askedAt = performance.now()
    try {
      const keys = await fetchKeySet(address)
      held = { keys, askedAt }
      return keys
    } catch (cause) {
      const refusal = new TokenRefused('keys_unavailable', 'the key set could not be had from the issuer', { cause })
      failed = { refusal, at: performance.now() }
      throw refusal
    } finally {
      underway = undefined
    }
  }

  function renew(): Promise<KeySet> {
    if (failed !== undefined && performance.now() - failed.at < FAILURE_PAUSE_MS) return Promise.reject(failed.refusal)
    return (underway ??= load())
  }

  return async (kid, typ) => {
    const age = held === undefined ? Infinity : performance.now() - held.askedAt
    if (held === undefined || age >= HELD_FOR_MS) return keyFor(await renew(), kid, typ)
    const key = keyFor(held.keys, kid, typ)
    if (key === undefined && age >= UNKNOWN_KID_PAUSE_MS) return keyFor(await renew(), kid, typ)
    // A failure here is not swallowed for good: it comes to light when the keys held get too old.
    if (key !== undefined && age >= RENEWED_FROM_MS) renew().catch(() => undefined)
    return key
  }
}
