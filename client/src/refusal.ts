import type { Assurance } from './assurance.js'
import type { GuardCode, GuardSettings } from './guard.js'

/** What is answered to a request that does not pass. It names the kind of fault and nothing of the token. */
export interface Refusal {
  readonly code: GuardCode
  readonly status: 400 | 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly error: string }
}

type Kind = GuardSettings<unknown>['kind']

/** The acr values of ID-porten that do, the least first (RFC 9470 section 3). */
const ACR_VALUES: Readonly<Record<Assurance, string>> = {
  substantial: 'idporten-loa-substantial idporten-loa-high',
  high: 'idporten-loa-high',
}

/** RFC 6750 section 3, RFC 9449 section 7.1, RFC 9470 section 3. */
export function refusalFor(code: GuardCode, kind: Kind, scope: string, minimum: Assurance): Refusal {
  const scheme = kind === 'api' || code === 'proof' || (code === 'proof_required' && kind !== 'web') ? 'DPoP' : 'Bearer'
  switch (code) {
    case 'malformed_request':
      return refusal(code, 400, 'invalid_request', `${scheme} error="invalid_request"`)
    case 'no_token':
    case 'no_user':
      // Nothing was tried, so no fault is told (RFC 6750 section 3.1).
      return refusal(code, 401, 'unauthorized', scheme)
    case 'power_not_covered':
      return refusal(code, 403, 'insufficient_scope', `${scheme} error="insufficient_scope", scope="${scope}"`)
    case 'assurance': {
      const error = 'insufficient_user_authentication'
      return refusal(code, 401, error, `${scheme} error="${error}", acr_values="${ACR_VALUES[minimum]}"`)
    }
    case 'keys_unavailable':
    case 'status_unavailable':
    case 'introspection_required':
      return refusal(code, 503, 'temporarily_unavailable', null)
    case 'format':
    case 'type':
    case 'algorithm':
    case 'key':
    case 'signature':
    case 'issuer':
    case 'audience':
    case 'not_yet_valid':
    case 'expired':
    case 'lifetime':
    case 'claims':
    case 'proof_required':
    case 'proof':
    case 'actor_missing':
    case 'actor_mismatch':
    case 'status_ended':
    case 'status_suspended':
      return refusal(code, 401, 'invalid_token', `${scheme} error="invalid_token"`)
  }
}

function refusal(code: GuardCode, status: Refusal['status'], error: string, challenge: string | null): Refusal {
  const algorithms = challenge === 'DPoP' ? ' algs="ES256"' : ', algs="ES256"'
  const told = challenge?.startsWith('DPoP') === true ? `${challenge}${algorithms}` : challenge
  const headers = {
    'cache-control': 'no-store',
    ...(told === null ? { 'retry-after': '1' } : { 'www-authenticate': told }),
  }
  return { code, status, headers, body: { error } }
}
