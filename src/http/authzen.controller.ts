import { Body, Controller, Get, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common'
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger'
import type { AuthzenDecision } from '../decisions/authzen-answer.js'
import { type Asker as AskerOf, Authzen } from '../decisions/authzen.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { DecisionShape, UndecidedShape } from './authzen-answer.shapes.js'
import { Asker, EchoRequestId, REQUEST_ID } from './authzen-asker.js'
import { EvaluationsShape, readItems, readSingle } from './authzen-evaluations.shapes.js'
import { EvaluationShape } from './authzen.shapes.js'
import { Through } from './door.js'
import { STATUS } from './problem.filter.js'
import { ISSUER } from './settings.js'
import { lenientShape } from './shape.js'

const ITEM = [{ $ref: getSchemaPath(DecisionShape) }, { $ref: getSchemaPath(UndecidedShape) }]
const BATCH = {
  type: 'object',
  required: ['evaluations'],
  properties: { evaluations: { type: 'array', items: { anyOf: ITEM } } },
}

/** Ask: OpenID AuthZEN Authorization API 1.0. */
@ApiTags('Ask')
@Controller()
@UseInterceptors(EchoRequestId)
export class AuthzenController {
  constructor(
    @Inject(Authzen) private readonly authzen: Authzen,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  @Post('access/v1/evaluation')
  @Through('service')
  @HttpCode(200)
  @ApiHeader(REQUEST_ID)
  @ApiOperation({ summary: 'May this person do this, here, now, on behalf of that one?' })
  @ApiOkResponse({ type: DecisionShape })
  evaluation(
    @Body(lenientShape(EvaluationShape)) body: EvaluationShape,
    @Asker() asker: AskerOf,
  ): Promise<AuthzenDecision> {
    return this.authzen.evaluate(body, asker)
  }

  @Post('access/v1/evaluations')
  @Through('service')
  @HttpCode(200)
  @ApiHeader(REQUEST_ID)
  @ApiOperation({ summary: 'Several such questions at once; without any in `evaluations`, one' })
  @ApiExtraModels(DecisionShape, UndecidedShape)
  @ApiOkResponse({ schema: { anyOf: [BATCH, { $ref: getSchemaPath(DecisionShape) }] } })
  async evaluations(
    @Body(lenientShape(EvaluationsShape)) body: EvaluationsShape,
    @Asker() asker: AskerOf,
  ): Promise<AuthzenDecision | { evaluations: AuthzenDecision[] }> {
    if ((body.evaluations ?? []).length === 0) return this.authzen.evaluate(await readSingle(body), asker)
    const semantic = body.options?.evaluations_semantic ?? 'execute_all'
    const answers = await this.authzen.evaluateAll(await readItems(body), semantic, asker)
    return { evaluations: answers.map((answer) => (answer instanceof Problem ? undecided(answer) : answer)) }
  }

  @Get('.well-known/authzen-configuration')
  @Through('anyone')
  @ApiOperation({ summary: 'Where to ask (AuthZEN metadata)' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  metadata(): Json {
    const at = `${this.issuer}/access/v1`
    return {
      policy_decision_point: this.issuer,
      access_evaluation_endpoint: `${at}/evaluation`,
      access_evaluations_endpoint: `${at}/evaluations`,
      search_subject_endpoint: `${at}/search/subject`,
      search_resource_endpoint: `${at}/search/resource`,
      search_action_endpoint: `${at}/search/action`,
    }
  }
}

/** AuthZEN knows 400 for whatever is wrong with a question. */
function undecided({ code, detail }: Problem): AuthzenDecision {
  const status: number = STATUS[code]
  return { decision: false, context: { error: { status: status === 422 ? 400 : status, message: detail } } }
}
