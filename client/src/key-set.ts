import { type CryptoKey, importJWK } from 'jose'
import { fetchBounded } from './bounded-fetch.js'
import { isObject, isText, type JsonObject, parseObject } from './json.js'

/** Public ES256 keys by `kid`. */
export type KeySet = ReadonlyMap<string, PublishedKey>

interface PublishedKey {
  readonly key: CryptoKey
  /** The one `typ` that it signs; undefined where the issuer does not say. */
  readonly signs: string | undefined
}

/** Undefined also where there is such a key, but for another type of token. */
export function keyFor(keys: KeySet, kid: string, typ: string): CryptoKey | undefined {
  const published = keys.get(kid)
  return published?.signs === undefined || published.signs === typ ? published?.key : undefined
}

const MAXIMUM_BYTES = 65_536

/**
 * Fetches a JWK set and imports its ES256 verification keys; keys for other uses are passed over (RFC 7517 section 5).
 * The whole answer must come within 3 s, without redirection, in at most 64 KiB, as JSON without duplicate members, and
 * no `kid` may name two keys. Throws otherwise.
 */
export async function fetchKeySet(address: string): Promise<KeySet> {
  const accept = 'application/jwk-set+json, application/json'
  return importKeys(parseObject(await fetchBounded(address, accept, MAXIMUM_BYTES)))
}

async function importKeys(set: JsonObject): Promise<KeySet> {
  if (!Array.isArray(set['keys'])) throw new Error('the key set has no array of keys')
  const entries = await Promise.all(set['keys'].filter(isVerificationKey).map(importKey))
  const keys = new Map(entries)
  if (keys.size < entries.length) throw new Error('a kid names two keys')
  return keys
}

interface VerificationKey {
  readonly kid: string
  readonly x: string
  readonly y: string
  readonly signs?: string
}

/** A key published with its private part proves nothing any more, so it is not one. */
function isVerificationKey(jwk: unknown): jwk is VerificationKey {
  if (!isObject(jwk) || jwk['kty'] !== 'EC' || jwk['crv'] !== 'P-256' || jwk['d'] !== undefined) return false
  const { kid, x, y, alg = 'ES256', use = 'sig', key_ops: operations = ['verify'], signs = '' } = jwk
  const named = isText(kid) && isText(x) && isText(y) && typeof signs === 'string'
  return named && alg === 'ES256' && use === 'sig' && Array.isArray(operations) && operations.includes('verify')
}

async function importKey({ kid, x, y, signs }: VerificationKey): Promise<readonly [string, PublishedKey]> {
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
  return [kid, { key, signs }]
}
