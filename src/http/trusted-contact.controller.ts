import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Res } from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { type NumberSeries, readIdentifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import { Problem } from '../domain/problem.js'
import { TrustedContacts } from '../notices/trusted-contact.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { PersonByNumberShape } from './requests.shapes.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'
import { ContactPathShape, TrustedContactsView } from './trusted-contact.shapes.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

/** Who is told, besides the person, when something weighty happens to his mandates. */
@ApiTags('Me')
@Controller('v1/me')
export class TrustedContactController {
  constructor(
    @Inject(TrustedContacts) private readonly contacts: TrustedContacts,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Get('trusted-contact')
  @Through('person_or_app')
  @ApiOperation({ summary: 'Whom I trust to be told of my mandates, and who trusts me so' })
  @ApiOkResponse({ type: TrustedContactsView })
  of(@Person() { actor }: PersonVisitor): Promise<Json> {
    return this.contacts.of(actor)
  }

  @Post('trusted-contact')
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({ summary: 'Name someone, in the place of whoever was named; the same one again changes nothing' })
  @ApiCreatedResponse({ type: TrustedContactsView })
  async name(
    @Person() { actor }: PersonVisitor,
    @Body(shape(PersonByNumberShape)) { identifier: number, family_name: familyName }: PersonByNumberShape,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const identifier = readIdentifier(number, this.series)
    if (typeof identifier === 'string') throw new Problem(identifier, 'the identifier of the one who is trusted')
    return sendWritten(reply, await this.contacts.name(actor, idempotencyKey(key), { identifier, familyName }))
  }

  @Delete('trusted-contact')
  @Through('person')
  @ApiOperation({ summary: 'Name no one any more; again changes nothing' })
  @ApiOkResponse({ type: TrustedContactsView })
  takeBack(@Person() { actor }: PersonVisitor): Promise<Json> {
    return this.contacts.takeBack(actor)
  }

  @Delete('contact-for/:contactId')
  @Through('person')
  @ApiOperation({ summary: 'Be told no more of the one who named me; again changes nothing' })
  @ApiOkResponse({ type: TrustedContactsView })
  layDown(
    @Person() { actor }: PersonVisitor,
    @Param(shape(ContactPathShape)) { contactId }: ContactPathShape,
  ): Promise<Json> {
    return this.contacts.layDown(actor, contactId)
  }
}
