import { v7 as timeOrderedId } from 'uuid'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Json } from '../domain/json.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Database, Queryable } from '../store/database.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import {
  type SeenInvitation,
  cancelInvitation,
  insertInvitation,
  redeemInvitation,
  seeInvitations,
  stateOfInvitation,
} from '../store/invitation-store.js'
import { causeNotices } from '../store/notice-cause-store.js'
import { namedParties } from '../store/party-store.js'
import { writeOnce } from '../store/write-once.js'
import { tryCode } from './code-tries.js'
import { hashOfCode, newCode } from './readable-code.js'

/** Proposed, as are all numbers here; the seven days are those of the Australian RAM. */
const DAYS_TO_REDEEM = 7
/** So long may the inviter take to give the mandate once the code has been redeemed. */
const DAYS_TO_USE = 30
const MOST_OPEN = 10
const PAGE = 50

/**
 * Inviting someone whose number one does not know: a code that the other one redeems with a login of his own. Only its hash
 * is kept. What it opens is that the inviter can give him a mandate: nothing of the inviter’s.
 */
export class Invitations {
  constructor(private readonly db: Database) {}

  /**
   * Answers 201 with the code, which is shown this once: a repeated request gets the invitation without it.
   *
   * @throws Problem `too_many_open`.
   */
  async invite(actor: Actor, key: string, label: string | null): Promise<WriteAnswer> {
    const code = newCode()
    const request = { owner: actor.partyId, key, content: { invite: label } }
    const invitationId = timeOrderedId()
    const answer = await writeOnce(this.db, request, async (tx) => {
      const invitation = { invitationId, inviter: actor.partyId, label, codeHash: hashOfCode(code) }
      const made = await insertInvitation(tx, invitation, DAYS_TO_REDEEM, MOST_OPEN)
      if (made === null) throw new Problem('too_many_open', `${MOST_OPEN} invitations wait: cancel one`)
      const who = { actor: actor.partyId, principal: actor.partyId, clientId: null }
      const content = { invitation: invitationId }
      await appendWithChange(tx, auditEntry({ kind: 'invitation_made', occurredAt: made.madeAt, ...who, content }))
      const body = { invitation_id: invitationId, code: null, label, expires_at: made.expiresAt.toISOString() }
      return { status: 201, etag: null, body }
    })
    // What is kept with the key holds no code.
    const body = answer.body as { readonly [member: string]: Json }
    return body['invitation_id'] === invitationId ? { ...answer, body: { ...body, code } } : answer
  }

  /** This person's own, latest first; `next` asks for the page after. */
  async many(actor: Actor, before: string | null): Promise<Json> {
    const found = await seeInvitations(this.db, actor.partyId, before, PAGE)
    const next = found.length === PAGE ? (found.at(-1)?.invitationId ?? null) : null
    return { invitations: found.map(invitationView), next }
  }

  /**
   * Binds the invitation to the one who has the code. Answers 200 with who invites.
   *
   * @throws Problem `code_not_valid` for a code that is wrong, used, expired, cancelled or one's own; `code_mistyped`,
   * `too_many_requests`; `helper_not_available` for someone who can be given nothing by anyone.
   */
  async redeem(actor: Actor, key: string, written: string): Promise<WriteAnswer> {
    const codeHash = await tryCode(this.db, actor, written)
    const request = { owner: actor.partyId, key, content: { redeem: codeHash.toString('base64url') } }
    return writeOnce(this.db, request, async (tx) => {
      const [self] = await namedParties(tx, [actor.partyId])
      if (self === undefined || self.bornOn === null || self.protectedAddress) {
        throw new Problem('helper_not_available', 'you cannot be given a mandate here')
      }
      const redeemed = await redeemInvitation(tx, codeHash, actor.partyId, DAYS_TO_USE)
      if (redeemed === null) throw new Problem('code_not_valid', 'no invitation can be redeemed with this code')
      const { invitationId, inviter, at, expiresAt } = redeemed
      const who = { actor: actor.partyId, principal: inviter, clientId: null }
      const content = { invitation: invitationId }
      await appendWithChange(tx, auditEntry({ kind: 'invitation_redeemed', occurredAt: at, ...who, content }))
      const told = { partyId: inviter, subject: invitationId, edition: '1', other: actor.partyId }
      await causeNotices(tx, [{ kind: 'invitation_redeemed', ...told }])
      const body = { invitation_id: invitationId, inviter: await seen(tx, inviter) }
      return { status: 200, etag: null, body: { ...body, expires_at: expiresAt.toISOString() } }
    })
  }

  /** The code, or who has redeemed it, can no longer be used. @throws Problem `no_such_invitation` (also of others'), `not_in_this_state`. */
  cancel(actor: Actor, key: string, invitationId: string): Promise<WriteAnswer> {
    const request = { owner: actor.partyId, key, content: { cancelInvitation: invitationId } }
    return writeOnce(this.db, request, async (tx) => {
      const at = await cancelInvitation(tx, invitationId, actor.partyId)
      if (at === null) throw new Problem('no_such_invitation', 'you have made no such invitation')
      if (at === 'not_live') throw new Problem('not_in_this_state', 'it was used or cancelled, or has expired')
      const who = { actor: actor.partyId, principal: actor.partyId, clientId: null }
      const content = { invitation: invitationId }
      await appendWithChange(tx, auditEntry({ kind: 'invitation_cancelled', occurredAt: at, ...who, content }))
      return { status: 200, etag: null, body: { invitation_id: invitationId, state: 'cancelled' } }
    })
  }
}

async function seen(db: Queryable, partyId: PartyId): Promise<Json> {
  const [party] = await namedParties(db, [partyId])
  const bornOn = party?.bornOn ?? null
  return { name: party?.name ?? '', born_year: bornOn === null ? null : Number(bornOn.slice(0, 4)) }
}

function invitationView(invitation: SeenInvitation): Json {
  const { redeemedBy } = invitation
  return {
    invitation_id: invitation.invitationId,
    label: invitation.label,
    state: stateOfInvitation(invitation),
    made_at: invitation.madeAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
    redeemed_by: redeemedBy === null ? null : { name: redeemedBy.name, born_year: redeemedBy.bornYear },
    redeemed_at: invitation.redeemedAt?.toISOString() ?? null,
    mandate_id: invitation.usedFor,
  }
}
