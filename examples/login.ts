import { importJWK, type JWK } from 'jose'
import * as oidc from 'openid-client'
import type { User } from '@fullmakt/client'
import type { Place } from './place.js'

/** A login that has begun: kept in the session until the browser comes back. */
export interface PendingLogin {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

export interface Login {
  /** Where the browser goes to log in. */
  begin(): Promise<{ readonly address: string; readonly pending: PendingLogin }>
  /** The user, and the id_token with which Fullmakt is asked at once: it lives for two minutes. */
  finish(callback: URL, pending: PendingLogin): Promise<{ readonly user: User; readonly idToken: string }>
}

/** Login at ID-porten (OpenID Connect, code flow with PKCE), as every service has it without Fullmakt too. */
export async function openLogin({ url, idporten, clientId, idportenKey }: Place): Promise<Login> {
  const configuration = await oidc.discovery(
    new URL(idporten),
    clientId,
    {},
    oidc.PrivateKeyJwt({ key: await privateKey(idportenKey), kid: idportenKey.kid ?? '' }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: the stand-in is plain http on loopback
    { execute: [oidc.allowInsecureRequests] },
  )
  return {
    async begin() {
      const pending = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
      }
      const address = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: `${url}/callback`,
        scope: 'openid profile',
        acr_values: 'idporten-loa-high',
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        state: pending.state,
        nonce: pending.nonce,
      })
      return { address: address.href, pending }
    },
    async finish(callback, { verifier, state, nonce }) {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined || tokens.id_token === undefined) throw new Error('there is no id_token')
      return { user: { issuer: claims.iss, subject: claims.sub }, idToken: tokens.id_token }
    },
  }
}

async function privateKey(jwk: JWK): Promise<oidc.CryptoKey> {
  const key = await importJWK(jwk, jwk.alg)
  if (key instanceof Uint8Array) throw new TypeError('a client needs an asymmetric key')
  return key
}
