import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Action } from './ground.js'
import { checkPower, type GuardSettings, type Limits, newGuard } from './guard.js'
import type { Refusal } from './refusal.js'
import { putResult, resultOf } from './request-result.js'
import type { VerifiedToken } from './verified-token.js'

export type { ApiGuard, ApiWithUserGuard, GuardCode, GuardSettings, Limits, WebGuard } from './guard.js'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the one way to add to the type of Express's requests
  namespace Express {
    interface Request {
      /** On whose behalf: put there by the guard, frozen. */
      readonly onBehalfOf?: VerifiedToken
    }
  }
}

/** What is needed of an Express request, of version 4 or 5. */
export type ExpressRequest = IncomingMessage & { readonly originalUrl: string }

/** Stands before a handler: `app.get('/pension', guard('nav.pension', 'read'), handler)`. One for each route. */
export type ExpressMiddleware<Request extends ExpressRequest> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * A guard for Express. A request with a good token for this power goes on, with `request.onBehalfOf`; any other is
 * answered here, and what the service's own functions throw goes to Express's error handling.
 */
export function expressGuard<Request extends ExpressRequest>(
  settings: GuardSettings<Request>,
): (service: string, action: Action, limits?: Limits<Request>) => ExpressMiddleware<Request> {
  const guard = newGuard(settings)
  return (service, action, limits = {}) => {
    checkPower(service, action)
    return (request, response, next) => {
      const { method, originalUrl: target, rawHeaders } = request
      guard(request, { method, target, rawHeaders }, service, action, limits).then((outcome) => {
        if ('refused' in outcome) {
          answer(response, outcome.refused)
          return
        }
        putResult(request, outcome.passed)
        next()
      }, next)
    }
  }
}

/** On whose behalf this request is made; throws where no guard stands before the handler. */
export function onBehalfOf(request: ExpressRequest): VerifiedToken {
  return resultOf(request)
}

function answer(response: ServerResponse, { status, headers, body }: Refusal): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body))
}
