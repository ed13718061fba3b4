import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import type { AuditLog } from '../audit/audit-log.js'
import { ACTIONS } from '../domain/catalogue.js'
import { type Decision, type Question, decide } from '../domain/decide.js'
import type { Identifier } from '../domain/identifier.js'
import type { Json } from '../domain/json.js'
import type { Power } from '../domain/mandate.js'
import { type Login, PRIVATE, type PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Reason } from '../domain/reasons.js'
import type { VerifiedLogin } from '../login/login-token.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import type { Named } from '../store/facts-store.js'
import { ensureHandles } from '../store/handle-store.js'
import { type Found, type Gathering, type Sought, gatherFound } from '../store/search-store.js'
import { answerOf, hashOfUnknown, loggablePower, loginOf, workOf } from './decision-entry.js'
import type { Asked, Decisions } from './evaluate.js'
import { atWorkFor, catalogueFor } from './judge-ground.js'
import { type Page, pageOf } from './search-page.js'
import { outrightReason, reasonOfAll, unansweredIn } from './search-refusal.js'

/** For whom may this person act, or who may act for him? Asked with his own login only. */
export interface PartySearch {
  readonly sought: Sought
  readonly owner: VerifiedLogin
  /** The organisation that he is at work for, when he seeks those for whom he may act; null with a private login. */
  readonly worksFor: Identifier | null
  /** How the request names him. */
  readonly named: Named
  readonly power: Power
  readonly kind: 'person' | 'organisation'
  readonly client: Asked['client']
  readonly requestId: string | null
  readonly page: Page
}

export interface SearchResult {
  /** Handles of parties, or names of actions. */
  readonly results: readonly string[]
  /** Where the next page begins; null where this is the last. */
  readonly after: string | null
  /** Why nothing at all can be found by asking like this; null where something could. */
  readonly refused: Reason | null
  /** What kept some from being answered who, once it is mended, may be found: then the list is not whole. */
  readonly unanswered: readonly Reason[]
  readonly entry: AuditEntry
}

/** So many are looked at for one page: one statement gathers them, and a page is full before it says that there are more. */
const MOST_LOOKED_AT = 250

/** Whoever is found is asked about as he would be answered himself, with his own token and the strongest login. */
const HIS_OWN_LOGIN: Login = { level: 'high', authenticatedAt: null, proof: 'login_token' }

/** Finds what evaluation would answer with a yes: each candidate is put to `decide` as the question he would be there. */
export class Searches {
  constructor(
    private readonly db: Queryable,
    private readonly log: AuditLog,
    private readonly catalogues: Catalogues,
    private readonly decisions: Decisions,
    /** Key under which unknown numbers are logged. */
    private readonly unknownNumberKey: Buffer,
  ) {}

  /**
   * One statement gathers, one records; between them a third makes handles for those whom the client has none for yet.
   *
   * @throws Problem `invalid_login_token` when the login is not of the one whom the request names.
   */
  async parties(search: PartySearch): Promise<SearchResult> {
    const { sought, named, worksFor, power, kind, client, page } = search
    const handle = named.by === 'handle' ? named.handle : null
    const after = page.after as PartyId | null
    const who = { sought, owner: search.owner.identifier, handle, worksFor, clientId: client.clientId }
    const about = { ...who, power, kind, after }
    const gathered = await gatherFound(this.db, about, MOST_LOOKED_AT)
    if (handle !== null && (gathered.named === null || gathered.named !== gathered.owner?.partyId)) {
      throw new Problem('invalid_login_token', 'the login token is not of the one whom the search is about')
    }
    const judged = await Promise.all(
      gathered.found.map(async (one) => ({ ...one, ...(await this.judge(search, one)) })),
    )
    const { looked, yes, after: next } = pageOf(judged, page.limit, gathered.complete)
    const refused = await this.refused(search, gathered)
    const entry = this.partyEntry(search, gathered, refused, looked)
    const results = await this.handlesOf(client.clientId, yes)
    await this.log.append(entry)
    return { results, after: next, refused, unanswered: unansweredIn(looked), entry }
  }

  /** What this actor may do for this principal in this service: two statements, as for one evaluation. */
  async actions(asked: Asked, page: Page): Promise<SearchResult> {
    const from = page.after === null ? 0 : ACTIONS.findIndex((action) => action === page.after) + 1
    const { facts, decisions } = await this.decisions.judgeActions(asked, ACTIONS)
    const judged = decisions.map((decision, place) => ({ key: ACTIONS[place] ?? '', decision }))
    const refused = reasonOfAll(decisions)
    const { looked, yes, after } = pageOf(judged.slice(from), page.limit, true)
    const { actor, principal } = facts.facts
    const entry = auditEntry({
      kind: 'search',
      occurredAt: facts.instant,
      actor: actor?.partyId ?? null,
      principal: principal?.partyId ?? null,
      clientId: asked.client.clientId,
      content: {
        searched: 'action',
        login: loginOf(asked.login),
        ...(asked.worksFor === null ? {} : workOf(atWorkFor(facts.facts))),
        refused,
        powers: looked.flatMap(({ key, decision }): Json[] => {
          if (!decision.allowed && decision.reason === 'unknown_power') return []
          return [{ ...asked.power, action: key, ...answerOf(decision) }]
        }),
        catalogue_version: facts.catalogueVersion,
        unknown_actor: actor === null ? hashOfUnknown(this.unknownNumberKey, asked.actor) : null,
        unknown_principal: principal === null ? hashOfUnknown(this.unknownNumberKey, asked.principal) : null,
        request_id: asked.requestId,
      },
    })
    await this.log.append(entry)
    return { results: yes.map(({ key }) => key), after, refused, unanswered: unansweredIn(looked), entry }
  }

  private async judge(search: PartySearch, { partyId, facts }: Found): Promise<{ key: string; decision: Decision }> {
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const { actor, principal } = facts.facts
    const context = search.worksFor === null ? PRIVATE : atWorkFor(facts.facts)
    const question = { ...questionOf(search, facts.instant), context, actor: actor?.partyId ?? null }
    const decision = decide({ ...question, principal: principal?.partyId ?? null }, facts.facts, catalogue)
    return { key: partyId, decision }
  }

  private async refused(search: PartySearch, { instant, catalogueVersion, owner }: Gathering): Promise<Reason | null> {
    const catalogue = await this.catalogues.at(this.db, catalogueVersion)
    const actor = search.sought === 'principals' ? owner : null
    const reason = outrightReason({ ...questionOf(search, instant), context: PRIVATE }, actor, catalogue)
    return search.sought === 'representatives' && reason === 'actor_not_identified' ? null : reason
  }

  private async handlesOf(clientId: string, yes: readonly Found[]): Promise<string[]> {
    const without = yes.filter(({ handle }) => handle === null).map(({ partyId }) => partyId)
    const made = await ensureHandles(this.db, clientId, without, [])
    return yes.map(({ handle, partyId }) => handle ?? made.ofParty(partyId))
  }

  private partyEntry(
    search: PartySearch,
    { instant, catalogueVersion, owner, organisation }: Gathering,
    refused: Reason | null,
    looked: readonly (Found & { readonly decision: Decision })[],
  ): AuditEntry {
    const isOwn = search.sought === 'representatives'
    return auditEntry({
      kind: 'search',
      occurredAt: instant,
      actor: owner?.partyId ?? null,
      principal: isOwn ? (owner?.partyId ?? null) : null,
      clientId: search.client.clientId,
      content: {
        searched: isOwn ? 'subject' : 'resource',
        kind: search.kind,
        power: loggablePower(search.power, refused === 'unknown_power'),
        login: loginOf({ ...search.owner, proof: 'login_token' }),
        ...(search.worksFor === null ? {} : { works_for: organisation }),
        refused,
        answers: looked.map(({ partyId, decision }) => ({ party: partyId, ...answerOf(decision) })),
        catalogue_version: catalogueVersion,
        unknown_owner:
          owner === null
            ? hashOfUnknown(this.unknownNumberKey, { by: 'identifier', identifier: search.owner.identifier })
            : null,
        request_id: search.requestId,
      },
    })
  }
}

/** What evaluation would be asked about each candidate, but for the two parties. */
function questionOf(
  { sought, owner, named, power, client }: PartySearch,
  instant: Date,
): Omit<Question, 'actor' | 'principal' | 'context'> {
  const { level, authenticatedAt } = owner
  const common = { power, instant, entitledTo: client.services }
  // Those for whom he may act are answered by handle, and so each is asked about by handle.
  if (sought === 'principals') {
    return { ...common, login: { level, authenticatedAt, proof: 'login_token' }, principalNamedBy: 'handle' }
  }
  return { ...common, login: HIS_OWN_LOGIN, principalNamedBy: named.by === 'identifier' ? 'number' : 'handle' }
}
