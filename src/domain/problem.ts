/**
 * The closed list of expected failures. Codes are part of the interface: never renamed, never reused. The status of
 * each stands in `http/problem.filter.ts`, the words for people in `texts/problems.yaml`. Whatever else goes wrong is a
 * fault of ours and leaves as a bare 500.
 */
export const PROBLEM_CODES = [
  // The request itself.
  'malformed_json',
  'duplicate_member',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
  'invalid_login_token',
  'not_found',
  'too_many_requests',
  'busy',
  // Who is asking.
  'not_logged_in',
  'login_failed',
  'foreign_origin',
  'not_with_this_login',
  'login_level_too_low',
  'invalid_client_token',
  'invalid_access_token',
  // Identifiers.
  'numbers_not_allowed',
  'identifier_malformed',
  'identifier_check_digits',
  'identifier_wrong_series',
  // Giving.
  'unknown_service',
  'unknown_action',
  'not_given_by_mandate',
  'not_given_to_organisations',
  'not_given_by_organisations',
  'not_given_for_organisation',
  'unknown_provider',
  'not_to_oneself',
  'not_to_the_principal',
  'not_to_be_passed_on',
  'wider_than_parent',
  'principal_too_young',
  'principal_facts_missing',
  'principal_not_alive',
  'principal_without_capacity',
  'representative_not_available',
  'no_such_day',
  'start_in_the_past',
  'end_before_start',
  'period_too_long',
  'same_power_twice',
  'overlapping_mandate',
  'draft_expired',
  'text_changed',
  'no_such_draft',
  'draft_used',
  'evidence_missing',
  // Changing.
  'no_such_mandate',
  'not_in_this_state',
  'not_yours_to_do',
  'not_narrower',
  'not_wider',
  'if_match_required',
  'version_conflict',
  // Acting for an organisation.
  'no_such_organisation',
  'signed_in_common',
  'organisation_not_handled',
  // Asking and inviting.
  'no_such_request',
  'wider_than_asked',
  'already_asked',
  'asked_too_often',
  'too_many_open',
  'helper_not_available',
  'message_not_allowed',
  'no_such_invitation',
  'code_mistyped',
  'code_not_valid',
  'letters_not_sent',
  // Acting together.
  'no_such_act',
  'no_others_needed',
  'too_many_open_acts',
  'act_not_possible',
  // Employing.
  'no_such_employment',
  'not_left_to_employees',
  // Ruling.
  'no_such_ruling',
  'party_not_known',
  'reference_in_use',
  // Reporting uses.
  'no_such_token',
  'power_not_in_token',
  'used_before_token',
  'used_in_the_future',
  'reported_too_late',
  'reference_not_allowed',
  'use_id_reused',
  'idempotency_key_required',
  'idempotency_key_reused',
  // Being told of events.
  'cursor_gone',
  // Notices.
  'no_such_notice',
  'contact_register_down',
  'contact_not_available',
  'no_such_contact',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** An expected failure. `detail` is for developers; it never holds an identity number. `more` goes into the answer as it is. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly more: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options)
    this.name = 'Problem'
  }
}
