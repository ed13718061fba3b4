import type { OpenIdProvider } from './openid-provider.js'
import { claimsSignedBy, isSoleAudience, readSeconds, readText } from './provider-signature.js'
import { type JsonObject, TokenRefused } from './strict-jws.js'

/** Whose sessions the provider has ended: those of one session with it, or all of one person. */
export type LoggedOut =
  { readonly by: 'providerSession'; readonly value: string } | { readonly by: 'subject'; readonly value: string }

export interface VerifiedLogoutToken {
  readonly issuer: string
  /** To be used once. */
  readonly jti: string
  readonly loggedOut: LoggedOut
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** ID-porten delivers at once or never, and its tokens live that long. */
const OLDEST = 300
const LONGEST_JTI = 256

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6) of the provider for us as its client. That
 * it is used once is for the caller to see to, by issuer and `jti`. In ID-porten's tokens `sub` may be an identity number
 * (its documentation shows one): it is looked at only where `sid` is missing, and never repeated.
 *
 * @throws TokenRefused
 */
export async function verifyLogoutToken(provider: OpenIdProvider, token: string): Promise<VerifiedLogoutToken> {
  const claims = await claimsSignedBy(provider, token, ['logout+jwt'])
  if (!isSoleAudience(claims, provider.clientId)) throw new TokenRefused('aud is not this service')
  if (readSeconds(claims, 'iat') < Date.now() / 1000 - OLDEST) throw new TokenRefused('iat is too long ago')
  if (!tellsOfLogout(claims['events'])) throw new TokenRefused('events does not tell of a logout')
  if (claims['nonce'] !== undefined) throw new TokenRefused('a logout token has no nonce')
  const jti = readText(claims, 'jti')
  if (jti.length > LONGEST_JTI) throw new TokenRefused('jti is too long')
  return { issuer: provider.issuer, jti, loggedOut: loggedOutBy(claims) }
}

function tellsOfLogout(events: unknown): boolean {
  if (typeof events !== 'object' || events === null) return false
  const event = (events as JsonObject)[EVENT]
  return typeof event === 'object' && event !== null && !Array.isArray(event)
}

function loggedOutBy(claims: JsonObject): LoggedOut {
  if (claims['sid'] !== undefined) return { by: 'providerSession', value: readText(claims, 'sid') }
  return { by: 'subject', value: readText(claims, 'sub') }
}
