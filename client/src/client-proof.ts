import { randomUUID } from 'node:crypto'
import { type CryptoKey, importJWK, type JWK, SignJWT } from 'jose'
import { isText } from './json.js'

/** This service as it is registered with the issuer. */
export interface RegisteredClient {
  readonly clientId: string
  /** Private, with the `kid` under which its public part is registered: P-256 (ES256), RSA (PS256) or Ed25519 (EdDSA). */
  readonly key: JWK
}

/** The parameters by which the client proves itself in one request. */
export type ClientProof = () => Promise<Readonly<Record<string, string>>>

/** Seconds. Used at once, so it need not live long. */
const LIFE = 60

/**
 * Proofs by `private_key_jwt` (RFC 7523): each for the issuer alone (RFC 10070), for one request, for a minute. Throws
 * TypeError for a key that does not do.
 */
export function clientProof(issuer: string, { clientId, key: jwk }: RegisteredClient): ClientProof {
  const alg = algorithmOf(jwk)
  const { kid } = jwk
  if (!isText(clientId) || !isText(kid)) throw new TypeError('client: clientId or the kid of its key is missing')
  let key: Promise<CryptoKey> | undefined
  return async () => {
    key ??= importJWK(jwk, alg, { extractable: false }) as Promise<CryptoKey>
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg, kid, typ: 'client-authentication+jwt' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime(`${LIFE} s`)
      .sign(await key)
    return {
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }
  }
}

function algorithmOf({ kty, crv, d }: JWK): 'ES256' | 'PS256' | 'EdDSA' {
  if (isText(d) && kty === 'EC' && crv === 'P-256') return 'ES256'
  if (isText(d) && kty === 'RSA') return 'PS256'
  if (isText(d) && kty === 'OKP' && crv === 'Ed25519') return 'EdDSA'
  throw new TypeError('client: the key must be a private one on P-256, RSA or Ed25519')
}
