import { type JWK, type RemoteJWKSet, createRemoteJWKSet, importJWK } from 'jose'
import * as oidc from 'openid-client'

export interface OpenIdProviderOptions {
  /** Compared byte for byte, here and in every token. `http:` is for development; `Config` refuses it in production. */
  readonly issuer: string
  readonly clientId: string
  /** Our private key at the provider, a JWK with `kid`: ES256 when it is on P-256, RS256 when it is an RSA key. */
  readonly clientKey: Readonly<Record<string, unknown>>
}

interface Discovered {
  readonly configuration: oidc.Configuration
  readonly keys: RemoteJWKSet
  readonly goodUntil: number
}

const SECONDS_TO_ANSWER = 5
const DAY = 24 * 3_600_000
const MINUTE = 60_000

/**
 * The one OpenID provider that people log in with. Its metadata is read when it is first needed and not at start, so that
 * we start without it; a failed reading is tried again by the next who needs it. Read again after 24 hours, and the old
 * metadata serves on while the provider does not answer.
 */
export class OpenIdProvider {
  readonly issuer: string
  readonly clientId: string
  private known: Discovered | undefined
  private reading: Promise<Discovered> | undefined

  constructor(private readonly options: OpenIdProviderOptions) {
    this.issuer = options.issuer
    this.clientId = options.clientId
  }

  /** What openid-client needs to speak to the provider as us. Rejects while the provider cannot be reached. */
  async configuration(): Promise<oidc.Configuration> {
    return (await this.discovered()).configuration
  }

  /** The provider's public keys, kept for 10 minutes; a key that is missing is asked for again at most every 30 s. */
  async keys(): Promise<RemoteJWKSet> {
    return (await this.discovered()).keys
  }

  private async discovered(): Promise<Discovered> {
    const { known } = this
    if (known !== undefined && Date.now() < known.goodUntil) return known
    this.reading ??= this.discover().finally(() => (this.reading = undefined))
    try {
      return (this.known = await this.reading)
    } catch (error) {
      if (known === undefined) throw error
      return (this.known = { ...known, goodUntil: Date.now() + MINUTE })
    }
  }

  private async discover(): Promise<Discovered> {
    const { issuer, clientId } = this
    const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, await this.authentication(), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out; for development on loopback
      execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
      timeout: SECONDS_TO_ANSWER,
    })
    const metadata = configuration.serverMetadata()
    // openid-client compares addresses, for which `https://a` and `https://a/` are one; and it excepts some providers.
    if (metadata.issuer !== issuer) throw new Error('the provider calls itself by another name than the configured one')
    if (metadata.jwks_uri === undefined) throw new Error('the provider publishes no keys')
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), {
      timeoutDuration: SECONDS_TO_ANSWER * 1000,
      cacheMaxAge: 10 * MINUTE,
      cooldownDuration: MINUTE / 2,
    })
    return { configuration, keys, goodUntil: Date.now() + DAY }
  }

  private async authentication(): Promise<oidc.ClientAuth> {
    const jwk = this.options.clientKey as JWK
    const key = await importJWK(jwk, jwk.kty === 'RSA' ? 'RS256' : 'ES256')
    if (key instanceof Uint8Array || jwk.kid === undefined)
      throw new TypeError('the client key is no private JWK with kid')
    return oidc.PrivateKeyJwt({ key, kid: jwk.kid })
  }
}
