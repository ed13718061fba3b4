import { Controller, Get, Inject, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Json } from '../domain/json.js'
import { activityForOthers, activityOf, readCursor } from '../audit/activity.js'
import { lookupsOf, readDay } from '../audit/lookups.js'
import { refuseYoungViewer } from '../decisions/young-viewer.js'
import { OwnRepresentations } from '../decisions/own-representations.js'
import { Problem } from '../domain/problem.js'
import { Catalogues } from '../store/catalogue-store.js'
import { Database } from '../store/database.js'
import { partyOfRef } from '../store/party-ref.js'
import { Person, type PersonVisitor, Through } from './door.js'
import { ActivityPageView, OwnRepresentationsView } from './me.views.js'
import { ActivityPageShape, LookupPageShape, LookupPageView, RepresentationsAtShape } from './me.shapes.js'
import { shape } from './shape.js'

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
  @ApiOperation({ summary: 'For whom may I act, and who may act for me, now or at a time to come' })
  @ApiOkResponse({ type: OwnRepresentationsView })
  representations(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(RepresentationsAtShape)) query: RepresentationsAtShape,
  ): Promise<Json> {
    const at = query.at === undefined ? null : new Date(query.at)
    return this.own.of(actor.partyId, query.language ?? language, at)
  }

  @Get('activity')
  @Through('person_or_app')
  @ApiOperation({ summary: 'What was asked and done on my behalf, or by me on behalf of others, latest first' })
  @ApiOkResponse({ type: ActivityPageView })
  async activity(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(ActivityPageShape)) query: ActivityPageShape,
  ): Promise<Json> {
    const before = query.before === undefined ? null : readCursor(query.before)
    if (query.before !== undefined && before === null) throw new Problem('invalid_request', 'before is no cursor')
    await refuseYoungViewer(this.db, actor.partyId, new Date())
    const { current } = await this.catalogues.latest(this.db)
    const other = query.with === undefined ? null : await partyOfRef(this.db, actor.partyId, query.with)
    if (query.with !== undefined && other === null) return { activity: [], next: null }
    const shown = query.as === 'actor' ? activityForOthers : activityOf
    return shown(this.db, actor.partyId, before, query.language ?? language, current, other)
  }

  @Get('lookups')
  @Through('person_or_app')
  @ApiOperation({ summary: 'Which services looked at who can act for me, by day, latest first' })
  @ApiOkResponse({ type: LookupPageView })
  async lookups(
    @Person() { actor, language }: PersonVisitor,
    @Query(shape(LookupPageShape)) query: LookupPageShape,
  ): Promise<Json> {
    const before = query.before === undefined ? null : readDay(query.before)
    if (query.before !== undefined && before === null) throw new Problem('invalid_request', 'before is no day')
    await refuseYoungViewer(this.db, actor.partyId, new Date())
    const { current } = await this.catalogues.latest(this.db)
    return lookupsOf(this.db, actor.partyId, before, query.language ?? language, current)
  }
}
