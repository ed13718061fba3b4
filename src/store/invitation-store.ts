import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'
import type { SeenParty } from './mandate-view-store.js'

type Person = Pick<SeenParty, 'name' | 'bornYear'>

/** An invitation as the one who made it sees it. The code is not kept. */
export interface SeenInvitation {
  readonly invitationId: string
  readonly label: string | null
  readonly madeAt: Date
  readonly expiresAt: Date
  readonly redeemedBy: Person | null
  readonly redeemedAt: Date | null
  readonly cancelledAt: Date | null
  readonly usedFor: string | null
  /** The database's clock when this was read. */
  readonly instant: Date
}

export type InvitationState = 'open' | 'redeemed' | 'used' | 'expired' | 'cancelled'

export function stateOfInvitation(invitation: SeenInvitation): InvitationState {
  const { usedFor, cancelledAt, expiresAt, redeemedAt, instant } = invitation
  if (usedFor !== null) return 'used'
  if (cancelledAt !== null) return 'cancelled'
  if (expiresAt <= instant) return 'expired'
  return redeemedAt === null ? 'open' : 'redeemed'
}

const LIVE = 'used_for is null and cancelled_at is null and expires_at > clock_timestamp()'

const HOLD = statement(
  'hold_invitations',
  `select pg_advisory_xact_lock(hashtextextended('invitation' || $1::uuid::text, 0))`,
)
const INSERT = statement(
  'insert_invitation',
  `insert into invitation (invitation_id, inviter, label, code_hash, expires_at)
   select $1, $2::uuid, $3, $4, clock_timestamp() + make_interval(days => $5)
    where (select count(*) from invitation where inviter = $2 and redeemed_by is null and ${LIVE}) < $6
   returning expires_at as "expiresAt", made_at as "madeAt"`,
)

export interface NewInvitation {
  readonly invitationId: string
  readonly inviter: PartyId
  /** The inviter's own note. */
  readonly label: string | null
  readonly codeHash: Buffer
}

/** Keeps an invitation for so many days. Null when this person has too many that nobody has redeemed. */
export async function insertInvitation(
  tx: Transaction,
  { invitationId, inviter, label, codeHash }: NewInvitation,
  days: number,
  mostOpen: number,
): Promise<{ readonly expiresAt: Date; readonly madeAt: Date } | null> {
  // One after the other: what is counted must still be so when one more is added.
  await tx.query(HOLD, [inviter])
  const values = [invitationId, inviter, label, codeHash, days, mostOpen]
  const rows = await tx.query<{ expiresAt: Date; madeAt: Date }>(INSERT, values)
  return rows[0] ?? null
}

const MANY = statement(
  'see_invitations',
  `select i.invitation_id as "invitationId", i.label, i.made_at as "madeAt", i.expires_at as "expiresAt",
          i.redeemed_at as "redeemedAt", i.cancelled_at as "cancelledAt", i.used_for as "usedFor", clock_timestamp() as instant,
          (select json_build_object('name', coalesce(f.name, ''), 'bornYear', extract(year from f.born_on))
             from party p left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
            where p.party_id = i.redeemed_by) as "redeemedBy"
     from invitation i where i.inviter = $1 and i.invitation_id < $2 order by i.invitation_id desc limit $3`,
)

/** This person's own, latest first, before the given one. */
export function seeInvitations(
  db: Queryable,
  inviter: PartyId,
  before: string | null,
  limit: number,
): Promise<SeenInvitation[]> {
  return db.query<SeenInvitation>(MANY, [inviter, before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit])
}

const REDEEM = statement(
  'redeem_invitation',
  `update invitation set redeemed_by = $2, redeemed_at = clock_timestamp(),
          expires_at = clock_timestamp() + make_interval(days => $3)
    where code_hash = $1 and inviter <> $2 and redeemed_by is null and ${LIVE}
   returning invitation_id as "invitationId", inviter, redeemed_at as at, expires_at as "expiresAt"`,
)

export interface Redeemed {
  readonly invitationId: string
  readonly inviter: PartyId
  readonly at: Date
  readonly expiresAt: Date
}

/**
 * Binds the invitation of this code to the one who has it, for so many days more. Null for a code that is wrong, used,
 * expired, cancelled or his own: by one and the same statement. Of two at once one gets it.
 */
export async function redeemInvitation(
  tx: Transaction,
  codeHash: Buffer,
  party: PartyId,
  days: number,
): Promise<Redeemed | null> {
  const rows = await tx.query<Redeemed>(REDEEM, [codeHash, party, days])
  return rows[0] ?? null
}

const CANCEL = statement(
  'cancel_invitation',
  `update invitation set cancelled_at = clock_timestamp() where invitation_id = $1 and inviter = $2 and ${LIVE}
   returning cancelled_at as at`,
)
const IS_OWN = statement(
  'is_own_invitation',
  'select exists (select from invitation where invitation_id = $1 and inviter = $2) as own',
)

/** @returns when; `not_live` when it can no longer be; null when this person has made no such invitation. */
export async function cancelInvitation(
  tx: Transaction,
  invitationId: string,
  inviter: PartyId,
): Promise<Date | 'not_live' | null> {
  const [cancelled] = await tx.query<{ at: Date }>(CANCEL, [invitationId, inviter])
  if (cancelled !== undefined) return cancelled.at
  const [found] = await tx.query<{ own: boolean }>(IS_OWN, [invitationId, inviter])
  return found?.own === true ? 'not_live' : null
}

const INVITED = statement(
  'find_invited',
  `select redeemed_by as "partyId" from invitation
    where invitation_id = $1 and inviter = $2 and redeemed_by is not null and ${LIVE}`,
)

/** Who has redeemed this person's invitation, as long as it can be used; else null. */
export async function findInvited(db: Queryable, invitationId: string, inviter: PartyId): Promise<PartyId | null> {
  const rows = await db.query<{ partyId: PartyId }>(INVITED, [invitationId, inviter])
  return rows[0]?.partyId ?? null
}

const USE = statement(
  'use_invitation',
  `update invitation set used_for = $4
    where invitation_id = $1 and inviter = $2 and redeemed_by = $3 and ${LIVE} returning invitation_id`,
)

/** Uses the invitation up for this mandate. False when it cannot be used any more. */
export async function useInvitation(
  tx: Transaction,
  invitationId: string,
  { giver, representative }: { readonly giver: PartyId; readonly representative: PartyId },
  mandateId: string,
): Promise<boolean> {
  return (await tx.query(USE, [invitationId, giver, representative, mandateId])).length === 1
}

const FORGET = statement(
  'forget_old_invitations',
  `delete from invitation where used_for is null and made_at < clock_timestamp() - interval '15 months'`,
)

/** Forgets invitations that came to nothing. */
export async function forgetOldInvitations(db: Queryable): Promise<void> {
  await db.query(FORGET, [])
}
