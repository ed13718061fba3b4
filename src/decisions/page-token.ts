import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'

/** Where a page of a search ended, and how long its pages are. */
export interface PageEnd {
  readonly after: string
  readonly limit: number
}

const LIFE_MS = 10 * 60_000
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Makes and reads the tokens by which a search goes on. They are sealed: nobody reads them but us, and they open only for
 * the very search they came from (client, question, login), for ten minutes. The search itself is not in them.
 */
export class PageTokens {
  private readonly key: Buffer

  /** @param secret at least 32 bytes, the same on every instance; the key is derived from it (RFC 5869). */
  constructor(
    secret: Buffer,
    private readonly now: () => number = Date.now,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'fullmakt page token', 32))
  }

  /** @param search what the token is bound to: members in a fixed order, for it is bound to the text. */
  seal({ after, limit }: PageEnd, search: readonly Json[]): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound(search))
    const text = JSON.stringify([after, limit, this.now() + LIFE_MS])
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** @throws Problem `invalid_request`, in the same words whatever is wrong with it. */
  open(token: string, search: readonly Json[]): PageEnd {
    const [after, limit, until] = this.unseal(token, search) ?? []
    if (after === undefined || limit === undefined || until === undefined || until <= this.now()) {
      throw new Problem('invalid_request', 'page.token is not of this very search, or has expired: begin anew')
    }
    return { after, limit }
  }

  private unseal(token: string, search: readonly Json[]): [after: string, limit: number, until: number] | null {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return null
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(bound(search)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
      return JSON.parse(text.toString('utf8')) as [string, number, number]
    } catch {
      return null
    }
  }
}

function bound(search: readonly Json[]): Buffer {
  return Buffer.from(JSON.stringify(search))
}
