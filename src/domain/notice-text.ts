import type { Language, Text } from './catalogue.js'
import { dayInWords, fill, inserted } from './mandate-text.js'
import type { NoticeKind } from './notice.js'

/** The sentences of `texts/notices.yaml` and the placeholders that each must have, in every language. */
export const NOTICE_PLACEHOLDERS = {
  given_giver: ['representative'],
  given_representative: ['giver'],
  passed_on_giver: ['middle', 'representative'],
  passed_on_middle: ['giver', 'representative'],
  passed_on_representative: ['giver', 'middle'],
  accepted_giver: ['representative'],
  accepted_representative: ['giver'],
  declined_giver: ['representative'],
  declined_representative: ['giver'],
  cancelled_giver: ['representative'],
  cancelled_representative: ['giver'],
  narrowed_giver: ['representative'],
  narrowed_representative: ['giver'],
  extended_giver: ['representative'],
  extended_representative: ['giver'],
  frozen_giver: ['representative'],
  frozen_representative: ['giver'],
  thawed_giver: ['representative'],
  thawed_representative: ['giver'],
  ended_giver: ['representative'],
  ended_representative: ['giver'],
  held_giver: ['representative'],
  held_representative: ['giver'],
  changed_middle: ['giver', 'representative'],
  ended_middle: ['giver', 'representative'],
  ends_soon_giver: ['day', 'representative'],
  ends_soon_middle: ['day', 'giver', 'representative'],
  ends_soon_representative: ['day', 'giver'],
  expired_giver: ['day', 'representative'],
  expired_middle: ['day', 'giver', 'representative'],
  expired_representative: ['day', 'giver'],
  first_use_giver: ['representative', 'service'],
  unused_giver: ['representative'],
  request_received: ['other'],
  invitation_redeemed: ['other'],
  contact_named: ['other'],
  contact_no_longer: ['other'],
  contact_laid_down: ['other'],
  contact_told: ['other'],
  yearly_overview: ['count'],
  mail_subject: [],
  mail_text: ['address'],
  sms_text: ['address'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type NoticeTextKey = keyof typeof NOTICE_PLACEHOLDERS
export type NoticeSentences = Readonly<Record<NoticeTextKey, Text>>

/** What the reader of a notice is in the mandate that it is about. */
export type NoticeRole = 'giver' | 'middle' | 'representative'

type Wording = NoticeTextKey | Readonly<Record<NoticeRole, NoticeTextKey>>

const changed = <K extends string>(kind: K) =>
  ({ giver: `${kind}_giver`, middle: 'changed_middle', representative: `${kind}_representative` }) as const
const over = <K extends string>(kind: K) =>
  ({ giver: `${kind}_giver`, middle: 'ended_middle', representative: `${kind}_representative` }) as const
const ENDS_SOON = {
  giver: 'ends_soon_giver',
  middle: 'ends_soon_middle',
  representative: 'ends_soon_representative',
} as const

/** How each kind is worded, and for whom. */
const WORDING: Readonly<Record<NoticeKind, Wording>> = {
  given: changed('given'),
  passed_on: { giver: 'passed_on_giver', middle: 'passed_on_middle', representative: 'passed_on_representative' },
  accepted: changed('accepted'),
  declined: over('declined'),
  cancelled: over('cancelled'),
  narrowed: changed('narrowed'),
  extended: changed('extended'),
  frozen: changed('frozen'),
  thawed: changed('thawed'),
  ended: over('ended'),
  held: changed('held'),
  request_received: 'request_received',
  invitation_redeemed: 'invitation_redeemed',
  contact_named: 'contact_named',
  contact_no_longer: 'contact_no_longer',
  contact_laid_down: 'contact_laid_down',
  contact_told: 'contact_told',
  ends_in_30_days: ENDS_SOON,
  ends_in_7_days: ENDS_SOON,
  expired: { giver: 'expired_giver', middle: 'expired_middle', representative: 'expired_representative' },
  first_use: 'first_use_giver',
  unused: 'unused_giver',
  yearly_overview: 'yearly_overview',
}

/** Everything that a notice may speak of; what a sentence does not need may be null. Names and services as people wrote them. */
export interface NoticeWords {
  readonly role: NoticeRole | null
  readonly giver: string | null
  readonly middle: string | null
  readonly representative: string | null
  readonly other: string | null
  readonly service: string | null
  readonly day: string | null
  readonly count: number | null
}

/** What the inbox says of a notice, in one language. Names stay literal and cannot break out of the sentence. */
export function noticeText(
  sentences: NoticeSentences,
  language: Language,
  kind: NoticeKind,
  words: NoticeWords,
): string {
  const wording = WORDING[kind]
  const key = typeof wording === 'string' ? wording : wording[words.role ?? 'giver']
  const values: Record<string, string> = {}
  for (const name of ['giver', 'middle', 'representative', 'other', 'service'] as const) {
    values[name] = inserted(words[name] ?? '')
  }
  values['day'] = words.day === null ? '' : dayInWords(words.day, language)
  values['count'] = String(words.count ?? 0)
  return fill(sentences[key][language], values)
}
