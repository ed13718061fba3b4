import type { Catalogue } from '../domain/catalogue.js'
import { type Decision, type Question, decide } from '../domain/decide.js'
import type { Party } from '../domain/party.js'
import type { Reason } from '../domain/reasons.js'

/** Reasons about the question itself: whoever the other party is, the answer is the same. */
const OUTRIGHT: readonly Reason[] = [
  'unknown_power',
  'not_entitled',
  'proof_of_login_required',
  'step_up_required',
  'actor_not_identified',
  'actor_deceased',
  'actor_ceased',
]

/** What can be mended without anyone's power being changed: who is refused for it may yet be found. */
const MENDED_BY_ASKING_AGAIN: readonly Reason[] = ['step_up_required', 'facts_missing', 'facts_too_old']

/** Why nobody at all can be found by this question; null where someone could. An empty list alone would be a guess. */
export function outrightReason(
  question: Omit<Question, 'actor' | 'principal'>,
  actor: Party | null,
  catalogue: Catalogue,
): Reason | null {
  const nobody = { actor, principal: null, grounds: [], holders: [], rulings: [], approvedBy: [] }
  const asked = { ...question, actor: actor?.partyId ?? null, principal: null }
  return outrightIn(decide(asked, nobody, catalogue))
}

/** Why none of the actions was allowed, where it is one and the same reason and about the question itself. */
export function reasonOfAll(decisions: readonly Decision[]): Reason | null {
  const reasons = new Set(decisions.map((decision) => (decision.allowed ? null : decision.reason)))
  // The actions that the service does not have say nothing of those that it has.
  if (reasons.size > 1) reasons.delete('unknown_power')
  const [only = null] = reasons
  return reasons.size === 1 && only !== null && OUTRIGHT.includes(only) ? only : null
}

/** For which of the reasons that can be mended someone was refused; each once. */
export function unansweredIn(judged: readonly { readonly decision: Decision }[]): Reason[] {
  const reasons = new Set(judged.flatMap(({ decision }) => (decision.allowed ? [] : [decision.reason])))
  return MENDED_BY_ASKING_AGAIN.filter((reason) => reasons.has(reason))
}

function outrightIn(decision: Decision): Reason | null {
  return !decision.allowed && OUTRIGHT.includes(decision.reason) ? decision.reason : null
}
