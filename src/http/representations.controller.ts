import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common'
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { Problem } from '../domain/problem.js'
import { Clients } from '../login/clients.js'
import { ActorGrants, type OpenedGrant } from '../tokens/actor-grant.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { EndGrantBody, OpenGrantBody, OpenedGrantBody } from './representations.shapes.js'
import { shape } from './shape.js'

/** A service opens and ends the represented sessions of its own users. */
@ApiTags('Prove')
@Controller('v1/representations')
@Through('service')
export class RepresentationsController {
  constructor(
    @Inject(Clients) private readonly clients: Clients,
    @Inject(ActorGrants) private readonly grants: ActorGrants,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'For whom may the user who just logged in act here? Opens the grant that carries the session',
  })
  @ApiBody({ type: OpenGrantBody })
  @ApiResponse({ status: 200, type: OpenedGrantBody })
  @ApiResponse({ status: 400, description: 'Problem document' })
  @ApiResponse({ status: 401, description: 'Problem document' })
  async open(
    @Body(shape(OpenGrantBody)) body: OpenGrantBody,
    @Service() service: ServiceVisitor,
  ): Promise<OpenedGrant> {
    const client = await this.clients.find(service.clientId)
    if (client === null) throw new Problem('invalid_client_token', 'the client is not registered any more')
    return this.grants.open(client, body.login_token)
  }

  @Post('end')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a grant at the user’s logout. Also answered so when it had ended or never was' })
  @ApiBody({ type: EndGrantBody })
  @ApiResponse({ status: 204, description: 'No exchange will take it any more' })
  @ApiResponse({ status: 401, description: 'Problem document' })
  async end(@Body(shape(EndGrantBody)) body: EndGrantBody, @Service() service: ServiceVisitor): Promise<void> {
    await this.grants.end(service.clientId, body.actor_grant)
  }
}
