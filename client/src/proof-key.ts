import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A key that tokens are bound to and that is proved with each request (RFC 9449). It cannot be taken out. */
export interface ProofKey {
  readonly thumbprint: string
  /** A proof for one request: sent once, as the header `DPoP`. `token` is the one it goes with, null when asking for one. */
  prove(method: string, url: URL, token: string | null): Promise<string>
}

/** A new key on P-256. One for a process, or for a session: tokens that are bound to it end with it. */
export async function newProofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const { x = '', y = '' } = await exportJWK(publicKey)
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const
  return Object.freeze({
    thumbprint: await calculateJwkThumbprint(jwk),
    prove(method: string, url: URL, token: string | null) {
      const ath = token === null ? {} : { ath: createHash('sha256').update(token).digest('base64url') }
      return new SignJWT({ jti: randomUUID(), htm: method, htu: `${url.origin}${url.pathname}`, ...ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey)
    },
  })
}
