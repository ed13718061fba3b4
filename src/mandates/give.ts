import { v7 as timeOrderedId } from 'uuid'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { type Plan, planMandate } from '../domain/giving.js'
import type { Actor } from '../domain/party.js'
import { planPassingOn } from '../domain/passing-on.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Transaction } from '../store/database.js'
import { type Draft, confirmDraft, takeDraft } from '../store/draft-store.js'
import {
  type GivenBetween,
  type LockedMandate,
  clock,
  insertMandate,
  lapsedOffers,
  lockMandate,
} from '../store/mandate-store.js'
import { namedParties } from '../store/party-store.js'
import { refuseEndlessHistory } from './change.js'
import type { DraftContent, ExtendContent, GiveContent } from './drafts.js'
import { extendPowers, extendable } from './extending.js'
import { settleAnswered } from './named-helper.js'
import { refuseOverlap } from './overlap.js'
import { partyIn } from './party-in.js'
import { chainOf, recordChange } from './record-change.js'
import { requireLevel } from './required-level.js'

const DAYS_TO_ANSWER = 30
const DAY = 86_400_000

/**
 * The second of the two steps of giving: the giver confirms the very text he was shown, and the mandate takes effect, or
 * is offered where the catalogue asks for acceptance. Every rule is checked again, on the facts of this moment.
 *
 * @param textHash SHA-256 of the text as the giver's screen had it.
 * @returns the mandate that was given or extended.
 * @throws Problem `draft_expired` (used, too old, or the catalogue has changed), `text_changed`, `overlapping_mandate`
 * with the mandates that can be extended instead, or the rule that has come to stand in the way.
 */
export async function confirm(
  tx: Transaction,
  catalogues: Catalogues,
  actor: Actor,
  draftId: string,
  textHash: Buffer,
): Promise<string> {
  const draft = await takeDraft<DraftContent>(tx, draftId, actor.partyId)
  const { current } = await catalogues.latest(tx)
  if (draft?.catalogueVersion !== current.version) {
    throw new Problem('draft_expired', 'this text can no longer be confirmed: make a new one')
  }
  if (!draft.textHash.equals(textHash)) throw new Problem('text_changed', 'the text confirmed is not the one shown')
  const { content } = draft
  const mandateId =
    content.kind === 'give'
      ? await give(tx, actor, { ...draft, content }, current)
      : await extend(tx, actor, { ...draft, content }, current)
  await confirmDraft(tx, draftId, mandateId)
  return mandateId
}

async function give(
  tx: Transaction,
  actor: Actor,
  draft: Draft<GiveContent>,
  catalogue: CatalogueVersion,
): Promise<string> {
  const { representative, powers: wanted } = draft.content
  const services = wanted.map(({ service }) => service)
  requireLevel(actor, services, catalogue)
  const parent = await lockParent(tx, actor, draft.content.parent)
  const principal = parent?.principal ?? actor.partyId
  const between = { principal, representative, giver: actor.partyId }
  await cancelLapsedOffers(tx, actor, between)
  const { moment, instant } = await clock(tx)
  const plan = await planAgain(tx, between, draft.content, parent, catalogue, instant)
  await refuseOverlap(tx, between, plan)

  const mandateId = timeOrderedId()
  const through = parent === null ? null : { parent: parent.mandateId, middle: actor.partyId }
  await insertMandate(tx, {
    mandateId,
    principal,
    representative,
    through,
    state: plan.acceptance ? 'offered' : 'active',
    answerBy: plan.acceptance ? new Date(instant.getTime() + DAYS_TO_ANSWER * DAY) : null,
    givenAt: moment,
    confirmed: draft,
    powers: plan.powers.map((power) => ({ ...power, powerId: timeOrderedId() })),
  })
  const { answers } = draft.content
  const content = {
    mandate: mandateId,
    representative,
    ...chainOf(through),
    version: 1,
    services,
    offered: plan.acceptance,
    text_hash: draft.textHash.toString('base64url'),
    catalogue_version: catalogue.version,
    login_level: actor.login.level,
    ...(answers?.by === 'invitation' ? { invitation: answers.invitationId } : {}),
  }
  const parties = { actor: actor.partyId, principal, clientId: null }
  await appendWithChange(tx, auditEntry({ kind: 'mandate_given', occurredAt: instant, ...parties, content }))
  if (answers !== null) await settleAnswered(tx, answers, { ...between, mandateId, instant })
  return mandateId
}

/**
 * What is passed on from does not change until it has been, and if it has been changed we know: parents are locked before
 * what lies below them, by whoever gives and whoever ends.
 */
async function lockParent(tx: Transaction, actor: Actor, parent: string | null): Promise<LockedMandate | null> {
  if (parent === null) return null
  const locked = await lockMandate(tx, parent)
  if (locked?.representative !== actor.partyId) throw new Problem('no_such_mandate', 'you have no such mandate')
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
async function cancelLapsedOffers(tx: Transaction, actor: Actor, between: GivenBetween): Promise<void> {
  for (const mandateId of await lapsedOffers(tx, between)) {
    const locked = await lockMandate(tx, mandateId)
    const offered = (locked?.powers ?? []).filter(({ state }) => state === 'offered')
    if (locked === null || offered.length === 0) continue
    const cancelled = offered.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: 'cancelled' as const }))
    await recordChange(tx, actor, locked, 'cancelled', cancelled, { reason: 'not_answered_in_time', confirmed: null })
  }
}

async function extend(
  tx: Transaction,
  actor: Actor,
  draft: Draft<ExtendContent>,
  catalogue: CatalogueVersion,
): Promise<string> {
  const { mandateId, version, powerIds, until } = draft.content
  const parent = await lockParent(tx, actor, draft.content.parent)
  const locked = await lockMandate(tx, mandateId)
  if (locked === null || (locked.through?.middle ?? locked.principal) !== actor.partyId) {
    throw new Problem('no_such_mandate', 'you have no such mandate')
  }
  if (locked.version !== version) {
    throw new Problem('version_conflict', 'the mandate has been changed since the text was made', {
      current_version: locked.version,
    })
  }
  refuseEndlessHistory(locked)
  const powers = extendable(locked, powerIds)
  const services = powers.map(({ service }) => service)
  requireLevel(actor, services, catalogue)
  const { principal, instant } = locked
  const wanted = { giver: actor.partyId, principal, parent, powers, until, instant }
  const extended = await extendPowers(tx, wanted, catalogue)
  await recordChange(tx, actor, locked, 'extended', extended, { reason: null, confirmed: draft })
  return mandateId
}
