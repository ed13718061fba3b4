import type { IncomingMessage } from 'node:http'
import {
  type CanActivate,
  createParamDecorator,
  type DynamicModule,
  type ExecutionContext,
  HttpException,
  type InjectionToken,
  type OptionalFactoryDependency,
  UseGuards,
} from '@nestjs/common'
import type { Action } from './ground.js'
import { checkPower, type Guard, type GuardSettings, type Limits, newGuard } from './guard.js'
import { putResult, resultOf } from './request-result.js'
import type { VerifiedToken } from './verified-token.js'

export type { ApiGuard, ApiWithUserGuard, GuardCode, GuardSettings, Limits, WebGuard } from './guard.js'
export type { VerifiedToken } from './verified-token.js'
