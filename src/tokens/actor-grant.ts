import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { workOf } from '../decisions/decision-entry.js'
import { contextOf } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { type LoginTokens, type VerifiedLogin, issuedTo } from '../login/login-token.js'
import { hashOf, newSecret } from '../login/opaque-secret.js'
import { readStrictJws } from '../login/strict-jws.js'
import { type NewActorGrant, endActorGrant, openActorGrant } from '../store/actor-grant-store.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Client } from '../store/client-store.js'
import type { Database } from '../store/database.js'
import { type Candidates, gatherCandidates } from '../store/grounds-store.js'
import { type Handles, ensureHandles } from '../store/handle-store.js'
import { ensureParty } from '../store/party-store.js'
import { loginOf } from './exchange-entry.js'
import {
  type JudgedRepresentation,
  type ListedRepresentation,
  givesSomething,
  judgeCandidates,
  listed,
} from './representations.js'

/** A represented session may rest this long, */
export const ACTOR_GRANT_IDLE_SECONDS = 30 * 60
/** and lasts this long after the login at most, as the identity provider's own sessions do. */
const LONGEST_AFTER_LOGIN_MS = 2 * 3_600_000

/** Login tokens live 120 s with ID-porten; one that another provider lets live longer is no fresher for that. */
const FRESH_SECONDS = 120
const CLOCK_SKEW_SECONDS = 30

const MOST_PRINCIPALS = 200

/** What a service gets for its user's login: the grant that carries the session, and for whom the user may act here. */
export interface OpenedGrant {
  readonly actor_grant: string
  readonly actor_grant_expires_at: string
  /** Without use for so long it ends. */
  readonly actor_grant_idle_seconds: number
  readonly representations: readonly ListedRepresentation[]
  /** False when the user may act for more people than are listed. */
  readonly complete: boolean
}

/** Opens and ends the actor grants of represented sessions. */
export class ActorGrants {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly loginTokens: LoginTokens,
  ) {}

  /**
   * Opens a grant for the person whose login this id_token tells of, and lists for whom he may act in the client's services.
   * Grant and log entry are one transaction; the answer leaves after it.
   *
   * @throws Problem `invalid_login_token`; `invalid_request` when the client has no client at the identity provider.
   */
  async open(client: Client, loginToken: string): Promise<OpenedGrant> {
    const login = await this.verify(client, loginToken)
    const partyId = await ensureParty(this.db, login.identifier)
    const worksFor = login.worksFor === null ? null : await ensureParty(this.db, login.worksFor)
    const found = await gatherCandidates(this.db, partyId, client.services, MOST_PRINCIPALS, worksFor)
    const endsAt = endOf(login, found.instant)
    const context = contextOf(worksFor)
    const judged = await judgeCandidates(this.db, this.catalogues, found, { ...login, context }, client.services)
    const given = judged.filter(givesSomething)
    const handles = await this.handlesFor(client, given)
    const actorGrant = newSecret()
    const grant = { grantHash: hashOf(actorGrant), clientId: client.clientId, partyId, endsAt, ...login, worksFor }
    await this.record(grant, found, judged)
    return {
      actor_grant: actorGrant,
      actor_grant_expires_at: endsAt.toISOString(),
      actor_grant_idle_seconds: ACTOR_GRANT_IDLE_SECONDS,
      representations: given.map((representation) => listed(representation, handles)),
      complete: found.complete,
    }
  }

  private record(grant: NewActorGrant, found: Candidates, judged: readonly JudgedRepresentation[]): Promise<void> {
    const entry = auditEntry({
      kind: 'representations_listed',
      occurredAt: found.instant,
      actor: grant.partyId,
      principal: null,
      clientId: grant.clientId,
      content: {
        actor_grant: grant.grantHash.toString('base64url'),
        login: loginOf(grant),
        ...workOf(contextOf(grant.worksFor)),
        catalogue_version: found.catalogueVersion,
        complete: found.complete,
        representations: judged.map((representation) => representation.entry),
      },
    })
    return this.db.transaction(async (tx) => {
      await openActorGrant(tx, grant)
      await appendWithChange(tx, entry)
    })
  }

  /** Ends the client's grant, at its user's logout. What is no grant of this client, or has ended, is left as it is. */
  async end(clientId: string, actorGrant: string): Promise<void> {
    const grantHash = hashOf(actorGrant)
    await this.db.transaction(async (tx) => {
      const ended = await endActorGrant(tx, grantHash, clientId)
      if (ended === null) return
      const about = { occurredAt: ended.endedAt, actor: ended.partyId, principal: null, clientId }
      const content = { actor_grant: grantHash.toString('base64url') }
      await appendWithChange(tx, auditEntry({ kind: 'actor_grant_ended', ...about, content }))
    })
  }

  private async verify(client: Client, token: string): Promise<VerifiedLogin> {
    const expected = issuedTo(client, token)
    if (expected === null) {
      throw new Problem('invalid_request', 'this client is registered without a client at the identity provider')
    }
    const login = await this.loginTokens.verifyIdToken(token, expected)
    const issuedAt = Number(readStrictJws(token).payload['iat'])
    if (issuedAt < Date.now() / 1000 - FRESH_SECONDS - CLOCK_SKEW_SECONDS) {
      throw new Problem('invalid_login_token', `the login token was issued more than ${FRESH_SECONDS} s ago`)
    }
    return login
  }

  private handlesFor({ clientId }: Client, given: readonly JudgedRepresentation[]): Promise<Handles> {
    const principals = given.flatMap(({ principal, via }) => [principal, ...(via === null ? [] : [via])])
    const representations = given.map(({ representationId }) => representationId)
    return ensureHandles(this.db, clientId, principals, representations)
  }
}

function endOf({ authenticatedAt }: VerifiedLogin, instant: Date): Date {
  const from = Math.min(authenticatedAt.getTime(), instant.getTime())
  const endsAt = new Date(from + LONGEST_AFTER_LOGIN_MS)
  if (endsAt <= instant) throw new Problem('invalid_login_token', 'the person logged in more than two hours ago')
  return endsAt
}
