/** Logins without a browser, through the real pages of both the relying party and the stand-in ID-porten. */

import { importJWK, type JWK } from 'jose'
import * as oidc from 'openid-client'
import { CookieJar } from './cookie-jar.js'
import { STANDIN_HEADER } from './idporten.js'
import type { Level } from './idporten-levels.js'

const MOST_STEPS = 30

/** Whom to choose on the login page: the registry's opaque id, and the level; high where none is named. */
export interface Who {
  readonly id: string
  readonly level?: Level
}

export interface Journey {
  /** The relying party's answer; its body has not been read. */
  readonly response: Response
  readonly finalUrl: string
  /** The browser's cookies, to go on with: single sign-on, calls to the relying party, logout. */
  readonly cookies: CookieJar
  /** Every address visited, in order, `finalUrl` last. */
  readonly visited: readonly string[]
}

/**
 * Opens `startUrl` as a browser would, logs in as `who` when the stand-in asks, and goes on until the relying party
 * answers with something other than a redirect. Where a session answers at once no login is needed, and none is made.
 *
 * @throws Error where the stand-in refuses: the message holds the heading and text of its page.
 */
export async function logIn(startUrl: string, who: Who, cookies = new CookieJar()): Promise<Journey> {
  return travel(new URL(startUrl), cookies, who, () => false)
}

/** Like `logIn` for addresses that need no person: a logout, or a single sign-on that must not ask. */
export async function follow(startUrl: string, cookies: CookieJar): Promise<Journey> {
  return travel(new URL(startUrl), cookies, undefined, () => false)
}

/** A relying party that a test or a bench plays itself. It never gets called: the answer is taken from the redirect. */
export interface PlayedClient {
  readonly clientId: string
  readonly redirectUri: string
  /** Private key with `alg` and `kid` for `private_key_jwt`; without it the client is public. */
  readonly privateJwk?: JWK
}

export interface TokenRequest {
  /** `openid profile` where absent. */
  readonly scope?: string
  /** Space-separated. */
  readonly acrValues?: string
  readonly resource?: string
  /** The browser to log in with; a new one where absent. */
  readonly cookies?: CookieJar
  /** Further parameters of the authorization request: `prompt`, `max_age`, `ui_locales`. */
  readonly parameters?: Readonly<Record<string, string>>
}

export interface Tokens {
  readonly id_token: string
  readonly access_token: string
  readonly cookies: CookieJar
  readonly visited: readonly string[]
}

/**
 * Logs `who` in at `issuer` for `client` and redeems the code. The ID token's claims are checked; its signature is not,
 * since it comes straight from the token endpoint (OpenID Connect Core 3.1.3.7, point 6).
 */
export async function tokensFor(
  issuer: string,
  client: PlayedClient,
  who: Who,
  request: TokenRequest = {},
): Promise<Tokens> {
  const configuration = await discover(issuer, client)
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const start = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: client.redirectUri,
    scope: request.scope ?? 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(request.acrValues === undefined ? {} : { acr_values: request.acrValues }),
    ...(request.resource === undefined ? {} : { resource: request.resource }),
    ...request.parameters,
  })
  const isCallback = (url: URL): boolean => url.href.startsWith(`${client.redirectUri}?`)
  const { finalUrl, cookies, visited } = await travel(start, request.cookies ?? new CookieJar(), who, isCallback)
  const answer = await oidc.authorizationCodeGrant(configuration, new URL(finalUrl), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  return { id_token: answer.id_token ?? '', access_token: answer.access_token, cookies, visited }
}

async function discover(issuer: string, { clientId, privateJwk }: PlayedClient): Promise<oidc.Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out: the stand-in is plain http on loopback
  const execute = [oidc.allowInsecureRequests]
  if (privateJwk === undefined) {
    return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { execute })
  }
  const key = await importJWK(privateJwk, privateJwk.alg)
  if (key instanceof Uint8Array) throw new TypeError('a client needs an asymmetric key')
  const authentication = oidc.PrivateKeyJwt(privateJwk.kid === undefined ? key : { key, kid: privateJwk.kid })
  return oidc.discovery(new URL(issuer), clientId, undefined, authentication, { execute })
}

async function travel(
  start: URL,
  cookies: CookieJar,
  who: Who | undefined,
  stopBefore: (url: URL) => boolean,
): Promise<Journey> {
  const visited: string[] = []
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < MOST_STEPS; step += 1) {
    visited.push(url.href)
    const response = await cookies.fetch(url, form === undefined ? {} : { method: 'POST', body: form })
    const location = response.headers.get('location')
    if (location === null && !response.headers.has(STANDIN_HEADER)) {
      return { response, finalUrl: url.href, cookies, visited }
    }
    const next = location === null ? submission(await response.text(), url, who) : { url: new URL(location, url) }
    if (stopBefore(next.url)) {
      return { response, finalUrl: next.url.href, cookies, visited: [...visited, next.url.href] }
    }
    url = next.url
    form = 'form' in next ? next.form : undefined
  }
  throw new Error(`no answer after ${MOST_STEPS} steps; the last was ${url.origin}${url.pathname}`)
}

/** What a person does with a page of the stand-in: chooses on the login page, presses the one button of the others. */
function submission(page: string, url: URL, who: Who | undefined): { url: URL; form: URLSearchParams } {
  if (/^\/interaction\/[\w-]+$/.test(url.pathname) && who !== undefined) {
    return {
      url: new URL(`${url.pathname}/login`, url),
      form: new URLSearchParams({ person: who.id, level: who.level ?? 'high' }),
    }
  }
  const action = /<form[^>]*method="post"[^>]*action="([^"]+)"/.exec(page)?.[1]
  if (action === undefined || url.pathname.startsWith('/interaction/')) {
    throw new Error(`the stand-in stopped at ${url.pathname}: ${textOf(page)}`)
  }
  const inputs = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  const form = new URLSearchParams([...inputs].map(([, name = '', value = '']): [string, string] => [name, value]))
  return { url: new URL(action, url), form }
}

function textOf(page: string): string {
  const main = /<main>([\s\S]*?)(?:<h2>Finn en person|<\/main>)/.exec(page)?.[1] ?? page
  return main
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
