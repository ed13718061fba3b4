import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import { type AuditLog } from '../audit/audit-log.js'
import type { Action } from '../domain/catalogue.js'
import { type Decision, type Question, decide } from '../domain/decide.js'
import type { Power } from '../domain/mandate.js'
import { type Login, PRIVATE } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { type NamedAct, withApprovals } from './approvals.js'
import { atWorkFor, catalogueFor } from './judge-ground.js'
import { answerOf, hashOfUnknown, loggablePower, loginOf, workOf } from './decision-entry.js'
import { type Semantic, inTurn } from './evaluations.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import { type FactsAt, type Named, type NamedPair, readFactsOfPairs } from '../store/facts-store.js'
import { Gathered } from '../store/gathered.js'

/** A question as it comes through a door, its parties named but not yet found. */
export interface Asked {
  readonly actor: Named
  readonly principal: Named
  readonly power: Power
  readonly login: Login
  /** The organisation that the actor is at work for; null with a private login. */
  readonly worksFor: Named | null
  /** The act that several must agree to; null where the question names none. */
  readonly act: NamedAct | null
  /** The client that asks, and the services it is registered for. */
  readonly client: { readonly clientId: string; readonly services: readonly string[] }
  /** The asker's own name for the request, logged beside ours. */
  readonly requestId: string | null
}

/** A decision, the facts it was made from, and the entry that tells of it: not yet written. */
export interface Judged {
  readonly decision: Decision
  /** As the question named it. */
  readonly worksFor: Named | null
  readonly facts: FactsAt
  readonly entry: AuditEntry
}

const MOST_PAIRS_IN_ONE_STATEMENT = 64

/** Asks the registers and the law: the one way from a question to a decision, whatever door it came through. */
export class Decisions {
  private readonly facts: Gathered<NamedPair, FactsAt>

  constructor(
    private readonly db: Queryable,
    private readonly log: AuditLog,
    private readonly catalogues: Catalogues,
    /** Key under which unknown numbers are logged: they are told apart, and never read. */
    private readonly unknownNumberKey: Buffer,
  ) {
    this.facts = new Gathered((pairs) => readFactsOfPairs(db, pairs), MOST_PAIRS_IN_ONE_STATEMENT)
  }

  /**
   * Decides and records: two statements, each of which questions that come at the same time may share. When the promise
   * is fulfilled, the answer is durable in the log and may leave.
   */
  async evaluate(asked: Asked): Promise<Judged> {
    const facts = await this.facts.ask(pairOf(asked))
    const judged = await this.judge(asked, facts)
    await this.log.append(judged.entry)
    return judged
  }

  /**
   * Decides a batch, in its order and as far as its semantic goes, and records each answer in an entry of its own: one
   * statement reads what all of it needs, one appends. An item that was no question stays what it is, a no.
   */
  async evaluateAll(items: readonly (Asked | Problem)[], semantic: Semantic): Promise<(Judged | Problem)[]> {
    const factsOf = await this.factsOfAll(items.filter((item): item is Asked => !(item instanceof Problem)))
    const answers = await inTurn<Asked | Problem, Judged | Problem>(
      items,
      semantic,
      (item) => (item instanceof Problem ? item : this.judge(item, factsOf(item))),
      (answer) => !(answer instanceof Problem) && answer.decision.allowed,
    )
    await this.log.appendAll(answers.flatMap((answer) => (answer instanceof Problem ? [] : [answer.entry])))
    return answers
  }

  /** Decides about each of several actions between the same two: one statement reads, and nothing is recorded here. */
  async judgeActions(asked: Asked, actions: readonly Action[]): Promise<{ facts: FactsAt; decisions: Decision[] }> {
    const facts = await this.facts.ask(pairOf(asked))
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const decisions = actions.map((action) => {
      const question = questionOf({ ...asked, power: { ...asked.power, action } }, facts)
      return decide(question, facts.facts, catalogue)
    })
    return { facts, decisions }
  }

  private async factsOfAll(asked: readonly Asked[]): Promise<(one: Asked) => FactsAt> {
    const pairs = new Map(asked.map((one) => [nameOf(pairOf(one)), pairOf(one)]))
    const read = pairs.size === 0 ? [] : await readFactsOfPairs(this.db, [...pairs.values()])
    const byName = new Map([...pairs.keys()].map((name, place) => [name, read[place]]))
    return (one) => {
      const facts = byName.get(nameOf(pairOf(one)))
      if (facts === undefined) throw new Error('a question of the batch got no facts')
      return facts
    }
  }

  private async judge(asked: Asked, read: FactsAt): Promise<Judged> {
    const { act, power, client } = asked
    const facts = act === null ? read : await withApprovals(this.db, read, act, power, client.clientId)
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const question = questionOf(asked, facts)
    const decision = decide(question, facts.facts, catalogue)
    return { decision, worksFor: asked.worksFor, facts, entry: this.entryOf(asked, question, decision, facts) }
  }

  private entryOf(asked: Asked, question: Question, decision: Decision, facts: FactsAt): AuditEntry {
    const { actor, principal } = question
    return auditEntry({
      kind: 'evaluation',
      occurredAt: question.instant,
      actor,
      principal,
      clientId: asked.client.clientId,
      content: {
        power: loggablePower(asked.power, !decision.allowed && decision.reason === 'unknown_power'),
        login: loginOf(asked.login),
        ...workOf(question.context),
        answer: answerOf(decision),
        catalogue_version: facts.catalogueVersion,
        unknown_actor: actor === null ? hashOfUnknown(this.unknownNumberKey, asked.actor) : null,
        unknown_principal: principal === null ? hashOfUnknown(this.unknownNumberKey, asked.principal) : null,
        act: asked.act?.actId ?? null,
        request_id: asked.requestId,
      },
    })
  }
}

function pairOf({ actor, principal, worksFor, client }: Asked): NamedPair {
  return { actor, principal, worksFor, clientId: client.clientId }
}

function nameOf(pair: NamedPair): string {
  return JSON.stringify(pair)
}

/** The question as `decide` takes it, of the parties that were found. */
function questionOf(asked: Asked, { facts, instant }: FactsAt): Question {
  return {
    actor: facts.actor?.partyId ?? null,
    principal: facts.principal?.partyId ?? null,
    principalNamedBy: asked.principal.by === 'identifier' ? 'number' : 'handle',
    power: asked.power,
    login: asked.login,
    context: asked.worksFor === null ? PRIVATE : atWorkFor(facts),
    instant,
    entitledTo: asked.client.services,
  }
}
