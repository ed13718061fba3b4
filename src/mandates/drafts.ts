import { createHash } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import type { Day } from '../domain/calendar.js'
import { type Action, type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import {
  type PlannedPower,
  type WantedPower,
  extendedUntil,
  lastDay,
  planMandate,
  refuseGiver,
} from '../domain/giving.js'
import type { Identifier } from '../domain/identifier.js'
import { stateAt } from '../domain/mandate.js'
import { type MandateSentences, mandateText } from '../domain/mandate-text.js'
import type { Actor, PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database } from '../store/database.js'
import { type Draft, insertDraft } from '../store/draft-store.js'
import { clock } from '../store/mandate-store.js'
import { type SeenMandate, seeMandate } from '../store/mandate-view-store.js'
import { type NamedParty, findParty, namedParties } from '../store/party-store.js'
import { refuseOverlap } from './overlap.js'
import { recordingMisses, refuseSearching } from './seeking.js'
import { requireLevel } from './required-level.js'

/** A new mandate. Days are settled when the text is made, so that the text stays true. */
export interface GiveContent {
  readonly kind: 'give'
  readonly representative: PartyId
  readonly powers: readonly (WantedPower & { readonly until: Day })[]
}

/** A later end for powers of a mandate. */
export interface ExtendContent {
  readonly kind: 'extend'
  readonly mandateId: string
  /** The version that the text was made from: a change in between makes the draft void. */
  readonly version: number
  readonly powerIds: readonly string[]
  readonly until: Day
}

/** What confirming a draft would do. */
export type DraftContent = GiveContent | ExtendContent

/** A mandate someone wants to give. The family name guards against a mistyped number. */
export interface WantedMandate {
  readonly representative: Identifier
  readonly familyName: string
  readonly powers: readonly WantedPower[]
}

const DRAFT_MINUTES = 30
/** Each draft looks up a person by number: a limit against those who would go through the register that way. */
const MOST_DRAFTS_IN_AN_HOUR = 60

/** The first of the two steps of giving: the exact text, in the giver's language, that the second one confirms. */
export class Drafts {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly sentences: MandateSentences,
  ) {}

  /** @throws Problem naming the rule that the wish breaks; `too_many_requests` beyond 60 drafts in an hour. */
  async draftMandate(actor: Actor, language: Language, wanted: WantedMandate): Promise<Draft<DraftContent>> {
    const { current } = await this.catalogues.latest(this.db)
    const { instant } = await clock(this.db)
    await refuseSearching(this.db, actor)
    const found = await findParty(this.db, wanted.representative)
    const parties = await namedParties(this.db, found === null ? [actor.partyId] : [actor.partyId, found])
    const giver = partyIn(parties, actor.partyId)
    const named = parties.find(({ partyId }) => partyId === found)
    const representative = named !== undefined && sameName(named.familyName, wanted.familyName) ? named : null
    requireLevel(
      actor,
      wanted.powers.map(({ service }) => service),
      current,
    )
    const isSelf = found === actor.partyId
    const plan = await recordingMisses(this.db, actor, instant, () =>
      planMandate(wanted.powers, giver, isSelf ? giver : representative, current, instant),
    )
    if (representative === null) throw new Error('a mandate was planned for no one')
    await refuseOverlap(this.db, giver.partyId, representative.partyId, plan)

    const text = mandateText(this.sentences, language, {
      kind: 'give',
      giver: { name: giver.name },
      representative: seenAs(representative),
      acceptance: plan.acceptance,
      powers: plan.powers.map((power) => wordsOf(power, power.validFrom <= instant, language, current)),
    })
    const powers = wanted.powers.map((power, index) => ({ ...power, until: lastDay(endOf(plan.powers, index)) }))
    const content: DraftContent = { kind: 'give', representative: representative.partyId, powers }
    return this.keep(actor.partyId, content, language, text, current.version)
  }

  /** @throws Problem `no_such_mandate`, `not_yours_to_do`, `not_in_this_state`, or the rule that the new end breaks. */
  async draftExtension(
    actor: Actor,
    language: Language,
    mandateId: string,
    wish: { readonly powerIds: readonly string[] | null; readonly until: Day },
  ): Promise<Draft<DraftContent>> {
    const { current } = await this.catalogues.latest(this.db)
    const mandate = await seeMandate(this.db, mandateId, actor.partyId)
    if (mandate === null) throw new Problem('no_such_mandate', 'you have no such mandate')
    if (mandate.principal.partyId !== actor.partyId) throw new Problem('not_yours_to_do', 'only the giver extends')
    const powers = extendable(mandate, wish.powerIds)
    requireLevel(
      actor,
      powers.map(({ service }) => service),
      current,
    )
    const giver = partyIn(await namedParties(this.db, [actor.partyId]), actor.partyId)
    refuseGiver(giver, powers, current, mandate.instant)
    const extended = powers.map((power) => ({
      ...power,
      validUntil: extendedUntil(power, wish.until, current, mandate.instant),
    }))

    const text = mandateText(this.sentences, language, {
      kind: 'extend',
      giver: { name: mandate.principal.name },
      representative: { name: mandate.representative.name, bornYear: mandate.representative.bornYear },
      acceptance: false,
      powers: extended.map((power) => wordsOf(power, power.validFrom <= mandate.instant, language, current)),
    })
    const powerIds = powers.map(({ powerId }) => powerId)
    const content: DraftContent = { kind: 'extend', mandateId, version: mandate.version, powerIds, until: wish.until }
    return this.keep(actor.partyId, content, language, text, current.version)
  }

  private async keep(
    giver: PartyId,
    content: DraftContent,
    language: Language,
    text: string,
    catalogueVersion: number,
  ): Promise<Draft<DraftContent>> {
    const textHash = createHash('sha256').update(text).digest()
    const draft = { draftId: timeOrderedId(), giver, content, language, text, textHash, catalogueVersion }
    const expiresAt = await insertDraft(this.db, draft, DRAFT_MINUTES, MOST_DRAFTS_IN_AN_HOUR)
    if (expiresAt === null) throw new Problem('too_many_requests', 'too many drafts within an hour')
    return { ...draft, expiresAt }
  }
}

/** The powers that can be extended, all of them or the ones named. */
export function extendable(
  mandate: Pick<SeenMandate, 'powers' | 'answerBy' | 'instant'>,
  powerIds: readonly string[] | null,
): SeenMandate['powers'] {
  const named = mandate.powers.filter(({ powerId }) => powerIds === null || powerIds.includes(powerId))
  if (powerIds !== null && named.length !== new Set(powerIds).size) {
    throw new Problem('invalid_request', 'the mandate has no such power')
  }
  const live = named.filter((power) =>
    ['active', 'not_yet_valid'].includes(stateAt(power, mandate.answerBy, mandate.instant)),
  )
  if (live.length === 0 || (powerIds !== null && live.length !== named.length)) {
    throw new Problem('not_in_this_state', 'only what is in force, or will be, can be extended')
  }
  return live
}

function partyIn(parties: readonly NamedParty[], partyId: PartyId): NamedParty {
  const party = parties.find((one) => one.partyId === partyId)
  if (party === undefined) throw new Error('a logged-in person is not in the register of parties')
  return party
}

function endOf(powers: readonly PlannedPower[], index: number): Date {
  const power = powers[index]
  if (power === undefined) throw new Error('a planned power is missing')
  return power.validUntil
}

function seenAs({ name, bornOn }: NamedParty) {
  return { name, bornYear: bornOn === null ? null : Number(bornOn.slice(0, 4)) }
}

/** Letters only, without regard to case or to how accents are written: people write their names in many ways. */
function sameName(registered: string | null, written: string): boolean {
  const plain = (name: string): string =>
    name
      .normalize('NFC')
      .toLocaleLowerCase('nb')
      .replaceAll(/[\s-]+/g, ' ')
      .trim()
  return registered !== null && plain(registered) === plain(written)
}

function wordsOf(
  power: {
    readonly service: string
    readonly action: Action
    readonly provider: string | null
    readonly object: string | null
    readonly validFrom: Date
    readonly validUntil: Date
  },
  fromNow: boolean,
  language: Language,
  catalogue: CatalogueVersion,
) {
  const service = findService(catalogue, power.service)
  const actionText = service?.actionTexts[power.action]?.[language]
  const provider = catalogue.organisations.find(({ orgnr }) => orgnr === power.provider)
  const hasWords =
    service !== undefined && actionText !== undefined && (power.provider === null || provider !== undefined)
  if (!hasWords) throw new Error('a planned power has no words in the catalogue')
  return {
    actionText,
    serviceName: service.name[language],
    providerName: provider?.name ?? null,
    object: power.object,
    validFrom: power.validFrom,
    fromNow,
    lastDay: lastDay(power.validUntil),
  }
}
