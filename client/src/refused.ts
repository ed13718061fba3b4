/** Why a delegation token was refused. Codes are never renamed or reused; README.md says what to answer to each. */
export type RefusalCode =
  | 'format'
  | 'type'
  | 'algorithm'
  | 'key'
  | 'keys_unavailable'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'not_yet_valid'
  | 'expired'
  | 'lifetime'
  | 'claims'
  | 'proof_required'
  | 'proof'
  | 'actor_missing'
  | 'actor_mismatch'
  | 'power_not_covered'
  | 'assurance'
  | 'status_ended'
  | 'status_suspended'
  | 'status_unavailable'
  | 'introspection_required'

/**
 * The only error that a bad token or proof, or keys and status lists out of reach, give. The message names what was wrong and holds nothing
 * out of the token, so it can be logged; the code is what programs go by.
 */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'

  constructor(
    readonly code: RefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
