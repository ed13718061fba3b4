import type { CatalogueVersion, Language } from '../domain/catalogue.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import { powerInWords } from '../domain/power-words.js'
import { type Act, stateOfAct } from '../store/act-store.js'

/** What the views of acts need beside the acts themselves. */
export interface ActViews {
  readonly language: Language
  readonly catalogue: CatalogueVersion
  readonly nameOf: (partyId: PartyId) => string
}

/** One that waits for someone’s answer. */
export interface AskedAct extends Act {
  /** Who has answered or must answer beside him and the one who began it. */
  readonly others: readonly PartyId[]
}

/** The act as the service that opened it sees it, with its handle of the ground. What lapsed unanswered is done on paper. */
export function actOfClient(act: Act, handle: string): Json {
  const state = stateOfAct(act)
  return {
    act_id: act.actId,
    handle,
    state,
    approved: act.approvedBy.length,
    refused: act.refusedBy.length,
    expires_at: act.expiresAt.toISOString(),
    completed_at: act.completedAt?.toISOString() ?? null,
    remedy: state === 'lapsed' || state === 'refused' ? 'use_the_form' : null,
  }
}

/** The act as someone sees it who is asked to agree: what, for whom, who began it, who else, until when. */
export function actForHolder(act: AskedAct, { language, catalogue, nameOf }: ActViews): Json {
  return {
    act_id: act.actId,
    principal: { name: nameOf(act.principal) },
    opened_by: { name: nameOf(act.openedBy) },
    others: act.others.map((one) => ({ name: nameOf(one), approved: act.approvedBy.includes(one) })),
    ...powerInWords(act, language, catalogue),
    text: act.text,
    content_hash: act.contentHash.toString('base64url'),
    expires_at: act.expiresAt.toISOString(),
  }
}
