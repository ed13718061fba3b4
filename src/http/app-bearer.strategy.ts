import { PassportStrategy } from '@nestjs/passport'
import type { FastifyRequest } from 'fastify'
import passport from 'passport'
import { satisfies } from '../domain/catalogue.js'
import { Problem } from '../domain/problem.js'
import type { LoginTokens } from '../login/login-token.js'
import { personVisitor } from '../login/person-visitor.js'
import type { PersonVisitor } from '../login/visitor.js'
import type { Database } from '../store/database.js'
import { ensureParty, isDead } from '../store/party-store.js'
import { bearerToken } from './bearer-token.js'
import { preferredLanguage } from './preferred-language.js'

/** As in our own pages: a self-registered login is not enough to see who may act for whom. */
const LEAST_LEVEL = 'substantial'

export interface AppBearerOptions {
  readonly issuer: string
  /** The scope that this service has registered at the provider. */
  readonly scope: string
}

/** A person in another party's app: an access token of the identity provider that carries our scope. */
export class AppBearerStrategy extends PassportStrategy(passport.Strategy, 'person-app') {
  constructor(
    private readonly options: AppBearerOptions,
    private readonly db: Database,
    private readonly tokens: LoginTokens,
  ) {
    super()
  }

  override authenticate(request: unknown): void {
    this.validate(request as FastifyRequest).then(
      (visitor) => (visitor === null ? this.fail('Bearer', 401) : this.success(visitor)),
      (error: unknown) => this.error(error),
    )
  }

  async validate(request: FastifyRequest): Promise<PersonVisitor | null> {
    const token = bearerToken(request)
    if (token === null) return null
    const access = await this.tokens.verifyAccessToken(token, this.options)
    if (!satisfies(access.level, LEAST_LEVEL)) {
      const more = { required_level: LEAST_LEVEL }
      throw new Problem('login_level_too_low', `log in at the level ${LEAST_LEVEL}`, more)
    }
    const partyId = await ensureParty(this.db, access.identifier)
    if (await isDead(this.db, partyId))
      throw new Problem('invalid_access_token', 'the register says that this person has died')
    return personVisitor('app', preferredLanguage(request.headers['accept-language']), { ...access, partyId })
  }
}
