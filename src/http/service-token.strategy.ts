import { PassportStrategy } from '@nestjs/passport'
import type { FastifyRequest } from 'fastify'
import passport from 'passport'
import { Problem } from '../domain/problem.js'
import type { Clients } from '../login/clients.js'
import { TokenRefused } from '../login/strict-jws.js'
import type { ServiceVisitor } from '../login/visitor.js'
import type { ServiceTokens } from '../tokens/service-token.js'
import { bearerToken } from './bearer-token.js'

/**
 * Lets a relying service in by the access token that `/oauth/token` gave it (RFC 6750, in the header only). The visitor
 * holds the client's id and how long the token lasts; what the client may ask about is `Clients.find`'s to say.
 */
export class ServiceTokenStrategy extends PassportStrategy(passport.Strategy, 'service-token') {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly clients: Clients,
  ) {
    super()
  }

  override authenticate(request: unknown): void {
    const token = bearerToken(request as FastifyRequest)
    if (token === null) {
      this.fail('Bearer', 401)
      return
    }
    this.validate(token).then(
      (visitor) => this.success(visitor),
      (error: unknown) => this.error(error),
    )
  }

  async validate(token: string): Promise<ServiceVisitor> {
    const clientId = await this.clientOf(token)
    if ((await this.clients.find(clientId)) === null) throw refused()
    return Object.freeze({ kind: 'service', clientId, until: this.tokens.expiryOf(token) })
  }

  private async clientOf(token: string): Promise<string> {
    try {
      return await this.tokens.verify(token)
    } catch (error) {
      throw error instanceof TokenRefused ? refused() : error
    }
  }
}

function refused(): Problem {
  return new Problem('invalid_client_token', 'the access token is not valid here or no longer: get one at /oauth/token')
}
