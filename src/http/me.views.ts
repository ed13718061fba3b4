import { ApiProperty } from '@nestjs/swagger'
import { BASES } from '../domain/catalogue.js'
import { SeenPartyView } from './mandates.views.js'
import { NULLABLE_TEXT } from './nullable-text.js'
import { PowerInWordsView } from './power.views.js'

/** What a person sees of himself, for `openapi.yaml`; the answers come from `decisions/own-representations.ts` and `audit/activity.ts`. */

export class OwnPowerView extends PowerInWordsView {
  @ApiProperty({ enum: BASES, description: 'Why it may be done.' })
  basis: (typeof BASES)[number]

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid', description: 'Where the basis is a mandate.' })
  mandate_id: string | null

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Last day in Europe/Oslo; null where no end is set.' })
  last_day: string | null
}

export class ActsForMeView {
  @ApiProperty({ type: SeenPartyView })
  representative: SeenPartyView

  @ApiProperty({ type: [OwnPowerView] })
  powers: OwnPowerView[]

  @ApiProperty({ ...NULLABLE_TEXT, format: 'date-time', description: 'When he last got a token to act for you with.' })
  last_used_at: string | null
}

export class ActForOtherView {
  @ApiProperty({ type: SeenPartyView })
  principal: SeenPartyView

  @ApiProperty({ type: [OwnPowerView] })
  powers: OwnPowerView[]
}

export class OwnRepresentationsView {
  @ApiProperty({ type: [ActForOtherView] })
  you_may_act_for: ActForOtherView[]

  @ApiProperty({ type: [ActsForMeView] })
  may_act_for_you: ActsForMeView[]
}

export class SeenPowerView {
  @ApiProperty()
  service: string

  @ApiProperty()
  service_name: string

  @ApiProperty()
  action: string

  @ApiProperty(NULLABLE_TEXT)
  provider: string | null
}

export class SeenUseView extends SeenPowerView {
  @ApiProperty({ format: 'date-time' })
  at: string

  @ApiProperty({ format: 'date-time' })
  reported_at: string

  @ApiProperty({ example: 'done' })
  outcome: string

  @ApiProperty({ ...NULLABLE_TEXT, description: 'The service’s own.' })
  reference: string | null
}

export class SeenUsesView {
  @ApiProperty({ type: 'integer' })
  done: number

  @ApiProperty({ type: 'integer' })
  failed: number

  @ApiProperty({ type: 'integer' })
  refused: number

  @ApiProperty({ type: [SeenUseView] })
  latest: SeenUseView[]
}

export class ActivityLineView {
  @ApiProperty({ format: 'uuid' })
  entry_id: string

  @ApiProperty({ format: 'date-time' })
  at: string

  @ApiProperty({ example: 'exchange' })
  kind: string

  @ApiProperty()
  by_you: boolean

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Null where there was no ground between you.' })
  by: string | null

  @ApiProperty()
  for_you: boolean

  @ApiProperty(NULLABLE_TEXT)
  for: string | null

  @ApiProperty(NULLABLE_TEXT)
  asked_by: string | null

  @ApiProperty({ type: 'boolean', nullable: true })
  allowed: boolean | null

  @ApiProperty(NULLABLE_TEXT)
  refused_because: string | null

  @ApiProperty({ type: [SeenPowerView] })
  powers: SeenPowerView[]

  @ApiProperty({
    type: SeenUsesView,
    nullable: true,
    description: 'Of a token: what its service says was done with it.',
  })
  uses: SeenUsesView | null

  @ApiProperty({ ...NULLABLE_TEXT, format: 'uuid' })
  mandate_id: string | null

  @ApiProperty(NULLABLE_TEXT)
  reason: string | null
}

export class ActivityPageView {
  @ApiProperty({ type: [ActivityLineView] })
  activity: ActivityLineView[]

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Ask with `before` for the page after; null on the last one.' })
  next: string | null
}
