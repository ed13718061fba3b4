import { createHmac } from 'node:crypto'
import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import type { Json } from '../domain/json.js'
import { type AuditLog } from '../audit/audit-log.js'
import { type Decision, type Question, decide } from '../domain/decide.js'
import type { Power } from '../domain/mandate.js'
import type { Login } from '../domain/party.js'
import { catalogueFor } from './judge-ground.js'
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
  /** The client that asks, and the services it is registered for. */
  readonly client: { readonly clientId: string; readonly services: readonly string[] }
  /** The asker's own name for the request, logged beside ours. */
  readonly requestId: string | null
}

/** A decision, the facts it was made from, and the entry that tells of it: not yet written. */
export interface Judged {
  readonly decision: Decision
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
    const { actor, principal, client } = asked
    const facts = await this.facts.ask({ actor, principal, clientId: client.clientId })
    const judged = await this.judge(asked, facts)
    await this.log.append(judged.entry)
    return judged
  }

  private async judge(asked: Asked, facts: FactsAt): Promise<Judged> {
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const question: Question = {
      actor: facts.facts.actor?.partyId ?? null,
      principal: facts.facts.principal?.partyId ?? null,
      principalNamedBy: asked.principal.by === 'identifier' ? 'number' : 'handle',
      power: asked.power,
      login: asked.login,
      instant: facts.instant,
      entitledTo: asked.client.services,
    }
    const decision = decide(question, facts.facts, catalogue)
    return { decision, facts, entry: this.entryOf(asked, question, decision, facts) }
  }

  private entryOf(asked: Asked, question: Question, decision: Decision, facts: FactsAt): AuditEntry {
    return auditEntry({
      kind: 'evaluation',
      occurredAt: question.instant,
      actor: question.actor,
      principal: question.principal,
      clientId: asked.client.clientId,
      content: {
        power: loggablePower(asked.power, decision),
        login: {
          level: asked.login.level,
          proof: asked.login.proof,
          authenticated_at: isoOf(asked.login.authenticatedAt),
        },
        answer: answerOf(decision),
        catalogue_version: facts.catalogueVersion,
        unknown_actor: question.actor === null ? this.hashOf(asked.actor) : null,
        unknown_principal: question.principal === null ? this.hashOf(asked.principal) : null,
        request_id: asked.requestId,
      },
    })
  }

  private hashOf(named: Named): string | null {
    const value = named.by === 'identifier' ? `${named.identifier.scheme}:${named.identifier.value}` : null
    return value === null ? null : createHmac('sha256', this.unknownNumberKey).update(value).digest('base64url')
  }
}

/** A service that is not in the catalogue is the asker's own text, and that may be anything. */
function loggablePower(power: Power, decision: Decision): Record<string, Json> | null {
  return !decision.allowed && decision.reason === 'unknown_power' ? null : { ...power }
}

function answerOf(decision: Decision): Record<string, Json> {
  return {
    allowed: decision.allowed,
    reason: decision.allowed ? null : decision.reason,
    basis: decision.basis,
    representation: decision.representationId,
    obligations: decision.obligations.map(({ type }) => type),
    valid_until: isoOf(decision.validUntil),
  }
}

function isoOf(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
