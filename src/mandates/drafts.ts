import { createHash } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import { type Search, seeking } from '../audit/seeking.js'
import type { Day } from '../domain/calendar.js'
import type { CatalogueVersion, Language } from '../domain/catalogue.js'
import { coolingOffHours, heldBack } from '../domain/cooling-off.js'
import { type PlannedPower, type WantedPower, lastDay, planMandate } from '../domain/giving.js'
import { type MandateSentences, type MandateTextContent, mandateText } from '../domain/mandate-text.js'
import { stateAt } from '../domain/mandate.js'
import { type Acting, organisationOf } from '../domain/party.js'
import { planPassingOn } from '../domain/passing-on.js'
import { Problem } from '../domain/problem.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database, Queryable } from '../store/database.js'
import { type Draft, type KnownDraft, insertDraft, seeDraft } from '../store/draft-store.js'
import { clock } from '../store/mandate-store.js'
import { seeMandate } from '../store/mandate-view-store.js'
import { namedParties } from '../store/party-store.js'
import { type Manager, actingFor, refuseSelfDealing, refuseUnheld } from './acting.js'
import { type DraftContent, madeFor, textNumber } from './draft-content.js'
import { seenAs, signerOf, wordsOf } from './draft-words.js'
import { extendPowers, extendable } from './extending.js'
import { type NamedHelper, answeredBy, findHelper, isMeant } from './named-helper.js'
import { refuseOverlap } from './overlap.js'
import { parentOf } from './parent-of.js'
import { partyIn } from './party-in.js'
import { askedLogin, requireLevel } from './required-level.js'

/** A mandate someone wants to give, or to pass on where it has a parent. */
export interface WantedMandate {
  readonly parent: string | null
  readonly helper: NamedHelper
  readonly powers: readonly WantedPower[]
}

const DRAFT_MINUTES = 30
/** Each draft looks up a person by number: a limit against those who would go through the register that way. */
const MOST_DRAFTS_IN_AN_HOUR = 60

/** A text that is about to be made: who is shown it, in which language, and what confirming it does. */
interface NewText {
  readonly acting: Acting
  readonly language: Language
  readonly catalogue: CatalogueVersion
  readonly services: readonly string[]
  readonly content: DraftContent
}

/** The first of the two steps of giving, extending and accepting: the exact text that the second one confirms. */
export class Drafts {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly sentences: MandateSentences,
  ) {}

  /** @throws Problem naming the rule that the wish breaks; `no_such_mandate`, `not_yours_to_do` of the parent; `too_many_requests` beyond 60 drafts or 20 refusals in an hour. */
  async draftMandate(manager: Manager, language: Language, wanted: WantedMandate): Promise<Draft<DraftContent>> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'sign')
    const { current } = await this.catalogues.latest(this.db)
    const draft = (db: Queryable, search: Search): Promise<Draft<DraftContent>> =>
      this.draftGiving(db, search, acting, language, wanted, current)
    return wanted.helper.by === 'number' ? seeking(this.db, acting.actor, draft) : draft(this.db, { isFound: false })
  }

  private async draftGiving(
    db: Queryable,
    search: Search,
    acting: Acting,
    language: Language,
    wanted: WantedMandate,
    current: CatalogueVersion,
  ): Promise<Draft<DraftContent>> {
    const { actor, party } = acting
    const { instant } = await clock(db)
    const parent = wanted.parent === null ? null : await parentOf(db, wanted.parent, party)
    const { partyId: found, powers: wish } = await findHelper(db, party, wanted.helper, wanted.powers)
    const principalId = parent?.principal.partyId ?? party
    const parties = await namedParties(db, [actor.partyId, party, principalId, ...(found === null ? [] : [found])])
    const giver = partyIn(parties, party)
    const principal = partyIn(parties, principalId)
    const named = parties.find(({ partyId }) => partyId === found)
    const representative = named !== undefined && isMeant(named, wanted.helper) ? named : null
    const services = wanted.powers.map(({ service }) => service)
    requireLevel(actor, services, current)
    const isSelf = found === party
    const to = isSelf ? giver : representative
    const plan =
      parent === null
        ? planMandate(wish, giver, to, current, instant)
        : planPassingOn(wish, { ...parent, principal, middle: giver }, to, current, instant)
    if (representative === null) throw new Error('a mandate was planned for no one')
    search.isFound = true
    refuseSelfDealing(acting, representative.partyId)
    await refuseUnheld(db, acting, plan.powers, current)
    const between = { principal: principalId, representative: representative.partyId, giver: giver.partyId }
    await refuseOverlap(db, between, plan)
    const heldHours = coolingOffHours(services, current)
    heldBack(plan.powers, heldHours, instant)

    const powers = wish.map((power, index) => ({ ...power, until: lastDay(endOf(plan.powers, index)) }))
    const answers = answeredBy(wanted.helper)
    const content: DraftContent = {
      ...{ kind: 'give', parent: wanted.parent, powers, answers },
      ...{ representative: representative.partyId, representativeName: representative.name },
    }
    return this.keep(
      db,
      { acting, language, catalogue: current, services, content },
      {
        kind: 'give',
        signer: signerOf(acting, parties),
        heldHours,
        giver: { name: principal.name },
        middle: parent === null ? null : { name: giver.name },
        representative: seenAs(representative),
        acceptance: plan.acceptance,
        powers: plan.powers.map((power) => wordsOf(power, power.validFrom <= instant, language, current)),
      },
    )
  }

  /** @throws Problem `no_such_mandate`, `not_yours_to_do`, `not_in_this_state`, or the rule that the new end breaks. */
  async draftExtension(
    manager: Manager,
    language: Language,
    mandateId: string,
    wish: { readonly powerIds: readonly string[] | null; readonly until: Day },
  ): Promise<Draft<DraftContent>> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'sign')
    const { actor, party } = acting
    const { current } = await this.catalogues.latest(this.db)
    const mandate = await seeMandate(this.db, mandateId, party)
    if (mandate === null) throw new Problem('no_such_mandate', 'you have no such mandate')
    const { through, principal } = mandate
    if ((through?.middle ?? principal).partyId !== party) {
      throw new Problem('not_yours_to_do', 'only the giver extends')
    }
    refuseSelfDealing(acting, mandate.representative.partyId)
    const powers = extendable(mandate, wish.powerIds)
    const services = powers.map(({ service }) => service)
    requireLevel(actor, services, current)
    const parent = through === null ? null : await parentOf(this.db, through.parent, party)
    await refuseUnheld(this.db, acting, powers, current)
    const between = { giver: party, principal: principal.partyId, parent }
    const wanted = { ...between, powers, until: wish.until, instant: mandate.instant }
    const extended = await extendPowers(this.db, wanted, current)

    const powerIds = powers.map(({ powerId }) => powerId)
    const { version } = mandate
    const content: DraftContent = {
      ...{ kind: 'extend', mandateId, parent: through?.parent ?? null, version, powerIds, until: wish.until },
    }
    return this.keep(
      this.db,
      { acting, language, catalogue: current, services, content },
      {
        kind: 'extend',
        signer: signerOf(acting, await namedParties(this.db, [actor.partyId, party])),
        heldHours: 0,
        giver: { name: principal.name },
        middle: through === null ? null : { name: through.middle.name },
        representative: mandate.representative,
        acceptance: false,
        powers: extended.map((power) => wordsOf(power, power.validFrom <= mandate.instant, language, current)),
      },
    )
  }

  /**
   * What the representative is to agree to.
   *
   * @throws Problem `no_such_mandate`, `not_yours_to_do`, `not_in_this_state` where nothing is offered any more.
   */
  async draftAcceptance(manager: Manager, language: Language, mandateId: string): Promise<Draft<DraftContent>> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'sign')
    const { actor, party } = acting
    const { current } = await this.catalogues.latest(this.db)
    const mandate = await seeMandate(this.db, mandateId, party)
    if (mandate === null) throw new Problem('no_such_mandate', 'you have no such mandate')
    const { through, principal, representative, version, instant, answerBy } = mandate
    if (representative.partyId !== party) {
      throw new Problem('not_yours_to_do', 'only the representative accepts')
    }
    const offered = mandate.powers.filter((power) => stateAt(power, answerBy, instant) === 'offered')
    if (offered.length === 0) throw new Problem('not_in_this_state', 'nothing in this mandate is offered')
    const services = offered.map(({ service }) => service)
    requireLevel(actor, services, current)
    const content: DraftContent = { kind: 'accept', mandateId, version }
    return this.keep(
      this.db,
      { acting, language, catalogue: current, services, content },
      {
        kind: 'accept',
        signer: signerOf(acting, await namedParties(this.db, [actor.partyId, party])),
        heldHours: coolingOffHours(services, current),
        giver: { name: principal.name },
        middle: through === null ? null : { name: through.middle.name },
        representative,
        acceptance: false,
        powers: offered.map((power) => wordsOf(power, power.validFrom <= instant, language, current)),
      },
    )
  }

  /**
   * The same draft again, by whom and for whom it was made.
   *
   * @throws Problem `no_such_draft`, also for others' drafts; `draft_used` with the mandate it was confirmed as; `draft_expired`.
   */
  async see(manager: Manager, draftId: string): Promise<KnownDraft<DraftContent>> {
    const acting = await actingFor(this.db, this.catalogues, manager, 'sign')
    const draft = await seeDraft<DraftContent>(this.db, draftId, acting.actor.partyId)
    if (draft === null || madeFor(draft.content) !== organisationOf(acting))
      throw new Problem('no_such_draft', 'you have no such draft')
    if (draft.confirmedAs !== null) {
      throw new Problem('draft_used', 'this text has been confirmed', { mandate_id: draft.confirmedAs })
    }
    if (draft.isExpired) throw new Problem('draft_expired', 'this text can no longer be confirmed: make a new one')
    return draft
  }

  private async keep(
    db: Queryable,
    { acting, language, catalogue, services, content: wish }: NewText,
    said: UnnumberedText,
  ): Promise<Draft<DraftContent>> {
    const organisation = organisationOf(acting)
    const content = organisation === null ? wish : { ...wish, organisation }
    const { partyId: owner } = acting.actor
    const kept = { draftId: timeOrderedId(), owner, catalogueVersion: catalogue.version, content }
    const text = mandateText(this.sentences, language, { ...said, reference: textNumber(kept) })
    const textHash = createHash('sha256').update(text).digest()
    const draft = { ...kept, language, text, textHash, login: askedLogin(services, catalogue) }
    const expiresAt = await insertDraft(db, draft, DRAFT_MINUTES, MOST_DRAFTS_IN_AN_HOUR)
    if (expiresAt === null) throw new Problem('too_many_requests', 'too many drafts within an hour')
    return { ...draft, expiresAt }
  }
}

type UnnumberedText = MandateTextContent extends infer T ? (T extends unknown ? Omit<T, 'reference'> : never) : never

function endOf(powers: readonly PlannedPower[], index: number): Date {
  const power = powers[index]
  if (power === undefined) throw new Error('a planned power is missing')
  return power.validUntil
}
