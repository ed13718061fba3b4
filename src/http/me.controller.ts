import { Controller, Get, Inject, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger'
import { IsIn, IsOptional, IsString, Length } from 'class-validator'
import type { Json } from '../domain/json.js'
import { activityOf, readCursor } from '../audit/activity.js'
import { OwnRepresentations } from '../decisions/own-representations.js'
import { LANGUAGES, type Language } from '../domain/catalogue.js'
import { Problem } from '../domain/problem.js'
import { Catalogues } from '../store/catalogue-store.js'
import { Database } from '../store/database.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { shape } from './shape.js'

class ActivityPageShape {
  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  before?: string

  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

class LanguageShape {
  @ApiProperty({ enum: LANGUAGES, required: false })
  @IsOptional()
  @IsIn(LANGUAGES)
  language?: Language
}

/** What a person sees of himself: who may act for whom, and what was done. */
@ApiTags('Me')
@Controller('v1/me')
export class MeController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Catalogues) private readonly catalogues: Catalogues,
    @Inject(OwnRepresentations) private readonly own: OwnRepresentations,
  ) {}

  @Get('representations')
  @Through('person_or_app')
  @ApiOperation({ summary: 'For whom may I act, and who may act for me, right now' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  representations(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(LanguageShape)) query: LanguageShape,
  ): Promise<Json> {
    return this.own.of(actor.partyId, query.language ?? language)
  }

  @Get('activity')
  @Through('person_or_app')
  @ApiOperation({ summary: 'What was asked and done on my behalf, latest first' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  async activity(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(ActivityPageShape)) query: ActivityPageShape,
  ): Promise<Json> {
    const before = query.before === undefined ? null : readCursor(query.before)
    if (query.before !== undefined && before === null) throw new Problem('invalid_request', 'before is no cursor')
    const { current } = await this.catalogues.latest(this.db)
    return activityOf(this.db, actor.partyId, before, query.language ?? language, current)
  }
}
