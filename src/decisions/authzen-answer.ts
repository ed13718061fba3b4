import type { Json } from '../domain/json.js'
import type { Obligation } from '../domain/decide.js'
import type { Reason, Remedy } from '../domain/reasons.js'
import type { Text } from '../domain/catalogue.js'
import type { Named } from '../store/facts-store.js'
import type { Judged } from './evaluate.js'

/** The words that go with an answer. */
export interface AnswerTexts {
  readonly reasons: Readonly<Record<Reason, { readonly citizen: Text; readonly service: string }>>
  readonly remedies: Readonly<Record<Remedy, Text>>
}

/** A decision in AuthZEN's form. */
export interface AuthzenDecision {
  readonly decision: boolean
  readonly context?: Readonly<Record<string, Json>>
}

/** The decision in AuthZEN's form. `evaluation_id` is the id of its entry in the log. */
export function authzenAnswer({ decision, worksFor, entry }: Judged, texts: AnswerTexts): AuthzenDecision {
  const context: Record<string, Json> = {
    evaluation_id: entry.entryId,
    evaluated_at: entry.occurredAt.toISOString(),
    obligations: decision.obligations.map(obligationView),
  }
  if (decision.basis !== null) context['basis'] = decision.basis
  if (decision.via !== undefined) context['via'] = { organisation: nameOf(worksFor), basis: decision.via.basis }
  if (decision.validUntil !== null) context['valid_until'] = decision.validUntil.toISOString()
  if (!decision.allowed) {
    context['reason'] = decision.reason
    context['reason_admin'] = texts.reasons[decision.reason].service
    context['reason_user'] = { ...texts.reasons[decision.reason].citizen }
    if (decision.remedy !== null) {
      context['remedy'] = decision.remedy
      context['remedy_user'] = { ...texts.remedies[decision.remedy] }
    }
  }
  return { decision: decision.allowed, context }
}

/** As the asker named it, or as the login token that he sent does. */
export function nameOf(worksFor: Named | null): string {
  if (worksFor === null || worksFor.by === 'party') throw new Error('the asker has no name for this organisation')
  return worksFor.by === 'handle' ? worksFor.handle : worksFor.identifier.value
}

function obligationView(obligation: Obligation): Record<string, Json> {
  switch (obligation.type) {
    case 'assurance':
      return { type: 'assurance', level: obligation.level }
    case 'introspect':
      return { type: 'introspect' }
    case 'ask_for_each_object':
      return { type: 'ask_for_each_object' }
    case 'stale_facts':
      return { type: 'stale_facts', fresh_at: obligation.freshAt?.toISOString() ?? null }
  }
}
