import { auditEntry } from '../audit/audit-entry.js'
import type { AuditLog } from '../audit/audit-log.js'
import type { Catalogue, Language } from '../domain/catalogue.js'
import { type Allowed, decide } from '../domain/decide.js'
import type { Json } from '../domain/json.js'
import { lastDay } from '../domain/giving.js'
import { judgeCoverage, nameablePowers } from '../domain/coverage.js'
import { isRegistered } from '../domain/ground.js'
import type { Power } from '../domain/mandate.js'
import { catalogueFor } from './judge-ground.js'
import { PRIVATE, type Party, type PartyId } from '../domain/party.js'
import { powerInWords } from '../domain/power-words.js'
import { Problem } from '../domain/problem.js'
import { lastTokensOf } from '../store/audit-store.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { counterparts } from '../store/counterpart-store.js'
import type { Queryable } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { type FactsAt, byId, readFacts } from '../store/facts-store.js'
import { refuseYoungViewer } from './young-viewer.js'
import { partyRef } from '../store/party-ref.js'
import { type NamedParty, namedParties } from '../store/party-store.js'

const MOST_PAIRS = 200
/** A birthday worth asking about is nearer. */
const FARTHEST_AHEAD_MS = 20 * 366 * 24 * 3_600_000

/** Asked at the strongest login: the page tells for whom, the service tells how strongly one must be logged in. */
const STRONGEST_LOGIN = { level: 'high', authenticatedAt: null, proof: 'login_token' } as const

/** For whom a person may act and who may act for him, by the same decision as at every other door. */
export class OwnRepresentations {
  constructor(
    private readonly db: Queryable,
    private readonly log: AuditLog,
    private readonly catalogues: Catalogues,
  ) {}

  /**
   * What holds in both directions, in the person's language, now or at a time to come if nothing else changed: what the next
   * birthday changes is seen so. Recorded before it is answered.
   *
   * @throws Problem `invalid_request` for a time that has been, or is too far ahead; `principal_too_young`.
   */
  async of(party: PartyId, language: Language, at: Date | null): Promise<Json> {
    const { instant } = await clock(this.db)
    await refuseYoungViewer(this.db, party, instant)
    if (at !== null && (at < instant || at.getTime() > instant.getTime() + FARTHEST_AHEAD_MS)) {
      throw new Problem('invalid_request', 'at must be a time to come, 20 years ahead at most')
    }
    const pairs = await counterparts(this.db, party, at ?? instant, MOST_PAIRS)
    const others = pairs.map((pair) => (pair.principal === party ? pair.representative : pair.principal))
    const named = new Map((await namedParties(this.db, others)).map((one) => [one.partyId, one]))
    const lastTokens = await lastTokensOf(this.db, party, others)
    const forOthers: Json[] = []
    const forMe: Json[] = []
    for (const { principal, representative } of pairs) {
      const other = named.get(principal === party ? representative : principal)
      const powers = await this.powersBetween(representative, principal, language, at)
      if (other === undefined || powers.length === 0) continue
      const last_used_at = lastTokens.get(other.partyId)?.toISOString() ?? null
      if (principal === party) forMe.push({ representative: partyView(other, party), powers, last_used_at })
      else forOthers.push({ principal: partyView(other, party), powers })
    }
    await this.log.append(
      auditEntry({
        kind: 'representations_listed',
        occurredAt: instant,
        actor: party,
        principal: null,
        clientId: null,
        content: { pairs: pairs.map((pair) => ({ ...pair })), at: at?.toISOString() ?? null },
      }),
    )
    return { you_may_act_for: forOthers, may_act_for_you: forMe }
  }

  private async powersBetween(
    actor: PartyId,
    principal: PartyId,
    language: Language,
    at: Date | null,
  ): Promise<Json[]> {
    const known = await readFacts(this.db, byId(actor), byId(principal), null)
    const facts = at === null ? known : unchangedUntil(known, at)
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const services = catalogue.current.services.map(({ id }) => id)
    const powers = facts.facts.grounds.flatMap((ground) => nameablePowers(ground, facts.facts, services, catalogue))
    return distinct(powers).flatMap((power) => {
      const decision = decideAt(facts, power, catalogue)
      return decision === null
        ? []
        : [powerView(power, decision, lastDayOf(facts, power, decision, catalogue), language, catalogue)]
    })
  }
}

/** The facts as they would be then if no register told anything else, and all of them were fresh. */
function unchangedUntil({ facts, catalogueVersion }: FactsAt, at: Date): FactsAt {
  const fresh = (one: Party | null): Party | null => (one === null ? null : { ...one, factsFreshAt: at })
  const grounds = facts.grounds.map((ground) => {
    if (isRegistered(ground)) return { ...ground, factsFreshAt: at }
    const parent = ground.basis === 'mandate' ? ground.parent : null
    return parent === null
      ? ground
      : { ...ground, parent: { ...parent, middle: { ...parent.middle, factsFreshAt: at } } }
  })
  const then = { ...facts, actor: fresh(facts.actor), principal: fresh(facts.principal), grounds }
  return { instant: at, catalogueVersion, facts: then }
}

function decideAt(facts: FactsAt, power: Power, catalogue: Catalogue): Allowed | null {
  const decision = decide(
    {
      actor: facts.facts.actor?.partyId ?? null,
      principal: facts.facts.principal?.partyId ?? null,
      principalNamedBy: 'handle',
      power,
      login: STRONGEST_LOGIN,
      context: PRIVATE,
      instant: facts.instant,
      entitledTo: catalogue.current.services.map(({ id }) => id),
    },
    facts.facts,
    catalogue,
  )
  return decision.allowed ? decision : null
}

function distinct(powers: readonly Power[]): Power[] {
  return [...new Map(powers.map((power) => [JSON.stringify(Object.values(power)), power])).values()]
}

/** The last day on which the ground that gave the yes covers the power; null where no end is set. */
function lastDayOf({ facts, instant }: FactsAt, power: Power, decision: Allowed, catalogue: Catalogue): string | null {
  const ground = facts.grounds.find(({ representationId }) => representationId === decision.representationId)
  const coverage = ground === undefined ? null : judgeCoverage(ground, power, instant, facts, catalogue)
  return coverage === null || coverage.validUntil === null ? null : lastDay(coverage.validUntil)
}

function powerView(
  power: Power,
  decision: Allowed,
  last_day: string | null,
  language: Language,
  { current }: Catalogue,
): Json {
  return {
    ...powerInWords(power, language, current),
    basis: decision.basis,
    mandate_id: decision.basis === 'mandate' ? decision.representationId : null,
    last_day,
  }
}

function partyView({ partyId, name, bornOn }: NamedParty, viewer: PartyId): Json {
  return { ref: partyRef(viewer, partyId), name, born_year: bornOn === null ? null : Number(bornOn.slice(0, 4)) }
}
