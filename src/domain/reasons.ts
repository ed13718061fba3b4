/**
 * The closed list of ways to say no, in the order in which a decision comes upon them: the later a reason stands, the
 * closer the question came to a yes. Codes are part of the interface: never renamed, never reused. Texts for people
 * stand in `texts/reasons.yaml`.
 */
export const REASONS = [
  // About the question itself; nothing is said of the principal.
  'unknown_power',
  'not_entitled',
  'proof_of_login_required',
  'step_up_required',
  'actor_not_identified',
  'actor_deceased',
  'actor_ceased',
  // Acting for oneself.
  'self_too_young',
  'self_without_capacity',
  // One answer for a stranger, an unknown person, a dead one and a protected one. It is not a no in law.
  'no_registered_ground',
  // Only with a ground: what becomes of it in time.
  'ended',
  'expired',
  'child_of_age',
  'not_accepted',
  'held',
  'not_yet_valid',
  'frozen',
  // What it covers.
  'parental_responsibility_unknown',
  'scope_unknown',
  'power_not_covered',
  'provider_not_covered',
  'object_not_covered',
  'power_withdrawn',
  'personal_by_law',
  // What the registers say of the parties.
  'principal_deceased',
  'principal_ceased',
  'not_available',
  'facts_missing',
  'capacity_lost',
  'representative_without_capacity',
  'principal_too_young',
  'representative_too_young',
  'age_band',
  'not_living_together',
  // What the principal has reserved, and what authorities have decided.
  'reserved',
  'care_order',
  'guardian_set_for_this',
  'conflict_of_interest',
  'consent_missing',
  'facts_too_old',
  // Nothing more is missing but the others.
  'co_holder_not_identified',
  'others_must_approve',
] as const
export type Reason = (typeof REASONS)[number]

/** What the one who was refused can do about it. Texts stand in `texts/remedies.yaml`. */
export const REMEDIES = [
  'log_in_at_higher_level',
  'send_login_token',
  'ask_for_mandate_or_use_paper',
  'ask_for_new_mandate',
  'accept_the_offer',
  'wait_until_it_starts',
  'ask_principal_to_thaw',
  'ask_for_wider_mandate',
  'do_it_in_person',
  'estate_route',
  'contact_the_service',
  'try_again_later',
  'ask_the_statsforvalter',
  'register_the_scope',
  'let_the_others_approve',
  'use_the_form',
] as const
export type Remedy = (typeof REMEDIES)[number]

export const REMEDY_FOR: Readonly<Record<Reason, Remedy | null>> = {
  unknown_power: null,
  not_entitled: null,
  proof_of_login_required: 'send_login_token',
  step_up_required: 'log_in_at_higher_level',
  actor_not_identified: 'contact_the_service',
  actor_deceased: null,
  actor_ceased: 'contact_the_service',
  self_too_young: 'contact_the_service',
  self_without_capacity: 'contact_the_service',
  no_registered_ground: 'ask_for_mandate_or_use_paper',
  ended: 'ask_for_new_mandate',
  expired: 'ask_for_new_mandate',
  not_accepted: 'accept_the_offer',
  held: 'wait_until_it_starts',
  not_yet_valid: 'wait_until_it_starts',
  frozen: 'ask_principal_to_thaw',
  parental_responsibility_unknown: 'contact_the_service',
  scope_unknown: 'register_the_scope',
  power_not_covered: 'ask_for_wider_mandate',
  provider_not_covered: 'ask_for_wider_mandate',
  object_not_covered: 'ask_for_wider_mandate',
  power_withdrawn: 'contact_the_service',
  personal_by_law: 'do_it_in_person',
  principal_deceased: 'estate_route',
  principal_ceased: 'contact_the_service',
  not_available: 'contact_the_service',
  facts_missing: 'contact_the_service',
  capacity_lost: 'contact_the_service',
  representative_without_capacity: 'contact_the_service',
  principal_too_young: 'contact_the_service',
  representative_too_young: 'contact_the_service',
  child_of_age: 'ask_for_mandate_or_use_paper',
  age_band: 'contact_the_service',
  not_living_together: 'contact_the_service',
  reserved: 'contact_the_service',
  care_order: 'contact_the_service',
  guardian_set_for_this: 'contact_the_service',
  conflict_of_interest: 'contact_the_service',
  consent_missing: 'ask_the_statsforvalter',
  facts_too_old: 'try_again_later',
  co_holder_not_identified: 'use_the_form',
  others_must_approve: 'let_the_others_approve',
}

/** What follows from law or office is neither given nor widened by the principal. */
export function remedyFor(reason: Reason, byLaw: boolean): Remedy | null {
  const remedy = REMEDY_FOR[reason]
  return byLaw && (remedy === 'ask_for_new_mandate' || remedy === 'ask_for_wider_mandate')
    ? 'contact_the_service'
    : remedy
}
