import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { SetEntries } from '../store/status-list-store.js'
import { LIST_SIZE, type StatusPlace } from '../store/status-entry-store.js'
import type { SigningKeys } from './signing-keys.js'

/** Bits of an entry: 0 valid, 1 ended, 2 frozen (Token Status List, draft-21, section 7.1: VALID, INVALID, SUSPENDED). */
const BITS = 2

/** Seconds. A list is signed anew before this is over, so one who asks again as often never holds one older than `EXPIRES`. */
const TTL = 30
/** Seconds after which a list proves nothing any more. */
const EXPIRES = 90

/** The claim `status` of a token. */
export interface StatusReference {
  readonly status_list: { readonly idx: number; readonly uri: string }
}

/** Where anyone finds this list. */
export function statusListUri(issuer: string, listId: number): string {
  return `${issuer}/statuslists/${listId}`
}

export function statusReference(issuer: string, { listId, index }: StatusPlace): StatusReference {
  return { status_list: { idx: index, uri: statusListUri(issuer, listId) } }
}

/**
 * The statuses as bytes, each in `bits` bits, the first one in the lowest bits of the first byte (section 4.1).
 *
 * @param set index and value of those that are not 0.
 */
export function packStatuses(
  size: number,
  bits: 1 | 2 | 4 | 8,
  set: Iterable<{ readonly index: number; readonly status: number }>,
): Uint8Array {
  const perByte = 8 / bits
  const bytes = new Uint8Array(Math.ceil(size / perByte))
  for (const { index, status } of set) {
    const at = Math.floor(index / perByte)
    bytes[at] = (bytes[at] ?? 0) | (status << ((index % perByte) * bits))
  }
  return bytes
}

/** Compressed as `lst` wants it: DEFLATE in the ZLIB format, base64url. Off the main thread. */
export async function compressStatuses(bytes: Uint8Array): Promise<string> {
  return (await promisify(deflate)(bytes, { level: 6 })).toString('base64url')
}

/** The Status List Token of these entries, as they were at this instant. */
export async function signStatusList(
  keys: SigningKeys,
  issuer: string,
  { listId, set }: Pick<SetEntries, 'listId' | 'set'>,
  instant: Date,
): Promise<string> {
  const lst = await compressStatuses(packStatuses(LIST_SIZE, BITS, set))
  // Rounded down: who counts the age from here never takes the list for younger than it is.
  const iat = Math.floor(instant.getTime() / 1000)
  return keys.sign('statuslist+jwt', {
    iss: issuer,
    sub: statusListUri(issuer, listId),
    iat,
    exp: iat + EXPIRES,
    ttl: TTL,
    status_list: { bits: BITS, lst, aggregation_uri: `${issuer}/statuslists` },
  })
}
