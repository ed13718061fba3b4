import { ApiProperty } from '@nestjs/swagger'
import { NULLABLE_TEXT } from './nullable-text.js'
import { PowerInWordsView } from './power.views.js'

/** What the answers about mandates look like, for `openapi.yaml`; the answers themselves come from `mandates/mandate-view.ts`. */

export class SeenPartyView {
  @ApiProperty({
    description: 'The same at every time for this person as you see him, and no one else’s name for him.',
  })
  ref: string

  @ApiProperty()
  name: string

  @ApiProperty({ type: 'integer', nullable: true })
  born_year: number | null
}

export class PowerView extends PowerInWordsView {
  @ApiProperty({ format: 'uuid' })
  power_id: string

  @ApiProperty({ description: 'Whether the representative may pass it on, once.' })
  passing_on: boolean

  @ApiProperty({ format: 'date-time' })
  valid_from: string

  @ApiProperty({ format: 'date-time' })
  valid_until: string

  @ApiProperty({ example: '2027-11-20', description: 'The last day on which it holds, in Europe/Oslo.' })
  last_day: string

  @ApiProperty({ example: 'active' })
  state: string
}

export class MandateView {
  @ApiProperty({ format: 'uuid' })
  mandate_id: string

  @ApiProperty({ type: 'integer' })
  version: number

  @ApiProperty({ enum: ['giver', 'given_through', 'representative'] })
  your_role: string

  @ApiProperty({ type: SeenPartyView })
  giver: SeenPartyView

  @ApiProperty({
    type: SeenPartyView,
    nullable: true,
    description: 'The representative who passed it on; null where the giver gave it.',
  })
  given_through: SeenPartyView | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid', description: 'The mandate that it was passed on from.' })
  parent: string | null

  @ApiProperty({ ...NULLABLE_TEXT, example: 'frozen', description: 'Unless it is `active`, this one gives nothing.' })
  parent_state: string | null

  @ApiProperty({ type: SeenPartyView })
  representative: SeenPartyView

  @ApiProperty({ example: 'active' })
  state: string

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time' })
  answer_by: string | null

  @ApiProperty({
    ...NULLABLE_TEXT,
    format: 'date-time',
    description: 'When the first of what is held takes effect; until then any party can end it.',
  })
  takes_effect_at: string | null

  @ApiProperty({
    type: [String],
    enum: ['same_device'],
    description: '`same_device`: accepted on the device on which it had just been given.',
  })
  flags: string[]

  @ApiProperty({ type: [PowerView] })
  powers: PowerView[]
}

export class MandatePageView {
  @ApiProperty({ type: [MandateView] })
  mandates: MandateView[]

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Ask with `before` for the page after; null on the last one.' })
  next: string | null
}

export class DraftView {
  @ApiProperty({ format: 'uuid' })
  draft_id: string

  @ApiProperty({ enum: ['nb', 'nn', 'en', 'se'] })
  language: string

  @ApiProperty({ description: 'The exact text to be shown to whoever confirms it.' })
  text: string

  @ApiProperty({ description: 'SHA-256 of the text, base64url: what the confirmation names.' })
  text_hash: string

  @ApiProperty({ format: 'date-time' })
  expires_at: string

  @ApiProperty({
    example: '/login?draft=0193d1c8-6f2e-7d70-a8f5-1f2f3a4b5c6d',
    description:
      'Send the browser there, with `&return_to=` the path to come back to: the login whose nonce is text_hash. It comes back with `confirmation=cancelled` or `confirmation=failed` where it has not been made.',
  })
  confirm_with: string

  @ApiProperty({ description: 'Whether that login has been made: then the text can be confirmed.' })
  evidence: boolean

  @ApiProperty({ enum: ['substantial', 'high'], description: 'The least level of that login.' })
  level: string

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Name of the one it is given to; null where nothing new is given.' })
  representative: string | null
}

export class VersionView {
  @ApiProperty({ type: 'integer' })
  version: number

  @ApiProperty({ example: 'given' })
  change: string

  @ApiProperty()
  made_by_you: boolean

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Who made it for your organisation; null where you did for yourself.' })
  signed_by: string | null

  @ApiProperty({ format: 'date-time' })
  made_at: string

  @ApiProperty(NULLABLE_TEXT)
  reason: string | null

  @ApiProperty(NULLABLE_TEXT)
  language: string | null

  @ApiProperty(NULLABLE_TEXT)
  text: string | null

  @ApiProperty(NULLABLE_TEXT)
  text_hash: string | null

  @ApiProperty({ type: 'integer', nullable: true })
  catalogue_version: number | null

  @ApiProperty({ type: [PowerView] })
  powers: PowerView[]
}

export class VersionsView {
  @ApiProperty({ type: [VersionView] })
  versions: VersionView[]
}
