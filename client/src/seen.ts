import { Buffer } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'
import type { CryptoKey } from 'jose'
import type { StatedGround } from './ground.js'
import { isText, type JsonObject } from './json.js'

/** What a signature was found to hold over, and the key that it was found with. */
export interface SeenToken {
  readonly keyId: string
  readonly key: CryptoKey
  readonly claims: JsonObject
  readonly ground: StatedGround
}

/**
 * Tokens whose signature was found good, so that the same token need not be checked for that again. It says nothing of
 * time, status, user, proof or power: those are looked at each time.
 */
export interface SeenTokens {
  /** What was remembered of a token of exactly these bytes. */
  recall(token: string): SeenToken | undefined
  remember(token: string, seen: SeenToken): void
}

const MOST_TOKENS = 10_000
/** Of all that is remembered. What is held of one token takes a few times its length. */
const MOST_CHARACTERS = 8 * 1_048_576

interface Entry extends SeenToken {
  /** Header and payload, as they were signed. */
  readonly signed: string
  readonly signature: Uint8Array
}

/**
 * A memory for one process, of at most 10 000 tokens and 8 MiB of token text; the oldest go first. Make one for the life of
 * the process.
 *
 * It goes by `jti`, of which a token has one, while it has two strings that verify. The `jti` by which an entry is looked
 * up is taken from text that nobody has verified, so it decides nothing: the entry counts only for the very bytes that
 * were verified; its signature, which nobody can guess, is compared in a time that does not tell how much was right. Any
 * other string with that `jti` goes the whole way.
 */
export function rememberTokens(): SeenTokens {
  const entries = new Map<string, Entry>()
  let characters = 0

  function forget(tokenId: string): void {
    characters -= entries.get(tokenId)?.signed.length ?? 0
    entries.delete(tokenId)
  }

  return {
    recall(token) {
      const end = token.lastIndexOf('.')
      const entry = entries.get(statedId(token, end))
      if (entry === undefined || token.slice(0, end) !== entry.signed) return undefined
      const signature = Buffer.from(token.slice(end + 1))
      return sameBytes(signature, entry.signature) ? entry : undefined
    },
    remember(token, { keyId, key, claims, ground }) {
      const { jti } = claims
      if (!isText(jti)) return
      const end = token.lastIndexOf('.')
      forget(jti)
      entries.set(jti, {
        keyId,
        key,
        claims,
        ground,
        signed: token.slice(0, end),
        signature: Buffer.from(token.slice(end + 1)),
      })
      characters += end
      for (const [oldest] of entries) {
        if (entries.size <= MOST_TOKENS && characters <= MOST_CHARACTERS) break
        forget(oldest)
      }
    },
  }
}

function sameBytes(some: Uint8Array, others: Uint8Array): boolean {
  return some.length === others.length && timingSafeEqual(some, others)
}

/** What the payload seems to say of its `jti`, found without reading the rest; empty where nothing is found. */
function statedId(token: string, end: number): string {
  const start = token.indexOf('.') + 1
  // Our issuer writes it first.
  return idIn(token.slice(start, Math.min(end, start + BEGINNING))) || idIn(token.slice(start, end))
}

function idIn(payload: string): string {
  const text = Buffer.from(payload, 'base64url').toString('latin1')
  const start = text.indexOf(MEMBER) + MEMBER.length
  const end = text.indexOf('"', start)
  return start < MEMBER.length || end < 0 ? '' : text.slice(start, end)
}

const MEMBER = '"jti":"'
/** Characters that decode to whole bytes, and to some more than one with a `jti` of ours. */
const BEGINNING = 128
