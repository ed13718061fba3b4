import type { JudgedPower } from '../decisions/judge-ground.js'
import type { Basis } from '../domain/catalogue.js'
import type { Reason } from '../domain/reasons.js'
import type { ActorGrant } from '../store/actor-grant-store.js'
import type { Represented } from '../store/handle-store.js'
import type { GroundPrint } from '../store/hold-ground.js'
import { type AllowedPower, outlives } from './delegation-token.js'
import type { Exchanged, RefusedFor } from './exchange-entry.js'
import { OAuthError } from './oauth-error.js'

/** Whether a reason speaks of the powers that were asked for, or of the ground and the people it stands between. */
const ABOUT: Readonly<Record<Reason, 'power' | 'ground'>> = {
  unknown_power: 'power',
  not_entitled: 'power',
  proof_of_login_required: 'power',
  step_up_required: 'power',
  actor_not_identified: 'ground',
  actor_deceased: 'ground',
  actor_ceased: 'ground',
  self_too_young: 'ground',
  self_without_capacity: 'ground',
  no_registered_ground: 'ground',
  ended: 'ground',
  expired: 'ground',
  child_of_age: 'ground',
  not_accepted: 'ground',
  held: 'ground',
  not_yet_valid: 'ground',
  frozen: 'ground',
  parental_responsibility_unknown: 'ground',
  scope_unknown: 'ground',
  power_not_covered: 'power',
  provider_not_covered: 'power',
  object_not_covered: 'power',
  power_withdrawn: 'power',
  personal_by_law: 'power',
  principal_deceased: 'ground',
  principal_ceased: 'ground',
  not_available: 'ground',
  facts_missing: 'ground',
  capacity_lost: 'power',
  representative_without_capacity: 'ground',
  principal_too_young: 'ground',
  representative_too_young: 'ground',
  age_band: 'power',
  not_living_together: 'ground',
  reserved: 'power',
  care_order: 'ground',
  guardian_set_for_this: 'power',
  conflict_of_interest: 'power',
  consent_missing: 'power',
  facts_too_old: 'ground',
  co_holder_not_identified: 'power',
  others_must_approve: 'power',
}

/** An exchange that gives no token: what the client is told, and what the log tells. */
export interface Refusal {
  readonly error: OAuthError
  readonly refused: RefusedFor
}

/** An exchange that gives a token: through every gate, with at least one power. */
export interface Passed {
  readonly grant: ActorGrant
  readonly represented: Represented
  readonly print: GroundPrint
  readonly basis: Basis
  readonly powers: readonly AllowedPower[]
}

/**
 * Sees whether anything is left to give.
 *
 * One and the same answer meets a wrong handle, another client's handle, a grant that is unknown, foreign, idle or ended,
 * a person who is not the representative, and a ground that gives nothing now: whoever tries them out learns nothing.
 */
export function passOrRefuse({ grant, represented, print, judged, facts }: Exchanged): Passed | Refusal {
  if (grant === null) return closed('actor_grant')
  if (represented === null) return closed('handle')
  if (represented.representative !== grant.partyId) return closed('not_the_representative')
  const powers = judged.filter((power): power is AllowedPower => outlives(power, facts.instant))
  const basis = powers[0]?.decision.basis
  if (print === null || basis === undefined || basis === null || basis === 'self') return nothingGiven(judged)
  return { grant, represented, print, basis, powers }
}

/** More than the verifiers would read. */
export function tooLarge(): Refusal {
  const description = 'the powers asked for do not fit into one token: ask for fewer'
  return { error: new OAuthError('invalid_scope', description), refused: 'too_large' }
}

function closed(refused: RefusedFor): Refusal {
  const description = 'subject_token and actor_token give no representation that can be used now'
  return { error: new OAuthError('invalid_request', description), refused }
}

function nothingGiven(judged: readonly JudgedPower[]): Refusal {
  const reasons = judged.flatMap(({ decision }) => (decision.allowed ? [] : [decision.reason]))
  if (reasons.length > 0 && reasons.every((reason) => ABOUT[reason] === 'ground')) return closed('powers')
  const description = reasons.includes('step_up_required')
    ? 'the person must log in at a higher level for the powers asked for'
    : 'the representation gives none of the powers asked for'
  return { error: new OAuthError('invalid_scope', description), refused: 'powers' }
}
