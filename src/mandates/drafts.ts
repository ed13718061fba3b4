import { createHash } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import type { Day } from '../domain/calendar.js'
import type { Language } from '../domain/catalogue.js'
import { type PlannedPower, type WantedPower, lastDay, planMandate } from '../domain/giving.js'
import { type MandateSentences, mandateText } from '../domain/mandate-text.js'
import type { Actor, PartyId } from '../domain/party.js'
import { planPassingOn } from '../domain/passing-on.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database } from '../store/database.js'
import { type Draft, insertDraft } from '../store/draft-store.js'
import { clock } from '../store/mandate-store.js'
import { seeMandate } from '../store/mandate-view-store.js'
import { namedParties } from '../store/party-store.js'
import { seenAs, wordsOf } from './draft-words.js'
import { extendPowers, extendable } from './extending.js'
import { type Answered, type NamedHelper, answeredBy, findHelper, isMeant } from './named-helper.js'
import { refuseOverlap } from './overlap.js'
import { parentOf } from './parent-of.js'
import { partyIn } from './party-in.js'
import { requireLevel } from './required-level.js'
import { recordingMisses, refuseSearching } from './seeking.js'

/** A new mandate. Days are settled when the text is made, so that the text stays true. */
export interface GiveContent {
  readonly kind: 'give'
  /** The mandate that it is passed on from; null where the giver gives of his own. */
  readonly parent: string | null
  readonly representative: PartyId
  readonly powers: readonly (WantedPower & { readonly until: Day })[]
  /** What confirming it answers or uses up. */
  readonly answers: Answered
}

/** A later end for powers of a mandate. */
export interface ExtendContent {
  readonly kind: 'extend'
  readonly mandateId: string
  readonly parent: string | null
  /** The version that the text was made from: a change in between makes the draft void. */
  readonly version: number
  readonly powerIds: readonly string[]
  readonly until: Day
}

/** What confirming a draft would do. */
export type DraftContent = GiveContent | ExtendContent

/** A mandate someone wants to give, or to pass on where it has a parent. */
export interface WantedMandate {
  readonly parent: string | null
  readonly helper: NamedHelper
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

  /** @throws Problem naming the rule that the wish breaks; `no_such_mandate`, `not_yours_to_do` of the parent; `too_many_requests` beyond 60 drafts in an hour. */
  async draftMandate(actor: Actor, language: Language, wanted: WantedMandate): Promise<Draft<DraftContent>> {
    const { current } = await this.catalogues.latest(this.db)
    const { instant } = await clock(this.db)
    const parent = wanted.parent === null ? null : await parentOf(this.db, wanted.parent, actor)
    await refuseSearching(this.db, actor)
    const { partyId: found, powers: wish } = await findHelper(this.db, actor, wanted.helper, wanted.powers)
    const principalId = parent?.principal.partyId ?? actor.partyId
    const parties = await namedParties(this.db, [actor.partyId, principalId, ...(found === null ? [] : [found])])
    const giver = partyIn(parties, actor.partyId)
    const principal = partyIn(parties, principalId)
    const named = parties.find(({ partyId }) => partyId === found)
    const representative = named !== undefined && isMeant(named, wanted.helper) ? named : null
    requireLevel(
      actor,
      wanted.powers.map(({ service }) => service),
      current,
    )
    const isSelf = found === actor.partyId
    const to = isSelf ? giver : representative
    const plan = await recordingMisses(this.db, actor, instant, () =>
      parent === null
        ? planMandate(wish, giver, to, current, instant)
        : planPassingOn(wish, { ...parent, principal, middle: giver }, to, current, instant),
    )
    if (representative === null) throw new Error('a mandate was planned for no one')
    const between = { principal: principalId, representative: representative.partyId, giver: giver.partyId }
    await refuseOverlap(this.db, between, plan)

    const text = mandateText(this.sentences, language, {
      kind: 'give',
      giver: { name: principal.name },
      middle: parent === null ? null : { name: giver.name },
      representative: seenAs(representative),
      acceptance: plan.acceptance,
      powers: plan.powers.map((power) => wordsOf(power, power.validFrom <= instant, language, current)),
    })
    const powers = wish.map((power, index) => ({ ...power, until: lastDay(endOf(plan.powers, index)) }))
    const answers = answeredBy(wanted.helper)
    const content: DraftContent = {
      ...{ kind: 'give', parent: wanted.parent, representative: representative.partyId, powers, answers },
    }
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
    const { through, principal } = mandate
    if ((through?.middle ?? principal).partyId !== actor.partyId) {
      throw new Problem('not_yours_to_do', 'only the giver extends')
    }
    const powers = extendable(mandate, wish.powerIds)
    requireLevel(
      actor,
      powers.map(({ service }) => service),
      current,
    )
    const parent = through === null ? null : await parentOf(this.db, through.parent, actor)
    const between = { giver: actor.partyId, principal: principal.partyId, parent }
    const wanted = { ...between, powers, until: wish.until, instant: mandate.instant }
    const extended = await extendPowers(this.db, wanted, current)

    const text = mandateText(this.sentences, language, {
      kind: 'extend',
      giver: { name: principal.name },
      middle: through === null ? null : { name: through.middle.name },
      representative: mandate.representative,
      acceptance: false,
      powers: extended.map((power) => wordsOf(power, power.validFrom <= mandate.instant, language, current)),
    })
    const powerIds = powers.map(({ powerId }) => powerId)
    const { version } = mandate
    const content: DraftContent = {
      ...{ kind: 'extend', mandateId, parent: through?.parent ?? null, version, powerIds, until: wish.until },
    }
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

function endOf(powers: readonly PlannedPower[], index: number): Date {
  const power = powers[index]
  if (power === undefined) throw new Error('a planned power is missing')
  return power.validUntil
}
