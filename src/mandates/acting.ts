import { auditEntry } from '../audit/audit-entry.js'
import { appendAuditEntry } from '../audit/audit-log.js'
import type { CatalogueVersion } from '../domain/catalogue.js'
import { findService, satisfies } from '../domain/catalogue.js'
import { type Decision, decide } from '../domain/decide.js'
import type { Power } from '../domain/mandate.js'
import { type Acting, type Actor, PRIVATE, type PartyId, forOneself, organisationOf } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Reason } from '../domain/reasons.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable, Transaction } from '../store/database.js'
import { byId, readFacts } from '../store/facts-store.js'
import { holdRoles } from '../store/hold-ground.js'
import { partyOfRef } from '../store/party-ref.js'

/** Who wants to handle mandates, and whose: his own, or those of the organisation that he knows by this name. */
export interface Manager {
  readonly actor: Actor
  /** `partyRef` of the organisation; null for himself. */
  readonly organisation: string | null
}

/** Someone who wants to handle what is his own. */
export function ofOneself(actor: Actor): Manager {
  return { actor, organisation: null }
}

/** The service of the catalogue whose roles say who handles the mandates of an organisation. */
export const HANDLING = 'fullmakt.organisation'

/** To see them; to narrow, stop, end or decline; to give, extend and accept. */
export type HandlingAction = 'read' | 'write' | 'sign'

/**
 * Whose mandates these are, if the manager may do this with them: his own always; an organisation's where `decide` says so of
 * the role that the register tells of. What is decided of an organisation is recorded before it is answered.
 *
 * @throws Problem `no_such_organisation` for any name but one of an organisation in which he has such a role now;
 * `login_level_too_low`; `signed_in_common` where the role is held with others; `organisation_not_handled` with the reason.
 */
export async function actingFor(
  db: Queryable,
  catalogues: Catalogues,
  { actor, organisation: ref }: Manager,
  action: HandlingAction,
): Promise<Acting> {
  if (ref === null) return forOneself(actor)
  const { current } = await catalogues.latest(db)
  // Before the name is looked at: whether there is such an organisation shows nowhere.
  refuseWeakLogin(actor, current)
  const party = await partyOfRef(db, actor.partyId, ref)
  if (party === null) throw noSuchOrganisation()
  const { decision, instant } = await judgeRole(db, { actor, party }, powerOf(action), current)
  const { allowed, representationId } = decision
  const content = { action, allowed, reason: decision.allowed ? null : decision.reason, role: representationId }
  const parties = { actor: actor.partyId, principal: party, clientId: null }
  await appendAuditEntry(db, auditEntry({ kind: 'organisation_handled', occurredAt: instant, ...parties, content }))
  if (!decision.allowed) throw problemOf(decision.reason)
  return { actor, party }
}

/**
 * Decides it again inside the transaction of a change, which the register's next word of the role waits for: what was lost
 * since it was seen is refused.
 */
export async function stillActing(
  tx: Transaction,
  catalogues: Catalogues,
  acting: Acting,
  action: HandlingAction,
): Promise<void> {
  const organisation = organisationOf(acting)
  if (organisation === null) return
  await holdRoles(tx, organisation, acting.actor.partyId)
  const { current } = await catalogues.latest(tx)
  const { decision } = await judgeRole(tx, acting, powerOf(action), current)
  if (!decision.allowed) throw problemOf(decision.reason)
}

/**
 * No one gives more for an organisation than he himself may do for it by his role, at this login.
 *
 * @throws Problem `not_given_for_organisation` with the power and the reason.
 */
export async function refuseUnheld(
  db: Queryable,
  acting: Acting,
  powers: readonly Power[],
  catalogue: CatalogueVersion,
): Promise<void> {
  if (organisationOf(acting) === null) return
  for (const { service, action, provider, object } of powers) {
    const { decision } = await judgeRole(db, acting, { service, action, provider, object }, catalogue)
    if (decision.allowed) continue
    const more = { service, action, reason: decision.reason }
    throw new Problem('not_given_for_organisation', 'whoever signs may not do this for the organisation himself', more)
  }
}

/** Whoever signs for an organisation neither gives nor prolongs what he himself has of it: it would outlive his role. */
export function refuseSelfDealing(acting: Acting, representative: PartyId): void {
  if (organisationOf(acting) === null || representative !== acting.actor.partyId) return
  throw new Problem('not_to_oneself', 'whoever signs for an organisation does not give its mandates to himself')
}

function powerOf(action: HandlingAction): Power {
  return { service: HANDLING, action, provider: null, object: null }
}

/** What his role in the organisation lets him do there; a mandate between the two does not count. */
async function judgeRole(
  db: Queryable,
  { actor, party }: Acting,
  power: Power,
  catalogue: CatalogueVersion,
): Promise<{ readonly decision: Decision; readonly instant: Date }> {
  const { facts, instant } = await readFacts(db, byId(actor.partyId), byId(party), null)
  const grounds = facts.grounds.filter(({ basis }) => basis === 'organisation_role')
  const question = {
    ...{ actor: actor.partyId, principal: party, principalNamedBy: 'handle' as const, power, instant },
    ...{ login: actor.login, context: PRIVATE, entitledTo: [power.service] },
  }
  return { decision: decide(question, { ...facts, grounds }, onlyCurrent(catalogue)), instant }
}

/** A role follows the current catalogue: no other version is asked for. */
function onlyCurrent(current: CatalogueVersion): Parameters<typeof decide>[2] {
  return {
    current,
    version: (number) => {
      throw new Error(`a role does not stand on catalogue version ${number}`)
    },
  }
}

function refuseWeakLogin(actor: Actor, catalogue: CatalogueVersion): void {
  const needed = findService(catalogue, HANDLING)?.assurance ?? 'high'
  if (satisfies(actor.login.level, needed)) return
  throw new Problem('login_level_too_low', `log in at the level ${needed}`, { required_level: needed })
}

/** Told only of a role that he has, so that nobody else learns anything of the organisation. */
const IN_THE_WAY: readonly Reason[] = [
  'principal_deceased',
  'principal_ceased',
  'not_available',
  'facts_missing',
  'representative_without_capacity',
  'representative_too_young',
  'reserved',
  'conflict_of_interest',
  'facts_too_old',
]

function problemOf(reason: Reason): Problem {
  if (reason === 'others_must_approve' || reason === 'co_holder_not_identified') {
    return new Problem('signed_in_common', 'this role is held in common: one login is not enough', { reason })
  }
  if (IN_THE_WAY.includes(reason)) {
    return new Problem('organisation_not_handled', 'something stands in the way of acting for it now', { reason })
  }
  return noSuchOrganisation()
}

function noSuchOrganisation(): Problem {
  return new Problem('no_such_organisation', 'you handle the mandates of no such organisation')
}
