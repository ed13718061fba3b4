import { randomUUID, timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader } from 'jose'
import { type JsonObject, TokenRefused } from '../login/strict-jws.js'
import { OAuthError } from './oauth-error.js'
import type { SigningKeys } from './signing-keys.js'

/** What an access token of a service is for: to ask us. There is no narrower one yet. */
export const SERVICE_SCOPE = 'fullmakt:service'

/** Seconds. */
const LIFE = 300
const MOST_REMEMBERED = 10_000

/** The answer of `/oauth/token` to client credentials (RFC 6749 section 5.1). */
export interface ServiceTokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
}

interface Verified {
  readonly token: Buffer
  readonly kid: string
  readonly clientId: string
  /** Seconds since 1970. */
  readonly expiresAt: number
}

/**
 * The access tokens with which services ask us (RFC 9068). Both audience and issuer are we ourselves, and `sub` is
 * `client:<client_id>`, which no person and no handle can be called; so a delegation token, signed with the same key for
 * somebody else, is none of these.
 */
export class ServiceTokens {
  /** By `jti`: a token has two valid signatures, so the whole text is compared before it counts as verified. */
  private readonly verified = new Map<string, Verified>()

  constructor(
    private readonly keys: SigningKeys,
    private readonly issuer: string,
  ) {}

  /**
   * A token for a client that has proved itself.
   *
   * @param scope as it was asked for; left out means all there is.
   * @throws OAuthError `invalid_scope`
   */
  async issue(clientId: string, scope: string | undefined): Promise<ServiceTokenAnswer> {
    if ((scope ?? SERVICE_SCOPE) !== SERVICE_SCOPE)
      throw new OAuthError('invalid_scope', `the one scope is ${SERVICE_SCOPE}`)
    const issuedAt = Math.floor(Date.now() / 1000)
    const access_token = await this.keys.sign('at+jwt', {
      // First: `idIn` finds it there.
      jti: randomUUID(),
      iss: this.issuer,
      aud: this.issuer,
      sub: `client:${clientId}`,
      client_id: clientId,
      iat: issuedAt,
      exp: issuedAt + LIFE,
      scope: SERVICE_SCOPE,
    })
    return { access_token, token_type: 'Bearer', expires_in: LIFE, scope: SERVICE_SCOPE }
  }

  /**
   * The client that this token was issued to. A service sends the same token thousands of times, so one that was verified
   * is remembered until it expires.
   *
   * @throws TokenRefused
   */
  async verify(token: string): Promise<string> {
    const now = Date.now() / 1000
    const known = this.remembered(token)
    const { clientId, expiresAt, kid } = known ?? (await this.check(token))
    if (!this.keys.isShown('at+jwt', kid)) throw new TokenRefused('its key has been removed')
    if (expiresAt <= now) throw new TokenRefused('the token has expired')
    return clientId
  }

  /** Whether this very token has been verified before: then it costs next to nothing to be asked with it. */
  knows(token: string): boolean {
    return this.remembered(token) !== undefined
  }

  /** When this token expires, which has just been verified. */
  expiryOf(token: string): Date {
    return new Date((this.remembered(token)?.expiresAt ?? 0) * 1000)
  }

  private remembered(token: string): Verified | undefined {
    const known = this.verified.get(idIn(token))
    const text = Buffer.from(token)
    return known?.token.length === text.length && timingSafeEqual(known.token, text) ? known : undefined
  }

  private async check(token: string): Promise<Verified> {
    return this.remember(token, await this.keys.verify('at+jwt', token))
  }

  private remember(token: string, claims: JsonObject): Verified {
    const { iss, aud, sub, client_id: clientId, exp: expiresAt, jti, scope, act } = claims
    const ours = iss === this.issuer && aud === this.issuer && scope === SERVICE_SCOPE && act === undefined
    if (!ours || typeof clientId !== 'string' || sub !== `client:${clientId}`) {
      throw new TokenRefused('the token is not for asking us')
    }
    if (typeof expiresAt !== 'number' || typeof jti !== 'string') throw new TokenRefused('exp or jti is missing')
    const { kid = '' } = decodeProtectedHeader(token)
    const verified = { token: Buffer.from(token), kid, clientId, expiresAt }
    if (this.verified.size >= MOST_REMEMBERED) this.verified.delete(this.verified.keys().next().value ?? '')
    this.verified.set(jti, verified)
    return verified
  }
}

/**
 * What the unverified token calls itself, only to find what it is to be compared with. Taken from the beginning of the
 * payload, where we write it: each question comes with a token, and reading the whole of it costs more than all else here.
 */
function idIn(token: string): string {
  const start = token.indexOf('.') + 1
  const beginning = Buffer.from(token.slice(start, start + BEGINNING), 'base64url').toString('latin1')
  return /^\{"jti":"([^"]*)"/.exec(beginning)?.[1] ?? ''
}

/** Characters that decode to whole bytes, and to more than a `jti` of ours takes. */
const BEGINNING = 80
