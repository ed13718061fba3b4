import type { AuthzenDecision } from '../../src/decisions/authzen-answer.js'
import type { EvaluationRequest, Properties } from '../../src/decisions/authzen-question.js'
import type { SearchAnswer, SearchRequest, Searched } from '../../src/decisions/authzen-search.js'
import type { Authzen } from '../../src/decisions/authzen.js'
import { type Semantic, inTurn } from '../../src/decisions/evaluations.js'
import { PageTokens } from '../../src/decisions/page-token.js'
import type { Json } from '../../src/domain/json.js'
import { Problem } from '../../src/domain/problem.js'

/** The world of the AuthZEN 1.0 certification scenario: two users, two records, three actions. */
const ROLES: Readonly<Record<string, string>> = { alice: 'employee', bob: 'admin' }
const STATUS: Readonly<Record<string, string>> = { 'record-1': 'active', 'record-2': 'archived' }
const ACTIONS = ['read', 'write', 'delete'] as const

function said(properties: Properties | null | undefined, name: string, otherwise: unknown): unknown {
  return properties?.[name] ?? otherwise
}

/** What the scenario decides. It believes what the asker says of its entities, which the product never does. */
function mayOf({ subject, action, resource }: EvaluationRequest): boolean {
  const known = subject.type === 'user' && resource.type === 'record'
  if (!known || ROLES[subject.id] === undefined || STATUS[resource.id] === undefined) return false
  switch (action.name) {
    case 'read':
      return true
    case 'write':
      return said(resource.properties, 'status', STATUS[resource.id]) === 'archived'
        ? said(subject.properties, 'role', ROLES[subject.id]) === 'admin'
        : subject.id === 'alice'
    case 'delete':
      return subject.id === 'alice' && said(action.properties, 'soft', false) === true
    default:
      return false
  }
}

/** The scenario behind our doors, in the place of what reads AuthZEN's requests as questions of ours. */
export class ScenarioAuthzen implements Pick<Authzen, 'evaluate' | 'evaluateAll' | 'search'> {
  private readonly pageTokens = new PageTokens(Buffer.alloc(32, 7))

  evaluate(request: EvaluationRequest): Promise<AuthzenDecision> {
    return Promise.resolve({ decision: mayOf(request) })
  }

  evaluateAll(
    requests: readonly (EvaluationRequest | Problem)[],
    semantic: Semantic,
  ): Promise<(AuthzenDecision | Problem)[]> {
    const answer = (one: EvaluationRequest | Problem): AuthzenDecision | Problem =>
      one instanceof Problem ? one : { decision: mayOf(one) }
    return inTurn(requests, semantic, answer, (one) => !(one instanceof Problem) && one.decision)
  }

  search(searched: Searched, request: SearchRequest): Promise<SearchAnswer> {
    const bound = [searched, JSON.stringify([request.subject, request.resource])]
    const token = request.page?.token ?? ''
    const all = foundIn(searched, request)
    const { after, limit } =
      token === '' ? { after: '0', limit: request.page?.limit ?? all.length } : this.pageTokens.open(token, bound)
    const end = Number(after) + limit
    const next = end < all.length ? this.pageTokens.seal({ after: String(end), limit }, bound) : ''
    const results = all.slice(Number(after), end)
    return Promise.resolve({ page: { next_token: next, count: results.length }, results })
  }
}

function foundIn(searched: Searched, { subject, action, resource }: SearchRequest): Json[] {
  const may = (who: string, what: string, which: string): boolean =>
    mayOf({ subject: { ...subject, id: who }, action: { name: what }, resource: { ...resource, id: which } })
  const what = action?.name ?? ''
  switch (searched) {
    case 'subject':
      return Object.keys(ROLES)
        .filter((id) => may(id, what, resource.id ?? ''))
        .map((id) => ({ type: subject.type, id }))
    case 'resource':
      return Object.keys(STATUS)
        .filter((id) => may(subject.id ?? '', what, id))
        .map((id) => ({ type: resource.type, id }))
    case 'action':
      return ACTIONS.filter((name) => may(subject.id ?? '', name, resource.id ?? '')).map((name) => ({ name }))
  }
}
