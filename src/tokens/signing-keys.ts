import { type CryptoKey, type JSONWebKeySet, type JWK, type JWTPayload, compactVerify, errors } from 'jose'
import { Problem } from '../domain/problem.js'
import { type JsonObject, TokenRefused, readStrictJws } from '../login/strict-jws.js'
import type { KeyPurpose } from '../store/signing-key-store.js'
import type { Signer } from './key-custody.js'
import { type KeySpan, type KeyState, stateAt } from './key-span.js'

/** The explicit types of what we sign: no token passes for another kind, and each has keys of its own. */
export type TokenType = KeyPurpose

/** A key that this instance can sign with, whenever its time is. */
export interface UsableKey {
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly publicJwk: JWK
  readonly publicKey: CryptoKey
  readonly signer: Signer
  readonly span: KeySpan
}

/** What is known of the keys, and the moment it is by the database's clock, in milliseconds since 1970. */
export interface KeysAt {
  readonly instant: number
  readonly keys: readonly UsableKey[]
}

/** The keys that sign our tokens: ES256, each for one type, one of each type at a time. */
export class SigningKeys {
  /** @param known is asked at each use; null when nothing fresh enough is known. */
  constructor(private readonly known: () => KeysAt | null) {}

  /**
   * The claims as a signed JWT whose header holds `alg`, `typ` and `kid` and nothing else.
   *
   * @throws Problem `busy`
   */
  async sign(typ: TokenType, claims: JWTPayload): Promise<string> {
    const key = this.inState(typ, 'active')[0]
    if (key === undefined) throw new Problem('busy', 'no key can sign just now: try again in a moment')
    const signed = `${encoded({ alg: 'ES256', typ, kid: key.kid })}.${encoded(claims)}`
    const signature = await key.signer.sign(Buffer.from(signed))
    return `${signed}.${Buffer.from(signature).toString('base64url')}`
  }

  /**
   * What a token says that we signed as this type. Whether it holds now, and for whom, is for the caller to see.
   *
   * @throws TokenRefused; Problem `busy`
   */
  async verify(type: TokenType, token: string): Promise<JsonObject> {
    const { header, payload } = readStrictJws(token)
    const { alg, typ, kid } = header
    if (typ !== type || alg !== 'ES256') throw new TokenRefused(`typ or alg is not that of ${type} of ours`)
    const key = this.shown().find((one) => one.kid === kid && one.purpose === type)
    if (key === undefined) throw new TokenRefused(`kid is not a key of ours for ${type}`)
    await compactVerify(token, key.publicKey, { algorithms: ['ES256'] }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? new TokenRefused('the signature does not hold') : error
    })
    return payload
  }

  /** Whether what this key has signed as this type may still be taken for ours. */
  isShown(type: TokenType, kid: string): boolean {
    return this.shown().some((key) => key.kid === kid && key.purpose === type)
  }

  /** The key that signs this type now; null when there is none. */
  activeKid(type: TokenType): string | null {
    return this.inState(type, 'active')[0]?.kid ?? null
  }

  /**
   * What `/jwks` shows: those that will sign, that do, and that did. `signs` is ours (RFC 7517 section 4 allows it): the
   * one `typ` that the key is for.
   *
   * @throws Problem `busy`
   */
  keySet(): JSONWebKeySet {
    return {
      keys: this.shown().map(({ kid, purpose, publicJwk: { x, y } }) => ({
        ...{ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' },
        ...{ kid, alg: 'ES256', use: 'sig', signs: purpose },
      })),
    }
  }

  private shown(): readonly UsableKey[] {
    const { instant, keys } = this.fresh()
    return keys.filter(({ span }) => stateAt(instant, span) !== 'removed')
  }

  private inState(type: TokenType, state: KeyState): readonly UsableKey[] {
    const { instant, keys } = this.fresh()
    return keys.filter(({ purpose, span }) => purpose === type && stateAt(instant, span) === state)
  }

  private fresh(): KeysAt {
    const known = this.known()
    if (known === null) throw new Problem('busy', 'our keys cannot be read just now: try again in a moment')
    return known
  }
}

function encoded(members: object): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url')
}
