import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Action } from './ground.js'
import { checkPower, type GuardSettings, type Limits, newGuard } from './guard.js'
import { putResult, resultOf } from './request-result.js'
import type { VerifiedToken } from './verified-token.js'

export type { ApiGuard, ApiWithUserGuard, GuardCode, GuardSettings, Limits, WebGuard } from './guard.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** On whose behalf: put there by the guard, frozen. */
    readonly onBehalfOf?: VerifiedToken
  }
}

/** Stands before a handler as `onRequest` or `preHandler`; what reads the body needs the latter. One for each route. */
export type FastifyHook<Request extends FastifyRequest> = (
  request: Request,
  reply: FastifyReply,
) => Promise<FastifyReply | undefined>

/**
 * A guard for Fastify 5. A request with a good token for this power goes on, with `request.onBehalfOf`; any other is
 * answered here, and what the service's own functions throw goes to Fastify's error handling.
 */
export function fastifyGuard<Request extends FastifyRequest = FastifyRequest>(
  settings: GuardSettings<Request>,
): (service: string, action: Action, limits?: Limits<Request>) => FastifyHook<Request> {
  const guard = newGuard(settings)
  return (service, action, limits = {}) => {
    checkPower(service, action)
    return async (request, reply) => {
      const { method, originalUrl: target } = request
      const outcome = await guard(
        request,
        { method, target, rawHeaders: request.raw.rawHeaders },
        service,
        action,
        limits,
      )
      if ('passed' in outcome) {
        putResult(request, outcome.passed)
        return undefined
      }
      const { status, headers, body } = outcome.refused
      return reply.code(status).headers(headers).send(body)
    }
  }
}

/** On whose behalf this request is made; throws where no guard stands before the handler. */
export function onBehalfOf(request: FastifyRequest): VerifiedToken {
  return resultOf(request)
}
