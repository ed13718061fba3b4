import { type CryptoKey, calculateJwkThumbprint, compactVerify, errors, importJWK } from 'jose'
import { type JsonObject, TokenRefused, readStrictJws } from '../login/strict-jws.js'
import type { Queryable } from '../store/database.js'
import { useDpopProof } from '../store/dpop-proof-store.js'
import { OAuthError } from './oauth-error.js'

/** For our metadata (`dpop_signing_alg_values_supported`). */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256']

/** Seconds, before and after: the proof is made for this one request. */
const WINDOW = 60

const PLAIN_TEXT = /^[\x20-\x7e]{1,255}$/

/** Members of a public key. Whoever sends a private one with it has lost it. */
const KEY_MEMBERS = ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use']

/** Takes the proofs by which clients show that they hold a key, so that a token can be bound to it (RFC 9449). */
export class DpopProofs {
  constructor(
    private readonly db: Queryable,
    private readonly issuer: string,
  ) {}

  /**
   * The thumbprint (RFC 7638) of the key that this proof shows to be held. The proof is used up by that: its `jti` counts
   * once for each key. A proof with a `nonce` is taken without looking at it, since we never ask for one.
   *
   * @param proof the request's one `DPoP` header; two of them come as one text, which is no token.
   * @throws OAuthError `invalid_dpop_proof`
   */
  async verify(proof: string): Promise<string> {
    try {
      const { header, payload } = readStrictJws(proof, 'jwk')
      const key = publicKeyIn(header)
      await verifySignature(proof, key)
      const { jti, iat } = this.claims(payload)
      const jkt = await calculateJwkThumbprint(key)
      if (!(await useDpopProof(this.db, jkt, jti, new Date((iat + WINDOW) * 1000)))) {
        throw new TokenRefused('jti has been used')
      }
      return jkt
    } catch (error) {
      if (error instanceof TokenRefused) throw new OAuthError('invalid_dpop_proof', `DPoP proof: ${error.message}`)
      throw error
    }
  }

  private claims({ htm, htu, iat, jti }: JsonObject): { readonly jti: string; readonly iat: number } {
    if (htm !== 'POST') throw new TokenRefused('htm must be POST')
    if (typeof htu !== 'string' || addressOf(htu) !== addressOf(`${this.issuer}/oauth/token`)) {
      throw new TokenRefused('htu must be the address of the token endpoint')
    }
    const now = Date.now() / 1000
    if (typeof iat !== 'number' || !Number.isSafeInteger(iat) || Math.abs(now - iat) > WINDOW) {
      throw new TokenRefused(`iat is missing or more than ${WINDOW} s from now`)
    }
    if (typeof jti !== 'string' || !PLAIN_TEXT.test(jti)) {
      throw new TokenRefused('jti is missing or not 1 to 255 ASCII characters')
    }
    return { jti, iat }
  }
}

/** As an alias, for jose asks for an index signature. */
type PublicKey = { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

/** The key stands in the header itself: it proves nothing but that whoever made the proof holds its other half. */
function publicKeyIn({ typ, alg, jwk }: JsonObject): PublicKey {
  if (typ !== 'dpop+jwt') throw new TokenRefused('typ must be dpop+jwt')
  if (alg !== 'ES256') throw new TokenRefused('alg must be ES256')
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw new TokenRefused('jwk is missing')
  const { kty, crv, x, y, ...rest } = jwk as JsonObject
  if (Object.keys(rest).some((member) => !KEY_MEMBERS.includes(member))) {
    throw new TokenRefused('jwk must be a public key and nothing else')
  }
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) {
    throw new TokenRefused('jwk must be on P-256')
  }
  return { kty, crv, x, y }
}

/** 32 bytes in canonical base64url: of another spelling the thumbprint would be another. */
function isCoordinate(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length === 43 && Buffer.from(value, 'base64url').toString('base64url') === value
  )
}

async function verifySignature(proof: string, jwk: PublicKey): Promise<void> {
  let key: CryptoKey
  try {
    key = await importJWK(jwk, 'ES256')
  } catch {
    throw new TokenRefused('jwk is no point on P-256')
  }
  await compactVerify(proof, key, { algorithms: ['ES256'] }).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? new TokenRefused('the signature does not hold') : error
  })
}

/**
 * The address in the one spelling that all equal ones have (RFC 3986 section 6.2.2 and 6.2.3), without query and fragment;
 * null when it is none. A user name in it would be lost, and makes it none.
 */
function addressOf(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { origin, pathname, username, password } = new URL(text)
  if (origin === 'null' || username !== '' || password !== '') return null
  return origin + pathname.replace(/%[\da-f]{2}/gi, unescaped)
}

/** Letters, digits and `-._~` need no escape; of the others the hexadecimal digits are written large. */
function unescaped(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : escape.toUpperCase()
}
