import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Text } from '../domain/catalogue.js'
import { Problem, type ProblemCode } from '../domain/problem.js'
import { preferredLanguage } from './preferred-language.js'

/** A new code does not compile until it has a status. */
export const STATUS = {
  malformed_json: 400,
  duplicate_member: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_request: 400,
  invalid_login_token: 422,
  not_found: 404,
  too_many_requests: 429,
  busy: 503,
  not_logged_in: 401,
  login_failed: 400,
  foreign_origin: 403,
  not_with_this_login: 403,
  login_level_too_low: 403,
  invalid_client_token: 401,
  invalid_access_token: 401,
  numbers_not_allowed: 403,
  identifier_malformed: 422,
  identifier_check_digits: 422,
  identifier_wrong_series: 422,
  unknown_service: 422,
  unknown_action: 422,
  not_given_by_mandate: 422,
  not_given_to_organisations: 422,
  not_given_by_organisations: 422,
  not_given_for_organisation: 403,
  unknown_provider: 422,
  not_to_oneself: 422,
  not_to_the_principal: 422,
  not_to_be_passed_on: 422,
  wider_than_parent: 422,
  principal_too_young: 422,
  principal_facts_missing: 422,
  principal_not_alive: 422,
  principal_without_capacity: 422,
  representative_not_available: 422,
  no_such_day: 422,
  start_in_the_past: 422,
  end_before_start: 422,
  period_too_long: 422,
  same_power_twice: 422,
  overlapping_mandate: 409,
  draft_expired: 410,
  text_changed: 409,
  no_such_draft: 404,
  draft_used: 410,
  evidence_missing: 409,
  no_such_mandate: 404,
  not_in_this_state: 409,
  not_yours_to_do: 403,
  not_narrower: 422,
  not_wider: 422,
  if_match_required: 428,
  version_conflict: 412,
  no_such_organisation: 404,
  signed_in_common: 403,
  organisation_not_handled: 403,
  no_such_request: 404,
  wider_than_asked: 422,
  already_asked: 409,
  asked_too_often: 429,
  too_many_open: 409,
  helper_not_available: 422,
  message_not_allowed: 422,
  no_such_invitation: 404,
  code_mistyped: 422,
  code_not_valid: 422,
  letters_not_sent: 503,
  no_such_act: 404,
  no_others_needed: 409,
  too_many_open_acts: 409,
  act_not_possible: 422,
  no_such_employment: 404,
  not_left_to_employees: 422,
  no_such_ruling: 404,
  party_not_known: 422,
  reference_in_use: 409,
  no_such_token: 422,
  power_not_in_token: 422,
  used_before_token: 422,
  used_in_the_future: 422,
  reported_too_late: 422,
  reference_not_allowed: 422,
  use_id_reused: 409,
  idempotency_key_required: 400,
  idempotency_key_reused: 409,
  cursor_gone: 410,
  no_such_notice: 404,
  contact_register_down: 503,
  contact_not_available: 422,
  no_such_contact: 404,
} as const satisfies Record<ProblemCode, number>

/** Whatever is told as a fault of ours goes here: the log, with the request id, and nobody else. */
export type FaultLog = (fault: { readonly requestId: string; readonly error: unknown }) => void

/**
 * The one place where failures become responses: RFC 9457 for our own interface, OAuth's and AuthZEN's own forms at
 * their doors. A failure that is not on the closed list leaves as a bare 500.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly problemUrl: string,
    private readonly titles: Readonly<Record<ProblemCode, Text>>,
    private readonly logFault: FaultLog,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const problem = problemOf(error)
    if (problem === null) this.logFault({ requestId: request.id, error })
    const status = statusOf(problem, request.url)
    const challenge = challengeOf(problem)
    if (challenge !== null) void reply.header('WWW-Authenticate', challenge)
    if (status === 503) void reply.header('Retry-After', '1')
    void reply.header('Cache-Control', 'no-store').status(status)
    this.send(request, reply, status, problem)
  }

  private titleOf(problem: Problem | null, request: FastifyRequest): string {
    const language = preferredLanguage(request.headers['accept-language'])
    return problem === null ? 'internal error' : this.titles[problem.code][language]
  }

  private send(request: FastifyRequest, reply: FastifyReply, status: number, problem: Problem | null): void {
    const path = request.url.split('?')[0] ?? ''
    if (path.startsWith('/access/')) {
      const requestId = request.headers['x-request-id']
      if (typeof requestId === 'string') void reply.header('X-Request-ID', requestId)
      void reply.type('application/json').send(JSON.stringify(problem?.detail ?? 'internal error'))
    } else if (path.startsWith('/oauth/')) {
      const busy = problem?.code === 'busy' ? 'temporarily_unavailable' : 'invalid_request'
      void reply.send({ error: problem === null ? 'server_error' : busy, error_description: problem?.detail })
    } else {
      const code = problem?.code ?? 'internal_error'
      const type = `${this.problemUrl}/${code}`
      const body = {
        type,
        code,
        status,
        title: this.titleOf(problem, request),
        detail: problem?.detail,
        ...problem?.more,
      }
      void reply.type('application/problem+json').send(body)
    }
  }
}

/** AuthZEN knows 400 for whatever is wrong with a request. */
function statusOf(problem: Problem | null, url: string): number {
  if (problem === null) return 500
  const status: number = STATUS[problem.code]
  return status === 422 && url.startsWith('/access/') ? 400 : status
}

/** RFC 6750: what was wrong with the Bearer token, where one was needed. */
function challengeOf(problem: Problem | null): string | null {
  if (problem === null) return null
  if (problem.more['error'] === 'insufficient_scope') {
    return `Bearer error="insufficient_scope", scope="${String(problem.more['scope'])}"`
  }
  if (problem.code === 'not_logged_in') return 'Bearer'
  return STATUS[problem.code] === 401 ? 'Bearer error="invalid_token"' : null
}

/** The expected failure that this error is, or null: then it is a fault of ours. */
function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  const code = (error as { code?: unknown }).code
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode
  if (status === 413 || code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Problem('body_too_large', 'the body is too large')
  if (status === 415) return new Problem('unsupported_media_type', 'this content type is not taken here')
  if (status === 404) return new Problem('not_found', 'there is nothing at this address')
  if (status === 405) return new Problem('not_found', 'this method is not taken here')
  if (status === 429) return new Problem('too_many_requests', 'too many requests: wait a while')
  if (status === 401) return new Problem('not_logged_in', 'log in first')
  if (status === 400) return new Problem('invalid_request', 'the request could not be read')
  return null
}
