import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { Rulings } from '../rulings/rulings.js'
import { Database } from '../store/database.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'
import { ReservationShape, ReservationsBody, RulingPathShape } from './rulings.shapes.js'
import { shape } from './shape.js'

/** What a person keeps everyone else from: no one sees it or acts in it for him, whatever the ground. */
@ApiTags('Me')
@Controller('v1/me/reservations')
export class ReservationsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Rulings) private readonly rulings: Rulings,
  ) {}

  @Get()
  @Through('person_or_app')
  @ApiOperation({ summary: 'What you have reserved' })
  @ApiOkResponse({ type: ReservationsBody })
  many(@Person() { actor }: PersonVisitor): Promise<Json> {
    return this.rulings.reservations(this.db, actor.partyId)
  }

  @Post()
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Keep everyone from acting for you in this' })
  @ApiCreatedResponse({ type: ReservationsBody })
  async reserve(
    @Person() { actor }: PersonVisitor,
    @Body(shape(ReservationShape)) { service, action, object }: ReservationShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const reach = { service, action: action ?? null, object: object ?? null }
    return sendWritten(reply, await this.rulings.reserve(actor, idempotencyKey(key), reach))
  }

  @Post(':rulingId/end')
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Take a reservation back' })
  @ApiOkResponse({ type: ReservationsBody })
  async lift(
    @Person() { actor }: PersonVisitor,
    @Param(shape(RulingPathShape)) { rulingId }: RulingPathShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.rulings.lift(actor, idempotencyKey(key), rulingId))
  }
}
