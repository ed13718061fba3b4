import { v7 as timeOrderedId } from 'uuid'
import { type AuditKind, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import { approvedAs } from '../decisions/approvals.js'
import { answerOf, loggablePower } from '../decisions/decision-entry.js'
import { catalogueFor } from '../decisions/judge-ground.js'
import type { Language } from '../domain/catalogue.js'
import { type Decision, type Question, type Refused, decide } from '../domain/decide.js'
import { holdersOf } from '../domain/hindrance.js'
import type { Json } from '../domain/json.js'
import type { Power } from '../domain/mandate.js'
import { type Actor, type Login, PRIVATE, type PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Reason } from '../domain/reasons.js'
import type { LoginTokens, VerifiedLogin } from '../login/login-token.js'
import {
  type Act,
  actsWaitingFor,
  answerAct,
  completeAct,
  findAct,
  insertAct,
  lockAct,
  openActs,
  samePower,
  stateOfAct,
} from '../store/act-store.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { type Client, findClient } from '../store/client-store.js'
import type { Database, Queryable, Transaction } from '../store/database.js'
import { type FactsAt, type Named, byId, readFacts, readFactsOfPairs } from '../store/facts-store.js'
import { ensureHandles } from '../store/handle-store.js'
import type { WriteAnswer } from '../store/idempotency-store.js'
import { namedParties } from '../store/party-store.js'
import { holdGroundsOf } from '../store/ruling-store.js'
import { writeOnce } from '../store/write-once.js'
import { type ActViews, type AskedAct, actOfClient, actForHolder } from './act-view.js'

/** An act as a service opens it for its logged-in user. */
export interface WantedAct {
  readonly loginToken: string
  readonly principal: Named
  readonly power: Power
  /** What the others are shown. */
  readonly text: string
  /** SHA-256 of what is to be done. */
  readonly contentHash: Buffer
  readonly expiresAt: Date
}

const SHORTEST_MS = 10 * 60_000
const LONGEST_MS = 30 * 24 * 3_600_000
const MOST_WAITING = 100
/** So many may one person have under way for one principal with one service, so that nobody is flooded with questions. */
const MOST_OPEN = 20

/** To see what one is asked, and to refuse it, no stronger login is needed than the one at hand. */
const STRONGEST_LOGIN: Login = { level: 'high', authenticatedAt: null, proof: 'login_token' }

/** What one is told of whom nothing else keeps from it: an empty list would be a guess while a register is silent. */
const PAST_ALL_HINDRANCES: readonly Reason[] = ['others_must_approve', 'co_holder_not_identified', 'facts_too_old']

/**
 * What several must agree to, one act at a time: the first one's is bound to the hash of what is to be done, the others
 * approve or refuse it in time, and it is consumed once.
 */
export class Acts {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly loginTokens: LoginTokens,
  ) {}

  /**
   * Opens an act for the person whose login token this is. Nothing but the agreement of the others may be missing. The same
   * act asked for again, while it is open, is the same act.
   *
   * @throws Problem `no_others_needed`, `act_not_possible` with the decision’s reason and remedy, `too_many_open_acts`,
   * `invalid_login_token`.
   */
  async open(client: Client, wanted: WantedAct): Promise<Json> {
    const login = await this.verify(client, wanted.loginToken)
    const named: Named = { by: 'identifier', identifier: login.identifier }
    const facts = await readFacts(this.db, named, wanted.principal, client.clientId)
    refuseTimes(wanted.expiresAt, facts.instant)
    const namedBy = wanted.principal.by === 'identifier' ? 'number' : 'handle'
    const decision = await this.judge(this.db, facts, wanted.power, asLogin(login), client.services, namedBy)
    const { actor, principal } = facts.facts
    const about = { actor: actor?.partyId ?? null, principal: principal?.partyId ?? null, clientId: client.clientId }
    const possible = !decision.allowed && decision.reason === 'others_must_approve'
    const actId = await this.db.transaction(async (tx) => {
      const opened = possible ? await this.openOnce(tx, client.clientId, facts, decision, login, wanted) : null
      await this.log(tx, 'act_opened', facts.instant, about, opened, {
        power: loggablePower(wanted.power, !decision.allowed && decision.reason === 'unknown_power'),
        answer: answerOf(decision),
      })
      return opened
    })
    if (actId !== null) return this.ofClient(client.clientId, actId)
    if (possible)
      throw new Problem('too_many_open_acts', `${MOST_OPEN} acts wait for the others: let them answer first`)
    throw impossible(decision)
  }

  /** The act’s id: of the one that is open already, or of a new one; null when too many are open. */
  private async openOnce(
    tx: Transaction,
    clientId: string,
    { facts: { actor, principal } }: FactsAt,
    decision: Refused,
    { level, authenticatedAt }: VerifiedLogin,
    { power, text, contentHash, expiresAt }: WantedAct,
  ): Promise<string | null> {
    const { representationId } = decision
    if (actor === null || principal === null || representationId === null) {
      throw new Error('others must approve without a ground between the two')
    }
    // One after the other: what is found and counted here must still be so when one more is added.
    await holdGroundsOf(tx, principal.partyId)
    const open = await openActs(tx, clientId, actor.partyId, principal.partyId)
    const same = open.find((act) => samePower(act, power) && act.text === text && act.contentHash.equals(contentHash))
    if (same !== undefined) return same.actId
    if (open.length >= MOST_OPEN) return null
    const actId = timeOrderedId()
    const who = { principal: principal.partyId, openedBy: actor.partyId, level, authenticatedAt }
    const ground = { representationId, basis: jointBasisOf(decision) }
    await insertAct(tx, { actId, clientId, ...who, ...ground, ...power, text, contentHash, expiresAt })
    return actId
  }

  /** An act of this client’s. @throws Problem `no_such_act` */
  async ofClient(clientId: string, actId: string): Promise<Json> {
    const act = await findAct(this.db, actId)
    if (act?.clientId !== clientId) throw new Problem('no_such_act', 'this client has opened no such act')
    const handles = await ensureHandles(this.db, clientId, [], [act.representationId])
    return actOfClient(act, handles.ofRepresentation(act.representationId))
  }

  /**
   * Consumes the act when all have agreed and everything else still holds: the yes for this one act, once. Told again it is
   * the same yes.
   */
  async complete(clientId: string, actId: string, contentHash: Buffer): Promise<Json> {
    return this.db.transaction(async (tx) => {
      const act = await this.locked(tx, actId)
      if (act?.clientId !== clientId) throw new Problem('no_such_act', 'this client has opened no such act')
      refuseOtherContent(act, contentHash)
      if (stateOfAct(act) === 'completed') return completedView(act.actId, act.completedAt, null)
      await holdGroundsOf(tx, act.principal)
      const facts = approvedAs(await readFacts(tx, byId(act.openedBy), byId(act.principal), null), act)
      const login: Login = { level: act.level, authenticatedAt: act.authenticatedAt, proof: 'login_token' }
      const client = await findClient(tx, clientId)
      const decision = await this.judge(tx, facts, act, login, client?.services ?? [])
      const completedAt = decision.allowed ? await completeAct(tx, actId) : null
      const about = { actor: act.openedBy, principal: act.principal, clientId }
      await this.log(tx, 'act_completed', completedAt ?? facts.instant, about, actId, { answer: answerOf(decision) })
      return completedView(actId, completedAt, decision.allowed ? null : decision)
    })
  }

  /** What waits for this person’s answer. */
  async waiting(actor: Actor, language: Language): Promise<Json> {
    const asked = await this.asked(actor, await actsWaitingFor(this.db, actor.partyId, MOST_WAITING))
    const views = await this.viewsOf(this.db, asked, language)
    return { acts: asked.map((act) => actForHolder(act, views)) }
  }

  /** The person approves or refuses. @throws Problem when it is not open, not his to answer, or says something else. */
  answer(actor: Actor, key: string, actId: string, contentHash: Buffer, approved: boolean): Promise<WriteAnswer> {
    const content = { act: actId, contentHash: contentHash.toString('base64url'), approved }
    return writeOnce(this.db, { owner: actor.partyId, key, content }, async (tx) => {
      const act = await this.locked(tx, actId)
      const facts = act === null ? null : await readFacts(tx, byId(actor.partyId), byId(act.principal), null)
      if (act === null || facts === null || !holdsAlike(act, actor.partyId, facts)) {
        throw new Problem('no_such_act', 'there is no such act for you to answer')
      }
      if (stateOfAct(act) !== 'open') throw new Problem('not_in_this_state', `the act is ${stateOfAct(act)}`)
      refuseOtherContent(act, contentHash)
      await this.refuseWhoMayNot(tx, act, approved ? actor.login : STRONGEST_LOGIN, facts)
      const at = await answerAct(tx, actId, actor.partyId, approved)
      if (at === null) throw new Problem('not_in_this_state', 'you have answered')
      const about = { actor: actor.partyId, principal: act.principal, clientId: act.clientId }
      await this.log(tx, approved ? 'act_approved' : 'act_refused', at, about, actId, {})
      return { status: 200, etag: null, body: { act_id: actId, answer: approved ? 'approved' : 'refused' } }
    })
  }

  private async locked(tx: Transaction, actId: string): Promise<Act | null> {
    await lockAct(tx, actId)
    return findAct(tx, actId)
  }

  /** Of these acts, those that the person is to answer as things are now: no other is shown to him. */
  private async asked(actor: Actor, acts: readonly Act[]): Promise<readonly AskedAct[]> {
    const pairs = acts.map((act) => {
      return { actor: byId(actor.partyId), principal: byId(act.principal), worksFor: null, clientId: null }
    })
    const facts = await readFactsOfPairs(this.db, pairs)
    const asked = await Promise.all(
      acts.map(async (act, place): Promise<AskedAct[]> => {
        const known = facts[place]
        if (known === undefined || !holdsAlike(act, actor.partyId, known)) return []
        const decision = await this.judge(this.db, known, act, STRONGEST_LOGIN, [act.service])
        const isAsked = decision.allowed || PAST_ALL_HINDRANCES.includes(decision.reason)
        return isAsked ? [{ ...act, others: othersAsked(act, actor.partyId, known) }] : []
      }),
    )
    return asked.flat()
  }

  /** Who could not do it himself can neither agree to it nor refuse it. */
  private async refuseWhoMayNot(tx: Transaction, act: Act, login: Login, facts: FactsAt): Promise<void> {
    const decision = await this.judge(tx, facts, act, login, [act.service])
    if (decision.allowed || decision.reason === 'others_must_approve') return
    if (decision.reason === 'step_up_required') {
      throw new Problem('login_level_too_low', 'log in at a higher level to agree to this', {
        obligations: decision.obligations.map(({ type }) => type),
      })
    }
    throw new Problem('not_yours_to_do', 'you could not do this yourself now', { reason: decision.reason })
  }

  private async judge(
    db: Queryable,
    facts: FactsAt,
    power: Power,
    login: Login,
    entitledTo: readonly string[],
    principalNamedBy: 'number' | 'handle' = 'handle',
  ): Promise<Decision> {
    const catalogue = await catalogueFor(db, this.catalogues, facts)
    const { service, action, provider, object } = power
    const question: Question = {
      actor: facts.facts.actor?.partyId ?? null,
      principal: facts.facts.principal?.partyId ?? null,
      principalNamedBy,
      context: PRIVATE,
      power: { service, action, provider, object },
      login,
      instant: facts.instant,
      entitledTo,
    }
    return decide(question, facts.facts, catalogue)
  }

  private async viewsOf(db: Queryable, acts: readonly AskedAct[], language: Language): Promise<ActViews> {
    const { current } = await this.catalogues.latest(db)
    const ids = acts.flatMap(({ principal, openedBy, others }) => [principal, openedBy, ...others])
    const names = new Map((await namedParties(db, [...new Set(ids)])).map((one) => [one.partyId, one.name]))
    return { language, catalogue: current, nameOf: (id) => names.get(id) ?? '' }
  }

  private async verify({ loginIssuer, loginClientId }: Client, token: string): Promise<VerifiedLogin> {
    if (loginIssuer === null || loginClientId === null) {
      throw new Problem('invalid_login_token', 'this client is not registered with an identity provider')
    }
    const login = await this.loginTokens.verifyIdToken(token, { issuer: loginIssuer, clientId: loginClientId })
    if (login.worksFor !== null) throw new Problem('invalid_login_token', 'people agree with a private login')
    return login
  }

  private log(
    tx: Transaction,
    kind: AuditKind,
    occurredAt: Date,
    about: { readonly actor: PartyId | null; readonly principal: PartyId | null; readonly clientId: string },
    actId: string | null,
    content: Readonly<Record<string, Json>>,
  ): Promise<void> {
    return appendWithChange(tx, auditEntry({ kind, occurredAt, ...about, content: { act: actId, ...content } }))
  }
}

/** Whether the party, who did not begin it, now holds what the one who began it holds: the responsibility, or the same role. */
function holdsAlike(act: Act, partyId: PartyId, { facts, instant }: FactsAt): boolean {
  const heldBy = (one: PartyId): string[] =>
    holdersOf(act.basis, facts.holders, instant)
      .filter(({ representative }) => representative === one)
      .map(({ says }) => (act.basis === 'parent' ? act.basis : says))
  const held = heldBy(act.openedBy)
  return partyId !== act.openedBy && heldBy(partyId).some((what) => held.includes(what))
}

/** Who else is to answer: those whom the register names, but for this one and the one who began it. */
function othersAsked(act: Act, partyId: PartyId, known: FactsAt): PartyId[] {
  const holders = holdersOf(act.basis, known.facts.holders, known.instant).map(({ representative }) => representative)
  return [...new Set(holders)].filter(
    (one): one is PartyId => one !== null && one !== partyId && holdsAlike(act, one, known),
  )
}

function asLogin({ level, authenticatedAt }: VerifiedLogin): Login {
  return { level, authenticatedAt, proof: 'login_token' }
}

function jointBasisOf({ basis }: Refused): 'parent' | 'organisation_role' {
  if (basis === 'parent' || basis === 'organisation_role') return basis
  throw new Error('others must approve under a ground that no one else holds')
}

function impossible(decision: Decision): Problem {
  if (decision.allowed) return new Problem('no_others_needed', 'this can be done without the agreement of others')
  const { reason, remedy } = decision
  return new Problem('act_not_possible', 'more is missing than the agreement of others', { reason, remedy })
}

function refuseTimes(expiresAt: Date, instant: Date): void {
  const ahead = expiresAt.getTime() - instant.getTime()
  if (ahead < SHORTEST_MS || ahead > LONGEST_MS) {
    throw new Problem('invalid_request', 'expires_at must be between 10 minutes and 30 days ahead')
  }
}

function refuseOtherContent(act: Act, contentHash: Buffer): void {
  if (!act.contentHash.equals(contentHash)) throw new Problem('text_changed', 'this is not the content of the act')
}

function completedView(actId: string, completedAt: Date | null, refused: Refused | null): Json {
  return {
    act_id: actId,
    decision: completedAt !== null,
    completed_at: completedAt?.toISOString() ?? null,
    reason: refused?.reason ?? null,
    remedy: refused?.remedy ?? null,
  }
}
