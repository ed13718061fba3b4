import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator'
import { LANGUAGES, type Language } from '../domain/catalogue.js'

export class LanguageShape {
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

export class ActivityPageShape extends LanguageShape {
  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  before?: string
}

export class RepresentationsAtShape extends LanguageShape {
  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'As it would be then if nothing else changed: after the next birthday, say. Now if absent.',
  })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(/T.*(Z|[+-]\d\d:\d\d)$/)
  at?: string
}
