import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Database } from '../store/database.js'
import {
  type EndedGrant,
  type EndedSession,
  endGrantsOfProvider,
  endSession,
  endSessionsOfProvider,
  useLogoutToken,
} from '../store/session-store.js'
import { verifyLogoutToken } from './logout-token.js'
import type { OpenIdProvider } from './openid-provider.js'
import { hashOf, isSecret } from './opaque-secret.js'
import { TokenRefused } from './strict-jws.js'

/** Where and with what the browser ends the session at the provider. By POST: the id_token holds the identity number. */
export interface LogoutForm {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}

/** Who or what ended the session. */
export type LogoutCause = 'person' | 'provider' | 'new_login'

export class PersonLogout {
  private readonly afterwards: string

  constructor(
    publicUrl: string,
    private readonly db: Database,
    private readonly provider: OpenIdProvider,
  ) {
    this.afterwards = `${new URL(publicUrl).origin}/`
  }

  /** Ends the session with this secret, if there is one. Null when there was none to end. */
  async ofPerson(sessionSecret: string | undefined): Promise<EndedSession | null> {
    if (!isSecret(sessionSecret)) return null
    return this.db.transaction(async (tx) => {
      const ended = await endSession(tx, hashOf(sessionSecret))
      if (ended !== null) await appendWithChange(tx, loggedOutEntry(ended, 'person'))
      return ended
    })
  }

  /** The form that ends the session at the provider too; null when the provider has no such address or does not answer. */
  async formFor(idToken: string): Promise<LogoutForm | null> {
    const configuration = await this.provider.configuration().catch(() => null)
    const action = configuration?.serverMetadata().end_session_endpoint
    if (action === undefined) return null
    return { action, fields: { id_token_hint: idToken, post_logout_redirect_uri: this.afterwards } }
  }

  /**
   * Back-channel logout: ends the sessions and the actor grants that the provider's logout token tells of.
   *
   * @throws TokenRefused, also when the token has been used before
   */
  async byProvider(logoutToken: string): Promise<void> {
    const { issuer, jti, loggedOut } = await verifyLogoutToken(this.provider, logoutToken)
    await this.db.transaction(async (tx) => {
      if (!(await useLogoutToken(tx, issuer, jti))) throw new TokenRefused('the logout token has been used')
      const sessions = await endSessionsOfProvider(tx, issuer, loggedOut)
      const grants = await endGrantsOfProvider(tx, issuer, loggedOut)
      const entries = [...sessions.map((ended) => loggedOutEntry(ended, 'provider')), ...grants.map(grantEndedEntry)]
      for (const entry of entries) await appendWithChange(tx, entry)
    })
  }
}

/** What a session is called in the log: enough of its hash to tell sessions apart, and nothing to come in with. */
export function sessionName(sessionHash: Buffer): string {
  return sessionHash.toString('base64url').slice(0, 22)
}

export function loggedOutEntry({ sessionHash, partyId, endedAt }: EndedSession, cause: LogoutCause): AuditEntry {
  const content = { session: sessionName(sessionHash), cause }
  return auditEntry({
    occurredAt: endedAt,
    kind: 'logged_out',
    actor: partyId,
    principal: null,
    clientId: null,
    content,
  })
}

function grantEndedEntry({ partyId, clientId, endedAt }: EndedGrant): AuditEntry {
  const content = { cause: 'provider' }
  return auditEntry({
    occurredAt: endedAt,
    kind: 'actor_grant_ended',
    actor: partyId,
    principal: null,
    clientId,
    content,
  })
}
