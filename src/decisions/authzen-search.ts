import type { Json } from '../domain/json.js'
import type { NumberSeries } from '../domain/identifier.js'
import { Problem } from '../domain/problem.js'
import type { Client } from '../store/client-store.js'
import type { Named } from '../store/facts-store.js'
import { type AnswerTexts, nameOf } from './authzen-answer.js'
import {
  type Entity,
  type EvaluationContext,
  type LoginVerifier,
  readName,
  readPower,
  readQuestion,
  readVia,
  refuseWrongType,
  same,
  tokenOfAnother,
  verifyLogin,
  workIn,
} from './authzen-question.js'
import type { Asked } from './evaluate.js'
import type { PartySearch, SearchResult } from './search.js'

export type Searched = 'subject' | 'resource' | 'action'

/** An AuthZEN 1.0 search request as it came, its shape checked: what is searched has no id, and a search for actions no action. */
export interface SearchRequest {
  readonly subject: Omit<Entity, 'id'> & { readonly id?: string }
  readonly action?: { readonly name: string }
  readonly resource: Omit<Entity, 'id'> & { readonly id?: string }
  readonly context?: EvaluationContext | null
  readonly page?: { readonly token?: string | null; readonly limit?: number | null } | null
}

/** What a search is, read as a question of ours; its page is not read yet. */
export type ReadSearch =
  | { readonly for: 'parties'; readonly search: Omit<PartySearch, 'page'> }
  | { readonly for: 'actions'; readonly asked: Asked }
  /** It names a type of which we know no one. */
  | { readonly for: 'nothing' }

interface Reading {
  readonly client: Client
  readonly requestId: string | null
  readonly series: NumberSeries
  readonly tokens: LoginVerifier
}

/**
 * Reads a search as a question of ours. One over persons needs the login token of the one whose search it is: the subject
 * when resources are searched (for whom may I act), the resource when subjects are (who may act for me).
 *
 * @throws Problem as `readQuestion` does, and without a login token.
 */
export async function readSearch(searched: Searched, request: SearchRequest, reading: Reading): Promise<ReadSearch> {
  const { subject, resource } = request
  if (subject.type !== 'person' || !isPartyType(resource.type)) return { for: 'nothing' }
  if (searched === 'action') {
    const { client, requestId, series, tokens } = reading
    const asked = { ...request, action: { name: 'read' }, subject: identified(subject), resource: identified(resource) }
    return { for: 'actions', asked: await readQuestion(asked, client, requestId, series, tokens) }
  }
  const isForPrincipals = searched === 'resource'
  const { client, requestId } = reading
  const power = readPower(request.action?.name ?? '', resource.properties ?? null)
  const owner = isForPrincipals ? subject : resource
  const named = readName(isForPrincipals ? 'subject' : 'resource', identified(owner).id, client, reading.series)
  refuseWrongType(isForPrincipals ? 'person' : resource.type, named)
  return {
    for: 'parties',
    search: {
      sought: isForPrincipals ? 'principals' : 'representatives',
      ...(await ownLogin(request.context, named, isForPrincipals ? 'subject' : 'resource', reading)),
      named,
      power,
      kind: isForPrincipals ? resource.type : 'person',
      client,
      requestId,
    },
  }
}

async function ownLogin(
  context: SearchRequest['context'],
  named: Named,
  member: 'subject' | 'resource',
  { client, tokens, series }: Reading,
): Promise<Pick<PartySearch, 'owner' | 'worksFor'>> {
  const token = context?.login_token ?? null
  if (token === null) {
    throw new Problem('invalid_request', `context.login_token of the ${member} is needed: no one searches for another`)
  }
  const login = await verifyLogin(token, client, tokens)
  if (named.by === 'identifier' && !same(named.identifier, login.identifier)) throw tokenOfAnother(member)
  const worksFor = workIn(login, readVia(context, series))
  if (worksFor !== null && member === 'resource') {
    throw new Problem('invalid_request', 'who may act for one is asked with a private login')
  }
  return { owner: login, worksFor: login.worksFor }
}

function isPartyType(type: string): type is 'person' | 'organisation' {
  return type === 'person' || type === 'organisation'
}

function identified({ id, ...entity }: SearchRequest['subject']): Entity {
  if (id === undefined) throw new Error('an entity without id got past its shape')
  return { ...entity, id }
}

/** What the page tokens of a search are bound to: another client, question or login, and they open no more. */
export function boundTo(searched: Searched, request: SearchRequest, read: ReadSearch): readonly Json[] {
  const { subject, action, resource } = request
  const asked = [
    searched,
    subject.type,
    searched === 'subject' ? null : (subject.id ?? null),
    searched === 'action' ? null : (action?.name ?? null),
    resource.type,
    searched === 'resource' ? null : (resource.id ?? null),
  ]
  if (read.for === 'nothing') return asked
  const { client, power } = read.for === 'actions' ? read.asked : read.search
  const { service, provider, object } = power
  return [client.clientId, ...asked, service, provider, object, ...loginIn(read)]
}

function loginIn(read: Exclude<ReadSearch, { for: 'nothing' }>): readonly Json[] {
  if (read.for === 'actions') {
    const { level, proof, authenticatedAt } = read.asked.login
    const via = read.asked.worksFor
    return [level, proof, authenticatedAt?.toISOString() ?? null, via === null ? null : nameOf(via)]
  }
  const { identifier, level, authenticatedAt, worksFor } = read.search.owner
  return [identifier.scheme, identifier.value, level, authenticatedAt.toISOString(), worksFor?.value ?? null]
}

/** The answer in AuthZEN's form, `page` first. A result is the bare entity; why there are none stands in `context`. */
export interface SearchAnswer {
  readonly page: { readonly next_token: string; readonly count: number }
  readonly context?: Readonly<Record<string, Json>>
  readonly results: readonly Json[]
}

export function searchAnswer(
  searched: Searched,
  request: SearchRequest,
  found: SearchResult,
  nextToken: string,
  texts: AnswerTexts,
): SearchAnswer {
  const type = searched === 'subject' ? request.subject.type : request.resource.type
  const { refused, unanswered, entry } = found
  return {
    page: { next_token: nextToken, count: found.results.length },
    context: {
      search_id: entry.entryId,
      searched_at: entry.occurredAt.toISOString(),
      ...(refused === null ? {} : { reason: refused, reason_admin: texts.reasons[refused].service }),
      ...(unanswered.length === 0 ? {} : { unanswered }),
    },
    results: found.results.map((name) => (searched === 'action' ? { name } : { type, id: name })),
  }
}
