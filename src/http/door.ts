import { type ExecutionContext, SetMetadata, applyDecorators, createParamDecorator } from '@nestjs/common'
import { ApiSecurity } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import type { PersonVisitor, ServiceVisitor, Visitor } from '../login/visitor.js'

export type { PersonVisitor, ServiceVisitor, Visitor }

/**
 * Who may come through a route. Every route says so; one that says nothing lets no one in.
 *
 * - `anyone`: no proof asked.
 * - `person`: a session cookie from the OpenID login, in our own pages.
 * - `person_or_app`: that, or an access token of the identity provider as Bearer, from another party's app.
 * - `service`: an access token that we issued to a relying service.
 */
export type Door = 'anyone' | 'person' | 'person_or_app' | 'service'

export const DOOR = 'door'

/** How each door is written in `openapi.yaml`. */
const SECURITY: Readonly<Record<Door, readonly string[]>> = {
  anyone: [],
  person: ['session'],
  person_or_app: ['session', 'app'],
  service: ['service'],
}

export const Through = (door: Door): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(DOOR, door), ...SECURITY[door].map((name) => ApiSecurity(name)))

/** Where the passport strategies put the visitor. Read by what stands below and by nothing else. */
export interface WithVisitor {
  user?: Visitor
}

/** The logged-in person of this request, as an argument. */
export const Person = createParamDecorator((_: unknown, context: ExecutionContext): PersonVisitor =>
  personOf(context.switchToHttp().getRequest<FastifyRequest & WithVisitor>()),
)

export function personOf({ user: visitor }: WithVisitor): PersonVisitor {
  if (visitor?.kind !== 'person') throw new Error('a route asks for a person but its door lets others in')
  return visitor
}

/** The relying service of this request, as an argument. */
export const Service = createParamDecorator((_: unknown, context: ExecutionContext): ServiceVisitor => {
  const visitor = context.switchToHttp().getRequest<FastifyRequest & WithVisitor>().user
  if (visitor?.kind !== 'service') throw new Error('a route asks for a service but its door lets others in')
  return visitor
})
