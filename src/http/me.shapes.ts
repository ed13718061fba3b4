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
