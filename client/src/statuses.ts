import { Buffer } from 'node:buffer'
import { fetchBounded, safeAddress } from './bounded-fetch.js'
import { isObject, isText, type JsonObject } from './json.js'
import type { KeySource } from './keys.js'
import { TokenRefused } from './refused.js'
import { checkAge, checkEntry, readStatusList, STATUS_LIST, type StatusList, unavailable } from './status-list.js'

/** Where the status of a token stands. */
export interface StatusReference {
  readonly uri: string
  readonly index: number
}

/** Which ground the token stands on, and when it was issued: what events go by. */
export interface IssuedGround {
  readonly handle: string
  /** `iat`: seconds since 1970. */
  readonly issuedAt: number
}

/** Refuses a token whose entry is not valid at this moment, or of which that cannot be known. */
export type StatusSource = (reference: StatusReference, now: Date, issued: IssuedGround) => Promise<void>

/** From this age on, use renews a list in the background, so that requests seldom wait for it. */
const RENEWED_FROM_MS = 15_000
/** After a request that failed, or brought a list that is too old, none is made for this long. */
const FAILURE_PAUSE_MS = 1_000
/** More lists than the issuer has in use; each held one takes a quarter MiB. */
const MOST_LISTS = 16

interface Entry {
  held?: { readonly list: StatusList; readonly askedAt: number }
  failed?: { readonly refusal: TokenRefused; readonly at: number }
  underway?: Promise<StatusList>
}

/**
 * The status lists that this issuer publishes: each fetched at first use and then at most every 15 s, in one request at a
 * time however many wait for it. Make one for the life of the process. When the issuer is out of reach, a list serves
 * until it is 90 s old by its own word; then, and when it does not verify, tokens are refused with `status_unavailable`.
 *
 * Asks no other address than the issuer's own.
 *
 * @param issuer as in `Expected`: https, or http to this very machine; otherwise TypeError.
 * @param keys those of the issuer.
 */
export function remoteStatuses(
  issuer: string,
  keys: KeySource,
): (reference: StatusReference, now: Date) => Promise<void> {
  safeAddress(new URL(issuer), 'remoteStatuses')
  const entries = new Map<string, Entry>()

  async function load(uri: string, entry: Entry): Promise<StatusList> {
    const askedAt = performance.now()
    try {
      const { type, maximumLength } = STATUS_LIST
      const token = Buffer.from(await fetchBounded(uri, `application/${type}`, maximumLength)).toString('latin1')
      const list = await readStatusList(token, { issuer, uri, keys })
      if (entry.held !== undefined && list.issuedAt < entry.held.list.issuedAt)
        throw new Error('the status list is older than the one before it')
      entry.held = { list, askedAt }
      return list
    } catch (cause) {
      const refusal = unavailable('the status list could not be had from the issuer', { cause })
      entry.failed = { refusal, at: performance.now() }
      throw refusal
    } finally {
      delete entry.underway
    }
  }

  function renew(uri: string, entry: Entry): Promise<StatusList> {
    const { failed } = entry
    if (failed !== undefined && performance.now() - failed.at < FAILURE_PAUSE_MS) return Promise.reject(failed.refusal)
    return (entry.underway ??= load(uri, entry))
  }

  async function find(uri: string, now: Date): Promise<StatusList> {
    const entry = used(entries, uri)
    const { held } = entry
    if (held === undefined) return renew(uri, entry)
    const age = performance.now() - held.askedAt
    const young = isYoung(held.list, now)
    if (age < (young ? RENEWED_FROM_MS : FAILURE_PAUSE_MS)) return held.list
    const renewed = renew(uri, entry)
    if (young && age < held.list.ttl * 1000) {
      // A failure here is not swallowed for good: it comes to light when the list held gets too old.
      renewed.catch(() => undefined)
      return held.list
    }
    return renewed.catch(() => held.list)
  }

  return async ({ uri, index }, now) => {
    if (!uri.startsWith(`${issuer}/`)) throw new TypeError('statuses: the list is another issuer’s')
    const list = await find(uri, now)
    checkAge(list, now)
    checkEntry(list, index)
  }
}

/** The entry of this list, a new one where there is none; the one that has not been used for longest goes. */
function used(entries: Map<string, Entry>, uri: string): Entry {
  const entry = entries.get(uri) ?? {}
  entries.delete(uri)
  entries.set(uri, entry)
  const [oldest = ''] = entries.keys()
  if (entries.size > MOST_LISTS) entries.delete(oldest)
  return entry
}

function isYoung(list: StatusList, now: Date): boolean {
  try {
    checkAge(list, now)
    return true
  } catch {
    return false
  }
}

/**
 * Reads the claim `status` (draft-ietf-oauth-status-list-21, section 6.1): an entry in a list of this issuer, at its own
 * address and no other.
 */
export function readStatusReference(claims: JsonObject, issuer: string): StatusReference {
  const status = claims['status']
  const entry = isObject(status) ? status['status_list'] : undefined
  if (!isObject(entry)) throw new TokenRefused('claims', 'status is missing or names no entry of a status list')
  const { uri, idx: index } = entry
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
    throw new TokenRefused('claims', 'idx is missing or not a whole number')
  const place = `${issuer}/statuslists/`
  if (!isText(uri) || !uri.startsWith(place) || !/^[A-Za-z0-9_-]{1,64}$/.test(uri.slice(place.length)))
    throw new TokenRefused('claims', 'uri is missing or not the address of a list of the issuer')
  return { uri, index }
}
