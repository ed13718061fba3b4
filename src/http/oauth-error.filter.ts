import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { OAuthError } from '../tokens/oauth-error.js'

/**
 * Refusals of the token endpoint in OAuth's own form (RFC 6749 section 5.2).
 *
 * `WWW-Authenticate` comes only with `invalid_client` to a client that tried a header, as the standard demands: others
 * prove themselves in the body, and their libraries would take a challenge for another kind of refusal.
 */
@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter<OAuthError> {
  catch({ code, description }: OAuthError, host: ArgumentsHost): void {
    const { headers } = host.switchToHttp().getRequest<FastifyRequest>()
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const triedScheme = /^[A-Za-z-]+/.exec(headers.authorization ?? '')?.[0]
    if (code === 'invalid_client' && triedScheme !== undefined) void reply.header('WWW-Authenticate', triedScheme)
    void reply
      .status(code === 'invalid_client' ? 401 : 400)
      .header('Cache-Control', 'no-store')
      .send({ error: code, error_description: description })
  }
}
