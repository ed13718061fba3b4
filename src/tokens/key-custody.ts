import { type CryptoKey, type JWK, calculateJwkThumbprint, importJWK } from 'jose'
import type { KeptKey, KeyPurpose } from '../store/signing-key-store.js'

/** Signs with a private key that does not leave its place. */
export interface Signer {
  /** ES256 of these bytes as a JWS has it: r and s, 32 bytes each (RFC 7518 section 3.4). */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** Where private keys lie, and how they are got at. */
export interface KeyCustody {
  /** A new key on P-256. */
  make(purpose: KeyPurpose): Promise<KeptKey>
  /**
   * The signer of a key that was made here.
   *
   * @throws CustodyError when its private half is not here, or the row says something else of it than was made.
   */
  open(key: KeptKey): Promise<Signer>
  /** Makes the private half unfit for use, where that is not done by forgetting the row. */
  destroy(key: KeptKey): Promise<void>
  close(): Promise<void>
}

/** A private key cannot be got at. The message names the key by `kid` and holds no secret. */
export class CustodyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CustodyError'
  }
}

/** The public half alone, and nothing else that the row may say. */
export function publicHalf({ x = '', y = '' }: JWK): JWK {
  return { kty: 'EC', crv: 'P-256', x, y }
}

export function kidOf(publicJwk: JWK): Promise<string> {
  return calculateJwkThumbprint(publicJwk)
}

export function importPublic(publicJwk: JWK): Promise<CryptoKey> {
  return importJWK(publicHalf(publicJwk), 'ES256') as Promise<CryptoKey>
}
