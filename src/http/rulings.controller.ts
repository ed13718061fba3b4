import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common'
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { type Identifier, type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { Clients } from '../login/clients.js'
import { Rulings, rulingView } from '../rulings/rulings.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { RulingBody, RulingPathShape, RulingShape } from './rulings.shapes.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'

/** Authorities tell us what they have decided about acting for someone. */
@ApiTags('Rulings')
@Controller('v1/rulings')
@Through('service')
export class RulingsController {
  constructor(
    @Inject(Rulings) private readonly rulings: Rulings,
    @Inject(Clients) private readonly clients: Clients,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Record a ruling: it counts for every answer that is asked for afterwards' })
  @ApiCreatedResponse({ type: RulingBody })
  async record(@Body(shape(RulingShape)) body: RulingShape, @Service() { clientId }: ServiceVisitor): Promise<Json> {
    const client = await this.clients.find(clientId)
    if (client?.mayUseNumbers !== true) throw new Problem('numbers_not_allowed', 'this client may not use numbers')
    const { kind, service, action, object, from, until, reference } = body
    const recorded = await this.rulings.record(clientId, {
      kind,
      principal: this.read(body.principal, 'principal'),
      representative: body.representative === undefined ? null : this.read(body.representative, 'representative'),
      service: service ?? null,
      action: action ?? null,
      object: object ?? null,
      from: from === undefined ? null : new Date(from),
      until: until === undefined ? null : new Date(until),
      reference,
    })
    return rulingView(recorded)
  }

  @Get(':rulingId')
  @ApiOperation({ summary: 'A ruling that this client told us of, by our id' })
  @ApiOkResponse({ type: RulingBody })
  async one(
    @Param(shape(RulingPathShape)) { rulingId }: RulingPathShape,
    @Service() { clientId }: ServiceVisitor,
  ): Promise<Json> {
    return rulingView(await this.rulings.ofClient(clientId, rulingId))
  }

  @Post(':rulingId/end')
  @HttpCode(200)
  @ApiOperation({ summary: 'End it now; one that was to begin later never comes to be' })
  @ApiOkResponse({ type: RulingBody })
  async end(
    @Param(shape(RulingPathShape)) { rulingId }: RulingPathShape,
    @Service() { clientId }: ServiceVisitor,
  ): Promise<Json> {
    return rulingView(await this.rulings.end(clientId, rulingId))
  }

  private read(number: string, member: string): Identifier {
    const identifier = readIdentifier(number, this.series)
    if (typeof identifier === 'string') throw new Problem(identifier, `${member} is no identifier that counts here`)
    return identifier
  }
}
