import * as oidc from 'openid-client'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { LANGUAGES, type Language, satisfies } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Database } from '../store/database.js'
import { type LoginAttempt, beginAttempt, takeAttempt } from '../store/login-attempt-store.js'
import { ensureParty, isDead } from '../store/party-store.js'
import { endSession, startSession } from '../store/session-store.js'
import { ACR_VALUES } from './assurance.js'
import type { LoginTokens, VerifiedLogin } from './login-token.js'
import type { OpenIdProvider } from './openid-provider.js'
import { hashOf, isSecret, newSecret } from './opaque-secret.js'
import { loggedOutEntry, sessionName } from './person-logout.js'
import { readReturnPath } from './return-path.js'

export type LoginLevel = keyof typeof ACR_VALUES

export interface LoginWish {
  /** A path of this service. */
  readonly returnTo: string
  readonly level: LoginLevel
  readonly language: Language
  /** What the browser holds from an attempt that it may still be busy with in another tab. */
  readonly browserSecret: string | undefined
}

export interface BegunLogin {
  /** At the provider. */
  readonly redirectTo: string
  /** For the browser to hold and no one else to see. */
  readonly browserSecret: string
}

export interface Callback {
  /** The query with which the provider sent the browser back, without the question mark. */
  readonly query: string
  readonly browserSecret: string | undefined
  /** The session that the browser came with: the new one takes its place. */
  readonly previousSession: string | undefined
}

export interface FinishedLogin {
  readonly sessionSecret: string
  /** Path, query and fragment within our own origin. */
  readonly returnTo: string
}

/** ID-porten's longest session, in seconds; other providers are asked to keep to it. */
const LONGEST_AGO = 7200

/** What is in a row of `login_attempt` only, and what of it travels: bound by the hash under which the row is found. */
type KeptAttempt = Omit<LoginAttempt, 'stateHash' | 'browserHash'>

/** OpenID Connect code flow with PKCE, `state` and `nonce`; each attempt is bound to one browser and used once. */
export class PersonLogin {
  private readonly origin: string

  constructor(
    publicUrl: string,
    private readonly db: Database,
    private readonly provider: OpenIdProvider,
    private readonly tokens: LoginTokens,
  ) {
    this.origin = new URL(publicUrl).origin
  }

  /**
   * Begins an attempt.
   *
   * @throws Problem `invalid_request` when `returnTo` leads elsewhere, `login_failed` when the provider does not answer
   */
  async begin(wish: LoginWish): Promise<BegunLogin> {
    const returnTo = readReturnPath(wish.returnTo, this.origin)
    const configuration = await this.reachProvider()
    const browserSecret = isSecret(wish.browserSecret) ? wish.browserSecret : newSecret()
    const state = [newSecret(), wish.level, wish.language].join('.')
    const [nonce, codeVerifier] = [newSecret(), oidc.randomPKCECodeVerifier()]
    const hashes = { stateHash: hashOf(state), browserHash: hashOf(browserSecret) }
    await beginAttempt(this.db, { ...hashes, nonce, codeVerifier, returnTo })
    const redirectTo = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.origin}/login/callback`,
      scope: 'openid profile',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      acr_values: ACR_VALUES[wish.level],
      max_age: String(LONGEST_AGO),
      ui_locales: wish.language,
    })
    return { redirectTo: redirectTo.href, browserSecret }
  }

  /**
   * Ends the attempt with a new session. Who the person is comes from the verified id_token and from nothing else.
   *
   * @throws Problem `login_failed`, whatever it was
   */
  async finish(callback: Callback): Promise<FinishedLogin> {
    const { state, attempt } = await this.takeAttempt(callback)
    const { level, language } = readState(state)
    const idToken = await this.redeem(callback.query, state, attempt)
    const login = await this.verify(idToken)
    if (!satisfies(login.level, level))
      throw new Problem('login_failed', 'the login is below the level that was asked for')
    const partyId = await ensureParty(this.db, login.identifier)
    if (await isDead(this.db, partyId)) throw new Problem('login_failed', 'the register says that this person has died')
    const sessionSecret = await this.startSession({ partyId, login, idToken, language }, callback.previousSession)
    return { sessionSecret, returnTo: attempt.returnTo }
  }

  private async takeAttempt({ query, browserSecret }: Callback): Promise<{ state: string; attempt: KeptAttempt }> {
    const [state, ...others] = new URLSearchParams(query).getAll('state')
    if (isSecret(browserSecret) && state !== undefined && others.length === 0) {
      const attempt = await takeAttempt(this.db, hashOf(state), hashOf(browserSecret))
      if (attempt !== null) return { state, attempt }
    }
    throw new Problem(
      'login_failed',
      'this login was begun in another browser, over ten minutes ago, or is over: begin again',
    )
  }

  private async redeem(query: string, state: string, attempt: KeptAttempt): Promise<string> {
    const configuration = await this.reachProvider()
    try {
      const answer = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${this.origin}/login/callback?${query}`),
        {
          expectedState: state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.codeVerifier,
          maxAge: LONGEST_AGO,
        },
      )
      if (answer.id_token !== undefined) return answer.id_token
    } catch (error) {
      throw new Problem('login_failed', refusalOf(error))
    }
    throw new Problem('login_failed', 'the identity provider gave no id_token')
  }

  /** A refused id_token is a failed login here: it did not come from the browser. */
  private async verify(idToken: string): Promise<VerifiedLogin> {
    try {
      return await this.tokens.verifyIdToken(idToken, this.provider)
    } catch (error) {
      throw error instanceof Problem ? new Problem('login_failed', error.detail) : error
    }
  }

  private async reachProvider(): Promise<oidc.Configuration> {
    try {
      return await this.provider.configuration()
    } catch {
      throw new Problem('login_failed', 'the identity provider cannot be reached: try again later')
    }
  }

  /** A new secret at every login, so that no one can have known it before; what the browser held until now is ended. */
  private async startSession(
    {
      partyId,
      login,
      idToken,
      language,
    }: { partyId: PartyId; login: VerifiedLogin; idToken: string; language: Language },
    previousSession: string | undefined,
  ): Promise<string> {
    const sessionSecret = newSecret()
    const sessionHash = hashOf(sessionSecret)
    await this.db.transaction(async (tx) => {
      const previous = isSecret(previousSession) ? await endSession(tx, hashOf(previousSession)) : null
      if (previous !== null) await appendWithChange(tx, loggedOutEntry(previous, 'new_login'))
      const occurredAt = await startSession(tx, { ...login, sessionHash, partyId, idToken, language })
      const content = { session: sessionName(sessionHash), acr: login.acr, level: login.level }
      const entry = { occurredAt, kind: 'logged_in', actor: partyId, principal: null, clientId: null, content } as const
      await appendWithChange(tx, auditEntry(entry))
    })
    return sessionSecret
  }
}

/** The state that found its row is ours to the letter, so what else it says is ours too. */
function readState(state: string): { level: LoginLevel; language: Language } {
  const [, level, language] = state.split('.')
  return {
    level: level === 'high' ? 'high' : 'substantial',
    language: LANGUAGES.find((known) => known === language) ?? 'nb',
  }
}

/** openid-client's own code for what is wrong; its messages and causes may quote the token, and stay here. */
function refusalOf(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError) {
    return error.error === 'access_denied' ? 'the login was cancelled' : 'the identity provider reports an error'
  }
  const { code } = error as { code?: unknown }
  const named = typeof code === 'string' && /^OAUTH_[A-Z_]+$/.test(code) ? ` (${code})` : ''
  return `the answer of the identity provider does not do${named}`
}
