import { Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common'
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import type { Json } from '../domain/json.js'
import { Mandates } from '../mandates/mandates.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

const COUNT = { type: 'integer' } as const

export class FrozenAllView {
  @ApiProperty({ ...COUNT, description: 'Mandates that were frozen now.' })
  frozen: number

  @ApiProperty({ ...COUNT, description: 'And that had been before.' })
  already_frozen: number

  @ApiProperty({ ...COUNT, description: 'Offers of yours that can still be accepted: end them one by one.' })
  still_offered: number

  @ApiProperty({ ...COUNT, description: 'Mandates that are held back and will take effect: end them one by one.' })
  still_held: number

  @ApiProperty({ ...COUNT, description: 'Grounds by law, of parents and guardians say, which cannot be frozen here.' })
  by_law: number
}

/** For someone who is pressured or has lost the overview. */
@ApiTags('mandates')
@Controller('v1/me/freeze-all')
export class FreezeAllController {
  constructor(@Inject(Mandates) private readonly mandates: Mandates) {}

  @Post()
  @Through('person')
  @HttpCode(200)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'The giver stops all he has given, for the time being' })
  @ApiOkResponse({ type: FrozenAllView })
  async freezeAll(
    @Person() { actor }: PersonVisitor,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.mandates.freezeAll(actor, idempotencyKey(key)))
  }
}
