import { type CryptoKey, type JWK, compactVerify, errors, exportJWK } from 'jose'
import type { OpenIdProvider } from './openid-provider.js'
import { type JsonObject, readStrictJws, TokenRefused } from './strict-jws.js'

const ALGORITHMS = ['RS256', 'ES256', 'PS256']

/** How far the provider's clock and ours may be apart, in seconds. */
const CLOCK_SKEW = 30

/** What jose says of a token that is at fault itself. Anything else (no answer, no keys) is an outage and passes as it is. */
const FAULTS_OF_TOKENS: readonly string[] = [
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
]

/** What a token says, and the public key that it was verified with. */
export interface Signed {
  readonly claims: JsonObject
  /** With `kid` and `alg`. */
  readonly key: JWK
}

/**
 * The claims of a token that this provider signed: strict form, one of the given types, RS256, ES256 or PS256, signed with
 * the published key that `kid` names, `iss` exactly the provider, issued and not expired by now. Everything else about
 * the claims is for the caller to check.
 *
 * @param types the values of `typ` that will do; undefined where it may be absent
 * @throws TokenRefused; another error when the provider's keys cannot be had
 */
export async function claimsSignedBy(
  provider: Pick<OpenIdProvider, 'issuer' | 'keys'>,
  token: string,
  types: readonly (string | undefined)[],
): Promise<JsonObject> {
  return (await verified(provider, token, types)).claims
}

/** The same, with the key. */
export async function signedBy(
  provider: Pick<OpenIdProvider, 'issuer' | 'keys'>,
  token: string,
  types: readonly (string | undefined)[],
): Promise<Signed> {
  const { claims, header, key } = await verified(provider, token, types)
  const [kid, alg] = [String(header['kid']), String(header['alg'])]
  return { claims, key: { ...(await exportJWK(key)), kid, alg } }
}

interface Verified {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly key: CryptoKey
}

async function verified(
  provider: Pick<OpenIdProvider, 'issuer' | 'keys'>,
  token: string,
  types: readonly (string | undefined)[],
): Promise<Verified> {
  const { header, payload } = readStrictJws(token)
  if (!types.some((type) => type === header['typ'])) throw new TokenRefused('typ is not that of such a token')
  if (!ALGORITHMS.some((algorithm) => algorithm === header['alg'])) throw new TokenRefused('alg is not taken')
  if (typeof header['kid'] !== 'string') throw new TokenRefused('kid is missing')
  if (payload['iss'] !== provider.issuer) throw new TokenRefused('iss is not the identity provider')
  const key = await verifySignature(provider, token)
  checkTimes(payload, Date.now() / 1000)
  return { header, claims: payload, key }
}

async function verifySignature(provider: Pick<OpenIdProvider, 'keys'>, token: string): Promise<CryptoKey> {
  const keys = await provider.keys()
  try {
    return (await compactVerify(token, keys, { algorithms: ALGORITHMS })).key
  } catch (error) {
    if (error instanceof errors.JOSEError && FAULTS_OF_TOKENS.includes(error.code)) {
      throw new TokenRefused('the signature is not by a key of the identity provider')
    }
    throw error
  }
}

function checkTimes(claims: JsonObject, now: number): void {
  const issuedAt = readSeconds(claims, 'iat')
  const notBefore = claims['nbf'] === undefined ? issuedAt : readSeconds(claims, 'nbf')
  if (Math.max(issuedAt, notBefore) > now + CLOCK_SKEW) throw new TokenRefused('iat or nbf lies in the future')
  if (readSeconds(claims, 'exp') <= now - CLOCK_SKEW) throw new TokenRefused('exp has passed')
}

/** A claim that must be a non-empty text. */
export function readText(claims: JsonObject, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw new TokenRefused(`${name} is missing or no text`)
  return value
}

/** A claim that must be an instant in whole seconds since 1970 (RFC 7519 section 2). */
export function readSeconds(claims: JsonObject, name: string): number {
  const value = claims[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TokenRefused(`${name} is missing or not in whole seconds`)
  }
  return value
}

/** Whether `aud` is this one audience and no other besides. */
export function isSoleAudience(claims: JsonObject, audience: string): boolean {
  const { aud } = claims
  return aud === audience || (Array.isArray(aud) && aud.length === 1 && aud[0] === audience)
}
