import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsOptional, IsUUID } from 'class-validator'
import { DIGESTS, type Digest, NOTICE_KINDS } from '../domain/notice.js'
import { LanguageShape } from './me.shapes.js'
import { NULLABLE_TEXT } from './nullable-text.js'

export class NoticePageShape extends LanguageShape {
  @ApiProperty({ required: false, format: 'uuid', description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  before?: string
}

export class NoticePathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  noticeId: string
}

export class NoticeSettingsShape {
  @ApiProperty({
    enum: DIGESTS,
    description: 'How often to have an e-mail of first uses: of each, once a week, never. The inbox has them all.',
  })
  @IsIn(DIGESTS)
  first_use: Digest
}

export class NoticeView {
  @ApiProperty({ format: 'uuid' })
  notice_id: string

  @ApiProperty({ enum: Object.keys(NOTICE_KINDS) })
  kind: string

  @ApiProperty({ format: 'date-time' })
  at: string

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time' })
  read_at: string | null

  @ApiProperty({ description: 'The whole of it in words, in the language asked for.' })
  text: string

  @ApiProperty({
    ...NULLABLE_TEXT,
    format: 'uuid',
    description: 'What it is about: a mandate or a request; null: you.',
  })
  subject: string | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid' })
  mandate_id: string | null

  @ApiProperty(NULLABLE_TEXT)
  giver: string | null

  @ApiProperty(NULLABLE_TEXT)
  given_through: string | null

  @ApiProperty(NULLABLE_TEXT)
  representative: string | null

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Who else it speaks of: the one who asks, say.' })
  other: string | null

  @ApiProperty(NULLABLE_TEXT)
  service_name: string | null

  @ApiProperty({ ...NULLABLE_TEXT, example: '2027-11-20' })
  last_day: string | null
}

export class NoticePageView {
  @ApiProperty({ type: [NoticeView] })
  notices: NoticeView[]

  @ApiProperty({ type: 'integer', description: 'How many are unread in all.' })
  unread: number

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Ask with `before` for the page after; null on the last one.' })
  next: string | null
}

export class UnreadView {
  @ApiProperty({ type: 'integer' })
  unread: number
}

export class NoticeSettingsView {
  @ApiProperty({ enum: DIGESTS })
  first_use: Digest
}

export class ContactChannelView {
  @ApiProperty({ example: 'k***@e***.no' })
  masked: string

  @ApiProperty({ description: 'No when it is too old, or when you have reserved yourself.' })
  used_for_notices: boolean
}

export class ContactView {
  @ApiProperty({
    enum: ['active', 'deleted', 'not_registered', 'not_asked'],
    description: 'What Kontakt- og reservasjonsregisteret knows; `not_asked` where it cannot be asked about you.',
  })
  status: string

  @ApiProperty({ type: 'boolean', nullable: true })
  reserved: boolean | null

  @ApiProperty(NULLABLE_TEXT)
  language: string | null

  @ApiProperty({ type: ContactChannelView, nullable: true })
  email: ContactChannelView | null

  @ApiProperty({ type: ContactChannelView, nullable: true })
  mobile: ContactChannelView | null

  @ApiProperty({ type: NoticeSettingsView })
  settings: NoticeSettingsView
}
