import type { Day } from './calendar.js'
import type { Language, Text } from './catalogue.js'
import { dayInWords, fill, inserted } from './mandate-text.js'

/** The sentences of `texts/letter.yaml` and the placeholders that each must have, in every language. */
export const LETTER_PLACEHOLDERS = {
  title: ['helper'],
  to: ['principal'],
  asks: ['helper', 'year', 'until'],
  power: ['service', 'action'],
  message: ['helper', 'message'],
  choice: [],
  no_answer: ['until'],
  login: ['address'],
  code: ['code'],
  call: ['phone'],
  keep: ['helper'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type LetterTextKey = keyof typeof LETTER_PLACEHOLDERS
export type LetterSentences = Readonly<Record<LetterTextKey, Text>>

/** What a letter tells someone who has no screen: who asks for what, and how to answer. */
export interface LetterContent {
  readonly principal: string
  readonly helper: { readonly name: string; readonly bornYear: number | null }
  readonly powers: readonly { readonly service: string; readonly action: string }[]
  /** Last day of what is asked for. */
  readonly until: Day
  /** Last day on which it can be answered. */
  readonly answerUntil: Day
  readonly message: string | null
  readonly code: string
  /** Where one logs in with the code, and whom one may call instead. */
  readonly address: string
  readonly phone: string
}

/** A paragraph of a letter, by what it is for. */
export interface LetterLine {
  readonly key: LetterTextKey
  readonly text: string
}

/** The letter, a sentence or two a paragraph, in the order in which it is read. */
export function letterText(sentences: LetterSentences, language: Language, content: LetterContent): LetterLine[] {
  const say = (key: LetterTextKey, values: Readonly<Record<string, string>> = {}): LetterLine => ({
    key,
    text: fill(sentences[key][language], values),
  })
  const helper = inserted(content.helper.name)
  const year = content.helper.bornYear === null ? '–' : String(content.helper.bornYear)
  return [
    say('title', { helper }),
    say('to', { principal: inserted(content.principal) }),
    say('asks', { helper, year, until: dayInWords(content.until, language) }),
    ...content.powers.map((power) => say('power', { ...power })),
    ...(content.message === null ? [] : [say('message', { helper, message: inserted(content.message) })]),
    say('choice'),
    say('login', { address: content.address }),
    say('code', { code: content.code }),
    say('call', { phone: content.phone }),
    say('no_answer', { until: dayInWords(content.answerUntil, language) }),
    say('keep', { helper }),
  ]
}
