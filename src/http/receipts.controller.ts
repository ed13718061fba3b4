import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { Receipts } from '../papers/receipt.js'
import { Through } from './door.js'
import { Managing, type ManagingVisitor } from './managing.js'
import { MandatePathShape } from './mandates.shapes.js'
import { LanguageShape } from './me.shapes.js'
import { shape } from './shape.js'

@ApiTags('mandates')
@Controller('v1/me/mandates')
export class ReceiptsController {
  constructor(@Inject(Receipts) private readonly receipts: Receipts) {}

  @Get(':mandateId/receipt.pdf')
  @Through('person_or_app')
  @ApiOperation({ summary: 'A receipt to keep: who, the text that was confirmed, and how it stands now' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async receipt(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Query(shape(LanguageShape)) query: LanguageShape,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pdf = await this.receipts.of(manager, query.language ?? language, mandateId)
    await reply
      .type('application/pdf')
      .header('Cache-Control', 'no-store')
      .header('Content-Disposition', 'attachment; filename="fullmakt.pdf"')
      .send(pdf)
  }
}
