import type { IncomingMessage } from 'node:http'
import {
  type CanActivate,
  createParamDecorator,
  type DynamicModule,
  type ExecutionContext,
  Global,
  HttpException,
  Inject,
  Injectable,
  type InjectionToken,
  Module,
  SetMetadata,
  UseGuards,
} from '@nestjs/common'
import type { Action } from './ground.js'
import { checkPower, type Guard, type GuardSettings, type Limits, newGuard } from './guard.js'
import { putResult, resultOf } from './request-result.js'

export type { ApiGuard, ApiWithUserGuard, GuardCode, GuardSettings, Limits, WebGuard } from './guard.js'
export type { VerifiedToken } from './verified-token.js'

/** What is needed of a request, of Express or of Fastify. */
export interface NestRequest {
  readonly method: string
  readonly originalUrl: string
  readonly rawHeaders?: readonly string[]
  readonly raw?: IncomingMessage
}

interface Demand {
  readonly service: string
  readonly action: Action
  readonly limits: Limits<NestRequest>
}

const DEMAND = Symbol('@fullmakt/client: demand')
const SETTINGS = Symbol('@fullmakt/client: settings')
const GUARD = Symbol('@fullmakt/client: guard')

/** Lets a request through whose token covers what its handler demands. `OnBehalfOf` puts it before the handler. */
export class OnBehalfOfGuard implements CanActivate {
  constructor(private readonly guard: Guard<NestRequest>) {}

  /** Throws HttpException with the answer for one that does not pass. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return false
    const demand = Reflect.getMetadata(DEMAND, context.getHandler()) as Demand | undefined
    if (demand === undefined) return false
    const request = context.switchToHttp().getRequest<NestRequest>()
    const { method, originalUrl: target } = request
    const incoming = { method, target, rawHeaders: request.raw?.rawHeaders ?? request.rawHeaders ?? [] }
    const { service, action, limits } = demand
    const outcome = await this.guard(request, incoming, service, action, limits)
    if ('passed' in outcome) {
      putResult(request, outcome.passed)
      return true
    }
    const { status, headers, body } = outcome.refused
    const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>()
    for (const [name, value] of Object.entries(headers)) response.header(name, value)
    throw new HttpException(body, status)
  }
}

// Called as functions, so that this package needs no setting of the compiler for decorators.
Injectable()(OnBehalfOfGuard)
Inject(GUARD)(OnBehalfOfGuard, undefined, 0)

/** Imported once, by the root module of the service. */
export class OnBehalfOfModule {
  static register<Request extends NestRequest>(settings: GuardSettings<Request>): DynamicModule {
    return OnBehalfOfModule.registerAsync({ inject: [], useFactory: () => settings })
  }

  /** The same where the settings come from other providers. */
  static registerAsync<Request extends NestRequest>({
    inject,
    useFactory,
  }: {
    readonly inject: readonly InjectionToken[]
    readonly useFactory: (...injected: never[]) => GuardSettings<Request> | Promise<GuardSettings<Request>>
  }): DynamicModule {
    return {
      module: OnBehalfOfModule,
      providers: [
        {
          provide: SETTINGS,
          inject: [...inject],
          useFactory: (...injected: unknown[]) => useFactory(...(injected as never[])),
        },
        { provide: GUARD, inject: [SETTINGS], useFactory: (settings: GuardSettings<Request>) => newGuard(settings) },
      ],
      exports: [GUARD],
    }
  }
}
Module({})(OnBehalfOfModule)
Global()(OnBehalfOfModule)

/**
 * `@OnBehalfOf('nav.pension', 'read')` before a handler: it runs only for a request with a good token for this power. Once
 * for each handler, and not on a class: a proof of possession passes one guard.
 */
export function OnBehalfOf<Request extends NestRequest = NestRequest>(
  service: string,
  action: Action,
  limits: Limits<Request> = {},
): MethodDecorator {
  checkPower(service, action)
  return (target, name, descriptor) => {
    const handler: unknown = descriptor?.value
    if (typeof handler !== 'function') throw new TypeError('OnBehalfOf: it stands before a handler, not a class')
    if (Reflect.hasMetadata(DEMAND, handler)) throw new TypeError('OnBehalfOf: it stands before a handler once')
    const demand: Demand = { service, action, limits: limits as Limits<NestRequest> }
    SetMetadata(DEMAND, demand)(target, name, descriptor)
    UseGuards(OnBehalfOfGuard)(target, name, descriptor)
  }
}

/** `@Representation() token: VerifiedToken`: on whose behalf this request is made; throws where no guard has let it in. */
export const Representation: () => ParameterDecorator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  resultOf(context.switchToHttp().getRequest<object>()),
)
