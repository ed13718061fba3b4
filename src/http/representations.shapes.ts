import { ApiProperty } from '@nestjs/swagger'
import { IsIn, IsString, Length } from 'class-validator'
import { ACTIONS, BASES } from '../domain/catalogue.js'

export const ID_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:id_token'

export class OpenGrantBody {
  @ApiProperty({ description: 'The id_token of the service’s logged-in user, at most 120 s old' })
  @IsString()
  @Length(1, 16_384)
  login_token: string

  @ApiProperty({ enum: [ID_TOKEN_TYPE] })
  @IsIn([ID_TOKEN_TYPE])
  login_token_type: typeof ID_TOKEN_TYPE
}

export class EndGrantBody {
  @ApiProperty()
  @IsString()
  @Length(1, 200)
  actor_grant: string
}

export class PrincipalBody {
  @ApiProperty()
  handle: string

  @ApiProperty()
  name: string

  @ApiProperty({ type: 'integer', nullable: true })
  born_year: number | null
}

export class ListedPowerBody {
  @ApiProperty()
  service: string

  @ApiProperty({ enum: ACTIONS })
  action: string

  @ApiProperty({ type: String, nullable: true, description: 'Organisation number, where limited to one provider' })
  provider: string | null

  @ApiProperty({ type: String, nullable: true })
  object: string | null

  @ApiProperty({ description: 'What to ask for at /oauth/token' })
  scope: string

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the ground stops covering it; null where no end is set',
  })
  valid_until: string | null
}

class ThroughBody {
  @ApiProperty({ description: 'Of the organisation that the person is at work for' })
  handle: string

  @ApiProperty({ enum: ['employment'] })
  basis: string
}

export class RepresentationBody {
  @ApiProperty({ description: 'The subject_token of a token exchange' })
  handle: string

  @ApiProperty({ type: PrincipalBody })
  principal: PrincipalBody

  @ApiProperty({ enum: BASES })
  basis: string

  @ApiProperty({ required: false, type: ThroughBody, description: 'Where he may through an organisation' })
  via?: ThroughBody

  @ApiProperty({ type: [ListedPowerBody] })
  powers: ListedPowerBody[]
}

export class OpenedGrantBody {
  @ApiProperty({ description: 'The actor_token of token exchanges in this session. A secret' })
  actor_grant: string

  @ApiProperty({ format: 'date-time' })
  actor_grant_expires_at: string

  @ApiProperty({ type: 'integer', description: 'Without use for so long it ends' })
  actor_grant_idle_seconds: number

  @ApiProperty({ type: [RepresentationBody] })
  representations: readonly RepresentationBody[]

  @ApiProperty({ description: 'False when the person may act for more people than are listed' })
  complete: boolean
}
