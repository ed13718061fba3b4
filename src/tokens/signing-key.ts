import {
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
  compactVerify,
  errors,
  importJWK,
} from 'jose'
import { type JsonObject, TokenRefused, readStrictJws } from '../login/strict-jws.js'

/** The explicit types of what we sign (RFC 8725 section 3.11): no token passes for another kind. */
export type TokenType = 'at+jwt' | 'statuslist+jwt' | 'secevent+jwt'

/**
 * The key that signs our tokens: ES256, one `kid`. The private half stays inside, so that where it lies is nobody else's
 * business.
 */
export class SigningKey {
  private constructor(
    readonly kid: string,
    private readonly privateKey: CryptoKey,
    readonly publicKey: CryptoKey,
    /** What `/jwks` shows. */
    readonly keySet: JSONWebKeySet,
  ) {}

  /**
   * @param jwk private, on P-256, with `kid`.
   * @throws TypeError when it is not such a key.
   */
  static async import(jwk: Readonly<Record<string, unknown>>): Promise<SigningKey> {
    const { kty, crv, x, y, d, kid } = jwk as JWK
    if (kty !== 'EC' || crv !== 'P-256' || !x || !y || !d || !kid)
      throw new TypeError('no private JWK on P-256 with kid')
    const privateKey = await importJWK({ kty: 'EC', crv, x, y, d }, 'ES256')
    const publicKey = await importJWK({ kty: 'EC', crv, x, y }, 'ES256')
    return new SigningKey(kid, privateKey, publicKey, { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }] })
  }

  /** The claims as a signed JWT whose header holds `alg`, `typ` and `kid` and nothing else. */
  sign(typ: TokenType, claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: this.kid }).sign(this.privateKey)
  }

  /**
   * What a token says that we signed as this type. Whether it holds now, and for whom, is for the caller to see.
   *
   * @throws TokenRefused
   */
  async verify(type: TokenType, token: string): Promise<JsonObject> {
    const { header, payload } = readStrictJws(token)
    const { alg, typ, kid } = header
    if (typ !== type || alg !== 'ES256') throw new TokenRefused(`typ or alg is not that of ${type} of ours`)
    if (kid !== this.kid) throw new TokenRefused('kid is not a key of ours')
    await compactVerify(token, this.publicKey, { algorithms: ['ES256'] }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? new TokenRefused('the signature does not hold') : error
    })
    return payload
  }
}
