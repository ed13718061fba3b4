import type { CatalogueVersion } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import { type Acting, organisationOf } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Transaction } from '../store/database.js'
import { type KnownDraft, confirmDraft, takeDraft } from '../store/draft-store.js'
import type { Evidence } from '../store/evidence-store.js'
import type { ConfirmedText } from '../store/mandate-store.js'
import { accept } from './accept.js'
import { type DraftContent, madeFor } from './draft-content.js'
import { extend } from './extend.js'
import { give } from './give.js'

/** A text that its owner confirms, with the login provider's answer to it. */
export interface Confirmation<Content extends DraftContent> {
  readonly content: Content
  readonly confirmed: ConfirmedText
}

/**
 * The second of the two steps of giving, extending and accepting: whoever was shown the text confirms that very text, and
 * the login provider's answer to it is kept with what comes of it. Every rule is checked again, on the facts of this moment.
 *
 * @param textHash SHA-256 of the text as the owner's screen had it.
 * @param deviceHash SHA-256 of what his browser holds from login to login; null where it holds nothing.
 * @returns the mandate that was given, extended or accepted.
 * @throws Problem `draft_expired` (used, too old, or the catalogue has changed), `text_changed`, `evidence_missing`,
 * `overlapping_mandate` with the mandates that can be extended instead, or the rule that has come to stand in the way.
 */
export async function confirm(
  tx: Transaction,
  catalogues: Catalogues,
  acting: Acting,
  draftId: string,
  textHash: Buffer,
  deviceHash: Buffer | null,
): Promise<string> {
  const draft = await takeDraft<DraftContent>(tx, draftId, acting.actor.partyId)
  const { current } = await catalogues.latest(tx)
  if (draft?.catalogueVersion !== current.version || madeFor(draft.content) !== organisationOf(acting)) {
    throw new Problem('draft_expired', 'this text can no longer be confirmed: make a new one')
  }
  if (!draft.textHash.equals(textHash)) throw new Problem('text_changed', 'the text confirmed is not the one shown')
  const evidence = evidenceFor(draft, deviceHash)
  const mandateId = await carryOut(tx, acting, draft.content, { ...draft, evidence }, current)
  await confirmDraft(tx, draftId, mandateId)
  return mandateId
}

/** Whether it was on one device is told by `accept`. */
function evidenceFor({ draftId, content, answer }: KnownDraft<DraftContent>, deviceHash: Buffer | null): Evidence {
  if (answer === null) {
    throw new Problem('evidence_missing', 'the login that confirms this text has not been made: go to confirm_with')
  }
  return { ...answer, draftId, content: content as unknown as Json, deviceHash, sameDevice: false }
}

function carryOut(
  tx: Transaction,
  acting: Acting,
  content: DraftContent,
  confirmed: ConfirmedText,
  catalogue: CatalogueVersion,
): Promise<string> {
  switch (content.kind) {
    case 'give':
      return give(tx, acting, { content, confirmed }, catalogue)
    case 'extend':
      return extend(tx, acting, { content, confirmed }, catalogue)
    case 'accept':
      return accept(tx, acting, { content, confirmed }, catalogue)
  }
}
