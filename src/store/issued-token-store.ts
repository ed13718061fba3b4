import type { AssuranceLevel } from '../domain/catalogue.js'
import type { RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import type { ActorGrant } from './actor-grant-store.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { Represented } from './handle-store.js'

/** A delegation token as it is remembered until it expires. */
export interface NewToken {
  readonly jti: string
  readonly clientId: string
  readonly audience: string
  readonly representationId: RepresentationId
  readonly grantHash: Buffer
  /** The act that it consumed; null where it is for none. */
  readonly actId: string | null
  readonly expiresAt: Date
}

const RECORD = statement(
  'record_token',
  `insert into issued_token (jti, client_id, audience, representation_id, grant_hash, act_id, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7::timestamptz)`,
)

/** Remembers a token that is about to be issued: one that is not remembered is none of ours. */
export async function recordToken(tx: Transaction, token: NewToken): Promise<void> {
  const { jti, clientId, audience, representationId, grantHash, actId, expiresAt } = token
  const values = [jti, clientId, audience, representationId, grantHash, actId, expiresAt.toISOString()]
  await tx.query(RECORD, values)
}

/** A token that is out, and what it stands on now. */
export interface IssuedToken {
  readonly audience: string
  /** Those of the audience as it is registered now. */
  readonly services: readonly string[]
  readonly represented: Omit<Represented, 'principalHandle'>
  /** Null once the grant has ended. */
  readonly grant: ActorGrant | null
  readonly actId: string | null
  readonly isRevoked: boolean
}

interface Row {
  readonly audience: string
  readonly services: readonly string[]
  readonly representationId: RepresentationId
  readonly principal: PartyId
  readonly representative: PartyId | null
  readonly principalIdentifier: string | null
  readonly partyId: PartyId | null
  readonly worksFor: PartyId | null
  readonly issuer: string
  readonly subject: string
  readonly acr: string
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
  readonly actId: string | null
  readonly isRevoked: boolean
}

const FIND = statement(
  'find_issued_token',
  `select t.audience, a.services, n.representation_id as "representationId", n.principal, n.representative,
          (select i.value from party_identifier i where i.party_id = n.principal and i.replaced_at is null
            order by i.known_since desc, i.value limit 1) as "principalIdentifier",
          g.party_id as "partyId", g.works_for as "worksFor", g.issuer, g.subject, g.acr, g.level, g.authenticated_at as "authenticatedAt",
          t.act_id as "actId", t.revoked_at is not null as "isRevoked"
     from issued_token t
     join audience a using (audience)
     join representation n using (representation_id)
     left join actor_grant g
       on g.grant_hash = t.grant_hash and g.ended_at is null and g.ends_at > clock_timestamp()
    where t.jti = $1 and a.client_id = $2 and t.expires_at > clock_timestamp()`,
)

/** The token with this `jti`, if it is out and for an audience of this client; else null. */
export async function findIssuedToken(db: Queryable, jti: string, clientId: string): Promise<IssuedToken | null> {
  const [row] = await db.query<Row>(FIND, [jti, clientId])
  if (row === undefined) return null
  const { audience, services, actId, isRevoked, ...rest } = row
  const { representationId, principal, representative, principalIdentifier, partyId, ...login } = rest
  const represented = { representationId, principal, representative, principalIdentifier }
  return { audience, services, represented, grant: partyId === null ? null : { partyId, ...login }, actId, isRevoked }
}

const REVOKE = statement(
  'revoke_token',
  `update issued_token set revoked_at = clock_timestamp()
    where jti = $1 and client_id = $2 and revoked_at is null and expires_at > clock_timestamp()
   returning revoked_at as at`,
)

/** Revokes a token that was issued to this client; null when there was none to revoke. */
export async function revokeToken(tx: Transaction, jti: string, clientId: string): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date }>(REVOKE, [jti, clientId])
  return row?.at ?? null
}

const FORGET = statement(
  'forget_issued_tokens',
  `delete from issued_token where expires_at < clock_timestamp() - interval '5 minutes'`,
)

/** Forgets what has expired and would be refused for that alone. What was issued stands in the log. */
export async function forgetExpiredTokens(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
