import { type ExecutionContext, createParamDecorator } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import type { Language } from '../domain/catalogue.js'
import type { Manager } from '../mandates/acting.js'
import { type WithVisitor, personOf } from './door.js'

/** The logged-in person of this request, and whose mandates its address names. */
export interface ManagingVisitor {
  readonly manager: Manager
  readonly language: Language
}

/**
 * As an argument. Under `/v1/me` they are his own; under `/v1/on-behalf-of/{handle}` those of the organisation that he knows by
 * that name, if he is found to handle them: that is for `mandates/acting.ts` to say.
 */
export const Managing = createParamDecorator((_: unknown, context: ExecutionContext): ManagingVisitor => {
  const request = context.switchToHttp().getRequest<FastifyRequest & WithVisitor>()
  const { actor, language } = personOf(request)
  const { handle } = request.params as { readonly handle?: string }
  return { manager: { actor, organisation: handle ?? null }, language }
})
