import { type CatalogueVersion, type Language, findService } from '../domain/catalogue.js'
import { osloDay } from '../domain/calendar.js'
import { lastDay } from '../domain/giving.js'
import { type MandateState, stateAt } from '../domain/mandate.js'
import { dayInWords, fill } from '../domain/mandate-text.js'
import { RECEIPT_PLACEHOLDERS, type ReceiptSentences, type ReceiptTextKey } from '../domain/receipt-text.js'
import { Problem } from '../domain/problem.js'
import { type Manager, actingFor } from '../mandates/acting.js'
import { stateOfMandate } from '../mandates/mandate-view.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Database } from '../store/database.js'
import {
  type SeenMandate,
  type SeenParty,
  type SeenVersion,
  seeMandate,
  seeVersions,
} from '../store/mandate-view-store.js'
import { type Paper, type Paragraph, paperAsPdf } from './paper.js'

/** What someone holds on to of a mandate: who, the very text that was confirmed, its hash, and how it stands now. */
export class Receipts {
  /** @param address where people log in. */
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly sentences: ReceiptSentences,
    private readonly address: string,
  ) {}

  /**
   * The receipt of a mandate as a PDF, also of one that has ended, for its parties alone. As long as nothing has become of the
   * mandate it is the same to the byte.
   *
   * @throws Problem `no_such_mandate`, also for others' mandates.
   */
  async of(manager: Manager, language: Language, mandateId: string): Promise<Buffer> {
    const { party } = await actingFor(this.db, this.catalogues, manager, 'read')
    const mandate = await seeMandate(this.db, mandateId, party)
    if (mandate === null) throw new Problem('no_such_mandate', 'you have no such mandate')
    const versions = await seeVersions(this.db, mandateId)
    const { current } = await this.catalogues.latest(this.db)
    return paperAsPdf(
      receiptOf(mandate, versions, { language, sentences: this.sentences, catalogue: current, address: this.address }),
    )
  }
}

interface Writing {
  readonly language: Language
  readonly sentences: ReceiptSentences
  readonly catalogue: CatalogueVersion
  readonly address: string
}

type Values<K extends ReceiptTextKey> = Readonly<Record<(typeof RECEIPT_PLACEHOLDERS)[K][number], string>>
type Say = <K extends ReceiptTextKey>(key: K, values: Values<K>) => string

/** What the receipt says, paragraph by paragraph. */
function receiptOf(mandate: SeenMandate, versions: readonly SeenVersion[], writing: Writing): Paper {
  const { language, sentences, address } = writing
  const say: Say = (key, values) => fill(sentences[key][language], values)
  const { mandateId, principal, representative, through, instant } = mandate
  const changedAt = versions.at(-1)?.madeAt ?? instant
  const confirmed = versions.filter(({ text }) => text !== null)
  return {
    language,
    title: say('title', {}),
    writtenAt: changedAt,
    paragraphs: [
      { kind: 'title', text: say('title', {}) },
      { kind: 'text', label: say('number', {}), text: mandateId },
      { kind: 'text', label: say('giver', {}), text: toldApart(principal, say) },
      ...(through === null
        ? []
        : [{ kind: 'text', label: say('middle', {}), text: toldApart(through.middle, say) } as const]),
      { kind: 'text', label: say('representative', {}), text: toldApart(representative, say) },
      { kind: 'text', label: say('state', {}), text: say(stateOfMandate(mandate, instant), {}) },
      { kind: 'text', label: say('changed', {}), text: timeInWords(changedAt, language) },
      { kind: 'heading', text: say('powers', {}) },
      ...powersNow(mandate, writing, say),
      ...confirmed.flatMap((version) => confirmedText(version, writing, say)),
      { kind: 'text', text: say('ending', { address }) },
      { kind: 'text', text: say('no_proof', {}) },
    ],
    foot: (page, pages) => `${mandateId}   ${say('page', { page: String(page), pages: String(pages) })}`,
  }
}

/** By year of birth or organisation number; never by a person's number. */
function toldApart({ name, bornYear, organisationNumber }: SeenParty, say: Say): string {
  if (organisationNumber !== null) return say('organisation', { name, number: organisationNumber })
  return bornYear === null ? name : say('person', { name, year: String(bornYear) })
}

function powersNow(
  { powers, answerBy, instant }: SeenMandate,
  { language, catalogue }: Writing,
  say: Say,
): Paragraph[] {
  return powers.map((power) => {
    const service = findService(catalogue, power.service)
    const state: MandateState = stateAt(power, answerBy, instant)
    const text = say('power', {
      service: service?.name[language] ?? power.service,
      action: service?.actionTexts[power.action]?.[language] ?? power.action,
      day: dayInWords(lastDay(power.validUntil), language),
      state: say(state, {}),
    })
    return { kind: 'text', text }
  })
}

/** The text as it was shown, in the language in which it was, line by line. */
function confirmedText({ text, textHash, madeAt }: SeenVersion, { language }: Writing, say: Say): Paragraph[] {
  return [
    { kind: 'heading', text: say('confirmed', { time: timeInWords(madeAt, language) }) },
    ...(text ?? '').split('\n').map((line): Paragraph => ({ kind: 'text', text: line })),
    { kind: 'small', label: say('hash', {}), text: textHash?.toString('base64url') ?? '' },
  ]
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function timeInWords(instant: Date, language: Language): string {
  return `${dayInWords(osloDay(instant), language)} ${CLOCK.format(instant)}`
}
