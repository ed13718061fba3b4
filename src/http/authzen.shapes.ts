import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  IsInt,
  IsNotEmptyObject,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'

const ID = { example: '47906701517', description: 'Identity or organisation number, or a handle of this client.' }

/** Half a character (a lone surrogate) has no place in the log's canonical JSON (RFC 8785 section 3.2.2.2). */
const WELL_FORMED = /^\P{Cs}*$/u
const WITHOUT_HALVES = { message: 'must hold whole characters only' }

export class SubjectShape {
  @ApiProperty({ enum: ['person'] })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty(ID)
  @IsString()
  @Length(1, 300)
  id: string
}

export class ActionShape {
  @ApiProperty({ example: 'read' })
  @IsString()
  @Length(1, 100)
  name: string
}

export class ResourcePropertiesShape {
  @ApiProperty({ example: 'nav.pension' })
  @IsString()
  @Length(1, 100)
  service: string

  @ApiProperty({ required: false, example: '889640782' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(WELL_FORMED, WITHOUT_HALVES)
  provider?: string

  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(WELL_FORMED, WITHOUT_HALVES)
  object?: string
}

export class ResourceShape {
  @ApiProperty({ enum: ['person', 'organisation'] })
  @IsString()
  @Length(1, 100)
  type: string

  @ApiProperty(ID)
  @IsString()
  @Length(1, 300)
  id: string

  @ApiProperty({ type: ResourcePropertiesShape })
  @IsObject()
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => ResourcePropertiesShape)
  properties: ResourcePropertiesShape
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

  @ApiProperty({ required: false, description: 'The user’s own id_token, for services that ask for proof of login.' })
  @IsOptional()
  @IsString()
  @Length(1, 16_384)
  login_token?: string
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

export class DecisionContextShape {
  @ApiProperty()
  evaluation_id: string

  @ApiProperty({ required: false, description: 'A code of the closed list; absent when the answer is yes.' })
  reason?: string

  @ApiProperty({ required: false, enum: ['self', 'mandate'] })
  basis?: string

  @ApiProperty({ required: false })
  remedy?: string

  @ApiProperty({ required: false, type: Object, description: 'The reason in nb, nn, en and se.' })
  reason_user?: Record<string, string>

  @ApiProperty({ required: false })
  reason_admin?: string

  @ApiProperty({ type: [Object] })
  obligations: Record<string, unknown>[]

  @ApiProperty({ required: false, format: 'date-time', description: 'The answer holds no longer than this.' })
  valid_until?: string
}

export class DecisionShape {
  @ApiProperty()
  decision: boolean

  @ApiProperty({ type: DecisionContextShape })
  context: DecisionContextShape
}
