import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator'
import { RULINGS, type RulingKind } from '../domain/ground.js'
import { IsInstant, IsPlain } from './exact.shapes.js'

export class ReservationShape {
  @ApiProperty({ example: 'health.prescriptions' })
  @IsString()
  @Length(1, 100)
  @IsPlain()
  service: string

  @ApiProperty({ required: false, example: 'read', description: 'Every action if absent.' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  @IsPlain()
  action?: string

  @ApiProperty({ required: false, description: 'The one case it is about, byte for byte; all of them if absent.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @IsPlain()
  object?: string
}

export class RulingShape {
  @ApiProperty({ enum: RULINGS })
  @IsIn(RULINGS)
  kind: RulingKind

  @ApiProperty({ description: 'Number of the person it is about acting for.' })
  @IsString()
  @Length(1, 40)
  principal: string

  @ApiProperty({ required: false, description: 'Number of the one who was set, has the conflict, or may act.' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  representative?: string

  @ApiProperty({ required: false, example: 'land.registry', description: 'Every service if absent.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @IsPlain()
  service?: string

  @ApiProperty({ required: false, example: 'sign', description: 'Every action if absent.' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  @IsPlain()
  action?: string

  @ApiProperty({ required: false, description: 'The one case, property or act, byte for byte.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @IsPlain()
  object?: string

  @ApiProperty({ required: false, format: 'date-time', description: 'From when; from now on if absent.' })
  @IsOptional()
  @IsInstant()
  from?: string

  @ApiProperty({ required: false, format: 'date-time', description: 'Until when; without end if absent.' })
  @IsOptional()
  @IsInstant()
  until?: string

  @ApiProperty({ description: 'Your own name of the matter: told again under it, it is the same ruling.' })
  @IsString()
  @Length(1, 100)
  @IsPlain()
  reference: string
}

export class RulingPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  rulingId: string
}

export class RulingBody {
  @ApiProperty({ format: 'uuid' })
  ruling_id: string

  @ApiProperty({ enum: RULINGS })
  kind: RulingKind

  @ApiProperty({ type: String, nullable: true })
  service: string | null

  @ApiProperty({ type: String, nullable: true })
  action: string | null

  @ApiProperty({ type: String, nullable: true })
  object: string | null

  @ApiProperty({ type: String, nullable: true })
  reference: string | null

  @ApiProperty({ format: 'date-time' })
  valid_from: string

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  valid_until: string | null
}

export class ReservationsBody {
  @ApiProperty({ type: [RulingBody] })
  reservations: RulingBody[]
}
