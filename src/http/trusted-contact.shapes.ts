import { ApiProperty } from '@nestjs/swagger'
import { IsUUID } from 'class-validator'
import { NamedPersonView } from './requests.shapes.js'

export class ContactPathShape {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  contactId: string
}

export class TrustedContactView extends NamedPersonView {
  @ApiProperty({ format: 'uuid', description: 'Of this naming, not of the person.' })
  contact_id: string

  @ApiProperty({ format: 'date-time' })
  named_at: string
}

export class TrustedContactsView {
  @ApiProperty({ type: TrustedContactView, nullable: true, description: 'Whom you trust; null when you name no one.' })
  trusted_contact: TrustedContactView | null

  @ApiProperty({ type: [TrustedContactView], description: 'Who trusts you, so that you are told.' })
  contact_for: TrustedContactView[]
}
