import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator'
import { ACTIONS, type Action } from '../domain/catalogue.js'
import { IsInstant, IsPlain } from './exact.shapes.js'
import { PowerInWordsView } from './power.views.js'

/** Lines of plain text: no other control characters, no direction marks, no half characters. */
const LINES = /^(?:\n|[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])+$/u
const SHA256 = { pattern: /^[A-Za-z0-9_-]{43}$/, description: 'SHA-256 of what is to be done, base64url' }

export class OpenActShape {
  @ApiProperty({ description: 'The id_token of the user who begins it, as for an evaluation' })
  @IsString()
  @Length(1, 16_000)
  login_token: string

  @ApiProperty({ description: 'Number or handle of the one on whose behalf' })
  @IsString()
  @Length(1, 70)
  principal: string

  @ApiProperty({ example: 'muni.school' })
  @IsString()
  @Length(1, 100)
  @IsPlain()
  service: string

  @ApiProperty({ enum: ACTIONS })
  @IsIn(ACTIONS)
  action: Action

  @ApiProperty({ required: false, description: 'Organisation number of the provider' })
  @IsOptional()
  @Matches(/^\d{9}$/)
  provider?: string

  @ApiProperty({ required: false, description: 'The one case or property' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @IsPlain()
  object?: string

  @ApiProperty({ description: 'What the others are shown, in plain words' })
  @IsString()
  @Length(1, 2000)
  @Matches(LINES)
  text: string

  @ApiProperty({ description: SHA256.description })
  @Matches(SHA256.pattern)
  content_hash: string

  @ApiProperty({ format: 'date-time', description: 'Between 10 minutes and 30 days ahead' })
  @IsInstant()
  expires_at: string
}

export class ContentHashShape {
  @ApiProperty({ description: SHA256.description })
  @Matches(SHA256.pattern)
  content_hash: string
}

export class ActPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  actId: string
}

export class ActBody {
  @ApiProperty({ format: 'uuid' })
  act_id: string

  @ApiProperty({ description: 'The ground of the one who began it, to exchange for a token when all have agreed' })
  handle: string

  @ApiProperty({ enum: ['open', 'refused', 'lapsed', 'completed'] })
  state: string

  @ApiProperty({ description: 'How many have agreed, the one who began it among them' })
  approved: number

  @ApiProperty()
  refused: number

  @ApiProperty({ format: 'date-time' })
  expires_at: string

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at: string | null

  @ApiProperty({ type: String, nullable: true })
  remedy: string | null
}

export class CompletedBody {
  @ApiProperty({ format: 'uuid' })
  act_id: string

  @ApiProperty({ description: 'True: it may be done, this once. Told again, the same' })
  decision: boolean

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at: string | null

  @ApiProperty({ type: String, nullable: true })
  reason: string | null

  @ApiProperty({ type: String, nullable: true })
  remedy: string | null
}

class NamedBody {
  @ApiProperty()
  name: string
}

class OtherHolderBody {
  @ApiProperty()
  name: string

  @ApiProperty({ description: 'Has said yes; otherwise an answer is still awaited' })
  approved: boolean
}

export class WaitingActBody extends PowerInWordsView {
  @ApiProperty({ format: 'uuid' })
  act_id: string

  @ApiProperty({ type: NamedBody })
  principal: NamedBody

  @ApiProperty({ type: NamedBody })
  opened_by: NamedBody

  @ApiProperty({ type: [OtherHolderBody], description: 'Who else must agree' })
  others: OtherHolderBody[]

  @ApiProperty()
  text: string

  @ApiProperty()
  content_hash: string

  @ApiProperty({ format: 'date-time' })
  expires_at: string
}

export class WaitingActsBody {
  @ApiProperty({ type: [WaitingActBody] })
  acts: WaitingActBody[]
}

export class ActAnswerBody {
  @ApiProperty({ format: 'uuid' })
  act_id: string

  @ApiProperty({ enum: ['approved', 'refused'] })
  answer: string
}
