import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common'
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { ContactDetails } from '../notices/contact.js'
import { Inbox } from '../notices/inbox.js'
import { Person, type PersonVisitor, Through } from './door.js'
import {
  ContactView,
  NoticePageShape,
  NoticePageView,
  NoticePathShape,
  NoticeSettingsShape,
  NoticeSettingsView,
  UnreadView,
} from './notices.shapes.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** What a person has been told, and where it reaches him. */
@ApiTags('Me')
@Controller('v1/me')
export class NoticesController {
  constructor(
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(ContactDetails) private readonly contact: ContactDetails,
  ) {}

  @Get('notices')
  @Through('person_or_app')
  @ApiOperation({ summary: 'What I have been told, latest first' })
  @ApiOkResponse({ type: NoticePageView })
  many(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(NoticePageShape)) query: NoticePageShape,
  ): Promise<Json> {
    return this.inbox.many(actor, query.language ?? language, query.before ?? null)
  }

  @Post('notices/read-all')
  @Through('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mark all as read; again changes nothing' })
  @ApiOkResponse({ type: UnreadView })
  readAll(@Person() { actor }: PersonVisitor): Promise<Json> {
    return this.inbox.readAll(actor)
  }

  @Post('notices/:noticeId/read')
  @Through('person')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mark one as read; again changes nothing' })
  @ApiOkResponse({ type: UnreadView })
  read(
    @Person() { actor }: PersonVisitor,
    @Param(shape(NoticePathShape)) { noticeId }: NoticePathShape,
  ): Promise<Json> {
    return this.inbox.read(actor, noticeId)
  }

  @Get('contact')
  @Through('person_or_app')
  @ApiOperation({ summary: 'How the contact register says that I am reached, masked, and what I have chosen' })
  @ApiOkResponse({ type: ContactView })
  contactDetails(@Person() { actor }: PersonVisitor): Promise<Json> {
    return this.contact.of(actor)
  }

  @Put('notice-settings')
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Choose how often to have an e-mail of first uses; what concerns safety always comes' })
  @ApiOkResponse({ type: NoticeSettingsView })
  async choose(
    @Person() { actor }: PersonVisitor,
    @Body(shape(NoticeSettingsShape)) body: NoticeSettingsShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.contact.choose(actor, idempotencyKey(key), body.first_use))
  }
}
