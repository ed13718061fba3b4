import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { Invitations } from '../requests/invitations.js'
import { Person, type PersonVisitor, Through } from './door.js'
import {
  CancelledView,
  CodeShape,
  InvitationPageView,
  InvitationPathShape,
  InvitationShape,
  NewInvitationView,
  OwnPageShape,
  RedeemedView,
} from './requests.shapes.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** Inviting someone whose number one does not know. A draft names the invitation once it has been redeemed. */
@ApiTags('requests')
@Controller('v1/me/invitations')
export class InvitationsController {
  constructor(@Inject(Invitations) private readonly invitations: Invitations) {}

  @Post()
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'A code for the one who is to help, good for seven days' })
  @ApiCreatedResponse({ type: NewInvitationView })
  async invite(
    @Person() { actor }: PersonVisitor,
    @Body(shape(InvitationShape)) { label }: InvitationShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.invitations.invite(actor, idempotencyKey(key), label ?? null))
  }

  @Get()
  @Through('person_or_app')
  @ApiOperation({ summary: 'Your own invitations, and who has redeemed them, latest first' })
  @ApiOkResponse({ type: InvitationPageView })
  many(@Person() { actor }: PersonVisitor, @Query(shape(OwnPageShape)) query: OwnPageShape): Promise<Json> {
    return this.invitations.many(actor, query.before ?? null)
  }

  @Post('redemption')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The one who has got a code tells who he is by his login' })
  @ApiOkResponse({ type: RedeemedView })
  async redeem(
    @Person() { actor }: PersonVisitor,
    @Body(shape(CodeShape)) { code }: CodeShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.invitations.redeem(actor, idempotencyKey(key), code))
  }

  @Post(':invitationId/cancellation')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The code, or who has redeemed it, can no longer be used' })
  @ApiOkResponse({ type: CancelledView })
  async cancel(
    @Person() { actor }: PersonVisitor,
    @Param(shape(InvitationPathShape)) { invitationId }: InvitationPathShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.invitations.cancel(actor, idempotencyKey(key), invitationId))
  }
}
