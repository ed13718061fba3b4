import * as oidc from 'openid-client'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { LANGUAGES, type Language, satisfies } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Database } from '../store/database.js'
import { type Draft, answerDraft, seeDraft } from '../store/draft-store.js'
import { type TakenAttempt, beginAttempt, takeAttempt } from '../store/login-attempt-store.js'
import { ensureParty, isDead } from '../store/party-store.js'
import { endSession, isOfProviderSession, startSession } from '../store/session-store.js'
import { ACR_VALUES } from './assurance.js'
import type { LoginTokens, VerifiedAnswer, VerifiedLogin } from './login-token.js'
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
  /** The text that it confirms, which asks for its own level; null where it is a login and no more. */
  readonly confirms: ConfirmedDraft | null
}

/** A draft of the person who is logged in. */
export type ConfirmedDraft = Pick<Draft<unknown>, 'draftId' | 'textHash' | 'login'>

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
  /** Null where the session that the browser came with goes on. */
  readonly sessionSecret: string | null
  /** Path, query and fragment within our own origin. */
  readonly returnTo: string
}

/** ID-porten's longest session, in seconds; other providers are asked to keep to it. */
const LONGEST_AGO = 7200

/** The provider's clock counts in whole seconds, and its tokens tell when they were issued and when the person logged in. */
const ROUNDING = 1

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
    const { confirms } = wish
    const level = confirms?.login.level ?? wish.level
    const state = [newSecret(), level, wish.language].join('.')
    const nonce = confirms?.textHash.toString('base64url') ?? newSecret()
    const codeVerifier = oidc.randomPKCECodeVerifier()
    const hashes = { stateHash: hashOf(state), browserHash: hashOf(browserSecret) }
    await beginAttempt(this.db, { ...hashes, nonce, codeVerifier, returnTo, draftId: confirms?.draftId ?? null })
    const redirectTo = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.origin}/login/callback`,
      scope: 'openid profile',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      acr_values: ACR_VALUES[level],
      ui_locales: wish.language,
      ...(confirms?.login.isNew === true ? { prompt: 'login', max_age: '0' } : { max_age: String(LONGEST_AGO) }),
    })
    return { redirectTo: redirectTo.href, browserSecret }
  }

  /**
   * Ends the attempt: a login with a new session, one that confirms a text with the provider's answer kept at its draft. Who
   * the person is comes from the verified id_token and from nothing else. Where confirming fails the browser is sent back all
   * the same, with `confirmation=cancelled` or `failed`, and the draft is as good as before.
   *
   * @throws Problem `login_failed`, whatever it was
   */
  async finish(callback: Callback): Promise<FinishedLogin> {
    const { state, attempt } = await this.takeAttempt(callback)
    const { draftId } = attempt
    if (draftId === null) return this.logIn(callback, state, attempt)
    try {
      const sessionSecret = await this.confirm(callback, state, attempt, draftId)
      return { sessionSecret, returnTo: confirmationPath(attempt.returnTo, null) }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const isCancelled = new URLSearchParams(callback.query).get('error') === 'access_denied'
      return { sessionSecret: null, returnTo: confirmationPath(attempt.returnTo, isCancelled ? 'cancelled' : 'failed') }
    }
  }

  /** The path to go back to where a login that was to confirm a text cannot even begin. */
  failedConfirmation(returnTo: string): string {
    return confirmationPath(readReturnPath(returnTo, this.origin), 'failed')
  }

  private async logIn(callback: Callback, state: string, attempt: TakenAttempt): Promise<FinishedLogin> {
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

  /**
   * Keeps the provider's answer at the draft, if it is the owner's, to this very text, at the level that it asks for and no
   * older than the attempt where it asks for a new login. The session goes on where it hangs on the same one at the provider.
   */
  private async confirm(
    callback: Callback,
    state: string,
    attempt: TakenAttempt,
    draftId: string,
  ): Promise<string | null> {
    const idToken = await this.redeem(callback.query, state, attempt)
    const { login, nonce, secondsSinceLogin, key } = await this.verifyAnswer(idToken)
    const partyId = await ensureParty(this.db, login.identifier)
    const draft = await seeDraft(this.db, draftId, partyId)
    if (draft === null) throw new Problem('login_failed', 'someone else has logged in')
    if (!satisfies(login.level, draft.login.level)) throw new Problem('login_failed', 'the login is below the level')
    if (draft.login.isNew && secondsSinceLogin > attempt.seconds + ROUNDING) {
      throw new Problem('login_failed', 'a new login is asked for')
    }
    const answer = { idToken, providerKey: key, answeredAt: new Date() }
    const isKept = await answerDraft(this.db, draftId, partyId, Buffer.from(nonce, 'base64url'), answer)
    if (!isKept) throw new Problem('login_failed', 'the text can no longer be confirmed')

    const { previousSession } = callback
    const { issuer, providerSession } = login
    const goesOn =
      isSecret(previousSession) &&
      providerSession !== null &&
      (await isOfProviderSession(this.db, hashOf(previousSession), issuer, providerSession))
    if (goesOn) return null
    return this.startSession({ partyId, login, idToken, language: readState(state).language }, previousSession)
  }

  private async takeAttempt({ query, browserSecret }: Callback): Promise<{ state: string; attempt: TakenAttempt }> {
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

  private async redeem(query: string, state: string, attempt: TakenAttempt): Promise<string> {
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

  private verify(idToken: string): Promise<VerifiedLogin> {
    return failingLogins(this.tokens.verifyIdToken(idToken, this.provider))
  }

  private verifyAnswer(idToken: string): Promise<VerifiedAnswer> {
    return failingLogins(this.tokens.verifyAnswer(idToken))
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

/** A refused id_token is a failed login here: it did not come from the browser. */
async function failingLogins<T>(verifying: Promise<T>): Promise<T> {
  try {
    return await verifying
  } catch (error) {
    throw error instanceof Problem ? new Problem('login_failed', error.detail) : error
  }
}

/** The path with what became of the confirmation; without, where all is well and an earlier attempt had left it there. */
function confirmationPath(returnTo: string, outcome: 'cancelled' | 'failed' | null): string {
  const url = new URL(returnTo, 'http://localhost')
  if (outcome !== null) url.searchParams.set('confirmation', outcome)
  else if (url.searchParams.has('confirmation')) url.searchParams.delete('confirmation')
  return `${url.pathname}${url.search}${url.hash}`
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
