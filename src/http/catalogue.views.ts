import { ApiProperty } from '@nestjs/swagger'
import {
  ACTIONS,
  ASSURANCE_LEVELS,
  type Action,
  type AssuranceLevel,
  LANGUAGES,
  type Language,
} from '../domain/catalogue.js'
import { NULLABLE_TEXT } from './nullable-text.js'

/** What the answer about the catalogue looks like, for `openapi.yaml`; the answer itself comes from the controller. */

export class LifeAreaView {
  @ApiProperty({ example: 'health' })
  life_area: string

  @ApiProperty()
  name: string
}

export class OfferingOrganisationView {
  @ApiProperty({ example: '889640782' })
  organisation: string

  @ApiProperty(NULLABLE_TEXT)
  name: string | null
}

export class CatalogueActionView {
  @ApiProperty({ enum: ACTIONS })
  action: Action

  @ApiProperty({ description: 'The end of «Kari can …», said to the one who gives.' })
  text: string

  @ApiProperty()
  given_by_mandate: boolean
}

export class MandateRuleView {
  @ApiProperty({ type: 'integer' })
  giver_from_age: number

  @ApiProperty({ type: 'integer' })
  representative_from_age: number

  @ApiProperty()
  must_be_accepted: boolean

  @ApiProperty({ description: 'Whether the giver may let the representative pass it on, once.' })
  may_be_passed_on: boolean

  @ApiProperty({ type: 'integer' })
  default_months: number

  @ApiProperty({ type: 'integer' })
  maximum_months: number
}

export class CatalogueServiceView {
  @ApiProperty({ example: 'nav.pension' })
  service: string

  @ApiProperty()
  name: string

  @ApiProperty()
  description: string

  @ApiProperty({ description: 'The heading it stands under.' })
  life_area: string

  @ApiProperty({ description: 'Whether organisations use it, and so can give of it.' })
  used_by_organisations: boolean

  @ApiProperty({ type: OfferingOrganisationView })
  owner: OfferingOrganisationView

  @ApiProperty({ type: [OfferingOrganisationView], description: 'Where each offers it for itself; else empty.' })
  providers: OfferingOrganisationView[]

  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'What the one thing is called that a power can be limited to; null where there is none such.',
  })
  object_name: string | null

  @ApiProperty({ enum: ASSURANCE_LEVELS })
  required_level: AssuranceLevel

  @ApiProperty({ example: 'normal' })
  risk_class: string

  @ApiProperty({ type: [CatalogueActionView] })
  actions: CatalogueActionView[]

  @ApiProperty({ type: [String], description: 'What no mandate can cover here, in sentences.' })
  personal_by_law: string[]

  @ApiProperty({ type: MandateRuleView, nullable: true, description: 'Null where it cannot be given.' })
  mandate: MandateRuleView | null
}

export class CatalogueView {
  @ApiProperty({ type: 'integer' })
  version: number

  @ApiProperty({ enum: LANGUAGES })
  language: Language

  @ApiProperty({ type: [LifeAreaView], description: 'In the order in which to show them.' })
  life_areas: LifeAreaView[]

  @ApiProperty({ type: [CatalogueServiceView] })
  services: CatalogueServiceView[]
}
