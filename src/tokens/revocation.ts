import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { TokenRefused } from '../login/strict-jws.js'
import type { Database } from '../store/database.js'
import { revokeToken } from '../store/issued-token-store.js'
import type { ActorGrants } from './actor-grant.js'
import { OAuthError } from './oauth-error.js'
import { readDelegationToken } from './read-delegation-token.js'
import type { ServiceTokens } from './service-token.js'
import type { SigningKeys } from './signing-keys.js'

/** Lets a service take back what it was given (RFC 7009): a delegation token, or an actor grant. */
export class Revocation {
  constructor(
    private readonly db: Database,
    private readonly keys: SigningKeys,
    private readonly issuer: string,
    private readonly grants: ActorGrants,
    private readonly serviceTokens: ServiceTokens,
  ) {}

  /**
   * When this is fulfilled, the token gives nothing here any more: introspection says that it is not active, or no exchange
   * takes the grant. What is unknown, over, or another client's is left as it is, and that is told to nobody; the attempt
   * on another client's token is in the log.
   *
   * @throws OAuthError `unsupported_token_type` for the client's own token for asking, which runs out by itself.
   */
  async revoke(clientId: string, token: string): Promise<void> {
    const claims = await readDelegationToken(this.keys, this.issuer, token)
    if (claims !== null) return this.revokeDelegation(clientId, claims.jti)
    if (await this.isForAsking(clientId, token)) {
      throw new OAuthError('unsupported_token_type', 'a token for asking cannot be revoked: it runs out by itself')
    }
    await this.grants.end(clientId, token)
  }

  private async revokeDelegation(clientId: string, jti: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const revokedAt = await revokeToken(tx, jti, clientId)
      const content = { token: jti, revoked: revokedAt !== null }
      const about = { occurredAt: revokedAt ?? new Date(), actor: null, principal: null, clientId }
      await appendWithChange(tx, auditEntry({ kind: 'token_revoked', ...about, content }))
    })
  }

  private async isForAsking(clientId: string, token: string): Promise<boolean> {
    try {
      return (await this.serviceTokens.verify(token)) === clientId
    } catch (error) {
      if (error instanceof TokenRefused) return false
      throw error
    }
  }
}
