import { ApiHideProperty, ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator'
import { LANGUAGES, type Language } from '../domain/catalogue.js'

/** A day as someone writes it; whether it exists is settled by the domain. */
export const DAY = /^\d{4}-\d{2}-\d{2}$/
/** No control characters, no direction marks, no half characters: what is shown must be what is meant. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u

export class AskedPowerShape {
  @ApiProperty({ example: 'nav.pension' })
  @IsString()
  @Length(1, 100)
  service: string

  @ApiProperty({ example: 'read' })
  @IsString()
  @Length(1, 40)
  action: string

  @ApiProperty({ required: false, description: 'Organisation number of the one provider it is limited to.' })
  @IsOptional()
  @Matches(/^\d{9}$/)
  provider?: string

  @ApiProperty({ required: false, description: 'The one case, property or journey it is limited to, byte for byte.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PLAIN, { message: 'must hold no control or direction characters' })
  object?: string
}

export class WantedPowerShape extends AskedPowerShape {
  @ApiProperty({
    required: false,
    example: '2026-12-01',
    description: 'First day in Europe/Oslo; from now on if absent.',
  })
  @IsOptional()
  @Matches(DAY)
  from?: string

  @ApiProperty({
    required: false,
    example: '2027-11-30',
    description: 'Last day, included; the default period if absent.',
  })
  @IsOptional()
  @Matches(DAY)
  until?: string

  @ApiProperty({ required: false, description: 'Whether the representative may pass it on, once; no if absent.' })
  @IsOptional()
  @IsBoolean()
  passing_on?: boolean
}

export class RepresentativeShape {
  @ApiProperty({
    required: false,
    description: 'Fødselsnummer or d-number of the one who will help, or an organisation number.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 300)
  identifier?: string

  @ApiProperty({
    required: false,
    description:
      'Family name of a person, given names before it or not, as a guard against a mistyped number. Left out for an organisation.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PLAIN, { message: 'must hold no control or direction characters' })
  family_name?: string

  @ApiProperty({
    required: false,
    format: 'uuid',
    description: 'Your invitation that he has redeemed, instead of number and name.',
  })
  @IsOptional()
  @IsUUID()
  invitation?: string
}

export class MandateDraftShape {
  @ApiProperty({
    required: false,
    format: 'uuid',
    description: 'The mandate that is passed on: one that was given to you. You give of your own if absent.',
  })
  @IsOptional()
  @IsUUID()
  parent?: string

  @ApiProperty({
    required: false,
    format: 'uuid',
    description:
      'The request to you that this answers, with the same powers or less. Stands instead of `representative`.',
  })
  @IsOptional()
  @IsUUID()
  request?: string

  @ApiProperty({ type: RepresentativeShape, required: false, description: 'Left out only where `request` is given.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RepresentativeShape)
  representative?: RepresentativeShape

  @ApiProperty({ type: [WantedPowerShape], maxItems: 50 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => WantedPowerShape)
  powers: WantedPowerShape[]

  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

export class ExtensionDraftShape {
  @ApiProperty({ example: '2027-11-30', description: 'New last day, included.' })
  @Matches(DAY)
  until: string

  @ApiProperty({ type: [String], required: false, description: 'The powers to extend; all that can be, if absent.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  power_ids?: string[]

  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

export class AcceptanceDraftShape {
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

export class ConfirmationShape {
  @ApiProperty({ description: 'SHA-256 of the text that was shown, base64url.' })
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  text_hash: string
}

export class ReasonShape {
  @ApiProperty({ required: false, description: 'Why, in the words of whoever does it. Both parties see it.' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  @Matches(PLAIN, { message: 'must hold no control or direction characters' })
  reason?: string
}

export class EndingShape extends ReasonShape {
  @ApiProperty({
    required: false,
    description:
      'Of whoever gave it or passed it on: the representative gets no notice. The list shows it all the same.',
  })
  @IsOptional()
  @IsBoolean()
  quiet?: boolean
}

export class NarrowedPowerShape {
  @ApiProperty()
  @IsUUID()
  power_id: string

  @ApiProperty({ required: false, description: 'New last day, included; the power is taken away if absent.' })
  @IsOptional()
  @Matches(DAY)
  until?: string
}

export class NarrowingShape extends ReasonShape {
  @ApiProperty({ type: [NarrowedPowerShape] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => NarrowedPowerShape)
  powers: NarrowedPowerShape[]
}

export class MandatePageShape {
  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  before?: string

  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

/** An address of an organisation's mandates: the name is looked up where it is decided upon, so that no form of it tells. */
class OfOrganisationShape {
  @ApiHideProperty()
  @IsOptional()
  @IsString()
  handle?: string
}

export class MandatePathShape extends OfOrganisationShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  mandateId: string
}

export class DraftPathShape extends OfOrganisationShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  draftId: string
}
