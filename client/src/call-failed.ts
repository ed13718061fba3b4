import { type Answer } from './bounded-fetch.js'
import { isObject, type JsonObject, parseObject } from './json.js'

const CODES = [
  'invalid_request',
  'invalid_client',
  'invalid_client_token',
  'invalid_login_token',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_authorization_details',
  'invalid_dpop_proof',
] as const

/**
 * Why a call of the issuer gave nothing. Those of RFC 6749, 8693, 8707, 9396 and 9449 and of the issuer's own doors, and
 * `not_allowed` (this client may not do that), `unavailable` (out of reach, overloaded or at fault: try again later) and
 * `unexpected_answer` (not what the issuer says, or more than this version understands). Never renamed or reused.
 */
export type CallFailure = (typeof CODES)[number] | 'not_allowed' | 'unavailable' | 'unexpected_answer'

/** The only error of calls to the issuer. The message holds no token, handle or number; programs go by the code. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'

  constructor(
    readonly code: CallFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** What an answer other than a good one means. */
export function failureIn({ status, body }: Answer): CallFailed {
  const told = membersOf(body)
  const code = CODES.find((known) => known === told['error'] || known === told['code'])
  return new CallFailed(code ?? codeFor(status), `the issuer answered ${status}${detailIn(told)}`)
}

/** What the answer says, where it is one JSON object with status 200. */
export function goodAnswer(answer: Answer): JsonObject {
  if (answer.status !== 200) throw failureIn(answer)
  try {
    return parseObject(answer.body)
  } catch {
    // Without the cause: it may quote the answer.
    throw unexpected('no JSON object')
  }
}

export function unexpected(what: string): CallFailed {
  return new CallFailed('unexpected_answer', `the issuer’s answer is not as it should be: ${what}`)
}

/** Waits for an answer; whatever keeps it from coming is `unavailable`. */
export async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new CallFailed('unavailable', 'the issuer could not be reached', { cause })
  }
}

function codeFor(status: number): CallFailure {
  if (status === 429 || status >= 500) return 'unavailable'
  if (status === 401) return 'invalid_client_token'
  if (status === 403) return 'not_allowed'
  return status >= 400 ? 'invalid_request' : 'unexpected_answer'
}

/** The issuer's own words for developers; they repeat nothing of what was sent. Not longer than a line of a log. */
function detailIn(told: JsonObject): string {
  const detail = told['error_description'] ?? told['detail']
  return typeof detail === 'string' && /^[\x20-\x7e]{1,300}$/.test(detail) ? `: ${detail}` : ''
}

function membersOf(body: Uint8Array): JsonObject {
  try {
    const told: unknown = parseObject(body)
    return isObject(told) ? told : {}
  } catch {
    return {}
  }
}
