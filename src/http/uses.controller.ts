import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Json } from '../domain/json.js'
import { Uses } from '../tokens/uses.js'
import { Service, type ServiceVisitor, Through } from './door.js'
import { shape } from './shape.js'
import { UsesShape, UsesTakenBody, reportedUse } from './uses.shapes.js'

/** Services tell what they did under their delegation tokens. */
@ApiTags('Prove')
@Controller('v1/uses')
@Through('service')
export class UsesController {
  constructor(@Inject(Uses) private readonly uses: Uses) {}

  /** Without `Idempotency-Key`: each use has an id of its own (`Uses.report`). */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'What was done under delegation tokens. The same use again is the same use' })
  @ApiOkResponse({ type: UsesTakenBody })
  async report(@Body(shape(UsesShape)) body: UsesShape, @Service() { clientId }: ServiceVisitor): Promise<Json> {
    const answers = await this.uses.report(clientId, body.uses.map(reportedUse))
    return { uses: answers.map(({ useId, refused }) => ({ use_id: useId, taken: refused === null, refused })) }
  }
}
