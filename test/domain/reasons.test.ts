import { expect, test } from '@jest/globals'
import { REASONS, type Reason, type Remedy, remedyFor } from '../../src/domain/reasons.js'

/** What the one who was refused can do, by mandate and, where it differs, by law. */
const EXPECTED: readonly (readonly [reason: Reason, byMandate: Remedy | null, byLaw?: Remedy])[] = [
  ['unknown_power', null],
  ['not_entitled', null],
  ['proof_of_login_required', 'send_login_token'],
  ['step_up_required', 'log_in_at_higher_level'],
  ['actor_not_identified', 'contact_the_service'],
  ['actor_deceased', null],
  ['actor_ceased', 'contact_the_service'],
  ['self_too_young', 'contact_the_service'],
  ['self_without_capacity', 'contact_the_service'],
  ['no_registered_ground', 'ask_for_mandate_or_use_paper'],
  ['ended', 'ask_for_new_mandate', 'contact_the_service'],
  ['expired', 'ask_for_new_mandate', 'contact_the_service'],
  ['child_of_age', 'ask_for_mandate_or_use_paper'],
  ['not_accepted', 'accept_the_offer'],
  ['held', 'wait_until_it_starts'],
  ['not_yet_valid', 'wait_until_it_starts'],
  ['frozen', 'ask_principal_to_thaw'],
  ['parental_responsibility_unknown', 'contact_the_service'],
  ['scope_unknown', 'register_the_scope'],
  ['power_not_covered', 'ask_for_wider_mandate', 'contact_the_service'],
  ['provider_not_covered', 'ask_for_wider_mandate', 'contact_the_service'],
  ['object_not_covered', 'ask_for_wider_mandate', 'contact_the_service'],
  ['power_withdrawn', 'contact_the_service'],
  ['personal_by_law', 'do_it_in_person'],
  ['principal_deceased', 'estate_route'],
  ['principal_ceased', 'contact_the_service'],
  ['not_available', 'contact_the_service'],
  ['facts_missing', 'contact_the_service'],
  ['capacity_lost', 'contact_the_service'],
  ['representative_without_capacity', 'contact_the_service'],
  ['principal_too_young', 'contact_the_service'],
  ['representative_too_young', 'contact_the_service'],
  ['age_band', 'contact_the_service'],
  ['not_living_together', 'contact_the_service'],
  ['reserved', 'contact_the_service'],
  ['care_order', 'contact_the_service'],
  ['guardian_set_for_this', 'contact_the_service'],
  ['conflict_of_interest', 'contact_the_service'],
  ['consent_missing', 'ask_the_statsforvalter'],
  ['facts_too_old', 'try_again_later'],
  ['co_holder_not_identified', 'use_the_form'],
  ['others_must_approve', 'let_the_others_approve'],
]

test.each(EXPECTED.map((row) => [row[0], row] as const))('%s', (reason, [, byMandate, byLaw]) => {
  expect(remedyFor(reason, false)).toBe(byMandate)
  expect(remedyFor(reason, true)).toBe(byLaw ?? byMandate)
})

test('no reason is left out, and each stands in its order', () => {
  expect(EXPECTED.map(([reason]) => reason)).toEqual(REASONS)
})
