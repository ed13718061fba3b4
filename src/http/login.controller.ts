import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common'
import { ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '../domain/catalogue.js'
import { Problem } from '../domain/problem.js'
import { hashOf, isSecret, newSecret } from '../login/opaque-secret.js'
import { type ConfirmedDraft, type LoginWish, PersonLogin } from '../login/person-login.js'
import { PersonLogout } from '../login/person-logout.js'
import { TokenRefused } from '../login/strict-jws.js'
import { Database } from '../store/database.js'
import { seeDraft } from '../store/draft-store.js'
import { namedParties } from '../store/party-store.js'
import { partyRef } from '../store/party-ref.js'
import { useSession } from '../store/session-store.js'
import { Person, type PersonVisitor, Through } from './door.js'
import {
  ATTEMPT_COOKIE,
  ATTEMPT_SECONDS,
  COOKIE,
  DEVICE_COOKIE,
  DEVICE_SECONDS,
  SESSION_COOKIE,
} from './login-cookies.js'
import { LoginQuery, SessionView } from './login.shapes.js'
import { logoutPage, logoutPagePolicy } from './logout-page.js'
import { refuseForeignOrigin, refuseForeignStart } from './own-origin.js'
import { preferredLanguage } from './preferred-language.js'
import { shape } from './shape.js'

type OwnDraft = ConfirmedDraft & { readonly language: Language }

export interface LoginPlace {
  /** Of this service; where the browser is sent in the end. */
  readonly publicUrl: string
  readonly issuer: string
}
export const LOGIN_PLACE = Symbol('where logins begin and end')

@ApiTags('login')
@Controller()
export class LoginController {
  private readonly origin: string

  constructor(
    @Inject(LOGIN_PLACE) private readonly place: LoginPlace,
    @Inject(PersonLogin) private readonly login: PersonLogin,
    @Inject(PersonLogout) private readonly logout: PersonLogout,
    @Inject(Database) private readonly db: Database,
  ) {
    this.origin = new URL(place.publicUrl).origin
  }

  @Get('login')
  @Through('anyone')
  @ApiOperation({
    summary: 'Begin a login, or the one that confirms a text: sends the browser to the identity provider',
  })
  @ApiResponse({
    status: 303,
    description:
      'To the identity provider; or back to return_to with `confirmation=failed` where the text cannot be confirmed',
  })
  @ApiResponse({ status: 400, description: 'return_to leads elsewhere, or the identity provider cannot be reached' })
  async begin(@Query(shape(LoginQuery)) query: LoginQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const returnTo = query.return_to ?? '/'
    if (query.draft !== undefined) return this.beginConfirming(query.draft, returnTo, request, reply)
    const level = query.level ?? 'substantial'
    const language = query.lang ?? preferredLanguage(request.headers['accept-language'])
    return this.sendToProvider({ returnTo, level, language, confirms: null }, request, reply)
  }

  /** Whatever stands in the way, the browser is not left at a dead end: back, and the page asks what became of the draft. */
  private async beginConfirming(draftId: string, returnTo: string, request: FastifyRequest, reply: FastifyReply) {
    refuseForeignStart(request)
    const back = this.login.failedConfirmation(returnTo)
    const own = await this.ownDraft(draftId, request.cookies[SESSION_COOKIE])
    if (own === null) return reply.header('Cache-Control', 'no-store').redirect(`${this.origin}${back}`, 303)
    try {
      const { language, login } = own
      return await this.sendToProvider({ returnTo, level: login.level, language, confirms: own }, request, reply)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return reply.header('Cache-Control', 'no-store').redirect(`${this.origin}${back}`, 303)
    }
  }

  private async ownDraft(draftId: string, secret: string | undefined): Promise<OwnDraft | null> {
    const session = isSecret(secret) ? await useSession(this.db, hashOf(secret)) : null
    const draft = session === null ? null : await seeDraft(this.db, draftId, session.partyId)
    return draft === null || draft.isExpired || draft.confirmedAs !== null ? null : draft
  }

  private async sendToProvider(
    wish: Omit<LoginWish, 'browserSecret'>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const begun = await this.login.begin({ ...wish, browserSecret: request.cookies[ATTEMPT_COOKIE] })
    const { redirectTo, browserSecret } = begun
    reply.setCookie(ATTEMPT_COOKIE, browserSecret, { ...COOKIE, maxAge: ATTEMPT_SECONDS })
    return reply.header('Cache-Control', 'no-store').redirect(redirectTo, 303)
  }

  @Get('login/callback')
  @Through('anyone')
  @ApiOperation({ summary: 'End a login: where the identity provider sends the browser back to' })
  @ApiResponse({
    status: 303,
    description:
      'On to where the login was begun; with `confirmation=cancelled` or `failed` where it was to confirm a text and has not',
  })
  @ApiResponse({ status: 400, description: 'The login failed: begin again' })
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { sessionSecret, returnTo } = await this.login.finish({
      query: request.url.slice(request.url.indexOf('?') + 1),
      browserSecret: request.cookies[ATTEMPT_COOKIE],
      previousSession: request.cookies[SESSION_COOKIE],
    })
    if (sessionSecret !== null) reply.setCookie(SESSION_COOKIE, sessionSecret, COOKIE)
    const device = request.cookies[DEVICE_COOKIE]
    const deviceSecret = isSecret(device) ? device : newSecret()
    reply.setCookie(DEVICE_COOKIE, deviceSecret, { ...COOKIE, maxAge: DEVICE_SECONDS })
    return reply.header('Cache-Control', 'no-store').redirect(`${this.origin}${returnTo}`, 303)
  }

  @Post('logout')
  @Through('anyone')
  @ApiOperation({ summary: 'Log out here, and by the page that is answered at the identity provider' })
  @ApiOkResponse({ description: 'A page that logs out at the identity provider', content: { 'text/html': {} } })
  @ApiResponse({ status: 303, description: 'There is nothing to log out of at the identity provider' })
  @ApiResponse({ status: 403, description: 'The request does not come from our own pages' })
  async end(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    refuseForeignOrigin(request, this.origin)
    const ended = await this.logout.ofPerson(request.cookies[SESSION_COOKIE])
    reply.clearCookie(SESSION_COOKIE, COOKIE).header('Cache-Control', 'no-store')
    const idToken = ended?.idToken ?? null
    const form = idToken === null ? null : await this.logout.formFor(idToken)
    if (ended === null || form === null) return reply.redirect(`${this.origin}/`, 303)
    const nonce = newSecret()
    reply.header('Content-Security-Policy', logoutPagePolicy(form, this.place.issuer, nonce))
    return reply
      .status(200)
      .type('text/html; charset=utf-8')
      .send(logoutPage(form, ended.language, nonce))
  }

  @Post('login/backchannel-logout')
  @HttpCode(200)
  @Through('anyone')
  @ApiOperation({ summary: 'Back-channel logout: the identity provider tells that a person has logged out there' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOkResponse({ description: 'The sessions are ended' })
  @ApiResponse({ status: 400, description: 'The logout token is refused' })
  async endByProvider(@Body() form: unknown, @Res() reply: FastifyReply) {
    reply.header('Cache-Control', 'no-store')
    try {
      await this.logout.byProvider(logoutTokenOf(form))
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      return reply.status(400).send({ error: 'invalid_request', error_description: error.message })
    }
    return reply.status(200).send()
  }

  @Get('v1/me/session')
  @Through('person_or_app')
  @ApiOperation({ summary: 'Who is logged in, and how' })
  @ApiOkResponse({ type: SessionView })
  @ApiResponse({ status: 401, description: 'No one is logged in' })
  async session(@Person() { actor, by, language }: PersonVisitor): Promise<SessionView> {
    const [party] = await namedParties(this.db, [actor.partyId])
    const { level, authenticatedAt } = actor.login
    const authenticated_at = authenticatedAt?.toISOString() ?? null
    return Object.assign(new SessionView(), {
      ref: partyRef(actor.partyId, actor.partyId),
      name: party?.name ?? '',
      born_on: party?.bornOn ?? null,
      level,
      authenticated_at,
      language,
      by,
    })
  }
}

/** Forms are read as `URLSearchParams`; whatever else a form holds is no matter (OpenID Connect Back-Channel Logout 2.5). */
function logoutTokenOf(form: unknown): string {
  const [token, ...others] = form instanceof URLSearchParams ? form.getAll('logout_token') : []
  if (token === undefined || others.length > 0) throw new TokenRefused('a form with one logout_token is asked for')
  return token
}
