import { ApiProperty } from '@nestjs/swagger'
import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator'
import { ACTIONS } from '../domain/catalogue.js'
import { IsInstant, IsPlain } from './exact.shapes.js'

export class EmployeePowersShape {
  @ApiProperty({ example: 'tax.return' })
  @IsString()
  @Length(1, 100)
  @IsPlain()
  service: string

  @ApiProperty({ type: [String], example: ['read', 'write'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 40, { each: true })
  actions: string[]

  @ApiProperty({ required: false, description: 'Organisation number of the one provider it is limited to.' })
  @IsOptional()
  @Matches(/^\d{9}$/)
  provider?: string
}

export class EmploymentShape {
  @ApiProperty({ description: 'Number of the one who works for your organisation.' })
  @IsString()
  @Length(1, 300)
  employee: string

  @ApiProperty({ type: [EmployeePowersShape], description: 'What he may do for it, and for those that it represents.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => EmployeePowersShape)
  powers: EmployeePowersShape[]

  @ApiProperty({ required: false, format: 'date-time', description: 'From when; from now on if absent.' })
  @IsOptional()
  @IsInstant()
  from?: string

  @ApiProperty({ required: false, format: 'date-time', description: 'Until when; until it is ended if absent.' })
  @IsOptional()
  @IsInstant()
  until?: string
}

export class EmploymentPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  employmentId: string
}

export class EmploymentPageShape {
  @ApiProperty({ required: false, format: 'uuid', description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  after?: string
}

class EmployeePowerBody {
  @ApiProperty()
  service: string

  @ApiProperty({ enum: ACTIONS })
  action: string

  @ApiProperty({ type: String, nullable: true })
  provider: string | null
}

export class EmploymentBody {
  @ApiProperty({ format: 'uuid' })
  employment_id: string

  @ApiProperty({ description: 'A handle of this client, never a number.', pattern: '^p_' })
  employee: string

  @ApiProperty({ type: [EmployeePowerBody] })
  powers: EmployeePowerBody[]

  @ApiProperty({ format: 'date-time' })
  valid_from: string

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  valid_until: string | null
}

export class EmploymentsBody {
  @ApiProperty({ type: [EmploymentBody] })
  employments: EmploymentBody[]

  @ApiProperty({ type: String, nullable: true, description: '`after` of the next page; null where this is the last.' })
  next: string | null
}
