import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { type AnswerTexts, authzenAnswer } from '../decisions/authzen-answer.js'
import { readQuestion } from '../decisions/authzen-question.js'
import { Decisions } from '../decisions/evaluate.js'
import type { NumberSeries } from '../domain/identifier.js'
import { Problem } from '../domain/problem.js'
import { Clients } from '../login/clients.js'
import { LoginTokens } from '../login/login-token.js'
import { DecisionShape, EvaluationShape } from './authzen.shapes.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { ANSWER_TEXTS, ISSUER, NUMBER_SERIES } from './settings.js'
import { lenientShape } from './shape.js'

/** Ask: OpenID AuthZEN Authorization API 1.0. */
@ApiTags('Ask')
@Controller()
export class AuthzenController {
  constructor(
    @Inject(Decisions) private readonly decisions: Decisions,
    @Inject(Clients) private readonly clients: Clients,
    @Inject(LoginTokens) private readonly tokens: LoginTokens,
    @Inject(ANSWER_TEXTS) private readonly texts: AnswerTexts,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  @Post('access/v1/evaluation')
  @Through('service')
  @HttpCode(200)
  @ApiOperation({ summary: 'May this person do this, here, now, on behalf of that one?' })
  @ApiOkResponse({ type: DecisionShape })
  async evaluation(
    @Service() { clientId }: ServiceVisitor,
    @Body(lenientShape(EvaluationShape)) body: EvaluationShape,
    @Headers('x-request-id') requestId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    if (requestId !== undefined) void reply.header('X-Request-ID', requestId)
    const client = await this.clients.find(clientId)
    if (client === null) throw new Problem('invalid_client_token', 'this client is no longer registered')
    const asked = await readQuestion(body, client, loggable(requestId), this.series, this.tokens)
    return authzenAnswer(await this.decisions.evaluate(asked), this.texts)
  }

  @Get('.well-known/authzen-configuration')
  @Through('anyone')
  @ApiOperation({ summary: 'Where to ask (AuthZEN metadata)' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  metadata(): Json {
    return {
      policy_decision_point: this.issuer,
      access_evaluation_endpoint: `${this.issuer}/access/v1/evaluation`,
    }
  }
}

/** What the asker calls the request may hold anything: only what cannot be an identity number goes into the log. */
function loggable(requestId: string | undefined): string | null {
  if (requestId === undefined || !/^[\w.:-]{1,100}$/.test(requestId) || /\d{9}/.test(requestId)) return null
  return requestId
}
