import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator'
import { LANGUAGES, type Language } from '../domain/catalogue.js'
import { IsInstant } from './exact.shapes.js'

export class LanguageShape {
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

const ROLES = ['principal', 'actor'] as const

export class ActivityPageShape extends LanguageShape {
  @ApiProperty({
    required: false,
    enum: ROLES,
    default: 'principal',
    description: 'What was asked and done on my behalf, or by me on behalf of others.',
  })
  @IsOptional()
  @IsIn(ROLES)
  as?: (typeof ROLES)[number]

  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  before?: string

  @ApiProperty({ required: false, description: '`ref` of the other one: only what he did for you, or you for him.' })
  @IsOptional()
  @Matches(/^[\w-]{22}$/)
  with?: string
}

export class RepresentationsAtShape extends LanguageShape {
  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'As it would be then if nothing else changed: after the next birthday, say. Now if absent.',
  })
  @IsOptional()
  @IsInstant()
  at?: string
}

export class LookupPageShape extends LanguageShape {
  @ApiProperty({ required: false, example: '2026-11-01', description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @Length(10, 10)
  before?: string
}

export class LookingOrganisationView {
  @ApiProperty()
  organisation_number: string

  @ApiProperty({ type: 'string', nullable: true })
  name: string | null
}

export class LookupPurposeView {
  @ApiProperty({ example: 'nav.pension' })
  service: string

  @ApiProperty()
  service_name: string
}

export class LookupView {
  @ApiProperty({ example: '2026-11-20', description: 'In Europe/Oslo.' })
  day: string

  @ApiProperty({
    enum: ['asked', 'searched', 'listed'],
    description: 'Whether someone may act for me; who may; or for whom someone may, and I was among them.',
  })
  kind: string

  @ApiProperty({ type: 'integer' })
  count: number

  @ApiProperty({ format: 'date-time' })
  latest_at: string

  @ApiProperty({ type: 'string', nullable: true, description: 'The service that looked.' })
  unit: string | null

  @ApiProperty({ type: LookingOrganisationView, nullable: true, description: 'Who runs it.' })
  organisation: LookingOrganisationView | null

  @ApiProperty({ type: [LookupPurposeView], description: 'What it asked for.' })
  purpose: LookupPurposeView[]

  @ApiProperty({ type: 'string', nullable: true, description: 'Of a caseworker’s look-up; a service has none.' })
  case: string | null
}

export class LookupPageView {
  @ApiProperty({ type: [LookupView] })
  lookups: LookupView[]

  @ApiProperty({ type: 'string', nullable: true, description: 'Ask with `before` for the page after.' })
  next: string | null
}
