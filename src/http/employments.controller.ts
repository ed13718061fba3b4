import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { Employments } from '../employments/employments.js'
import { Clients } from '../login/clients.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import {
  EmploymentBody,
  EmploymentPageShape,
  EmploymentPathShape,
  EmploymentShape,
  EmploymentsBody,
} from './employments.shapes.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** Organisations tell who works for them, and what he may do on their behalf. */
@ApiTags('Employments')
@Controller('v1/employments')
@Through('service')
export class EmploymentsController {
  constructor(
    @Inject(Employments) private readonly employments: Employments,
    @Inject(Clients) private readonly clients: Clients,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Someone works for your organisation, and may do this on its behalf' })
  @ApiCreatedResponse({ type: EmploymentBody })
  async tell(
    @Body(shape(EmploymentShape)) body: EmploymentShape,
    @Service() { clientId }: ServiceVisitor,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const client = await this.clients.find(clientId)
    if (client?.mayUseNumbers !== true) throw new Problem('numbers_not_allowed', 'this client may not use numbers')
    const employee = readIdentifier(body.employee, this.series)
    if (typeof employee === 'string') throw new Problem(employee, 'employee is no identifier that counts here')
    if (employee.scheme === 'orgnr') throw new Problem('invalid_request', 'employee must be a person')
    const powers = body.powers.map(({ service, actions, provider }) => {
      return { service, actions, provider: provider ?? null }
    })
    const from = body.from === undefined ? null : new Date(body.from)
    const until = body.until === undefined ? null : new Date(body.until)
    const told = await this.employments.tell(clientId, idempotencyKey(key), { employee, powers, from, until })
    return sendWritten(reply, told)
  }

  @Get()
  @ApiOperation({ summary: 'Who works for your organisation, as you have told: in force or to come' })
  @ApiOkResponse({ type: EmploymentsBody })
  list(
    @Query(shape(EmploymentPageShape)) { after }: EmploymentPageShape,
    @Service() { clientId }: ServiceVisitor,
  ): Promise<Json> {
    return this.employments.list(clientId, after ?? null)
  }

  @Post(':employmentId/end')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'End it now; one that was to begin later never comes to be' })
  @ApiOkResponse({ type: EmploymentBody })
  async end(
    @Param(shape(EmploymentPathShape)) { employmentId }: EmploymentPathShape,
    @Service() { clientId }: ServiceVisitor,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.employments.end(clientId, idempotencyKey(key), employmentId))
  }
}
