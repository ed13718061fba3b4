import type { JSONWebKeySet } from 'jose'
import type { RulingKind } from '../domain/ground.js'
import { type Queryable, statement } from './database.js'

/** A relying service as it is registered. */
export interface Client {
  readonly clientId: string
  readonly name: string
  /** Organisation number of the one who runs it. */
  readonly organisation: string
  readonly jwks: JSONWebKeySet
  /** The services it may ask about. */
  readonly services: readonly string[]
  /** The identity provider and the client id there that a login token of its user must have been issued to. */
  readonly loginIssuer: string | null
  readonly loginClientId: string | null
  /** The same for its users who log in at work. */
  readonly workLoginIssuer: string | null
  readonly workLoginClientId: string | null
  readonly mayUseNumbers: boolean
  /** The kinds of rulings that it may tell us of: an authority’s own, never a service’s. */
  readonly mayRule: readonly RulingKind[]
  /** Whether it may tell who works for the organisation that runs it. */
  readonly mayTellEmployments: boolean
}

/** Where tokens may be sent. */
export interface Audience {
  readonly audience: string
  readonly clientId: string
  /**
   * `web`: the client's own session. `api`: a resource server without one, its tokens bound to a key.
   * `api_with_user_token`: one that demands the user's own token beside ours, so that ours need not be bound.
   */
  readonly kind: 'web' | 'api' | 'api_with_user_token'
  readonly services: readonly string[]
  /** `with_idporten`: its tokens also speak in the shape of `idporten:fullmakt`, identity numbers included. */
  readonly details: 'own' | 'with_idporten'
}

const FIND_CLIENT = statement(
  'find_client',
  `select client_id as "clientId", name, organisation, jwks, services, login_issuer as "loginIssuer",
          login_client_id as "loginClientId", work_login_issuer as "workLoginIssuer",
          work_login_client_id as "workLoginClientId", may_use_numbers as "mayUseNumbers", may_rule as "mayRule",
          may_tell_employments as "mayTellEmployments"
     from client where client_id = $1`,
)

/** The client with this id, or null. */
export async function findClient(db: Queryable, clientId: string): Promise<Client | null> {
  const rows = await db.query<Client>(FIND_CLIENT, [clientId])
  return rows[0] ?? null
}

const FIND_AUDIENCE = statement(
  'find_audience',
  `select audience, client_id as "clientId", kind, services, details from audience where audience = $1 and client_id = $2`,
)

/** The audience with this address, if it belongs to this client; else null. */
export async function findAudience(db: Queryable, audience: string, clientId: string): Promise<Audience | null> {
  const rows = await db.query<Audience>(FIND_AUDIENCE, [audience, clientId])
  return rows[0] ?? null
}

const PUT_CLIENT = statement(
  'put_client',
  `insert into client (client_id, name, organisation, jwks, services, login_issuer, login_client_id, may_use_numbers,
     may_rule, work_login_issuer, work_login_client_id, may_tell_employments)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (client_id) do update set name = excluded.name, organisation = excluded.organisation,
     jwks = excluded.jwks, services = excluded.services, login_issuer = excluded.login_issuer,
     login_client_id = excluded.login_client_id, may_use_numbers = excluded.may_use_numbers,
     may_rule = excluded.may_rule, work_login_issuer = excluded.work_login_issuer,
     work_login_client_id = excluded.work_login_client_id, may_tell_employments = excluded.may_tell_employments`,
)

/** Registers a client, or gives a registered one these properties. */
export async function putClient(db: Queryable, client: Client): Promise<void> {
  const { clientId, name, organisation, jwks, services, mayUseNumbers, mayRule, mayTellEmployments } = client
  const keys = JSON.stringify(jwks)
  const login = [client.loginIssuer, client.loginClientId]
  const work = [client.workLoginIssuer, client.workLoginClientId, mayTellEmployments]
  await db.query(PUT_CLIENT, [clientId, name, organisation, keys, services, ...login, mayUseNumbers, mayRule, ...work])
}

const PUT_AUDIENCE = statement(
  'put_audience',
  `insert into audience (audience, client_id, kind, services, details) values ($1, $2, $3, $4, $5)
   on conflict (audience) do update set kind = excluded.kind, services = excluded.services, details = excluded.details
    where audience.client_id = excluded.client_id`,
)

/** Registers an audience of a client; one that belongs to another client is left as it is. */
export async function putAudience(db: Queryable, registered: Audience): Promise<void> {
  const { audience, clientId, kind, services, details } = registered
  await db.query(PUT_AUDIENCE, [audience, clientId, kind, services, details])
}

const USE_JTI = statement(
  'use_jti',
  `insert into used_jti (client_id, jti, expires_at) values ($1, $2, $3) on conflict do nothing returning jti`,
)

/** True the first time a client uses this `jti`, false ever after. */
export async function useJti(db: Queryable, clientId: string, jti: string, expiresAt: Date): Promise<boolean> {
  return (await db.query(USE_JTI, [clientId, jti, expiresAt])).length === 1
}

const FORGET_JTIS = statement(
  'forget_jtis',
  `delete from used_jti where expires_at < clock_timestamp() - interval '5 minutes'`,
)

/** Forgets what has expired and would be refused for that alone. */
export async function forgetExpiredJtis(db: Queryable): Promise<void> {
  await db.query(FORGET_JTIS, [])
}
