import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { Requests } from '../requests/requests.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { LanguageShape } from './me.shapes.js'
import {
  CodeShape,
  OwnPageShape,
  RefusalShape,
  RequestPageView,
  RequestPathShape,
  RequestShape,
  RequestView,
} from './requests.shapes.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** Asking someone for a mandate. Approving is giving: a draft that names the request. */
@ApiTags('requests')
@Controller('v1/me/requests')
export class RequestsController {
  constructor(
    @Inject(Requests) private readonly requests: Requests,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Post()
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Ask someone for a mandate. Whether it reached anyone is told by an answer only' })
  @ApiCreatedResponse({ type: RequestView })
  async ask(
    @Person() { actor, language }: PersonVisitor,
    @Body(shape(RequestShape)) body: RequestShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const principal = readIdentifier(body.principal.identifier, this.series)
    if (typeof principal === 'string') throw new Problem(principal, 'the identifier of the one who is asked')
    const powers = body.powers.map(({ service, action, provider, object }) => ({
      ...{ service, action, provider: provider ?? null, object: object ?? null },
    }))
    const { until, message } = body
    const wanted = { principal, familyName: body.principal.family_name, powers, until, message: message ?? null }
    return sendWritten(reply, await this.requests.ask(actor, language, idempotencyKey(key), wanted))
  }

  @Get()
  @Through('person_or_app')
  @ApiOperation({ summary: 'What you have asked for and what you are asked for, latest first' })
  @ApiOkResponse({ type: RequestPageView })
  many(@Person() { actor, language }: PersonVisitor, @Query(shape(OwnPageShape)) query: OwnPageShape): Promise<Json> {
    return this.requests.many(actor, query.language ?? language, query.before ?? null)
  }

  @Get(':requestId')
  @Through('person_or_app')
  @ApiOperation({ summary: 'One request that you have made or are asked by' })
  @ApiOkResponse({ type: RequestView })
  one(
    @Person() { actor, language }: PersonVisitor,
    @Param(shape(RequestPathShape)) { requestId }: RequestPathShape,
    @Query(shape(LanguageShape)) query: LanguageShape,
  ): Promise<Json> {
    return this.requests.one(actor, query.language ?? language, requestId)
  }

  @Post('code')
  @Through('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find the request that a letter told you of, by its code' })
  @ApiOkResponse({ type: RequestView })
  byCode(@Person() { actor, language }: PersonVisitor, @Body(shape(CodeShape)) { code }: CodeShape): Promise<Json> {
    return this.requests.byCode(actor, language, code)
  }

  @Post(':requestId/refusal')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The one who is asked declines' })
  @ApiOkResponse({ type: RequestView })
  async decline(
    @Person() { actor, language }: PersonVisitor,
    @Param(shape(RequestPathShape)) { requestId }: RequestPathShape,
    @Body(shape(RefusalShape)) { reason, block, report }: RefusalShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const refusal = { reason: reason ?? null, block: block ?? false, report: report ?? false }
    return sendWritten(reply, await this.requests.decline(actor, language, idempotencyKey(key), requestId, refusal))
  }

  @Post(':requestId/unblocking')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The one who is asked lets this helper ask again' })
  @ApiOkResponse({ type: RequestView })
  async unblock(
    @Person() { actor, language }: PersonVisitor,
    @Param(shape(RequestPathShape)) { requestId }: RequestPathShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.requests.unblock(actor, language, idempotencyKey(key), requestId))
  }

  @Post(':requestId/withdrawal')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The helper takes it back' })
  @ApiOkResponse({ type: RequestView })
  async withdraw(
    @Person() { actor, language }: PersonVisitor,
    @Param(shape(RequestPathShape)) { requestId }: RequestPathShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.requests.withdraw(actor, language, idempotencyKey(key), requestId))
  }

  @Post(':requestId/letter')
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The helper has a letter with a code sent to the one he asks, once' })
  @ApiCreatedResponse({ type: RequestView })
  async orderLetter(
    @Person() { actor, language }: PersonVisitor,
    @Param(shape(RequestPathShape)) { requestId }: RequestPathShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.requests.orderLetter(actor, language, idempotencyKey(key), requestId))
  }
}
