import { randomUUID } from 'node:crypto'
import { type JWK, SignJWT, importJWK } from 'jose'
import { errorCodeIn, exchange, readJson } from './http-exchange.js'
import { DEFAULT_PATIENCE, type Patience, type Patiently, patiently } from './patience.js'
import { RegisterFault } from './register-fault.js'
import { RegisterRecord } from './register-record.js'

export interface MaskinportenOptions {
  /** As Maskinporten writes it, `https://maskinporten.no/` with its last slash: it is the audience, byte for byte. */
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Our private RSA key there, a JWK with `kid`. */
  readonly clientKey: Readonly<Record<string, unknown>>
  readonly patience?: Patience
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

interface Held {
  readonly token: string
  readonly renewAt: number
  readonly usableUntil: number
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Seconds. Maskinporten takes no assertion that lives longer than 120. */
const ASSERTION_LIFE = 100

/** A token is renewed when this part of its life has passed, and used no longer than until the last part begins. */
const RENEW_AFTER = 0.75
const USABLE = 0.95

const LONGEST_ANSWER = 64 * 1024

/**
 * Access tokens from Maskinporten by a signed assertion (RFC 7523), one for each scope, in memory only. Everyone who
 * asks while one is being fetched gets that one. Where a renewal fails, the old token serves as long as it lives.
 */
export class Maskinporten {
  private readonly held = new Map<string, Held>()
  private readonly fetching = new Map<string, Promise<Held>>()
  private readonly patiently: Patiently
  private readonly now: () => number

  constructor(private readonly options: MaskinportenOptions) {
    const { clientKey, patience, now } = options
    if (clientKey['kty'] !== 'RSA' || typeof clientKey['kid'] !== 'string' || typeof clientKey['d'] !== 'string')
      throw new TypeError('the key for Maskinporten is no private RSA JWK with kid')
    this.patiently = patiently('maskinporten', patience ?? DEFAULT_PATIENCE)
    this.now = now ?? Date.now
  }

  /** @throws RegisterFault of `maskinporten`, when there is no token to be had and none that still lives. */
  async token(scope: string): Promise<string> {
    const held = this.held.get(scope)
    if (held !== undefined && this.now() < held.renewAt) return held.token
    try {
      return (await this.fetched(scope)).token
    } catch (error) {
      if (held !== undefined && this.now() < held.usableUntil) return held.token
      throw error
    }
  }

  /** A register has not taken this token: the next who asks gets a new one. */
  forget(scope: string, token: string): void {
    if (this.held.get(scope)?.token === token) this.held.delete(scope)
  }

  private fetched(scope: string): Promise<Held> {
    const underway = this.fetching.get(scope)
    if (underway !== undefined) return underway
    const fetching = this.fetch(scope).finally(() => this.fetching.delete(scope))
    this.fetching.set(scope, fetching)
    return fetching
  }

  private async fetch(scope: string): Promise<Held> {
    // Each try has an assertion of its own: Maskinporten takes a jti once.
    const { token, seconds, askedAt } = await this.patiently((signal) => this.ask(scope, signal))
    const life = seconds * 1000
    const held = { token, renewAt: askedAt + RENEW_AFTER * life, usableUntil: askedAt + USABLE * life }
    this.held.set(scope, held)
    return held
  }

  private async ask(scope: string, signal: AbortSignal): Promise<{ token: string; seconds: number; askedAt: number }> {
    const askedAt = this.now()
    const assertion = await this.assertion(scope, Math.floor(askedAt / 1000))
    const answer = await exchange('maskinporten', {
      url: new URL(this.options.tokenEndpoint),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString(),
      longestAnswer: LONGEST_ANSWER,
      signal,
    })
    if (answer.status >= 500) throw new RegisterFault('maskinporten', 'server_error', String(answer.status))
    if (answer.status === 429) throw new RegisterFault('maskinporten', 'throttled')
    if (answer.status !== 200) {
      const detail = [String(answer.status), errorCodeIn(answer)].filter((part) => part !== null).join(' ')
      throw new RegisterFault('maskinporten', 'refused', detail)
    }
    return { ...readGrant(readJson('maskinporten', answer), scope), askedAt }
  }

  /** `resource` is never set: Folkeregisteret refuses a token with an audience of its own. */
  private async assertion(scope: string, now: number): Promise<string> {
    const { issuer, clientId, clientKey } = this.options
    return new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', kid: String(clientKey['kid']) })
      .setAudience(issuer)
      .setIssuer(clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_LIFE)
      .setJti(randomUUID())
      .sign(await importJWK(clientKey as JWK, 'RS256'))
  }
}

function readGrant(body: unknown, scope: string): { token: string; seconds: number } {
  const grant = RegisterRecord.read('maskinporten', body, 'answer')
  const token = grant.matching('access_token', /^[\x21-\x7e]+$/) ?? grant.refuse('access_token')
  const seconds = grant.whole('expires_in')
  if (seconds === null || seconds < 1) return grant.refuse('expires_in')
  if (grant.text('token_type')?.toLowerCase() !== 'bearer') return grant.refuse('token_type')
  if (!(grant.text('scope') ?? scope).split(' ').includes(scope)) return grant.refuse('scope')
  return { token, seconds }
}
