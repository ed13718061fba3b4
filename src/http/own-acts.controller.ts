import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common'
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { Acts } from '../acts/acts.js'
import type { Json } from '../domain/json.js'
import { ActAnswerBody, ActPathShape, ContentHashShape, WaitingActsBody } from './acts.shapes.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { LanguageShape } from './me.shapes.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** What waits for a person's agreement. */
@ApiTags('Me')
@Controller('v1/me/acts')
export class OwnActsController {
  constructor(@Inject(Acts) private readonly acts: Acts) {}

  @Get()
  @Through('person_or_app')
  @ApiOperation({ summary: 'What others have begun and you must agree to' })
  @ApiOkResponse({ type: WaitingActsBody })
  waiting(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(LanguageShape)) query: LanguageShape,
  ): Promise<Json> {
    return this.acts.waiting(actor, query.language ?? language)
  }

  @Post(':actId/approval')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Agree to exactly this' })
  @ApiOkResponse({ type: ActAnswerBody })
  async approve(
    @Person() { actor }: PersonVisitor,
    @Param(shape(ActPathShape)) { actId }: ActPathShape,
    @Body(shape(ContentHashShape)) body: ContentHashShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const hash = Buffer.from(body.content_hash, 'base64url')
    return sendWritten(reply, await this.acts.answer(actor, idempotencyKey(key), actId, hash, true))
  }

  @Post(':actId/refusal')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Refuse it: no one will be asked again' })
  @ApiOkResponse({ type: ActAnswerBody })
  async refuse(
    @Person() { actor }: PersonVisitor,
    @Param(shape(ActPathShape)) { actId }: ActPathShape,
    @Body(shape(ContentHashShape)) body: ContentHashShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const hash = Buffer.from(body.content_hash, 'base64url')
    return sendWritten(reply, await this.acts.answer(actor, idempotencyKey(key), actId, hash, false))
  }
}
