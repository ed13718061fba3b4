import { v7 as timeOrderedId } from 'uuid'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { coolingOffHours, heldBack } from '../domain/cooling-off.js'
import { type Plan, planMandate } from '../domain/giving.js'
import { type Acting, organisationOf } from '../domain/party.js'
import { planPassingOn } from '../domain/passing-on.js'
import { Problem } from '../domain/problem.js'
import type { Transaction } from '../store/database.js'
import {
  type GivenBetween,
  type LockedMandate,
  clock,
  insertMandate,
  lapsedOffers,
  lockMandate,
} from '../store/mandate-store.js'
import { namedParties } from '../store/party-store.js'
import { refuseSelfDealing, refuseUnheld } from './acting.js'
import type { Confirmation } from './confirm.js'
import type { GiveContent } from './draft-content.js'
import { settleAnswered } from './named-helper.js'
import { refuseOverlap } from './overlap.js'
import { partyIn } from './party-in.js'
import { chainOf, onBehalfOf, recordChange, takesEffect } from './record-change.js'
import { requireLevel } from './required-level.js'

const DAYS_TO_ANSWER = 30
const DAY = 86_400_000

/**
 * Gives what the text says, or passes it on: it takes effect at once, when it has been held as long as the catalogue asks for,
 * or when it has been accepted.
 *
 * @returns the new mandate.
 * @throws Problem `overlapping_mandate` with the mandates that can be extended instead, or the rule that stands in the way.
 */
export async function give(
  tx: Transaction,
  acting: Acting,
  { content: wish, confirmed }: Confirmation<GiveContent>,
  catalogue: CatalogueVersion,
): Promise<string> {
  const { representative, powers: wanted } = wish
  const services = wanted.map(({ service }) => service)
  requireLevel(acting.actor, services, catalogue)
  refuseSelfDealing(acting, representative)
  const parent = await lockParent(tx, acting, wish.parent)
  const principal = parent?.principal ?? acting.party
  const between = { principal, representative, giver: acting.party }
  await cancelLapsedOffers(tx, acting, between)
  const { moment, instant } = await clock(tx)
  const plan = await planAgain(tx, between, wish, parent, catalogue, instant)
  await refuseUnheld(tx, acting, plan.powers, catalogue)
  await refuseOverlap(tx, between, plan)
  const { state, powers } = plan.acceptance
    ? { state: 'offered' as const, powers: plan.powers }
    : heldBack(plan.powers, coolingOffHours(services, catalogue), instant)

  const mandateId = timeOrderedId()
  const through = parent === null ? null : { parent: parent.mandateId, middle: acting.party }
  await insertMandate(tx, {
    mandateId,
    principal,
    representative,
    through,
    state,
    answerBy: plan.acceptance ? new Date(instant.getTime() + DAYS_TO_ANSWER * DAY) : null,
    ...(organisationOf(acting) === null ? {} : { signedBy: acting.actor.partyId }),
    givenAt: moment,
    confirmed,
    powers: powers.map((power) => ({ ...power, powerId: timeOrderedId() })),
  })
  const { answers } = wish
  const content = {
    mandate: mandateId,
    representative,
    ...chainOf(through),
    version: 1,
    services,
    offered: plan.acceptance,
    ...takesEffect(state, powers),
    text_hash: confirmed.textHash.toString('base64url'),
    catalogue_version: catalogue.version,
    login_level: acting.actor.login.level,
    ...onBehalfOf(acting),
    ...(answers?.by === 'invitation' ? { invitation: answers.invitationId } : {}),
  }
  const parties = { actor: acting.actor.partyId, principal, clientId: null }
  await appendWithChange(tx, auditEntry({ kind: 'mandate_given', occurredAt: instant, ...parties, content }))
  if (answers !== null)
    await settleAnswered(tx, answers, { ...between, actor: acting.actor.partyId, mandateId, instant })
  return mandateId
}

/**
 * What is passed on from does not change until it has been, and if it has been changed we know: parents are locked before
 * what lies below them, by whoever gives and whoever ends.
 */
export async function lockParent(
  tx: Transaction,
  acting: Acting,
  parent: string | null,
): Promise<LockedMandate | null> {
  if (parent === null) return null
  const locked = await lockMandate(tx, parent)
  if (locked?.representative !== acting.party) throw new Problem('no_such_mandate', 'you have no such mandate')
  return locked
}

async function planAgain(
  tx: Transaction,
  { principal: principalId, representative, giver: giverId }: GivenBetween,
  { powers }: GiveContent,
  parent: LockedMandate | null,
  catalogue: CatalogueVersion,
  instant: Date,
): Promise<Plan> {
  const parties = await namedParties(tx, [giverId, principalId, representative])
  const giver = partyIn(parties, giverId)
  const other = parties.find(({ partyId }) => partyId === representative) ?? null
  if (parent === null) return planMandate(powers, giver, other, catalogue, instant)
  const passable = { ...parent, principal: partyIn(parties, principalId), middle: giver }
  return planPassingOn(powers, passable, other, catalogue, instant)
}

/** An offer that was not answered in time would stand in the way of the new one. */
async function cancelLapsedOffers(tx: Transaction, acting: Acting, between: GivenBetween): Promise<void> {
  for (const mandateId of await lapsedOffers(tx, between)) {
    const locked = await lockMandate(tx, mandateId)
    const offered = (locked?.powers ?? []).filter(({ state }) => state === 'offered')
    if (locked === null || offered.length === 0) continue
    const cancelled = offered.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'cancelled' as const }))
    await recordChange(tx, acting, locked, 'cancelled', cancelled, { reason: 'not_answered_in_time', confirmed: null })
  }
}
