import { ApiProperty } from '@nestjs/swagger'
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsObject, IsOptional, IsUUID, Max, Min } from 'class-validator'

/** Tokens in one answer at most, and acknowledgements in one request. */
export const MOST_POLLED = 100

export class PollBody {
  @ApiProperty({ required: false, type: 'integer', minimum: 0, maximum: MOST_POLLED, default: MOST_POLLED })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_POLLED)
  maxEvents?: number

  @ApiProperty({ required: false, default: false, description: 'Left out, the answer waits up to 20 s for an event' })
  @IsOptional()
  @IsBoolean()
  returnImmediately?: boolean

  @ApiProperty({ required: false, type: [String], maxItems: MOST_POLLED, description: 'The `jti` of what was taken' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_POLLED)
  @IsUUID('all', { each: true })
  ack?: string[]

  @ApiProperty({
    selfRequired: false,
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['err'],
      properties: { err: { type: 'string' }, description: { type: 'string' } },
    },
    description: 'By `jti`, what could not be taken, and why. It is not told again',
  })
  @IsOptional()
  @IsObject()
  setErrs?: Record<string, unknown>
}

export class PolledBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    selfRequired: true,
    description: 'Security Event Tokens by `jti`, in the order in which they stand',
  })
  sets: Readonly<Record<string, string>>

  @ApiProperty()
  moreAvailable: boolean
}
