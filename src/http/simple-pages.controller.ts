import { randomUUID } from 'node:crypto'
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Text } from '../domain/catalogue.js'
import { Problem, type ProblemCode } from '../domain/problem.js'
import type { SimplePageTexts } from '../domain/simple-page-text.js'
import { newSecret } from '../login/opaque-secret.js'
import type { PersonVisitor } from '../login/visitor.js'
import { ofOneself } from '../mandates/acting.js'
import { Mandates } from '../mandates/mandates.js'
import { Database } from '../store/database.js'
import { namedParties } from '../store/party-store.js'
import { Through } from './door.js'
import { MandatePathShape } from './mandates.shapes.js'
import type { MandatePageView, MandateView } from './mandates.views.js'
import { preferredLanguage } from './preferred-language.js'
import { STATUS } from './problem.filter.js'
import { SessionStrategy } from './session.strategy.js'
import { PROBLEM_TITLES, SIMPLE_PAGE_TEXTS } from './settings.js'
import { shape } from './shape.js'
import { SimplePageQuery } from './simple-pages.shapes.js'
import {
  SIMPLE_PAGES,
  type Words,
  isAlive,
  listContent,
  loginContent,
  questionContent,
  questionHeading,
  refusalContent,
  simplePage,
  simplePagePolicy,
  wordsIn,
} from './simple-pages.js'
import { idempotencyKey } from './written.js'

/** What is put on a page: its heading and its content, in HTML. */
interface Shown {
  readonly heading: string
  readonly content: string
}

/** Makes the page, or says the address to go to instead. */
type Make = (visitor: PersonVisitor, words: Words) => Promise<Shown | string>

/**
 * For those whose browser runs no scripts: to see one’s fullmakter and to end one, by the same functions as the API. Open
 * doors, since whoever is not logged in is to read so and not get a problem document; the session is looked at here.
 */
@ApiExcludeController()
@Controller(SIMPLE_PAGES)
@Through('anyone')
export class SimplePagesController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Mandates) private readonly mandates: Mandates,
    @Inject(SessionStrategy) private readonly session: SessionStrategy,
    @Inject(SIMPLE_PAGE_TEXTS) private readonly texts: SimplePageTexts,
    @Inject(PROBLEM_TITLES) private readonly titles: Readonly<Record<ProblemCode, Text>>,
  ) {}

  @Get()
  list(
    @Query(shape(SimplePageQuery)) query: SimplePageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.show(request, reply, query, SIMPLE_PAGES, async ({ actor }, words) => {
      const page = (await this.mandates.many(ofOneself(actor), words.language, null)) as unknown as MandatePageView
      const [party] = await namedParties(this.db, [actor.partyId])
      const lists = { name: party?.name ?? '', mandates: page.mandates, hasMore: page.next !== null }
      return {
        heading: words.say('title'),
        content: listContent(words, { ...lists, isDone: query.done === '1' }),
      }
    })
  }

  @Get('avslutt/:mandateId')
  question(
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Query(shape(SimplePageQuery)) query: SimplePageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.show(request, reply, query, addressOf(mandateId), async ({ actor }, words) => {
      const mandate = await this.mandate(actor, words, mandateId)
      if (!isAlive(mandate.state)) throw new Problem('not_in_this_state', 'it has ended already')
      return { heading: questionHeading(words, mandate), content: questionContent(words, mandate, randomUUID()) }
    })
  }

  @Post('avslutt/:mandateId')
  @HttpCode(200)
  end(
    @Param(shape(MandatePathShape)) { mandateId }: MandatePathShape,
    @Query(shape(SimplePageQuery)) query: SimplePageQuery,
    @Body() form: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.show(request, reply, query, addressOf(mandateId), async ({ actor }, { language }) => {
      const { key, version } = endForm(form)
      await this.mandates.change(ofOneself(actor), language, key, mandateId, version, { kind: 'end' }, null)
      return `${SIMPLE_PAGES}?lang=${language}&done=1`
    })
  }

  private async mandate(actor: PersonVisitor['actor'], { language }: Words, mandateId: string): Promise<MandateView> {
    return (await this.mandates.one(ofOneself(actor), language, mandateId)).body as unknown as MandateView
  }

  /** Makes the page, or goes to the address that comes instead; refusals, and the way to the login, are pages as well. */
  private async show(
    request: FastifyRequest,
    reply: FastifyReply,
    { lang }: SimplePageQuery,
    address: string,
    make: Make,
  ): Promise<FastifyReply> {
    const words = wordsIn(this.texts, lang ?? preferredLanguage(request.headers['accept-language']))
    const { status, shown } = await this.answer(request, address, words, make)
    if (typeof shown === 'string') return reply.redirect(shown, 303)
    const nonce = newSecret()
    return reply
      .status(status)
      .header('Content-Security-Policy', simplePagePolicy(nonce))
      .type('text/html; charset=utf-8')
      .send(simplePage({ words, nonce, address, ...shown }))
  }

  private async answer(
    request: FastifyRequest,
    address: string,
    words: Words,
    make: Make,
  ): Promise<{ readonly status: number; readonly shown: Shown | string }> {
    try {
      const visitor = await this.session.validate(request)
      if (visitor !== null) return { status: 200, shown: await make(visitor, words) }
      return { status: 200, shown: { heading: words.say('title'), content: loginContent(words, address) } }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const title = this.titles[error.code][words.language]
      const shown = { heading: words.say('refused'), content: refusalContent(words, title) }
      return { status: STATUS[error.code], shown }
    }
  }
}

function addressOf(mandateId: string): string {
  return `${SIMPLE_PAGES}/avslutt/${mandateId}`
}

/** What our own form holds. @throws Problem for any other. */
function endForm(form: unknown): { readonly key: string; readonly version: number } {
  const [key, version] =
    form instanceof URLSearchParams ? [form.get('key') ?? undefined, form.get('version') ?? ''] : [undefined, '']
  if (!/^\d{1,9}$/.test(version)) throw new Problem('invalid_request', 'the form names no version')
  return { key: idempotencyKey(key), version: Number(version) }
}
