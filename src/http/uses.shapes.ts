import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator'
import { ACTIONS, type Action } from '../domain/catalogue.js'
import { type ReportedUse, USE_OUTCOMES, type UseFault, type UseOutcome } from '../domain/reported-use.js'
import { IsInstant, IsPlain } from './exact.shapes.js'

const MOST_IN_ONE_REPORT = 100

export class UseShape {
  @ApiProperty({
    format: 'uuid',
    description: 'Your own, made once for each use: sent again with it, it is the same use.',
  })
  @IsUUID()
  use_id: string

  @ApiProperty({ format: 'uuid', description: 'The claim `evaluation_id` of the delegation token.' })
  @IsUUID()
  evaluation_id: string

  @ApiProperty({ example: 'nav.pension' })
  @IsString()
  @Length(1, 100)
  @IsPlain()
  service: string

  @ApiProperty({ enum: ACTIONS })
  @IsIn(ACTIONS)
  action: Action

  @ApiProperty({ required: false, description: 'Organisation number of the provider where it was done.' })
  @IsOptional()
  @Matches(/^\d{9}$/)
  provider?: string

  @ApiProperty({ required: false, minLength: 1, maxLength: 200, description: 'What it was done to.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @IsPlain()
  object?: string

  @ApiProperty({ enum: USE_OUTCOMES })
  @IsIn(USE_OUTCOMES)
  outcome: UseOutcome

  @ApiProperty({
    required: false,
    description: 'Your own, to find it by: one line of at most 100 characters, and no identity number in it.',
  })
  @IsOptional()
  @IsString()
  // What is too long to be taken is refused by itself, and does not hold up the others.
  @Length(1, 1000)
  reference?: string

  @ApiProperty({ format: 'date-time' })
  @IsInstant()
  happened_at: string
}

export class UsesShape {
  @ApiProperty({ type: [UseShape], minItems: 1, maxItems: MOST_IN_ONE_REPORT })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IN_ONE_REPORT)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => UseShape)
  uses: UseShape[]
}

/** The use as our rooms speak of it. Ids count in either case, as UUIDs do. */
export function reportedUse(shape: UseShape): ReportedUse {
  const { service, action, provider, object, outcome, reference } = shape
  return {
    useId: shape.use_id.toLowerCase(),
    evaluationId: shape.evaluation_id.toLowerCase(),
    power: { service, action, provider: provider ?? null, object: object ?? null },
    outcome,
    reference: reference ?? null,
    happenedAt: new Date(shape.happened_at),
  }
}

const REFUSED = [
  'no_such_token',
  'reported_too_late',
  'power_not_in_token',
  'used_before_token',
  'used_in_the_future',
  'reference_not_allowed',
  'use_id_reused',
] as const satisfies readonly UseFault[]

class UseTakenBody {
  @ApiProperty({ format: 'uuid' })
  use_id: string

  @ApiProperty({ description: 'Whether it is kept, now or since it was first sent.' })
  taken: boolean

  @ApiProperty({ type: String, enum: REFUSED, nullable: true, description: 'Why not: sending it again does not help.' })
  refused: UseFault | null
}

export class UsesTakenBody {
  @ApiProperty({ type: [UseTakenBody], description: 'In the order in which they came.' })
  uses: UseTakenBody[]
}
