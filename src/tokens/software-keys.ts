import { createCipheriv, createDecipheriv, randomBytes, subtle } from 'node:crypto'
import { type JWK, exportJWK, generateKeyPair } from 'jose'
import type { KeptKey, KeyPurpose } from '../store/signing-key-store.js'
import { CustodyError, type KeyCustody, type Signer, kidOf, publicHalf } from './key-custody.js'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Private keys that lie in the database, encrypted, and in the memory of each instance. */
export class SoftwareKeys implements KeyCustody {
  /** @param keys of 32 bytes: the first encrypts, all decrypt, so that it can be changed while serving. */
  constructor(private readonly keys: readonly Buffer[]) {}

  async make(purpose: KeyPurpose): Promise<KeptKey> {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const publicJwk = publicHalf(await exportJWK(pair.publicKey))
    const kid = await kidOf(publicJwk)
    return {
      kid,
      purpose,
      publicJwk,
      sealed: this.seal(await exportJWK(pair.privateKey), { kid, purpose }),
      label: null,
    }
  }

  async open(key: KeptKey): Promise<Signer> {
    const jwk = this.unseal(key)
    const isSame = (await kidOf(publicHalf(key.publicJwk))) === key.kid && (await kidOf(publicHalf(jwk))) === key.kid
    if (!isSame) throw new CustodyError(`signing key ${key.kid}: its public half is not the one that was made`)
    return softwareSigner(jwk)
  }

  destroy(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  private seal({ d = '', x = '', y = '' }: JWK, key: Pick<KeptKey, 'kid' | 'purpose'>): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.keys[0] ?? Buffer.alloc(0), nonce).setAAD(boundTo(key))
    const text = Buffer.concat([cipher.update(JSON.stringify({ d, x, y })), cipher.final()])
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text])
  }

  private unseal(key: KeptKey): JWK {
    for (const encryptionKey of this.keys) {
      const text = decrypted(encryptionKey, key)
      if (text !== null) return { ...publicHalf({}), ...(JSON.parse(text) as JWK) }
    }
    throw new CustodyError(`signing key ${key.kid}: none of our key-encryption keys opens it`)
  }
}

/** Null when it was sealed with another key, for another `kid` or purpose, or changed since. */
function decrypted(encryptionKey: Buffer, key: KeptKey): string | null {
  const { sealed } = key
  if (sealed === null || sealed[0] !== VERSION || sealed.length <= 1 + NONCE_BYTES + TAG_BYTES) return null
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(key)).setAuthTag(tag)
  try {
    const start = decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([start, decipher.final()]).toString()
  } catch {
    return null
  }
}

/** What the envelope is good for: this key and no other, and this purpose and no other. */
function boundTo({ kid, purpose }: Pick<KeptKey, 'kid' | 'purpose'>): Buffer {
  return Buffer.from(JSON.stringify(['fullmakt signing key', VERSION, purpose, kid]))
}

/** @param jwk private, on P-256. */
export async function softwareSigner({ d = '', x = '', y = '' }: JWK): Promise<Signer> {
  const jwk = { kty: 'EC', crv: 'P-256', d, x, y, key_ops: ['sign'] }
  const key = await subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  return { sign: async (bytes) => new Uint8Array(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes)) }
}
