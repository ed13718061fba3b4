/**
 * The errors of `/oauth/…` that we give (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8693 section 2.2.2, RFC 9396
 * section 5, RFC 9449 section 5). Closed: whatever else goes wrong there is a fault of ours.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_authorization_details'
  | 'invalid_dpop_proof'
  | 'unsupported_token_type'

/**
 * An expected refusal at `/oauth/…`. The description is for developers, in the characters that RFC 6749 allows
 * (ASCII without `"` and `\`), and repeats nothing of what was sent.
 */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
  ) {
    super(`${code}: ${description}`)
    this.name = 'OAuthError'
  }
}
