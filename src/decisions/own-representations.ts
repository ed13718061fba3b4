import { auditEntry } from '../audit/audit-entry.js'
import type { AuditLog } from '../audit/audit-log.js'
import { type Catalogue, type Language, findService } from '../domain/catalogue.js'
import { type Allowed, decide } from '../domain/decide.js'
import type { Json } from '../domain/json.js'
import { lastDay } from '../domain/giving.js'
import type { GrantedPower } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { counterparts } from '../store/counterpart-store.js'
import type { Queryable } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { type FactsAt, readFacts } from '../store/facts-store.js'
import { type NamedParty, namedParties } from '../store/party-store.js'

const MOST_PAIRS = 200

/** Asked at the strongest login: the page tells for whom, the service tells how strongly one must be logged in. */
const STRONGEST_LOGIN = { level: 'high', authenticatedAt: null, proof: 'login_token' } as const

/** For whom a person may act and who may act for him, by the same decision as at every other door. */
export class OwnRepresentations {
  constructor(
    private readonly db: Queryable,
    private readonly log: AuditLog,
    private readonly catalogues: Catalogues,
  ) {}

  /** What holds right now, in both directions, in the person's language. Recorded before it is answered. */
  async of(party: PartyId, language: Language): Promise<Json> {
    const pairs = await counterparts(this.db, party, MOST_PAIRS)
    const others = pairs.map((pair) => (pair.principal === party ? pair.representative : pair.principal))
    const named = new Map((await namedParties(this.db, others)).map((one) => [one.partyId, one]))
    const forOthers: Json[] = []
    const forMe: Json[] = []
    for (const { principal, representative } of pairs) {
      const other = named.get(principal === party ? representative : principal)
      const powers = await this.powersBetween(representative, principal, language)
      if (other === undefined || powers.length === 0) continue
      if (principal === party) forMe.push({ representative: partyView(other), powers })
      else forOthers.push({ principal: partyView(other), powers })
    }
    await this.log.append(
      auditEntry({
        kind: 'representations_listed',
        occurredAt: (await clock(this.db)).instant,
        actor: party,
        principal: null,
        clientId: null,
        content: { pairs: pairs.map((pair) => ({ ...pair })) },
      }),
    )
    return { you_may_act_for: forOthers, may_act_for_you: forMe }
  }

  private async powersBetween(actor: PartyId, principal: PartyId, language: Language): Promise<Json[]> {
    const facts = await readFacts(this.db, { by: 'party', partyId: actor }, { by: 'party', partyId: principal }, null)
    const powers = facts.facts.grounds.flatMap((ground) => ground.powers)
    const pinned = powers.map(({ catalogueVersion }) => catalogueVersion)
    const catalogue = await this.catalogues.at(this.db, facts.catalogueVersion, pinned)
    return distinct(powers).flatMap((power) => {
      const decision = decideAt(facts, power, catalogue)
      return decision === null ? [] : [powerView(power, decision, language, catalogue)]
    })
  }
}

function decideAt(facts: FactsAt, power: GrantedPower, catalogue: Catalogue): Allowed | null {
  const decision = decide(
    {
      actor: facts.facts.actor?.partyId ?? null,
      principal: facts.facts.principal?.partyId ?? null,
      principalNamedBy: 'handle',
      power: { service: power.service, action: power.action, provider: power.provider, object: power.object },
      login: STRONGEST_LOGIN,
      instant: facts.instant,
      entitledTo: catalogue.current.services.map(({ id }) => id),
    },
    facts.facts,
    catalogue,
  )
  return decision.allowed ? decision : null
}

/** Each power once; given twice, with the later end. */
function distinct(powers: readonly GrantedPower[]): GrantedPower[] {
  const byKey = new Map<string, GrantedPower>()
  for (const power of powers) {
    const key = JSON.stringify([power.service, power.action, power.provider, power.object])
    const other = byKey.get(key)
    if (other === undefined || other.validUntil < power.validUntil) byKey.set(key, power)
  }
  return [...byKey.values()]
}

function powerView(power: GrantedPower, decision: Allowed, language: Language, { current }: Catalogue): Json {
  const service = findService(current, power.service)
  return {
    service: power.service,
    service_name: service?.name[language] ?? power.service,
    action: power.action,
    action_text: service?.actionTexts[power.action]?.[language] ?? power.action,
    provider: power.provider,
    object: power.object,
    basis: decision.basis,
    mandate_id: decision.representationId,
    last_day: lastDay(power.validUntil),
  }
}

function partyView({ name, bornOn }: NamedParty): Json {
  return { name, born_year: bornOn === null ? null : Number(bornOn.slice(0, 4)) }
}
