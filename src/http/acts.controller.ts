import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common'
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { Acts } from '../acts/acts.js'
import { readName } from '../decisions/authzen-question.js'
import type { NumberSeries } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { Clients } from '../login/clients.js'
import type { Client } from '../store/client-store.js'
import { ActBody, ActPathShape, CompletedBody, ContentHashShape, OpenActShape } from './acts.shapes.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'

/** What several must agree to, as a service begins and completes it. */
@ApiTags('Acting together')
@Controller('v1/acts')
@Through('service')
export class ActsController {
  constructor(
    @Inject(Acts) private readonly acts: Acts,
    @Inject(Clients) private readonly clients: Clients,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Begin an act that others must agree to: their pages show it until it expires' })
  @ApiCreatedResponse({ type: ActBody })
  async open(@Body(shape(OpenActShape)) body: OpenActShape, @Service() visitor: ServiceVisitor): Promise<Json> {
    const client = await this.client(visitor)
    const { service, action, provider, object, text } = body
    return this.acts.open(client, {
      loginToken: body.login_token,
      principal: readName('principal', body.principal, client, this.series),
      power: { service, action, provider: provider ?? null, object: object ?? null },
      text,
      contentHash: Buffer.from(body.content_hash, 'base64url'),
      expiresAt: new Date(body.expires_at),
    })
  }

  @Get(':actId')
  @ApiOperation({ summary: 'How far it has come' })
  @ApiOkResponse({ type: ActBody })
  one(@Param(shape(ActPathShape)) { actId }: ActPathShape, @Service() { clientId }: ServiceVisitor): Promise<Json> {
    return this.acts.ofClient(clientId, actId)
  }

  @Post(':actId/complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'All have agreed: may it be done? The yes is given for this one act' })
  @ApiOkResponse({ type: CompletedBody })
  complete(
    @Param(shape(ActPathShape)) { actId }: ActPathShape,
    @Body(shape(ContentHashShape)) body: ContentHashShape,
    @Service() { clientId }: ServiceVisitor,
  ): Promise<Json> {
    return this.acts.complete(clientId, actId, Buffer.from(body.content_hash, 'base64url'))
  }

  private async client({ clientId }: ServiceVisitor): Promise<Client> {
    const client = await this.clients.find(clientId)
    if (client === null) throw new Problem('invalid_client_token', 'the client is not registered any more')
    return client
  }
}
