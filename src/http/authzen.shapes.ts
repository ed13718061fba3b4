import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'

const ID = { example: '47906701517', description: 'Identity or organisation number, or a handle of this client.' }
const ANY_PROPERTIES = { type: Object, required: false, description: 'Of any kind; here they say nothing.' }

export class SubjectShape {
  @ApiProperty({ example: 'person', description: '`person`; no other is known here.' })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty(ID)
  @IsString()
  @Length(1, 300)
  id: string

  @ApiProperty(ANY_PROPERTIES)
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>
}

export class ActionShape {
  @ApiProperty({ example: 'read' })
  @IsString()
  @Length(1, 100)
  name: string

  @ApiProperty(ANY_PROPERTIES)
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>
}

/** What our reading looks for among the properties of a resource (`decisions/authzen-question.ts`). */
export class ResourcePropertiesShape {
  @ApiProperty({ example: 'nav.pension', minLength: 1, maxLength: 100 })
  service: string

  @ApiProperty({ required: false, example: '889640782', minLength: 1, maxLength: 100 })
  provider?: string

  @ApiProperty({ required: false, minLength: 1, maxLength: 200 })
  object?: string
}

export class ResourceShape {
  @ApiProperty({ example: 'person', description: '`person` or `organisation`; no other is known here.' })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty(ID)
  @IsString()
  @Length(1, 300)
  id: string

  @ApiProperty({ type: ResourcePropertiesShape })
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>
}

export class ActShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id: string

  @ApiProperty({ description: 'SHA-256 of what is to be done, base64url.' })
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  content_hash: string
}

export class EvaluationContextShape {
  @ApiProperty({ required: false, example: 'idporten-loa-high', description: 'Login level as the service saw it.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  acr?: string

  @ApiProperty({ required: false, example: 1795290400, description: 'When the person logged in, in seconds.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9_999_999_999)
  auth_time?: number

  @ApiProperty({
    required: false,
    description:
      'The user’s own id_token: for services that ask for proof of login, and for every search over parties.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 16_384)
  login_token?: string

  @ApiProperty({
    required: false,
    example: '889640782',
    description:
      'The organisation that the person is logged in at work for, by number or handle. Absent: a private login.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 300)
  via?: string

  @ApiProperty({ required: false, type: ActShape, description: 'The act (`/v1/acts`) that the question is about.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ActShape)
  act?: ActShape
}

/** An AuthZEN 1.0 evaluation request. Members that stand nowhere here are ignored, as the standard demands. */
export class EvaluationShape {
  @ApiProperty({ type: SubjectShape })
  @IsObject()
  @ValidateNested()
  @Type(() => SubjectShape)
  subject: SubjectShape

  @ApiProperty({ type: ActionShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ActionShape)
  action: ActionShape

  @ApiProperty({ type: ResourceShape })
  @IsObject()
  @ValidateNested()
  @Type(() => ResourceShape)
  resource: ResourceShape

  @ApiProperty({ type: EvaluationContextShape, required: false })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EvaluationContextShape)
  context?: EvaluationContextShape
}
