import type { Power } from '../domain/mandate.js'
import { type Act, findAct, samePower, stateOfAct } from '../store/act-store.js'
import type { Queryable } from '../store/database.js'
import type { FactsAt } from '../store/facts-store.js'

/** The act that a question is about, as the asker names it: its id, and the SHA-256 of what is to be done. */
export interface NamedAct {
  readonly actId: string
  readonly contentHash: Buffer
}

/**
 * The facts with the approvals of the act that was named. An act of another client, about another principal or power, of
 * another content, that the actor himself has not agreed to, or that is over, brings none: the answer is then what it would
 * be without it.
 */
export async function withApprovals(
  db: Queryable,
  facts: FactsAt,
  named: NamedAct,
  power: Power,
  clientId: string,
): Promise<FactsAt> {
  const act = await openAct(db, facts, named, clientId)
  return act !== null && samePower(act, power) ? approvedAs(facts, act) : facts
}

/** The act that was named, if it is open, this client’s, about this principal, of this content, and agreed to by the actor. */
export async function openAct(
  db: Queryable,
  { facts }: FactsAt,
  named: NamedAct,
  clientId: string,
): Promise<Act | null> {
  const act = await findAct(db, named.actId)
  // An act is agreed to by people for themselves; no organisation stands between them and the principal.
  if (facts.atWork !== undefined) return null
  const isMeant =
    act?.clientId === clientId &&
    act.principal === facts.principal?.partyId &&
    act.approvedBy.some((party) => party === facts.actor?.partyId) &&
    act.contentHash.equals(named.contentHash) &&
    stateOfAct(act) === 'open'
  return isMeant ? act : null
}

/** The facts with the approvals of this very act, as long as it is open. */
export function approvedAs(facts: FactsAt, act: Act): FactsAt {
  return stateOfAct(act) === 'open' ? agreedIn(facts, act) : facts
}

/** The facts with the approvals of an act that has been consumed by what is judged now. */
export function agreedIn(facts: FactsAt, act: Act): FactsAt {
  return { ...facts, facts: { ...facts.facts, approvedBy: act.approvedBy, approvedUntil: act.expiresAt } }
}
