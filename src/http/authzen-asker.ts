import {
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type CallHandler,
  createParamDecorator,
} from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asker as AskerOf } from '../decisions/authzen.js'
import type { WithVisitor } from './door.js'

/** The header in which an asker names its request; the answer bears the same. */
export const REQUEST_ID = { name: 'X-Request-ID', required: false }

/** The service that asks, and its own name for the request as far as that may go into the log. */
export const Asker = createParamDecorator((_: unknown, context: ExecutionContext): AskerOf => {
  const { user, headers } = context.switchToHttp().getRequest<FastifyRequest & WithVisitor>()
  if (user?.kind !== 'service') throw new Error('a route asks for a service but its door lets others in')
  return { clientId: user.clientId, requestId: loggable(headers['x-request-id']) }
})

/** Says the asker's own name for the request in the answer, as AuthZEN demands; of refusals the filter does it. */
@Injectable()
export class EchoRequestId implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const http = context.switchToHttp()
    const requestId = http.getRequest<FastifyRequest>().headers['x-request-id']
    if (typeof requestId === 'string') void http.getResponse<FastifyReply>().header('X-Request-ID', requestId)
    return next.handle()
  }
}

/** What the asker calls the request may hold anything: only what cannot be an identity number goes into the log. */
function loggable(requestId: string | string[] | undefined): string | null {
  if (typeof requestId !== 'string' || !/^[\w.:-]{1,100}$/.test(requestId) || /\d{9}/.test(requestId)) return null
  return requestId
}
