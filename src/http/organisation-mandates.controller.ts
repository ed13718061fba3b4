import { Controller } from '@nestjs/common'
import { ApiParam, ApiTags } from '@nestjs/swagger'
import { MandatesController } from './mandates.controller.js'
import { ReceiptsController } from './receipts.controller.js'

const MANDATES = 'v1/on-behalf-of/:handle/mandates'

const HANDLE = {
  name: 'handle',
  schema: { type: 'string' },
  description: 'The organisation: its `ref` as you see it. `no_such_organisation` unless you handle its mandates now.',
} as const

/** The same doors to the mandates of an organisation, for someone in whose role it is to handle them. */
@ApiTags('mandates of an organisation')
@ApiParam(HANDLE)
@Controller(MANDATES)
export class OrganisationMandatesController extends MandatesController {}

@ApiTags('mandates of an organisation')
@ApiParam(HANDLE)
@Controller(MANDATES)
export class OrganisationReceiptsController extends ReceiptsController {}
