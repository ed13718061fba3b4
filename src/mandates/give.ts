import { v7 as timeOrderedId } from 'uuid'
import { auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { type Plan, extendedUntil, planMandate, refuseGiver } from '../domain/giving.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Transaction } from '../store/database.js'
import { type Draft, confirmDraft, takeDraft } from '../store/draft-store.js'
import { clock, insertMandate, lapsedOffers, lockMandate } from '../store/mandate-store.js'
import { namedParties } from '../store/party-store.js'
import { refuseEndlessHistory } from './change.js'
import { type DraftContent, type ExtendContent, type GiveContent, extendable } from './drafts.js'
import { refuseOverlap } from './overlap.js'
import { recordChange } from './record-change.js'
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
  await cancelLapsedOffers(tx, actor, representative)
  const { moment, instant } = await clock(tx)
  const plan = await planAgain(tx, actor, draft.content, catalogue, instant)
  await refuseOverlap(tx, actor.partyId, representative, plan)

  const mandateId = timeOrderedId()
  await insertMandate(tx, {
    mandateId,
    principal: actor.partyId,
    representative,
    state: plan.acceptance ? 'offered' : 'active',
    answerBy: plan.acceptance ? new Date(instant.getTime() + DAYS_TO_ANSWER * DAY) : null,
    givenAt: moment,
    confirmed: draft,
    powers: plan.powers.map((power) => ({ ...power, powerId: timeOrderedId() })),
  })
  const content = {
    mandate: mandateId,
    representative,
    version: 1,
    services,
    offered: plan.acceptance,
    text_hash: draft.textHash.toString('base64url'),
    catalogue_version: catalogue.version,
    login_level: actor.login.level,
  }
  const parties = { actor: actor.partyId, principal: actor.partyId, clientId: null }
  await appendWithChange(tx, auditEntry({ kind: 'mandate_given', occurredAt: instant, ...parties, content }))
  return mandateId
}

async function planAgain(
  tx: Transaction,
  actor: Actor,
  { representative, powers }: GiveContent,
  catalogue: CatalogueVersion,
  instant: Date,
): Promise<Plan> {
  const parties = await namedParties(tx, [actor.partyId, representative])
  const giver = parties.find(({ partyId }) => partyId === actor.partyId)
  const other = parties.find(({ partyId }) => partyId === representative)
  if (giver === undefined) throw new Error('a logged-in person is not in the register of parties')
  return planMandate(powers, giver, other ?? null, catalogue, instant)
}

/** An offer that was not answered in time would stand in the way of the new one. */
async function cancelLapsedOffers(tx: Transaction, actor: Actor, representative: PartyId): Promise<void> {
  for (const mandateId of await lapsedOffers(tx, actor.partyId, representative)) {
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
  const locked = await lockMandate(tx, mandateId)
  if (locked?.principal !== actor.partyId) throw new Problem('no_such_mandate', 'you have no such mandate')
  if (locked.version !== version) {
    throw new Problem('version_conflict', 'the mandate has been changed since the text was made', {
      current_version: locked.version,
    })
  }
  refuseEndlessHistory(locked)
  const powers = extendable(locked, powerIds)
  const services = powers.map(({ service }) => service)
  requireLevel(actor, services, catalogue)
  const [giver] = await namedParties(tx, [actor.partyId])
  if (giver === undefined) throw new Error('a logged-in person is not in the register of parties')
  refuseGiver(giver, powers, catalogue, locked.instant)
  const extended = powers.map((power) => ({
    powerId: power.powerId,
    state: power.state,
    validUntil: extendedUntil(power, until, catalogue, locked.instant),
  }))
  await recordChange(tx, actor, locked, 'extended', extended, { reason: null, confirmed: draft })
  return mandateId
}
