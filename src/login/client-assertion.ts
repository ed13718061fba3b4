import { type CryptoKey, type JWK, compactVerify, errors, generateKeyPair, importJWK } from 'jose'
import { type Client, findClient, useJti } from '../store/client-store.js'
import type { Queryable } from '../store/database.js'
import { type JsonObject, TokenRefused, readStrictJws } from './strict-jws.js'

export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The parameters by which a client proves itself, as they came. */
export interface ClientProof {
  readonly assertionType: string | undefined
  readonly assertion: string | undefined
  /** May be left out; if sent it must be the one that the assertion names. */
  readonly clientId: string | undefined
}

/** Not proved. What the assertion says wrong is told only once its signature has held. */
export interface NotProved {
  readonly notProved: string
}

/** Unknown client, unknown key, wrong signature, not even a JWS: one answer, so that nobody learns who is registered. */
const FAILED: NotProved = { notProved: 'the client could not be authenticated' }

/** What each algorithm wants of a key, public members only. */
const ALGORITHMS = {
  ES256: ({ kty, crv, x, y }: JWK) =>
    kty === 'EC' && crv === 'P-256' && x && y ? { kty: 'EC' as const, crv, x, y } : null,
  PS256: ({ kty, n, e }: JWK) => (kty === 'RSA' && n && e ? { kty: 'RSA' as const, n, e } : null),
  EdDSA: ({ kty, crv, x }: JWK) => (kty === 'OKP' && crv === 'Ed25519' && x ? { kty: 'OKP' as const, crv, x } : null),
}
type Algorithm = keyof typeof ALGORITHMS

/** For our metadata. */
export const CLIENT_ASSERTION_ALGORITHMS: readonly string[] = Object.keys(ALGORITHMS)

const TYPES: readonly unknown[] = [undefined, 'JWT', 'client-authentication+jwt']

/** Seconds. */
const LONGEST_LIFE = 300
const CLOCK_SKEW = 10

const PLAIN_TEXT = /^[\x20-\x7e]{1,255}$/

/** Services prove themselves with a signed assertion: `private_key_jwt` (RFC 7523, RFC 10070). */
export class ClientAssertions {
  private readonly decoy = generateKeyPair('ES256')

  constructor(
    private readonly db: Queryable,
    /** Our issuer identifier: the one audience that an assertion may name. */
    private readonly issuer: string,
  ) {}

  /**
   * The client that this assertion proves, read from the register as it stands now. The assertion is used up by that.
   *
   * Keys come from the registration and never from the token's header. An unknown client costs the same statement and the
   * same check of an ES256 signature as one that is registered.
   */
  async verify(proof: ClientProof): Promise<Client | NotProved> {
    if (proof.assertionType !== CLIENT_ASSERTION_TYPE) return FAILED
    const read = readAssertion(proof.assertion)
    if (read === null) return FAILED
    const client = await findClient(this.db, read.clientId)
    if (!(await this.isSigned(read, client)) || client === null) return FAILED

    const fault = this.faultOf(read.claims, proof.clientId, Math.floor(Date.now() / 1000))
    if (fault !== null) return { notProved: fault }
    const { jti, exp } = read.claims as { jti: string; exp: number }
    const isNew = await useJti(this.db, client.clientId, jti, new Date(exp * 1000))
    return isNew ? client : { notProved: 'jti has been used' }
  }

  private async isSigned({ token, alg, kid }: Assertion, client: Client | null): Promise<boolean> {
    const registered = await keyOf(client, alg, kid)
    const key = registered ?? (await this.decoy).publicKey
    const algorithms = [registered === null ? 'ES256' : alg]
    try {
      await compactVerify(token, key, { algorithms })
      return registered !== null
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return false
      throw error
    }
  }

  private faultOf(claims: JsonObject, clientId: string | undefined, now: number): string | null {
    const { iss, sub, aud, exp, iat, nbf, jti } = claims
    const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
    if (sub !== iss) return 'iss and sub must both be the client_id'
    if (clientId !== undefined && clientId !== iss) return 'client_id is not the one of the assertion'
    if (audience !== this.issuer) return 'aud must be the issuer identifier and nothing else'
    if (!isSecond(exp) || exp <= now) return 'exp is missing or has passed'
    if (exp > now + LONGEST_LIFE + CLOCK_SKEW) return 'exp must not be more than 300 seconds ahead'
    if (!isSecond(iat) || iat > now + CLOCK_SKEW) return 'iat is missing or lies in the future'
    if (iat < now - LONGEST_LIFE) return 'iat must not be more than 300 seconds ago'
    if (nbf !== undefined && (!isSecond(nbf) || nbf > now + CLOCK_SKEW)) return 'nbf lies in the future'
    if (typeof jti !== 'string' || !PLAIN_TEXT.test(jti)) return 'jti is missing or not 1 to 255 ASCII characters'
    return null
  }
}

interface Assertion {
  readonly token: string
  readonly alg: Algorithm
  readonly kid: string
  readonly clientId: string
  /** To be believed only once the signature has held. */
  readonly claims: JsonObject
}

function readAssertion(token: string | undefined): Assertion | null {
  try {
    const { header, payload } = readStrictJws(token)
    const { alg, kid, typ } = header
    const { iss } = payload
    if (token === undefined || !isAlgorithm(alg)) return null
    if (typeof kid !== 'string' || !TYPES.includes(typ)) return null
    if (typeof iss !== 'string' || !PLAIN_TEXT.test(iss)) return null
    return { token, alg, kid, clientId: iss, claims: payload }
  } catch (error) {
    if (error instanceof TokenRefused) return null
    throw error
  }
}

function isAlgorithm(alg: unknown): alg is Algorithm {
  return typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg)
}

/** The client's one key with this name, if it is for this algorithm. */
async function keyOf(client: Client | null, alg: Algorithm, kid: string): Promise<CryptoKey | null> {
  const [jwk, ...others] = client?.jwks.keys.filter((key) => key.kid === kid) ?? []
  if (jwk === undefined || others.length > 0) return null
  if ((jwk.alg ?? alg) !== alg || (jwk.use ?? 'sig') !== 'sig') return null
  const publicJwk = ALGORITHMS[alg](jwk)
  return publicJwk === null ? null : importJWK(publicJwk, alg)
}

/** A NumericDate (RFC 7519 section 2) in whole seconds. */
function isSecond(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}
