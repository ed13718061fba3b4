import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Post, Query, Res } from '@nestjs/common'
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger'
import { isUUID } from 'class-validator'
import type { FastifyReply } from 'fastify'
import { Problem } from '../domain/problem.js'
import type { Acknowledged } from '../store/event-store.js'
import { EventFeed } from '../tokens/event-feed.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { eventStream } from './event-stream.js'
import { MOST_POLLED, PollBody, PolledBody } from './events.shapes.js'
import { shape } from './shape.js'

/** Characters kept of why a client could not take an event. */
const LONGEST_REASON = 300

/** What becomes of the grounds that a service has handles of, as signed Security Event Tokens (RFC 8417). */
@ApiTags('Prove')
@Controller('v1/events')
@Through('service')
export class EventsController {
  constructor(@Inject(EventFeed) private readonly feed: EventFeed) {}

  @Get()
  @ApiOperation({ summary: 'Be told at once what becomes of the grounds you have handles of (server-sent events)' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The cursor: the last `id` that was received' })
  @ApiQuery({
    name: 'cursor',
    required: false,
    schema: { type: 'string' },
    description: 'The same, for the first time',
  })
  @ApiResponse({
    status: 200,
    description: 'Ends with the access token at the latest. `data` is a Security Event Token',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 401, description: 'Problem document' })
  @ApiResponse({ status: 410, description: 'Problem document: what comes after the cursor is not kept any more' })
  async follow(
    @Headers('last-event-id') lastEventId: string | undefined,
    @Query('cursor') cursor: string | undefined,
    @Service() { clientId, until }: ServiceVisitor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const leaving = new AbortController()
    reply.raw.once('close', () => leaving.abort())
    const place = readCursor(lastEventId ?? cursor)
    const parts = await this.feed.follow(clientId, place, { until, left: leaving.signal })
    void reply
      .type('text/event-stream')
      // Or a service that stops would wait until the receiver lets go of the connection.
      .header('Connection', 'close')
      // A proxy that gathers an answer before it passes it on would keep it for ever.
      .header('X-Accel-Buffering', 'no')
      .send(eventStream(parts))
  }

  @Post('poll')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Fetch such events and acknowledge those fetched before (RFC 8936)' })
  @ApiBody({ type: PollBody })
  @ApiResponse({ status: 200, type: PolledBody })
  @ApiResponse({ status: 400, description: 'Problem document' })
  @ApiResponse({ status: 401, description: 'Problem document' })
  async poll(@Body(shape(PollBody)) body: PollBody, @Service() { clientId }: ServiceVisitor): Promise<PolledBody> {
    return this.feed.poll(clientId, {
      mostEvents: body.maxEvents ?? MOST_POLLED,
      returnImmediately: body.returnImmediately ?? false,
      acknowledged: [
        ...(body.ack ?? []).map((jti): Acknowledged => ({ jti, refusedAs: null })),
        ...refusedIn(body.setErrs ?? {}),
      ],
    })
  }
}

/** @throws Problem `invalid_request` for what was never a cursor. */
function readCursor(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new Problem('invalid_request', 'this is no cursor of ours')
  return Number(text)
}

/** RFC 8936 section 2.2: `err` and `description` by `jti`. What is no `jti` of ours is nothing of ours. */
function refusedIn(errors: Readonly<Record<string, unknown>>): Acknowledged[] {
  return Object.entries(errors)
    .filter(([jti]) => isUUID(jti))
    .slice(0, MOST_POLLED)
    .map(([jti, error]) => ({ jti, refusedAs: JSON.stringify(error).slice(0, LONGEST_REASON) }))
}
