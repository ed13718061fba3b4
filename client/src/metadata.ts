import { fetchBounded, safeAddress } from './bounded-fetch.js'
import { reach, unexpected } from './call-failed.js'
import { type Held, held } from './held.js'
import { isText, type JsonObject, parseObject } from './json.js'

/** Where the issuer's doors are. */
export interface Metadata {
  readonly keys: string
  readonly token: string
  readonly introspection: string
  readonly evaluation: string
}

const MAXIMUM_BYTES = 65_536
const HELD_FOR_MS = 600_000

/**
 * What the issuer says of itself (RFC 8414 section 3, AuthZEN section 9). Each document must name this very issuer,
 * character for character, and no door that is not under it: else a proof could be sent to somebody else.
 *
 * @param issuer https, or http to this very machine, without query, fragment and final slash; otherwise TypeError.
 */
export function issuerMetadata(issuer: string): Held<Metadata> {
  const url = new URL(issuer)
  safeAddress(url, 'issuer')
  if (url.search !== '' || url.hash !== '' || issuer.endsWith('/') || !`${url.href}/`.startsWith(`${issuer}/`))
    throw new TypeError('issuer: it must be written as in its metadata, without query, fragment and final slash')
  const door = (document: JsonObject, name: string): string => {
    const address = document[name]
    if (!isText(address) || !address.startsWith(`${issuer}/`)) throw unexpected(`${name} is no address of the issuer`)
    return address
  }
  return held(async () => {
    const [oauth, authzen] = await Promise.all([
      documentOf(url, 'oauth-authorization-server', 'issuer', issuer),
      documentOf(url, 'authzen-configuration', 'policy_decision_point', issuer),
    ])
    const value = {
      keys: door(oauth, 'jwks_uri'),
      token: door(oauth, 'token_endpoint'),
      introspection: door(oauth, 'introspection_endpoint'),
      evaluation: door(authzen, 'access_evaluation_endpoint'),
    }
    return { value, holdFor: HELD_FOR_MS }
  })
}

async function documentOf(url: URL, name: string, self: string, issuer: string): Promise<JsonObject> {
  // The path comes after the well-known one (RFC 8414 section 3.1).
  const address = `${url.origin}/.well-known/${name}${url.pathname === '/' ? '' : url.pathname}`
  const bytes = await reach(fetchBounded(address, 'application/json', MAXIMUM_BYTES))
  const document = read(bytes)
  if (document[self] !== issuer) throw unexpected(`${self} is not the issuer that was asked`)
  return document
}

function read(bytes: Uint8Array): JsonObject {
  try {
    return parseObject(bytes)
  } catch {
    throw unexpected('its metadata is no JSON object')
  }
}
