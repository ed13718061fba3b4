import { Controller } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { MandatesController } from './mandates.controller.js'
import { ReceiptsController } from './receipts.controller.js'

const MANDATES = 'v1/on-behalf-of/:handle/mandates'

/** The same doors to the mandates of an organisation, for someone in whose role it is to handle them. */
@ApiTags('mandates of an organisation')
@Controller(MANDATES)
export class OrganisationMandatesController extends MandatesController {}

@ApiTags('mandates of an organisation')
@Controller(MANDATES)
export class OrganisationReceiptsController extends ReceiptsController {}
