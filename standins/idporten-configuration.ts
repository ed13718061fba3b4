/** `oidc-provider` told to behave as ID-porten does. */

import { randomBytes } from 'node:crypto'
import type {
  ClientMetadata,
  Configuration,
  interactionPolicy as policies,
  JWK,
  KoaContextWithOIDC,
} from 'oidc-provider'
import { accessTokenClaims, account, ID_TOKEN_CLAIMS, pairwise } from './idporten-claims.js'
import { memoryAdapter } from './idporten-memory.js'
import { ACR_VALUES, answers } from './idporten-levels.js'
import { logoutPage, loggedOutPage, errorPage } from './idporten-pages.js'
import { errors, interactionPolicy } from './oidc-provider.js'
import type { PeopleRegistry } from './people-registry.js'

/** A relying party as ID-porten's self-service registers it. */
export interface IdportenClient {
  readonly client_id: string
  readonly redirect_uris: readonly string[]
  readonly post_logout_redirect_uris: readonly string[]
  readonly backchannel_logout_uri?: string
  readonly token_endpoint_auth_method: 'private_key_jwt' | 'none'
  /** Public keys; needed for `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly object[] }
  /** Space-separated. `openid profile` where absent; API scopes such as `fullmakt:me` must be named. */
  readonly scope?: string
  /** Organisation number of the `consumer` in access tokens. */
  readonly orgnr?: string
}

/** Seconds. */
const TOKEN_LIFE = 120
const SESSION_IDLE = 30 * 60
const SESSION_MAX = 120 * 60

/** Stands for "no resource asked for": ID-porten then writes the audience `unspecified`. */
const NO_RESOURCE = 'urn:idporten:unspecified'
const DEFAULT_ORGNR = '991825827'

export interface ConfigurationParts {
  readonly clients: readonly IdportenClient[]
  readonly people: PeopleRegistry
  readonly signingKey: JWK
  readonly allowedLogoutOrigins: readonly string[]
}

export function idportenConfiguration(parts: ConfigurationParts): Configuration {
  const { clients, people } = parts
  const registered = new Map(clients.map((client) => [client.client_id, client]))
  const scopesOf = (clientId: string): string => registered.get(clientId)?.scope ?? 'openid profile'
  return {
    adapter: memoryAdapter(new Map(clients.map((client) => [client.client_id, metadata(client)]))),
    jwks: { keys: [parts.signingKey] },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      // Browsers share cookies between the ports of one host, so each stand-in needs names of its own.
      names: { session: 'idporten_session', interaction: 'idporten_interaction', resume: 'idporten_resume' },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/jwks.json',
      end_session: '/logout',
      pushed_authorization_request: '/par',
    },
    acrValues: ACR_VALUES,
    scopes: ['openid', 'profile'],
    responseTypes: ['code'],
    subjectTypes: ['pairwise'],
    clientAuthMethods: ['private_key_jwt', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256'] },
    pkce: { required: () => true },
    pairwiseIdentifier: (_ctx, accountId, client) => Promise.resolve(pairwise(client.clientId, accountId)),
    // ID-porten puts the person into the ID token itself.
    conformIdTokenClaims: false,
    claims: { openid: ID_TOKEN_CLAIMS },
    findAccount: (_ctx, id, token) =>
      account(people, id, token !== undefined && 'acr' in token ? token.acr : undefined),
    loadExistingGrant: (ctx) => fullGrant(ctx),
    ttl: {
      AccessToken: TOKEN_LIFE,
      IdToken: TOKEN_LIFE,
      AuthorizationCode: 60,
      Grant: SESSION_MAX,
      Interaction: 3600,
      Session: (_ctx, session) => sessionLife(session.loginTs),
    },
    features: {
      devInteractions: { enabled: false },
      // Access tokens are JWTs for APIs, which oidc-provider's userinfo endpoint refuses.
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: loggedOutPage },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => Promise.resolve(oneOf?.[0] ?? NO_RESOURCE),
        getResourceServerInfo: (ctx, resource, client) => {
          const scope = scopesOf(client.clientId)
          refuseOtherScopes(ctx, scope)
          return {
            scope,
            audience: resource === NO_RESOURCE ? 'unspecified' : resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_LIFE,
            jwt: { sign: { alg: 'RS256' } },
          }
        },
      },
    },
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          const orgnr = registered.get(token.clientId ?? '')?.orgnr ?? DEFAULT_ORGNR
          Object.assign(parts.payload, accessTokenClaims(ctx, people, orgnr))
        },
      },
    },
    interactions: { policy: policy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: errorPage,
    fetch: (input, init) => fetchAllowed(input, init, parts.allowedLogoutOrigins),
  }
}

function metadata(client: IdportenClient): ClientMetadata {
  const { backchannel_logout_uri, jwks } = client
  return {
    client_id: client.client_id,
    redirect_uris: client.redirect_uris,
    post_logout_redirect_uris: client.post_logout_redirect_uris,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    ...(jwks === undefined ? {} : { jwks: { keys: jwks.keys } }),
    ...(backchannel_logout_uri === undefined
      ? {}
      : { backchannel_logout_uri, backchannel_logout_session_required: true }),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    subject_type: 'pairwise',
    id_token_signed_response_alg: 'RS256',
    require_auth_time: true,
  }
}

/** There is no consent page: whoever logs in has said yes to all that the client may ask for. */
async function fullGrant(ctx: KoaContextWithOIDC) {
  const { provider, session, client, resourceServers } = ctx.oidc
  const accountId = session?.accountId
  if (accountId === undefined || client === undefined) return undefined
  const grant = new provider.Grant({ accountId, clientId: client.clientId })
  grant.addOIDCScope('openid profile')
  for (const [resource, server] of Object.entries(resourceServers ?? {})) grant.addResourceScope(resource, server.scope)
  await grant.save()
  return grant
}

function policy(): policies.DefaultPolicy {
  const prompts = interactionPolicy.base()
  prompts.remove('consent')
  const tooLow = new interactionPolicy.Check('level', 'a higher level is asked for', 'login_required', (ctx) => {
    const asked = ctx.oidc.params?.['acr_values']
    return !answers(ctx.oidc.session?.acr, typeof asked === 'string' ? asked : undefined)
  })
  prompts.get('login')?.checks.add(tooLow)
  return prompts
}

function refuseOtherScopes(ctx: KoaContextWithOIDC, allowed: string): void {
  const asked = ctx.oidc.params?.['scope']
  if (typeof asked !== 'string') return
  const stranger = asked.split(' ').find((scope) => !allowed.split(' ').includes(scope))
  if (stranger !== undefined) throw new errors.InvalidScope('the client is not registered for this scope', stranger)
}

function sessionLife(loginTs: number | undefined): number {
  const sinceLogin = loginTs === undefined ? 0 : Math.floor(Date.now() / 1000) - loginTs
  return Math.max(1, Math.min(SESSION_IDLE, SESSION_MAX - sinceLogin))
}

/**
 * The provider's own fetch refuses loopback addresses, rightly. The stand-in's relying parties live nowhere else, so
 * logout messages may go to the named origins and to no other; the refusing dispatcher is left out.
 */
function fetchAllowed(input: string | URL | Request, init: RequestInit | undefined, origins: readonly string[]) {
  const url = new URL(input instanceof Request ? input.url : input)
  if (!origins.includes(url.origin)) return Promise.reject(new TypeError('the stand-in may not call that origin'))
  const options: RequestInit & { dispatcher?: unknown } = { ...init }
  delete options.dispatcher
  return fetch(url, options)
}
