import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator'
import { ASSURANCE_LEVELS, type AssuranceLevel, LANGUAGES, type Language } from '../domain/catalogue.js'
import type { LoginLevel } from '../login/person-login.js'

const LOGIN_LEVELS = ['substantial', 'high'] as const satisfies readonly LoginLevel[]

/** How a login is to be. */
export class LoginQuery {
  @ApiPropertyOptional({ enum: LOGIN_LEVELS, default: 'substantial', description: 'The least level of the login.' })
  @IsOptional()
  @IsIn(LOGIN_LEVELS)
  readonly level?: LoginLevel

  @ApiPropertyOptional({ default: '/', description: 'A path of this service to go to afterwards.' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  readonly return_to?: string

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Your own draft, which the login confirms: `confirm_with`. It asks for its own level and language.',
  })
  @IsOptional()
  @IsUUID()
  readonly draft?: string

  @ApiPropertyOptional({ enum: LANGUAGES, description: 'The language of the login; from Accept-Language when absent.' })
  @IsOptional()
  @IsIn(LANGUAGES)
  readonly lang?: Language
}

/** Who is logged in. */
export class SessionView {
  @ApiProperty({ description: 'An opaque name of the person for himself: the same at every login, and nobody else’s.' })
  readonly ref: string

  @ApiProperty({ description: 'As the register has it; empty while no register has told us of the person.' })
  readonly name: string

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'As the register has it.' })
  readonly born_on: string | null

  @ApiProperty({ enum: ASSURANCE_LEVELS })
  readonly level: AssuranceLevel

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null where the login does not tell.',
  })
  readonly authenticated_at: string | null

  @ApiProperty({ enum: LANGUAGES })
  readonly language: Language

  @ApiProperty({ enum: ['session', 'app'], description: 'In our own pages, or in another party’s app.' })
  readonly by: 'session' | 'app'
}
