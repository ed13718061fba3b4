import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { OAuthError } from '../tokens/oauth-error.js'

/**
 * Refusals of the token endpoint in OAuth's own form (RFC 6749 section 5.2).
 *
 * There is no `WWW-Authenticate` with `invalid_client`: a client proves itself in the body and never in a header, and
 * client libraries take a challenge for another kind of refusal.
 */
@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter<OAuthError> {
  catch({ code, description }: OAuthError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    void reply
      .status(code === 'invalid_client' ? 401 : 400)
      .header('Cache-Control', 'no-store')
      .send({ error: code, error_description: description })
  }
}
