import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { AuthGuard } from '@nestjs/passport'
import { Problem } from '../domain/problem.js'
import { DOOR, type Door } from './door.js'

/** Strategies answer «not me» by failing; when all have failed, no one is logged in. Other errors pass as they are. */
function guardOf(strategies: string[], message: string): CanActivate {
  @Injectable()
  class Guard extends AuthGuard(strategies) {
    override handleRequest<User>(error: unknown, user: User | false): User {
      if (error !== null && error !== undefined) throw error as Error
      if (user === false) throw new Problem('not_logged_in', message)
      return user
    }
  }
  return new Guard()
}

/** Stands before every route. A route that does not say who may come through lets no one in. */
@Injectable()
export class DoorGuard implements CanActivate {
  private readonly guards: Readonly<Record<Exclude<Door, 'anyone'>, CanActivate>> = {
    person: guardOf(['session'], 'log in first'),
    person_or_app: guardOf(['session', 'person-app'], 'log in first'),
    service: guardOf(['service-token'], 'an access token of this service is needed: see /oauth/token'),
  }

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const door = this.reflector.getAllAndOverride<Door | undefined>(DOOR, [context.getHandler(), context.getClass()])
    if (door === undefined) return false
    if (door === 'anyone') return true
    return (await this.guards[door].canActivate(context)) === true
  }
}
