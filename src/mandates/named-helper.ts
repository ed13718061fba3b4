import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { withinAsked } from '../domain/asked-powers.js'
import type { WantedPower } from '../domain/giving.js'
import type { Identifier } from '../domain/identifier.js'
import type { PartyId } from '../domain/party.js'
import { isCalled } from '../domain/person-name.js'
import { Problem } from '../domain/problem.js'
import type { Queryable, Transaction } from '../store/database.js'
import { findInvited, useInvitation } from '../store/invitation-store.js'
import { type NamedParty, findParty } from '../store/party-store.js'
import { approveRequest, seeRequest, stateForAsked } from '../store/request-store.js'

/**
 * How a giver names the one who will help: by number, by an invitation that he has redeemed, or by the request that he
 * made. A person's family name guards against a mistyped number; it is null for an organisation, which the text names.
 */
export type NamedHelper =
  | { readonly by: 'number'; readonly identifier: Identifier; readonly familyName: string | null }
  | { readonly by: 'invitation'; readonly invitationId: string }
  | { readonly by: 'request'; readonly requestId: string }

/** What a mandate answers or uses up when it is given; nothing where the helper was named by number. */
export type Answered = Extract<NamedHelper, { by: 'invitation' | 'request' }> | null

export function answeredBy(helper: NamedHelper): Answered {
  return helper.by === 'number' ? null : helper
}

/**
 * The party that is meant, null where none is known, and the powers to be given: where a request is answered, no more than
 * was asked for.
 *
 * @throws Problem `no_such_request`, `not_in_this_state`, `wider_than_asked`; `no_such_invitation` for one that is not the
 * giver's, has not been redeemed or cannot be used any more.
 */
export async function findHelper(
  db: Queryable,
  giver: PartyId,
  helper: NamedHelper,
  powers: readonly WantedPower[],
): Promise<{ readonly partyId: PartyId | null; readonly powers: readonly WantedPower[] }> {
  if (helper.by === 'number') return { partyId: await findParty(db, helper.identifier), powers }
  if (helper.by === 'invitation') {
    const partyId = await findInvited(db, helper.invitationId, giver)
    if (partyId === null) throw new Problem('no_such_invitation', 'you have no such invitation that is redeemed')
    return { partyId, powers }
  }
  const request = await seeRequest(db, helper.requestId, giver)
  if (request?.principal !== giver) throw new Problem('no_such_request', 'nobody asks you for this')
  if (stateForAsked(request) !== 'open') throw tooLate()
  return { partyId: request.helper.partyId, powers: withinAsked(powers, request) }
}

/** Organisations are public: their number, with its check digit, is name enough, and the giver reads the name in the text. */
export function isMeant(party: NamedParty, helper: NamedHelper): boolean {
  if (helper.by !== 'number') return true
  const written = helper.familyName
  return party.kind === 'organisation' ? written === null : written !== null && isCalled(party, written)
}

/** A mandate that has just been given. */
interface Given {
  readonly mandateId: string
  /** The human, who may have given it for the giver. */
  readonly actor: PartyId
  readonly giver: PartyId
  readonly representative: PartyId
  readonly instant: Date
}

/**
 * Answers the request with the mandate, or uses the invitation up for it, in the transaction that gives it.
 *
 * @throws Problem `not_in_this_state` when another one was given on it first, or it has been taken back or lapsed.
 */
export async function settleAnswered(tx: Transaction, answered: NonNullable<Answered>, given: Given): Promise<void> {
  const { mandateId, actor, giver, instant } = given
  if (answered.by === 'invitation') {
    if (!(await useInvitation(tx, answered.invitationId, given, mandateId))) throw tooLate()
    return
  }
  if (!(await approveRequest(tx, answered.requestId, giver, mandateId))) throw tooLate()
  const parties = { actor, principal: giver, clientId: null }
  const content = { request: answered.requestId, mandate: mandateId }
  await appendWithChange(tx, auditEntry({ kind: 'request_approved', occurredAt: instant, ...parties, content }))
}

function tooLate(): Problem {
  return new Problem('not_in_this_state', 'it has been answered or taken back, or its time is over')
}
