import type { AssuranceLevel, Language } from '../domain/catalogue.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** A session as it is begun. What the browser holds is known here by its SHA-256 only. */
export interface NewSession {
  readonly sessionHash: Buffer
  readonly partyId: PartyId
  readonly issuer: string
  readonly subject: string
  readonly providerSession: string | null
  readonly acr: string
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
  /** Kept to log out at the provider with. It holds the identity number: it goes when the session ends. */
  readonly idToken: string
  readonly language: Language
}

const START = statement(
  'start_session',
  `insert into session (session_hash, party_id, issuer, subject, provider_session, acr, level, authenticated_at,
     id_token, language)
   values ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10) returning created_at as "startedAt"`,
)

/** Begins the session and tells when, by the database's clock. */
export async function startSession(tx: Transaction, session: NewSession): Promise<Date> {
  const [row] = await tx.query<{ startedAt: Date }>(START, [
    session.sessionHash,
    session.partyId,
    session.issuer,
    session.subject,
    session.providerSession,
    session.acr,
    session.level,
    session.authenticatedAt.toISOString(),
    session.idToken,
    session.language,
  ])
  if (row === undefined) throw new Error('the session was not stored')
  return row.startedAt
}

/** What a request needs of the session it came with. */
export interface LiveSession {
  readonly partyId: PartyId
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
  readonly language: Language
}

const USE = statement(
  'use_session',
  `with live as (
     select party_id, level, authenticated_at, language from session
      where session_hash = $1 and ended_at is null
        and last_used_at > clock_timestamp() - interval '30 minutes'
        and created_at > clock_timestamp() - interval '8 hours'
   ), touched as (
     update session set last_used_at = clock_timestamp()
      where session_hash = $1 and ended_at is null and last_used_at < clock_timestamp() - interval '1 minute'
        and exists (select from live)
   )
   select party_id as "partyId", level, authenticated_at as "authenticatedAt", language from live`,
)

/**
 * The session, if it lives: not ended, used within the last 30 minutes, begun within the last 8 hours (ASVS 7.3). Notes
 * the use, at most once a minute.
 */
export async function useSession(db: Queryable, sessionHash: Buffer): Promise<LiveSession | null> {
  const rows = await db.query<LiveSession>(USE, [sessionHash])
  return rows[0] ?? null
}

const OF_PROVIDER = statement(
  'session_of_provider_session',
  `select from session
    where session_hash = $1 and issuer = $2 and provider_session = $3 and ended_at is null`,
)

/** Whether this session, not ended, came of that session with the provider. */
export async function isOfProviderSession(
  db: Queryable,
  sessionHash: Buffer,
  issuer: string,
  providerSession: string,
): Promise<boolean> {
  return (await db.query(OF_PROVIDER, [sessionHash, issuer, providerSession])).length > 0
}

/** A session that has just ended, and when by the database's clock. */
export interface EndedSession {
  readonly sessionHash: Buffer
  readonly partyId: PartyId
  readonly language: Language
  readonly idToken: string | null
  readonly endedAt: Date
}

const ENDED = `s.session_hash as "sessionHash", s.party_id as "partyId", s.language, s.ended_at as "endedAt"`

const END = statement(
  'end_session',
  `with before as (select session_hash, id_token from session where session_hash = $1 and ended_at is null for update)
   update session s set ended_at = clock_timestamp(), id_token = null
     from before where s.session_hash = before.session_hash
   returning ${ENDED}, before.id_token as "idToken"`,
)

/** Ends the session; null when there is none or it has been ended. One that has only expired is ended like a live one. */
export async function endSession(tx: Transaction, sessionHash: Buffer): Promise<EndedSession | null> {
  const rows = await tx.query<EndedSession>(END, [sessionHash])
  return rows[0] ?? null
}

/** The provider's own names for a person and for his session with it, which our sessions and grants are found by. */
const PROVIDER_COLUMNS = { providerSession: 'provider_session', subject: 'subject' } as const
type ProviderName = keyof typeof PROVIDER_COLUMNS

const endSessionsBy = (name: ProviderName) =>
  statement(
    `end_sessions_by_${PROVIDER_COLUMNS[name]}`,
    `update session s set ended_at = clock_timestamp(), id_token = null
      where issuer = $1 and ${PROVIDER_COLUMNS[name]} = $2 and ended_at is null
     returning ${ENDED}, null as "idToken"`,
  )
const END_SESSIONS = { providerSession: endSessionsBy('providerSession'), subject: endSessionsBy('subject') }

/** Ends every session that came of this session with the provider, or that is this person's. */
export function endSessionsOfProvider(
  tx: Transaction,
  issuer: string,
  { by, value }: { readonly by: ProviderName; readonly value: string },
): Promise<EndedSession[]> {
  return tx.query<EndedSession>(END_SESSIONS[by], [issuer, value])
}

export interface EndedGrant {
  readonly partyId: PartyId
  readonly clientId: string
  readonly endedAt: Date
}

const endGrantsBy = (name: ProviderName) =>
  statement(
    `end_actor_grants_by_${PROVIDER_COLUMNS[name]}`,
    `update actor_grant set ended_at = clock_timestamp()
      where issuer = $1 and ${PROVIDER_COLUMNS[name]} = $2 and ended_at is null and ends_at > clock_timestamp()
     returning party_id as "partyId", client_id as "clientId", ended_at as "endedAt"`,
  )
const END_GRANTS = { providerSession: endGrantsBy('providerSession'), subject: endGrantsBy('subject') }

/** Ends every actor grant that came of this session with the provider, or that is this person's. */
export function endGrantsOfProvider(
  tx: Transaction,
  issuer: string,
  { by, value }: { readonly by: ProviderName; readonly value: string },
): Promise<EndedGrant[]> {
  return tx.query<EndedGrant>(END_GRANTS[by], [issuer, value])
}

const USE_LOGOUT_TOKEN = statement(
  'use_logout_token',
  `insert into used_logout_token (issuer, jti) values ($1, $2) on conflict do nothing returning jti`,
)

/** Notes that a logout token is used; false when it had been used before. */
export async function useLogoutToken(tx: Transaction, issuer: string, jti: string): Promise<boolean> {
  return (await tx.query(USE_LOGOUT_TOKEN, [issuer, jti])).length === 1
}

const FORGET_SESSIONS = statement(
  'forget_sessions',
  `delete from session where created_at < clock_timestamp() - interval '8 hours'`,
)
const FORGET_LOGOUT_TOKENS = statement(
  'forget_logout_tokens',
  `delete from used_logout_token where used_at < clock_timestamp() - interval '1 hour'`,
)

/** Forgets sessions that can no longer live, id_tokens with them, and logout tokens that would be refused as too old. */
export async function forgetOldSessions(db: Queryable): Promise<void> {
  await db.query(FORGET_SESSIONS, [])
  await db.query(FORGET_LOGOUT_TOKENS, [])
}
