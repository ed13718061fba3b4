import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  applyDecorators,
} from '@nestjs/common'
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Json } from '../domain/json.js'
import { type NumberSeries, readIdentifier } from '../domain/identifier.js'
import { Problem } from '../domain/problem.js'
import { hashOf, isSecret } from '../login/opaque-secret.js'
import type { DraftContent } from '../mandates/draft-content.js'
import { Drafts } from '../mandates/drafts.js'
import type { WantedChange } from '../mandates/change.js'
import { Mandates } from '../mandates/mandates.js'
import type { NamedHelper } from '../mandates/named-helper.js'
import type { Draft, KnownDraft } from '../store/draft-store.js'
import { type Door, Through } from './door.js'
import { DEVICE_COOKIE } from './login-cookies.js'
import { Managing, type ManagingVisitor } from './managing.js'
import {
  AcceptanceDraftShape,
  ConfirmationShape,
  DraftPathShape,
  EndingShape,
  ExtensionDraftShape,
  MandateDraftShape,
  MandatePageShape,
  MandatePathShape,
  NarrowingShape,
  ReasonShape,
} from './mandates.shapes.js'
import { LanguageShape } from './me.shapes.js'
import { DraftView, MandatePageView, MandateView, VersionsView } from './mandates.views.js'
import { NUMBER_SERIES } from './settings.js'
import { shape } from './shape.js'
import { IDEMPOTENCY_KEY, idempotencyKey, sendWritten } from './written.js'

const IF_MATCH = { name: 'If-Match', required: true, description: 'The ETag of the mandate as you saw it.' }

/** A change of a mandate as it stands: needs the version it was decided upon, and a key. */
const Change = (path: string, door: Door, summary: string): MethodDecorator =>
  applyDecorators(
    Post(`:mandateId/${path}`),
    Through(door),
    HttpCode(200),
    ApiHeader(IDEMPOTENCY_KEY),
    ApiHeader(IF_MATCH),
    ApiOperation({ summary }),
    ApiOkResponse({ type: MandateView }),
  )

/** What a person does with his own mandates; `OrganisationMandatesController` has the same doors to those of an organisation. */
@ApiTags('mandates')
@Controller('v1/me/mandates')
export class MandatesController {
  constructor(
    @Inject(Drafts) private readonly drafts: Drafts,
    @Inject(Mandates) private readonly mandates: Mandates,
    @Inject(NUMBER_SERIES) private readonly series: NumberSeries,
  ) {}

  @Post('drafts')
  @Through('person')
  @HttpCode(201)
  @ApiOperation({
    summary: 'First step of giving, or of passing on: the exact text, to be confirmed within 30 minutes',
  })
  @ApiCreatedResponse({ type: DraftView })
  async draft(
    @Managing() { manager, language }: ManagingVisitor,
    @Body(shape(MandateDraftShape)) body: MandateDraftShape,
  ): Promise<Json> {
    const powers = body.powers.map(({ service, action, provider, object, from, until, passing_on }) => ({
      service,
      action,
      provider: provider ?? null,
      object: object ?? null,
      from: from ?? null,
      until: until ?? null,
      passingOn: passing_on ?? false,
    }))
    const parent = body.parent ?? null
    const wanted = { parent, helper: namedHelper(body, this.series), powers }
    return draftView(await this.drafts.draftMandate(manager, body.language ?? language, wanted))
  }

  @Post(':mandateId/extension-drafts')
  @Through('person')
  @HttpCode(201)
  @ApiOperation({ summary: 'First step of extending: the exact text, to be confirmed within 30 minutes' })
  @ApiCreatedResponse({ type: DraftView })
  async draftExtension(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(ExtensionDraftShape)) body: ExtensionDraftShape,
  ): Promise<Json> {
    const wish = { powerIds: body.power_ids ?? null, until: body.until }
    return draftView(await this.drafts.draftExtension(manager, body.language ?? language, mandateId, wish))
  }

  @Post(':mandateId/acceptance-drafts')
  @Through('person')
  @HttpCode(201)
  @ApiOperation({
    summary:
      'First step of accepting: the exact text that the representative agrees to, to be confirmed within 30 minutes',
  })
  @ApiCreatedResponse({ type: DraftView })
  async draftAcceptance(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(AcceptanceDraftShape)) body: AcceptanceDraftShape,
  ): Promise<Json> {
    return draftView(await this.drafts.draftAcceptance(manager, body.language ?? language, mandateId))
  }

  @Get('drafts/:draftId')
  @Through('person')
  @ApiOperation({ summary: 'The same draft again, as long as it can be confirmed' })
  @ApiOkResponse({ type: DraftView })
  @ApiResponse({ status: 410, description: 'Expired; or confirmed, with `mandate_id`' })
  async seeDraft(
    @Managing() { manager }: ManagingVisitor,
    @Param(shape(DraftPathShape)) { draftId }: DraftPathShape,
  ): Promise<Json> {
    return draftView(await this.drafts.see(manager, draftId))
  }

  @Post('drafts/:draftId/confirmation')
  @Through('person')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOperation({
    summary:
      'Second step, after the login at confirm_with: confirms the text; the mandate takes effect, is held or offered',
  })
  @ApiCreatedResponse({ type: MandateView })
  async confirm(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(DraftPathShape)) { draftId }: DraftPathShape,
    @Body(shape(ConfirmationShape)) body: ConfirmationShape,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const device = request.cookies[DEVICE_COOKIE]
    const deviceHash = isSecret(device) ? hashOf(device) : null
    const confirmed = { draftId, textHash: body.text_hash, deviceHash }
    return sendWritten(reply, await this.mandates.confirm(manager, language, idempotencyKey(key), confirmed))
  }

  @Get()
  @Through('person_or_app')
  @ApiOperation({ summary: 'The mandates given, received and passed on, latest first' })
  @ApiOkResponse({ type: MandatePageView })
  many(
    @Managing() { manager, language }: ManagingVisitor,
    @Query(shape(MandatePageShape)) query: MandatePageShape,
  ): Promise<Json> {
    return this.mandates.many(manager, query.language ?? language, query.before ?? null)
  }

  @Get(':mandateId')
  @Through('person_or_app')
  @ApiOperation({ summary: 'One mandate' })
  @ApiOkResponse({ type: MandateView })
  async one(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Query(shape(LanguageShape)) query: LanguageShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return sendWritten(reply, await this.mandates.one(manager, query.language ?? language, mandateId))
  }

  @Get(':mandateId/versions')
  @Through('person_or_app')
  @ApiOperation({ summary: 'Everything that was ever changed in it: who, when, why, and what it said' })
  @ApiOkResponse({ type: VersionsView })
  versions(
    @Managing() { manager, language }: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Query(shape(LanguageShape)) query: LanguageShape,
  ): Promise<Json> {
    return this.mandates.versions(manager, query.language ?? language, mandateId)
  }

  @Change('refusal', 'person', 'The representative declines the offer')
  decline(
    @Managing() visitor: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(ReasonShape)) body: ReasonShape,
    @Headers() headers: HeaderValues,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return this.change(visitor, mandateId, { kind: 'decline' }, body, headers, reply)
  }

  @Change('narrowing', 'person', 'The giver takes powers away or lets them end earlier')
  narrow(
    @Managing() visitor: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(NarrowingShape)) body: NarrowingShape,
    @Headers() headers: HeaderValues,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    const powers = body.powers.map(({ power_id, until }) => ({ powerId: power_id, until: until ?? null }))
    return this.change(visitor, mandateId, { kind: 'narrow', powers }, body, headers, reply)
  }

  @Change('freeze', 'person', 'The giver stops it for the time being')
  freeze(
    @Managing() visitor: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(ReasonShape)) body: ReasonShape,
    @Headers() headers: HeaderValues,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return this.change(visitor, mandateId, { kind: 'freeze' }, body, headers, reply)
  }

  @Change('thaw', 'person', 'The giver lets it go on')
  thaw(
    @Managing() visitor: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(ReasonShape)) body: ReasonShape,
    @Headers() headers: HeaderValues,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return this.change(visitor, mandateId, { kind: 'thaw' }, body, headers, reply)
  }

  @Change('end', 'person_or_app', 'Either party, or who passed it on, ends it, at once and for good')
  end(
    @Managing() visitor: ManagingVisitor,
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Body(shape(EndingShape)) body: EndingShape,
    @Headers() headers: HeaderValues,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Json> {
    return this.change(visitor, mandateId, { kind: 'end', quiet: body.quiet ?? false }, body, headers, reply)
  }

  private async change(
    { manager, language }: ManagingVisitor,
    mandateId: string,
    wanted: WantedChange,
    { reason }: ReasonShape,
    headers: HeaderValues,
    reply: FastifyReply,
  ): Promise<Json> {
    const key = idempotencyKey(headers['idempotency-key'])
    const version = versionOf(headers['if-match'])
    return sendWritten(
      reply,
      await this.mandates.change(manager, language, key, mandateId, version, wanted, reason ?? null),
    )
  }
}

type HeaderValues = Readonly<Record<string, string | undefined>>

function versionOf(header: string | undefined): number {
  if (header === undefined) throw new Problem('if_match_required', 'send If-Match with the ETag of the mandate you saw')
  const version = /^"(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined) throw new Problem('version_conflict', 'If-Match is no ETag of a mandate')
  return Number(version)
}

/** Who is to help: named by exactly one of number and name, an invitation, and the request that he made. */
function namedHelper({ representative, request, parent }: MandateDraftShape, series: NumberSeries): NamedHelper {
  const { identifier: number, family_name, invitation } = representative ?? {}
  const familyName = family_name ?? null
  if ([number, invitation, request].filter((one) => one !== undefined).length !== 1) {
    throw new Problem('invalid_request', 'give a number, an invitation or a request, and one of them only')
  }
  if (request !== undefined) {
    if (parent === undefined && representative === undefined) return { by: 'request', requestId: request }
    throw new Problem('invalid_request', 'a request is answered with what is your own, to the one who made it')
  }
  if (invitation !== undefined) {
    if (familyName === null) return { by: 'invitation', invitationId: invitation }
    throw new Problem('invalid_request', 'who has redeemed an invitation is named by it alone')
  }
  const identifier = readIdentifier(number ?? '', series)
  if (typeof identifier === 'string') throw new Problem(identifier, 'the identifier of the representative')
  if ((identifier.scheme === 'orgnr') !== (familyName === null)) {
    throw new Problem('invalid_request', 'a person is named by number and family_name, an organisation by number alone')
  }
  return { by: 'number', identifier, familyName }
}

function draftView(draft: Draft<DraftContent> & Partial<Pick<KnownDraft<DraftContent>, 'answer'>>): Json {
  const { answer = null } = draft
  return {
    draft_id: draft.draftId,
    language: draft.language,
    text: draft.text,
    text_hash: draft.textHash.toString('base64url'),
    expires_at: draft.expiresAt.toISOString(),
    confirm_with: `/login?draft=${draft.draftId}`,
    evidence: answer !== null,
    level: draft.login.level,
    representative: draft.content.kind === 'give' ? draft.content.representativeName : null,
  }
}
