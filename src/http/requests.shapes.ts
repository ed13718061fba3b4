import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator'
import { IsPlain } from './exact.shapes.js'
import { AskedPowerShape, DAY } from './mandates.shapes.js'
import { LanguageShape } from './me.shapes.js'
import { NULLABLE_TEXT } from './nullable-text.js'
import { PowerInWordsView } from './power.views.js'

export class NamedPersonView {
  @ApiProperty()
  name: string

  @ApiProperty({ type: 'integer', nullable: true })
  born_year: number | null
}

/** A person as one names him: to ask him, or to trust him. */
export class PersonByNumberShape {
  @ApiProperty({ description: 'Fødselsnummer or d-number.' })
  @IsString()
  @Length(1, 300)
  identifier: string

  @ApiProperty({ description: 'Family name, given names before it or not, as a guard against a mistyped number.' })
  @IsString()
  @Length(1, 200)
  @IsPlain()
  family_name: string
}

export class RequestShape {
  @ApiProperty({ type: PersonByNumberShape })
  @IsObject()
  @ValidateNested()
  @Type(() => PersonByNumberShape)
  principal: PersonByNumberShape

  @ApiProperty({ type: [AskedPowerShape], maxItems: 50 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AskedPowerShape)
  powers: AskedPowerShape[]

  @ApiProperty({ example: '2027-11-30', description: 'Last day, included.' })
  @Matches(DAY)
  until: string

  @ApiProperty({ required: false, maxLength: 300, description: 'Why, in plain text. No identity numbers.' })
  @IsOptional()
  @IsString()
  @Length(1, 300)
  @IsPlain()
  message?: string
}

export class RefusalShape {
  @ApiProperty({ required: false, description: 'Why; the helper sees it, unless he is blocked.' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  @IsPlain()
  reason?: string

  @ApiProperty({
    required: false,
    description: 'Nothing of this helper comes through from now on. He is told neither this nor that you declined.',
  })
  @IsOptional()
  @IsBoolean()
  block?: boolean

  @ApiProperty({ required: false, description: 'Whether those who look after the service are to look at it.' })
  @IsOptional()
  @IsBoolean()
  report?: boolean
}

export class RequestPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  requestId: string
}

export class OwnPageShape extends LanguageShape {
  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  before?: string
}

export class CodeShape {
  @ApiProperty({ description: 'As it was read out or written down: any case, with or without hyphens and spaces.' })
  @IsString()
  @Length(1, 60)
  @IsPlain()
  code: string
}

export class InvitationShape {
  @ApiProperty({ required: false, maxLength: 60, description: 'A note of your own, which no one else sees.' })
  @IsOptional()
  @IsString()
  @Length(1, 60)
  @IsPlain()
  label?: string
}

export class InvitationPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  invitationId: string
}

export class RequestView {
  @ApiProperty({ format: 'uuid' })
  request_id: string

  @ApiProperty({ enum: ['helper', 'asked'] })
  your_role: string

  @ApiProperty({ enum: ['open', 'approved', 'declined', 'withdrawn', 'lapsed'] })
  state: string

  @ApiProperty({ type: NamedPersonView })
  helper: NamedPersonView

  @ApiProperty({ ...NULLABLE_TEXT, description: 'To the helper: the family name as he wrote it.' })
  asked_name: string | null

  @ApiProperty({ type: [PowerInWordsView] })
  powers: PowerInWordsView[]

  @ApiProperty({ example: '2027-11-30' })
  until: string

  @ApiProperty(NULLABLE_TEXT)
  message: string | null

  @ApiProperty({ format: 'date-time' })
  made_at: string

  @ApiProperty({ format: 'date-time', description: 'Until when it can be answered.' })
  lapses_at: string

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time' })
  answered_at: string | null

  @ApiProperty(NULLABLE_TEXT)
  reason: string | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid', description: 'The mandate that was given on it.' })
  mandate_id: string | null

  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description: 'To the one who is asked: whether this helper is blocked.',
  })
  blocked: boolean | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time', description: 'To the helper: when he ordered a letter.' })
  letter_ordered_at: string | null
}

export class RequestPageView {
  @ApiProperty({ type: [RequestView] })
  requests: RequestView[]

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Ask with `before` for the page after; null on the last one.' })
  next: string | null
}

export class NewInvitationView {
  @ApiProperty({ format: 'uuid' })
  invitation_id: string

  @ApiProperty({
    ...NULLABLE_TEXT,
    example: 'K7M3P-9TXCA-4HJWR',
    description: 'Shown this once: null where the same request is sent again.',
  })
  code: string | null

  @ApiProperty(NULLABLE_TEXT)
  label: string | null

  @ApiProperty({ format: 'date-time' })
  expires_at: string
}

export class RedeemedView {
  @ApiProperty({ format: 'uuid' })
  invitation_id: string

  @ApiProperty({ type: NamedPersonView })
  inviter: NamedPersonView

  @ApiProperty({ format: 'date-time', description: 'Until when the inviter can give you something by it.' })
  expires_at: string
}

export class InvitationView {
  @ApiProperty({ format: 'uuid' })
  invitation_id: string

  @ApiProperty(NULLABLE_TEXT)
  label: string | null

  @ApiProperty({ enum: ['open', 'redeemed', 'used', 'expired', 'cancelled'] })
  state: string

  @ApiProperty({ format: 'date-time' })
  made_at: string

  @ApiProperty({ format: 'date-time' })
  expires_at: string

  @ApiProperty({ type: NamedPersonView, nullable: true })
  redeemed_by: NamedPersonView | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time' })
  redeemed_at: string | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid' })
  mandate_id: string | null
}

export class InvitationPageView {
  @ApiProperty({ type: [InvitationView] })
  invitations: InvitationView[]

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Ask with `before` for the page after; null on the last one.' })
  next: string | null
}

export class CancelledView {
  @ApiProperty({ format: 'uuid' })
  invitation_id: string

  @ApiProperty({ enum: ['cancelled'] })
  state: string
}
