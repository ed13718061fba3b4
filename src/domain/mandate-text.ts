import { type Day, osloDay } from './calendar.js'
import type { Language, Text } from './catalogue.js'

/** The sentences of `texts/mandate.yaml` and the placeholders that each must have, in every language. */
export const MANDATE_PLACEHOLDERS = {
  title: ['giver', 'representative'],
  extension_title: ['giver', 'representative'],
  passed_on_title: ['giver', 'middle', 'representative'],
  passed_on_extension_title: ['giver', 'middle', 'representative'],
  passed_on_reading: ['giver'],
  person: ['name', 'year'],
  organisation: ['name', 'number'],
  signed_for: ['signer', 'organisation'],
  signed_reading: ['organisation'],
  service: ['service'],
  power: ['representative', 'action', 'from', 'until'],
  power_from_now: ['representative', 'action', 'until'],
  extension_power: ['representative', 'action', 'until'],
  power_at_provider: ['provider'],
  power_for_object: ['object'],
  power_passing_on: ['representative'],
  starts_at_once: [],
  passed_on_starts_at_once: ['middle'],
  acceptance: ['representative'],
  own_login: ['representative'],
  organisation_login: ['representative'],
  not_included: [],
  end_any_time: [],
  passed_on_end: ['giver', 'middle', 'representative'],
  held: ['hours'],
  held_after_acceptance: ['hours', 'representative'],
  accept_title: ['giver', 'representative'],
  accept_passed_on_title: ['giver', 'middle', 'representative'],
  accept_reading: ['giver', 'representative'],
  accept_own_login: ['giver'],
  accept_organisation_login: ['giver'],
  accept_within: [],
  accept_seen: [],
  accept_end: [],
  reference: ['number'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type MandateTextKey = keyof typeof MANDATE_PLACEHOLDERS
export type MandateSentences = Readonly<Record<MandateTextKey, Text>>

/** A power in the words of the catalogue, in the language of the text. */
export interface PowerInWords {
  /** The end of «… kan …»: `actionTexts` of the service. */
  readonly actionText: string
  readonly serviceName: string
  /** Null: wherever the service is offered. */
  readonly providerName: string | null
  readonly object: string | null
  readonly passingOn: boolean
  readonly validFrom: Date
  /** It begins with the confirmation, or with the acceptance where one is needed: no first day is written. */
  readonly fromNow: boolean
  readonly lastDay: Day
}

/** With what tells him apart from others of the same name: a person's year of birth, an organisation's number. */
export interface TextRepresentative {
  readonly name: string
  readonly bornYear: number | null
  readonly organisationNumber?: string | null
}

/** Who confirms for an organisation. */
export interface TextSigner {
  readonly name: string
  readonly organisation: TextRepresentative
}

/** What a giver, whoever passes on what he was given, or whoever accepts it is about to confirm. */
export type MandateTextContent = {
  readonly giver: { readonly name: string }
  /** Who passes it on and confirms; null where the giver himself does. The text speaks to the giver all the same. */
  readonly middle: { readonly name: string } | null
  /** Null, or absent, where whoever confirms does so for himself. */
  readonly signer?: TextSigner | null
  readonly representative: TextRepresentative
  readonly powers: readonly PowerInWords[]
  /** For how many hours it is held before it takes effect; 0 where it is not. */
  readonly heldHours: number
  /** Makes the text another than every other text, and stands for what confirming it does. */
  readonly reference: string
} & (
  | { readonly kind: 'give'; readonly acceptance: boolean }
  /** An extension takes effect when it is confirmed: what is extended has been accepted. */
  | { readonly kind: 'extend'; readonly acceptance: false }
  /** What the representative agrees to; it speaks to the giver too, and in his own name. */
  | { readonly kind: 'accept'; readonly acceptance: false }
)

/**
 * The whole plain text that someone sees and confirms, a paragraph a line. Same sentences, language and content: same
 * text to the byte, on any machine, so that its hash can stand for it. Days are Europe/Oslo days in words. What people
 * have written themselves (names, objects) stays literal and cannot break out of its sentence.
 */
export function mandateText(sentences: MandateSentences, language: Language, content: MandateTextContent): string {
  const voice = voiceOf(sentences, language)
  const { say } = voice
  const giver = inserted(content.giver.name)
  const representative = inserted(content.representative.name)
  const middle = content.middle === null ? null : inserted(content.middle.name)
  const number = content.representative.organisationNumber ?? null
  const toldApart = toldApartFromOthers(content.representative)
  return [
    ...opening(),
    ...signing(),
    ...content.powers.flatMap((power, index) => {
      const isSameService = content.powers[index - 1]?.serviceName === power.serviceName
      const heading = isSameService ? [] : [say('service', { service: power.serviceName })]
      return [...heading, powerParagraph(power, content, representative, voice)]
    }),
    ...(content.kind === 'accept' ? duties() : terms()),
    say('reference', { number: content.reference }),
  ].join('\n')

  function terms(): string[] {
    return [
      say(number === null ? 'own_login' : 'organisation_login', { representative }),
      ...(content.acceptance ? [say('acceptance', { representative })] : []),
      ...waiting(),
      say('not_included', {}),
      say('end_any_time', {}),
      ...(middle === null ? [] : [say('passed_on_end', { giver, middle, representative })]),
    ]
  }

  function duties(): string[] {
    const login = number === null ? 'accept_own_login' : 'accept_organisation_login'
    const promised = [say(login, { giver }), say('accept_within', {}), say('accept_seen', {})]
    return [...promised, ...waiting(), say('not_included', {}), say('accept_end', {})]
  }

  function waiting(): string[] {
    if (content.heldHours === 0) return []
    const hours = String(content.heldHours)
    return [content.acceptance ? say('held_after_acceptance', { hours, representative }) : say('held', { hours })]
  }

  function toldApartFromOthers({ name: written, bornYear, organisationNumber = null }: TextRepresentative): string {
    const name = inserted(written)
    if (organisationNumber !== null) return say('organisation', { name, number: organisationNumber })
    return bornYear === null ? name : say('person', { name, year: String(bornYear) })
  }

  function signing(): string[] {
    const { signer = null, kind } = content
    if (signer === null) return []
    const organisation = toldApartFromOthers(signer.organisation)
    const signed = say('signed_for', { signer: inserted(signer.name), organisation })
    // Who accepts is told whom the text means already.
    const reading = say('signed_reading', { organisation: inserted(signer.organisation.name) })
    return kind === 'accept' ? [signed] : [signed, reading]
  }

  function opening(): string[] {
    if (content.kind === 'accept') return accepting()
    const isNew = content.kind === 'give'
    if (middle === null) return [say(isNew ? 'title' : 'extension_title', { giver, representative: toldApart })]
    const parties = { giver, middle, representative: toldApart }
    return [say(isNew ? 'passed_on_title' : 'passed_on_extension_title', parties), say('passed_on_reading', { giver })]
  }

  function accepting(): string[] {
    const parties = { giver, representative: toldApart }
    const title = middle === null ? say('accept_title', parties) : say('accept_passed_on_title', { ...parties, middle })
    return [title, say('accept_reading', { giver, representative })]
  }
}

type Values<K extends MandateTextKey> = Readonly<Record<(typeof MANDATE_PLACEHOLDERS)[K][number], string>>

/** What can be said in one language. */
interface Voice {
  readonly say: <K extends MandateTextKey>(key: K, values: Values<K>) => string
  readonly day: (day: Day) => string
}

function voiceOf(sentences: MandateSentences, language: Language): Voice {
  return {
    say: (key, values) => fill(sentences[key][language], values),
    day: (day) => dayInWords(day, language),
  }
}

/** Puts the values into the sentence, in one pass: braces in a value are not placeholders. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replaceAll(/\{([a-z]+)\}/g, (placeholder, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`nothing to put into ${placeholder}`)
    return value
  })
}

function powerParagraph(
  power: PowerInWords,
  content: MandateTextContent,
  representative: string,
  { say, day }: Voice,
): string {
  const sentences = [mainSentence()]
  if (power.providerName !== null) sentences.push(say('power_at_provider', { provider: inserted(power.providerName) }))
  if (power.object !== null) sentences.push(say('power_for_object', { object: inserted(power.object) }))
  if (power.passingOn) sentences.push(say('power_passing_on', { representative }))
  const isAtOnce = content.kind === 'give' && power.fromNow && !content.acceptance && content.heldHours === 0
  if (isAtOnce) sentences.push(startsAtOnce())
  return sentences.join(' ')

  function startsAtOnce(): string {
    const { middle } = content
    return middle === null
      ? say('starts_at_once', {})
      : say('passed_on_starts_at_once', { middle: inserted(middle.name) })
  }

  function mainSentence(): string {
    const can = { representative, action: power.actionText, until: day(power.lastDay) }
    if (content.kind === 'extend') return say('extension_power', can)
    return power.fromNow ? say('power_from_now', can) : say('power', { ...can, from: day(osloDay(power.validFrom)) })
  }
}

/** The joiners U+200C and U+200D cannot be seen either, but some scripts are not written without them. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const LATIN_NAME = /^[\p{Script=Latin} \-\u2010'\u2019]*$/u

/**
 * Something that people have written, made fit to stand in a sentence: what cannot be seen and could reorder or split
 * the text is shown as U+FFFD, and what might run from right to left is isolated from the words around it (U+2068 and
 * U+2069, Unicode Standard Annex 9).
 */
export function inserted(words: string): string {
  const seen = words.replaceAll(UNSEEN, '\ufffd')
  return LATIN_NAME.test(seen) ? seen : `\u2068${seen}\u2069`
}

/** Only the name of the month is taken from the machine: patterns and spaces differ from one ICU to the next. */
const MONTHS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  nb: monthsIn('nb-NO'),
  nn: monthsIn('nn-NO'),
  en: monthsIn('en-GB'),
  se: monthsIn('se-NO'),
}

/** @throws Error where the machine would write another language instead. */
function monthsIn(locale: string): Intl.DateTimeFormat {
  if (Intl.DateTimeFormat.supportedLocalesOf(locale).length === 0) throw new Error(`no names of months for ${locale}`)
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long' })
}

/** «30. november 2027», «30 November 2027», «skábmamánu 30. b. 2027». */
export function dayInWords(day: Day, language: Language): string {
  const month = MONTHS[language].format(new Date(`${day}T00:00:00Z`))
  const year = Number(day.slice(0, 4))
  const date = Number(day.slice(8, 10))
  if (language === 'en') return `${date} ${month} ${year}`
  // In a Sámi date the month stands in the genitive; machines know the nominative only.
  if (language === 'se') return `${month.replace(/mánnu$/, 'mánu')} ${date}. b. ${year}`
  return `${date}. ${month} ${year}`
}
