import { ApiProperty } from '@nestjs/swagger'
import { NULLABLE_TEXT } from './nullable-text.js'

/** A power in the reader’s language, for `openapi.yaml`: see `domain/power-words.ts`. */
export class PowerInWordsView {
  @ApiProperty({ example: 'nav.pension' })
  service: string

  @ApiProperty()
  service_name: string

  @ApiProperty({ example: 'read' })
  action: string

  @ApiProperty()
  action_text: string

  @ApiProperty(NULLABLE_TEXT)
  provider: string | null

  @ApiProperty({ ...NULLABLE_TEXT, description: 'Null where the catalogue does not know it.' })
  provider_name: string | null

  @ApiProperty(NULLABLE_TEXT)
  object: string | null
}
