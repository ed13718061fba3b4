import type { JWK } from 'jose'
import type { AssuranceLevel } from '../domain/catalogue.js'
import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import { Problem } from '../domain/problem.js'
import { levelOf } from './assurance.js'
import type { OpenIdProvider } from './openid-provider.js'
import { organisationOf } from './work-organisation.js'
import { claimsSignedBy, isSoleAudience, readSeconds, readText, signedBy } from './provider-signature.js'
import type { Client } from '../store/client-store.js'
import { type JsonObject, TokenRefused, readStrictJws } from './strict-jws.js'

/** Who logged in and how, by the identity provider's own signed word. Frozen. */
export interface VerifiedLogin {
  readonly identifier: Identifier
  /** The organisation that the person is at work for; null for a private login. */
  readonly worksFor: Identifier | null
  readonly issuer: string
  /** The provider's name for the person, pairwise: another for each client. */
  readonly subject: string
  /** The provider's name for the person's session with it (`sid`), where it tells. */
  readonly providerSession: string | null
  readonly acr: string
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
  readonly expiresAt: Date
}

/** A login that answers a text: the nonce is what was asked with. */
export interface VerifiedAnswer {
  readonly login: VerifiedLogin
  readonly nonce: string
  /** How old the login was when the token was issued, by the provider's own clock. */
  readonly secondsSinceLogin: number
  /** The public key that verified it. */
  readonly key: JWK
}

/** The same from an access token, in which ID-porten does not say when the person logged in. */
export interface VerifiedAccess extends Omit<VerifiedLogin, 'authenticatedAt'> {
  readonly authenticatedAt: Date | null
}

export interface LoginTokensOptions {
  readonly provider: OpenIdProvider
  /** Whose logins are at work for an organisation; null where there is none. */
  readonly workProvider: WorkProvider | null
  /** `real` is production, and takes no login by the test eID either. */
  readonly numberSeries: NumberSeries
  /** Our own address: what `aud` of an access token is when it was asked for this service. */
  readonly resource: string
}

/** Of a provider whose tokens we only check: nobody logs in here at work. */
export type WorkProvider = Pick<OpenIdProvider, 'issuer' | 'keys'>

/** What `aud` says in an access token that was asked for no service in particular (ID-porten). */
const ANY_RESOURCE = 'unspecified'

const SECONDS_AHEAD = 30

const ID_TOKEN_TYPES = [undefined, 'JWT']

/**
 * Verifies tokens that tell of a person's login. An id_token cannot pass for an access token, nor the other way round: the
 * one must be for exactly one client and carry no scope, the other must carry scope and client.
 *
 * Refusals are Problems: `invalid_login_token` for an id_token that a service sends about its user, `invalid_access_token` for
 * one that a person proves himself with. Their text holds nothing from the token.
 */
export class LoginTokens {
  constructor(private readonly options: LoginTokensOptions) {}

  /** The login that an id_token tells of: issued by the configured provider to exactly this client. */
  verifyIdToken(
    token: string,
    expected: { readonly issuer: string; readonly clientId: string },
  ): Promise<VerifiedLogin> {
    return refusingTokens('invalid_login_token', async () => {
      return this.idToken(await this.claims(token, expected.issuer, ID_TOKEN_TYPES), expected.clientId)
    })
  }

  /** The same from our own provider, for a login that was asked for to confirm a text. */
  verifyAnswer(token: string): Promise<VerifiedAnswer> {
    return refusingTokens('invalid_login_token', async () => {
      const { provider } = this.options
      const { claims, key } = await signedBy(provider, token, ID_TOKEN_TYPES)
      const login = this.idToken(claims, provider.clientId)
      const secondsSinceLogin = readSeconds(claims, 'iat') - readSeconds(claims, 'auth_time')
      return Object.freeze({ login, nonce: readText(claims, 'nonce'), secondsSinceLogin, key })
    })
  }

  private idToken(claims: JsonObject, clientId: string): VerifiedLogin {
    if (!isSoleAudience(claims, clientId)) throw new TokenRefused('aud is not the client')
    if (claims['azp'] !== undefined && claims['azp'] !== clientId) throw new TokenRefused('azp is another')
    if (claims['scope'] !== undefined) throw new TokenRefused('it is no id_token, for it carries a scope')
    return Object.freeze({ ...this.login(claims), authenticatedAt: authenticationTime(claims) })
  }

  /**
   * The login behind an access token that gives the scope at this service. A token for another service is refused, and so
   * is one that is bound to a key (`cnf`), since a Bearer token proves no key.
   *
   * @throws Problem `not_with_this_login` when all is well but the scope (RFC 6750 `insufficient_scope`)
   */
  verifyAccessToken(
    token: string,
    expected: { readonly issuer: string; readonly scope: string },
  ): Promise<VerifiedAccess> {
    return refusingTokens('invalid_access_token', async () => {
      const claims = await this.claims(token, expected.issuer, [undefined, 'JWT', 'at+jwt', 'application/at+jwt'])
      const scopes = readText(claims, 'scope').split(' ')
      readText(claims, 'client_id')
      if (claims['nonce'] !== undefined) throw new TokenRefused('it is no access token, for it carries a nonce')
      if (claims['cnf'] !== undefined) throw new TokenRefused('it is bound to a key')
      if (![ANY_RESOURCE, this.options.resource].some((audience) => isSoleAudience(claims, audience))) {
        throw new TokenRefused('aud is another service')
      }
      const authenticatedAt = claims['auth_time'] === undefined ? null : authenticationTime(claims)
      const access = Object.freeze({ ...this.login(claims), authenticatedAt })
      if (!scopes.includes(expected.scope)) throw insufficientScope(expected.scope)
      return access
    })
  }

  private async claims(token: string, issuer: string, types: readonly (string | undefined)[]): Promise<JsonObject> {
    const { provider, workProvider } = this.options
    const one = [provider, workProvider].find((known) => known?.issuer === issuer)
    if (one === undefined || one === null) throw new TokenRefused('logins of that issuer are not taken')
    return claimsSignedBy(one, token, types)
  }

  private login(claims: JsonObject): Omit<VerifiedLogin, 'authenticatedAt'> {
    const { numberSeries, workProvider } = this.options
    const issuer = readText(claims, 'iss')
    const acr = readText(claims, 'acr')
    const level = levelOf(acr)
    if (level === null) throw new TokenRefused('acr is no known level')
    if (numberSeries === 'real' && methodsOf(claims).includes('TestID')) throw new TokenRefused('amr is the test eID')
    return {
      identifier: Object.freeze(identifierOf(claims, numberSeries)),
      worksFor: issuer === workProvider?.issuer ? Object.freeze(organisationOf(claims, numberSeries)) : null,
      issuer,
      subject: readText(claims, 'sub'),
      providerSession: claims['sid'] === undefined ? null : readText(claims, 'sid'),
      acr,
      level,
      expiresAt: new Date(readSeconds(claims, 'exp') * 1000),
    }
  }
}

/**
 * To which client at which provider a login token of this client's user must have been issued: at the one for logins at work
 * where the token says that it comes from there, else at the other. Null where the client has none.
 */
export function issuedTo(
  client: Pick<Client, 'loginIssuer' | 'loginClientId' | 'workLoginIssuer' | 'workLoginClientId'>,
  token: string,
): { readonly issuer: string; readonly clientId: string } | null {
  const { loginIssuer, loginClientId, workLoginIssuer, workLoginClientId } = client
  if (workLoginIssuer !== null && workLoginClientId !== null && issuerIn(token) === workLoginIssuer) {
    return { issuer: workLoginIssuer, clientId: workLoginClientId }
  }
  return loginIssuer === null || loginClientId === null ? null : { issuer: loginIssuer, clientId: loginClientId }
}

/** Nothing is verified yet; what is no token is refused by the verification. */
function issuerIn(token: string): unknown {
  try {
    return readStrictJws(token).payload['iss']
  } catch (error) {
    if (error instanceof TokenRefused) return null
    throw error
  }
}

/** The number goes before the foreign identifier: it is there only when ID-porten has matched the two. */
function identifierOf(claims: JsonObject, series: NumberSeries): Identifier {
  const name = claims['pid'] === undefined ? 'eidas_identifier' : 'pid'
  if (claims[name] === undefined) throw new TokenRefused('it names no person')
  const identifier = readIdentifier(readText(claims, name), series)
  if (typeof identifier === 'string') throw new TokenRefused(`${name} is not a valid identifier here: ${identifier}`)
  const schemes = name === 'pid' ? ['fnr', 'dnr'] : ['eidas']
  if (!schemes.includes(identifier.scheme)) throw new TokenRefused(`${name} holds an identifier of another kind`)
  return identifier
}

/** `amr` is an array in newer tokens of ID-porten and a text in older ones. */
function methodsOf(claims: JsonObject): readonly unknown[] {
  const { amr } = claims
  return Array.isArray(amr) ? (amr as unknown[]) : [amr]
}

function authenticationTime(claims: JsonObject): Date {
  const seconds = readSeconds(claims, 'auth_time')
  if (seconds > readSeconds(claims, 'iat') + SECONDS_AHEAD) throw new TokenRefused('auth_time lies after iat')
  return new Date(seconds * 1000)
}

function insufficientScope(scope: string): Problem {
  const detail = `the access token does not carry the scope ${scope}`
  return new Problem('not_with_this_login', detail, { error: 'insufficient_scope', scope })
}

type RefusalCode = 'invalid_login_token' | 'invalid_access_token'

async function refusingTokens<T>(code: RefusalCode, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof TokenRefused) throw new Problem(code, `the token is refused: ${error.message}`)
    throw error
  }
}
