import type { NumberSeries } from '../domain/identifier.js'
import { Problem } from '../domain/problem.js'
import type { Clients } from '../login/clients.js'
import type { VerifiedLogin } from '../login/login-token.js'
import type { Client } from '../store/client-store.js'
import { type AnswerTexts, type AuthzenDecision, authzenAnswer } from './authzen-answer.js'
import { type EvaluationRequest, type LoginVerifier, readQuestion } from './authzen-question.js'
import {
  type SearchAnswer,
  type SearchRequest,
  type Searched,
  boundTo,
  readSearch,
  searchAnswer,
} from './authzen-search.js'
import type { Asked, Decisions } from './evaluate.js'
import type { Semantic } from './evaluations.js'
import type { PageTokens } from './page-token.js'
import type { Page } from './search-page.js'
import type { Searches } from './search.js'

/** Who asks, and his own name for the request. */
export interface Asker {
  readonly clientId: string
  readonly requestId: string | null
}

export interface AuthzenParts {
  readonly decisions: Decisions
  readonly searches: Searches
  readonly pageTokens: PageTokens
  readonly clients: Clients
  readonly tokens: LoginVerifier
  readonly texts: AnswerTexts
  readonly series: NumberSeries
}

const LIMIT = 100

/**
 * Answers AuthZEN's requests: reads each as a question of ours, asks, and puts the answer into AuthZEN's form. Which
 * entities there are is settled here; to the doors before it a request is of any type.
 */
export class Authzen {
  constructor(private readonly parts: AuthzenParts) {}

  /** @throws Problem for what cannot be a question. */
  async evaluate(request: EvaluationRequest, asker: Asker): Promise<AuthzenDecision> {
    const { decisions, series, tokens, texts } = this.parts
    const asked = await readQuestion(request, await this.client(asker), asker.requestId, series, tokens)
    return authzenAnswer(await decisions.evaluate(asked), texts)
  }

  /** Answers a batch as far as its semantic goes. What cannot be a question is answered with its Problem, and is a no. */
  async evaluateAll(
    requests: readonly (EvaluationRequest | Problem)[],
    semantic: Semantic,
    asker: Asker,
  ): Promise<(AuthzenDecision | Problem)[]> {
    const client = await this.client(asker)
    const tokens = rememberingLogins(this.parts.tokens)
    const items = await Promise.all(
      requests.map(async (one) => (one instanceof Problem ? one : this.asked(one, client, asker, tokens))),
    )
    const answers = await this.parts.decisions.evaluateAll(items, semantic)
    return answers.map((answer) => (answer instanceof Problem ? answer : authzenAnswer(answer, this.parts.texts)))
  }

  /** @throws Problem for what cannot be a search, and for a page token of another one. */
  async search(searched: Searched, request: SearchRequest, asker: Asker): Promise<SearchAnswer> {
    const { searches, pageTokens, series, tokens, texts } = this.parts
    const client = await this.client(asker)
    const read = await readSearch(searched, request, { client, requestId: asker.requestId, series, tokens })
    const bound = boundTo(searched, request, read)
    const page = pageIn(request, (token) => pageTokens.open(token, bound))
    if (read.for === 'nothing') return { page: { next_token: '', count: 0 }, results: [] }
    const found =
      read.for === 'actions'
        ? await searches.actions(read.asked, page)
        : await searches.parties({ ...read.search, page })
    const next = found.after === null ? '' : pageTokens.seal({ after: found.after, limit: page.limit }, bound)
    return searchAnswer(searched, request, found, next, texts)
  }

  private async asked(
    request: EvaluationRequest,
    client: Client,
    { requestId }: Asker,
    tokens: LoginVerifier,
  ): Promise<Asked | Problem> {
    try {
      return await readQuestion(request, client, requestId, this.parts.series, tokens)
    } catch (error) {
      if (error instanceof Problem) return error
      throw error
    }
  }

  private async client({ clientId }: Asker): Promise<Client> {
    const client = await this.parts.clients.find(clientId)
    if (client === null) throw new Problem('invalid_client_token', 'this client is no longer registered')
    return client
  }
}

/** A follow-up may leave the limit out, and may not change it. */
function pageIn({ page }: SearchRequest, open: (token: string) => { after: string; limit: number }): Page {
  const token = page?.token ?? ''
  const limit = page?.limit ?? null
  if (token === '') return { after: null, limit: limit ?? LIMIT }
  const opened = open(token)
  if (limit !== null && limit !== opened.limit) {
    throw new Problem('invalid_request', 'page.limit must stay what it was, or be left out, while paging')
  }
  return opened
}

/** A login token that stands in many questions of one batch is verified once. */
function rememberingLogins(tokens: LoginVerifier): LoginVerifier {
  const verified = new Map<string, Promise<VerifiedLogin>>()
  return {
    verifyIdToken(token, expected) {
      const known = verified.get(token) ?? tokens.verifyIdToken(token, expected)
      verified.set(token, known)
      return known
    },
  }
}
