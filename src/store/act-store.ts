import type { Action, AssuranceLevel } from '../domain/catalogue.js'
import type { Power, RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** An act as it is opened. */
export interface NewAct extends Power {
  readonly actId: string
  readonly clientId: string
  readonly principal: PartyId
  readonly openedBy: PartyId
  readonly level: AssuranceLevel
  readonly authenticatedAt: Date
  /** The ground of the one who opens it. */
  readonly representationId: RepresentationId
  readonly basis: 'parent' | 'organisation_role'
  readonly text: string
  /** SHA-256 of what is to be done. */
  readonly contentHash: Buffer
  readonly expiresAt: Date
}

/** An act as it stands, and what has been answered. */
export interface Act extends NewAct {
  readonly openedAt: Date
  readonly completedAt: Date | null
  readonly approvedBy: readonly PartyId[]
  readonly refusedBy: readonly PartyId[]
  /** The database's clock when this was read. */
  readonly instant: Date
}

export type ActState = 'open' | 'refused' | 'lapsed' | 'completed'

export function stateOfAct({ completedAt, refusedBy, expiresAt, instant }: Act): ActState {
  if (completedAt !== null) return 'completed'
  if (refusedBy.length > 0) return 'refused'
  return expiresAt <= instant ? 'lapsed' : 'open'
}

const INSERT = statement(
  'insert_act',
  `insert into act (act_id, client_id, principal, opened_by, level, authenticated_at, representation_id, basis,
     service_id, action, provider, object, text, content_hash, expires_at)
   values ($1, $2, $3, $4, $5, $6::timestamptz, $7, $8, $9, $10, $11, $12, $13, $14, $15::timestamptz)`,
)

export async function insertAct(tx: Transaction, act: NewAct): Promise<void> {
  const { actId, clientId, principal, openedBy, level, basis, service, action, provider, object, text } = act
  const ground = [act.representationId, basis]
  const about = [actId, clientId, principal, openedBy, level, act.authenticatedAt.toISOString(), ...ground]
  const what = [service, action, provider, object, text, act.contentHash, act.expiresAt.toISOString()]
  await tx.query(INSERT, [...about, ...what])
}

const COLUMNS = `a.act_id as "actId", a.client_id as "clientId", a.principal, a.opened_by as "openedBy", a.level,
  a.authenticated_at as "authenticatedAt", a.representation_id as "representationId", a.basis,
  a.service_id as service, a.action, a.provider, a.object, a.text, a.content_hash as "contentHash", a.opened_at as "openedAt", a.expires_at as "expiresAt",
  a.completed_at as "completedAt", clock_timestamp() as instant,
  array(select p.party_id::text from approval p where p.act_id = a.act_id and p.approved
         union select a.opened_by::text) as "approvedBy",
  array(select p.party_id::text from approval p where p.act_id = a.act_id and not p.approved) as "refusedBy"`

const FIND = statement('find_act', `select ${COLUMNS} from act a where a.act_id = $1`)

export async function findAct(db: Queryable, actId: string): Promise<Act | null> {
  const rows = await db.query<Act>(FIND, [actId])
  return rows[0] ?? null
}

const OPEN = statement(
  'open_acts',
  `select ${COLUMNS} from act a
    where a.principal = $3 and a.client_id = $1 and a.opened_by = $2 and a.completed_at is null
      and a.expires_at > clock_timestamp()
      and not exists (select from approval p where p.act_id = a.act_id and not p.approved)`,
)

/** What this client has opened for this person on behalf of that principal, and is still to be answered or completed. */
export function openActs(db: Queryable, clientId: string, openedBy: PartyId, principal: PartyId): Promise<Act[]> {
  return db.query<Act>(OPEN, [clientId, openedBy, principal])
}

const LOCK = statement('lock_act', 'select from act where act_id = $1 for update')

/** Keeps everyone else from answering or completing it until the transaction ends. */
export async function lockAct(tx: Transaction, actId: string): Promise<void> {
  await tx.query(LOCK, [actId])
}

const WAITING = statement(
  'acts_waiting_for',
  `select ${COLUMNS}
     from act a
    where a.completed_at is null and a.expires_at > clock_timestamp() and a.opened_by <> $1
      and exists (select from representation n
                    join relation_version v on v.representation_id = n.representation_id and upper_inf(v.recorded)
                   where n.principal = a.principal and n.representative = $1 and n.basis = a.basis
                     and v.valid @> clock_timestamp())
      and not exists (select from approval p where p.act_id = a.act_id and (p.party_id = $1 or not p.approved))
    order by a.act_id limit $2`,
)

/** Open acts about those for whom this party now holds something on the same basis, and that he has not answered. */
export function actsWaitingFor(db: Queryable, party: PartyId, limit: number): Promise<Act[]> {
  return db.query<Act>(WAITING, [party, limit])
}

const ANSWER = statement(
  'answer_act',
  `insert into approval (act_id, party_id, approved) values ($1, $2, $3) on conflict do nothing returning answered_at as at`,
)

/** Records one holder's answer; null when he had answered. */
export async function answerAct(
  tx: Transaction,
  actId: string,
  party: PartyId,
  approved: boolean,
): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date }>(ANSWER, [actId, party, approved])
  return row?.at ?? null
}

const COMPLETE = statement(
  'complete_act',
  'update act set completed_at = clock_timestamp() where act_id = $1 and completed_at is null returning completed_at as at',
)

/** Consumes the act; null when it had been. */
export async function completeAct(tx: Transaction, actId: string): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date }>(COMPLETE, [actId])
  return row?.at ?? null
}

/** Whether two powers are the same one, byte for byte. */
export function samePower(one: Power, other: Omit<Power, 'action'> & { readonly action: Action }): boolean {
  return (
    one.service === other.service &&
    one.action === other.action &&
    one.provider === other.provider &&
    one.object === other.object
  )
}
