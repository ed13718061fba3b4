import { earliestOf } from '../domain/calendar.js'
import type { Json } from '../domain/json.js'
import type { CatalogueVersion, Language } from '../domain/catalogue.js'
import { lastDay } from '../domain/giving.js'
import { type GrantedPower, type MandateState, stateAt } from '../domain/mandate.js'
import type { Acting, PartyId } from '../domain/party.js'
import { powerInWords } from '../domain/power-words.js'
import type { SeenMandate, SeenParty, SeenVersion } from '../store/mandate-view-store.js'
import { partyRef } from '../store/party-ref.js'

/** The state of a whole mandate is that of the power that is furthest alive. */
const FURTHEST_ALIVE: readonly MandateState[] = [
  'active',
  'frozen',
  'held',
  'offered',
  'not_yet_valid',
  'expired',
  'lapsed',
  'declined',
  'cancelled',
  'ended',
]

/** What a mandate is at this instant, taken as a whole. */
export function stateOfMandate(mandate: Pick<SeenMandate, 'powers' | 'answerBy'>, instant: Date): MandateState {
  const states = new Set(mandate.powers.map((power) => stateAt(power, mandate.answerBy, instant)))
  return FURTHEST_ALIVE.find((state) => states.has(state)) ?? 'ended'
}

/** The mandate as its party sees it, in his language. */
export function mandateView(
  mandate: SeenMandate,
  viewer: PartyId,
  language: Language,
  catalogue: CatalogueVersion,
): Record<string, Json> {
  return {
    mandate_id: mandate.mandateId,
    version: mandate.version,
    your_role: roleOf(mandate, viewer),
    giver: partyView(mandate.principal, viewer),
    given_through: mandate.through === null ? null : partyView(mandate.through.middle, viewer),
    parent: mandate.through?.parent ?? null,
    parent_state: mandate.through === null ? null : stateOfMandate(mandate.through, mandate.instant),
    representative: partyView(mandate.representative, viewer),
    state: stateOfMandate(mandate, mandate.instant),
    answer_by: mandate.answerBy?.toISOString() ?? null,
    takes_effect_at: takesEffectAt(mandate)?.toISOString() ?? null,
    flags: mandate.sameDevice ? ['same_device'] : [],
    powers: mandate.powers.map((power) => ({
      ...powerView(power, language, catalogue),
      state: stateAt(power, mandate.answerBy, mandate.instant),
    })),
  }
}

/** When the first of the held powers takes effect; null where nothing is held. */
function takesEffectAt({ powers, answerBy, instant }: SeenMandate): Date | null {
  const held = powers.filter((power) => stateAt(power, answerBy, instant) === 'held')
  return earliestOf(held.map(({ validFrom }) => validFrom))
}

function roleOf({ principal, through }: SeenMandate, viewer: PartyId): 'giver' | 'given_through' | 'representative' {
  if (principal.partyId === viewer) return 'giver'
  return through?.middle.partyId === viewer ? 'given_through' : 'representative'
}

/** A name that tells the person apart from others, and never the number. */
function partyView({ partyId, name, bornYear }: SeenParty, viewer: PartyId): Record<string, Json> {
  return { ref: partyRef(viewer, partyId), name, born_year: bornYear }
}

function powerView(power: GrantedPower, language: Language, catalogue: CatalogueVersion): Record<string, Json> {
  return {
    power_id: power.powerId,
    ...powerInWords(power, language, catalogue),
    passing_on: power.passingOn,
    valid_from: power.validFrom.toISOString(),
    valid_until: power.validUntil.toISOString(),
    last_day: lastDay(power.validUntil),
  }
}

/**
 * One version as the parties see it: who, when, why, the confirmed text, and the powers as they were known then. Who signed
 * for an organisation is told to those who act for it; the other side reads it in the text.
 */
export function versionView(
  version: SeenVersion,
  { party }: Acting,
  language: Language,
  catalogue: CatalogueVersion,
): Record<string, Json> {
  return {
    version: version.version,
    change: version.change,
    made_by_you: (version.madeFor ?? version.madeBy) === party,
    signed_by: version.madeFor === party ? version.madeByName : null,
    made_at: version.madeAt.toISOString(),
    reason: version.reason,
    language: version.language,
    text: version.text,
    text_hash: version.textHash?.toString('base64url') ?? null,
    catalogue_version: version.catalogueVersion,
    powers: version.powers.map((power) => ({ ...powerView(power, language, catalogue), state: power.state })),
  }
}
