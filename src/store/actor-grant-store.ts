import type { AssuranceLevel } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** What carries a represented session: one client, one person, one level, one login. Only the hash of its secret is kept. */
export interface ActorGrant {
  readonly partyId: PartyId
  /** The organisation that the person is at work for; null for a private login. */
  readonly worksFor: PartyId | null
  /** The identity provider and its name for the person, as this client knows them. */
  readonly issuer: string
  readonly subject: string
  readonly acr: string
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
}

export interface NewActorGrant extends ActorGrant {
  readonly grantHash: Buffer
  readonly clientId: string
  readonly providerSession: string | null
  readonly endsAt: Date
}

const OPEN = statement(
  'open_actor_grant',
  `insert into actor_grant (grant_hash, client_id, party_id, issuer, subject, provider_session, acr, level,
     authenticated_at, ends_at, works_for)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
)

/** Writes a new grant. Its use begins now; it runs out at `endsAt` at the latest. */
export async function openActorGrant(tx: Transaction, grant: NewActorGrant): Promise<void> {
  const { grantHash, clientId, partyId, issuer, subject, providerSession, acr, level, authenticatedAt, endsAt } = grant
  await tx.query(OPEN, [
    grantHash,
    clientId,
    partyId,
    issuer,
    subject,
    providerSession,
    acr,
    level,
    authenticatedAt,
    endsAt,
    grant.worksFor,
  ])
}

const USE = statement(
  'use_actor_grant',
  `update actor_grant set last_used_at = clock_timestamp()
    where grant_hash = $1 and client_id = $2 and ended_at is null and ends_at > clock_timestamp()
      and last_used_at > clock_timestamp() - make_interval(secs => $3)
   returning party_id as "partyId", works_for as "worksFor", issuer, subject, acr, level, authenticated_at as "authenticatedAt"`,
)

/**
 * The client's grant with this hash, if it is still good; from now on it is idle again. It stays locked until the
 * transaction ends: whoever ends it waits for that, and whoever is ending it is waited for. Null when there is none, it
 * is another client's, has ended, or was idle for longer than `idleSeconds`.
 */
export async function useActorGrant(
  tx: Transaction,
  grantHash: Buffer,
  clientId: string,
  idleSeconds: number,
): Promise<ActorGrant | null> {
  const rows = await tx.query<ActorGrant>(USE, [grantHash, clientId, idleSeconds])
  return rows[0] ?? null
}

const END = statement(
  'end_actor_grant',
  `update actor_grant set ended_at = clock_timestamp()
    where grant_hash = $1 and client_id = $2 and ended_at is null
   returning party_id as "partyId", ended_at as "endedAt"`,
)

/** Ends the client's grant; null when there was none to end. */
export async function endActorGrant(
  tx: Transaction,
  grantHash: Buffer,
  clientId: string,
): Promise<{ readonly partyId: PartyId; readonly endedAt: Date } | null> {
  const rows = await tx.query<{ partyId: PartyId; endedAt: Date }>(END, [grantHash, clientId])
  return rows[0] ?? null
}

const FORGET = statement(
  'forget_actor_grants',
  `delete from actor_grant where ends_at < clock_timestamp() - interval '1 day'`,
)

/** Forgets grants that ran out a day ago and more. What was done under them stands in the log. */
export async function forgetEndedActorGrants(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
