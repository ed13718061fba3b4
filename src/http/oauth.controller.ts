import { Body, Controller, Header, Headers, HttpCode, Inject, Post, UseFilters } from '@nestjs/common'
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { ClientAssertions } from '../login/client-assertion.js'
import type { Client } from '../store/client-store.js'
import { DpopProofs } from '../tokens/dpop-proof.js'
import { type DelegationTokenAnswer, TokenExchange } from '../tokens/exchange.js'
import { type ActiveToken, type InactiveToken, Introspection } from '../tokens/introspection.js'
import { OAuthError } from '../tokens/oauth-error.js'
import { Revocation } from '../tokens/revocation.js'
import { type ServiceTokenAnswer, ServiceTokens } from '../tokens/service-token.js'
import { type TokenForm, readTokenForm } from '../tokens/token-form.js'
import { Through } from './door.js'
import { IntrospectionBody, OAuthErrorBody, TokenAnswerBody, TokenBody, TokenRequestBody } from './oauth.shapes.js'
import { OAuthErrorFilter } from './oauth-error.filter.js'

/** The grant types there are (`grant_types_supported`). */
export const GRANT_TYPES = ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'] as const

/** Where a service proves itself, and gets tokens, asks about them and gives them back. The service's proof is part of the request, so the door is open. */
@ApiTags('Prove')
@Controller('oauth')
@Through('anyone')
@UseFilters(OAuthErrorFilter)
export class OAuthController {
  constructor(
    @Inject(ClientAssertions) private readonly assertions: ClientAssertions,
    @Inject(ServiceTokens) private readonly serviceTokens: ServiceTokens,
    @Inject(DpopProofs) private readonly proofs: DpopProofs,
    @Inject(TokenExchange) private readonly exchange: TokenExchange,
    @Inject(Introspection) private readonly introspection: Introspection,
    @Inject(Revocation) private readonly revocation: Revocation,
  ) {}

  @Post('token')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Get an access token for asking, or exchange a representation for a delegation token' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiHeader({
    name: 'DPoP',
    required: false,
    description:
      'A proof of possession (RFC 9449): the delegation token is bound to its key. Audiences of kind api need one',
  })
  @ApiBody({ type: TokenRequestBody })
  @ApiResponse({ status: 200, type: TokenAnswerBody })
  @ApiResponse({ status: 400, type: OAuthErrorBody })
  @ApiResponse({ status: 401, type: OAuthErrorBody })
  async token(
    @Body() body: unknown,
    @Headers('dpop') proof: string | undefined,
  ): Promise<ServiceTokenAnswer | DelegationTokenAnswer> {
    const form = readTokenForm(body)
    const client = await this.authenticate(form)
    const asked = form.get('grant_type')
    const grantType = GRANT_TYPES.find((known) => known === asked)
    switch (grantType) {
      case 'client_credentials':
        if (proof !== undefined) {
          throw new OAuthError('invalid_dpop_proof', 'a token for asking is bound to no key: leave the proof out')
        }
        return this.serviceTokens.issue(client.clientId, form.get('scope'))
      case 'urn:ietf:params:oauth:grant-type:token-exchange':
        return this.exchange.exchange(client, form, proof === undefined ? null : await this.proofs.verify(proof))
      case undefined:
        if (asked === undefined) throw new OAuthError('invalid_request', 'grant_type is missing')
        throw new OAuthError('unsupported_grant_type', `grant_type must be one of ${GRANT_TYPES.join(', ')}`)
    }
  }

  @Post('introspect')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Does this delegation token still hold? (RFC 7662)' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenBody })
  @ApiResponse({ status: 200, type: IntrospectionBody })
  @ApiResponse({ status: 400, type: OAuthErrorBody })
  @ApiResponse({ status: 401, type: OAuthErrorBody })
  async introspect(@Body() body: unknown): Promise<ActiveToken | InactiveToken> {
    const form = readTokenForm(body)
    const client = await this.authenticate(form)
    return this.introspection.introspect(client, tokenIn(form))
  }

  @Post('revoke')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Take back a delegation token or an actor grant of one’s own (RFC 7009)' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenBody })
  @ApiResponse({ status: 200, description: 'It gives nothing any more. Also answered so when it never did' })
  @ApiResponse({ status: 400, type: OAuthErrorBody })
  @ApiResponse({ status: 401, type: OAuthErrorBody })
  async revoke(@Body() body: unknown): Promise<void> {
    const form = readTokenForm(body)
    const client = await this.authenticate(form)
    await this.revocation.revoke(client.clientId, tokenIn(form))
  }

  private async authenticate(form: TokenForm): Promise<Client> {
    const proved = await this.assertions.verify({
      assertionType: form.get('client_assertion_type'),
      assertion: form.get('client_assertion'),
      clientId: form.get('client_id'),
    })
    if ('notProved' in proved) throw new OAuthError('invalid_client', proved.notProved)
    return proved
  }
}

/** `token_type_hint` is not looked at: every kind that we know is looked for. */
function tokenIn(form: TokenForm): string {
  const token = form.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing')
  return token
}
