import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as 43 characters of base64url. Whoever holds it is let in; we keep only its hash. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Whether a text could be a secret of ours; anything else need not be looked for. */
export function isSecret(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** SHA-256. A secret has 256 bits of its own, so neither salt nor slowness would add anything. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
