import { PassportStrategy } from '@nestjs/passport'
import type { FastifyRequest } from 'fastify'
import passport from 'passport'
import { hashOf, isSecret } from '../login/opaque-secret.js'
import { personVisitor } from '../login/person-visitor.js'
import type { PersonVisitor } from '../login/visitor.js'
import type { Database } from '../store/database.js'
import { useSession } from '../store/session-store.js'
import { bearerToken } from './bearer-token.js'
import { SESSION_COOKIE } from './login-cookies.js'
import { refuseForeignOrigin } from './own-origin.js'

/**
 * A person with a session cookie. Steps aside when there is none, or when the request carries a Bearer token: with two
 * proofs at hand, which may be two people's, the one that was put there on purpose decides.
 *
 * Passport keeps one object for all requests and runs a descendant of it for each: nothing of a request goes into `this`.
 */
export class SessionStrategy extends PassportStrategy(passport.Strategy, 'session') {
  private readonly origin: string

  constructor(
    publicUrl: string,
    private readonly db: Database,
  ) {
    super()
    this.origin = new URL(publicUrl).origin
  }

  override authenticate(request: unknown): void {
    this.validate(request as FastifyRequest).then(
      (visitor) => (visitor === null ? this.fail(401) : this.success(visitor)),
      (error: unknown) => this.error(error),
    )
  }

  async validate(request: FastifyRequest): Promise<PersonVisitor | null> {
    const secret = request.cookies[SESSION_COOKIE]
    if (!isSecret(secret) || bearerToken(request) !== null) return null
    refuseForeignOrigin(request, this.origin)
    const session = await useSession(this.db, hashOf(secret))
    return session === null ? null : personVisitor('session', session.language, session)
  }
}
