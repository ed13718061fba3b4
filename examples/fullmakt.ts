import * as oidc from 'openid-client'
import { privateKey } from './login.js'
import type { Place } from './place.js'

/** One for whom the user may act here. */
export interface Representation {
  /** What is exchanged for tokens. */
  readonly handle: string
  readonly principal: { readonly name: string }
  readonly basis: string
  readonly powers: readonly { readonly scope: string }[]
}

export interface Opened {
  /** Carries the session: 30 minutes without use, 2 hours after the login at most. A secret. */
  readonly actor_grant: string
  readonly representations: readonly Representation[]
}

/** The grant or the ground behind it is over, or does not cover what was asked. */
export class NoToken extends Error {}

/** The doors of Fullmakt that a service with users of its own needs. */
export interface Fullmakt {
  /** For whom may the user act here who has just logged in? */
  representations(idToken: string): Promise<Opened>
  /** A token for one of them, good for five minutes at most. Throws NoToken. */
  exchange(handle: string, actorGrant: string, scope: string): Promise<string>
  /** At logout: from now on nothing is had for this grant. */
  end(actorGrant: string): Promise<void>
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

export async function openFullmakt({ fullmakt, clientId, key, audience }: Place): Promise<Fullmakt> {
  const configuration = await oidc.discovery(
    new URL(fullmakt),
    clientId,
    {},
    oidc.PrivateKeyJwt({ key: await privateKey(key), kid: key.kid ?? '' }),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: plain http on loopback
    { algorithm: 'oauth2', execute: [oidc.allowInsecureRequests] },
  )
  const post = async (path: string, body: Readonly<Record<string, string>>): Promise<Response> => {
    const { access_token } = await oidc.clientCredentialsGrant(configuration)
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${access_token}` }
    const answer = await fetch(`${fullmakt}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`Fullmakt answered ${answer.status}`)
    return answer
  }
  return {
    async representations(idToken) {
      const login = { login_token: idToken, login_token_type: 'urn:ietf:params:oauth:token-type:id_token' }
      return (await (await post('/v1/representations', login)).json()) as Opened
    },
    async exchange(handle, actorGrant, scope) {
      const form = {
        subject_token: handle,
        subject_token_type: `${fullmakt}/token-type/representation-handle`,
        actor_token: actorGrant,
        actor_token_type: `${fullmakt}/token-type/actor-grant`,
        audience,
        scope,
      }
      try {
        return (await oidc.genericGrantRequest(configuration, EXCHANGE, form)).access_token
      } catch (error) {
        if (error instanceof oidc.ResponseBodyError) throw new NoToken(error.error, { cause: error })
        throw error
      }
    },
    async end(actorGrant) {
      await post('/v1/representations/end', { actor_grant: actorGrant })
    },
  }
}
