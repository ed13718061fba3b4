import { describe, expect, test } from '@jest/globals'
import { LANGUAGES, type Text } from '../../src/domain/catalogue.js'
import { NOTICE_KINDS, type NoticeKind, TOLD_TO_CONTACT } from '../../src/domain/notice.js'
import {
  NOTICE_PLACEHOLDERS,
  type NoticeSentences,
  type NoticeWords,
  noticeText,
} from '../../src/domain/notice-text.js'

/** Each sentence says which it is, in which language, and what it was given. */
const SENTENCES = Object.fromEntries(
  Object.entries(NOTICE_PLACEHOLDERS).map(([key, placeholders]) => {
    const sentence = (language: string): string =>
      [`${language}:${key}`, ...placeholders.map((name) => `${name}={${name}}`)].join(' ')
    return [key, Object.fromEntries(LANGUAGES.map((language) => [language, sentence(language)])) as Text]
  }),
) as NoticeSentences

const WORDS: NoticeWords = {
  role: null,
  giver: 'Olga',
  middle: 'Per',
  representative: 'Kari',
  other: 'Nils',
  service: 'Pensjon',
  day: '2026-12-01',
  count: 3,
}

const OF_GIVER = 'representative=Kari'
const OF_MIDDLE = 'giver=Olga representative=Kari'
const OF_REPRESENTATIVE = 'giver=Olga'
const DAY = 'day=1. desember 2026'

type Told = readonly [giver: string, middle: string, representative: string]
const changed = (kind: string): Told => [
  `${kind}_giver ${OF_GIVER}`,
  `changed_middle ${OF_MIDDLE}`,
  `${kind}_representative ${OF_REPRESENTATIVE}`,
]
const over = (kind: string): Told => [
  `${kind}_giver ${OF_GIVER}`,
  `ended_middle ${OF_MIDDLE}`,
  `${kind}_representative ${OF_REPRESENTATIVE}`,
]
const all = (sentence: string): Told => [sentence, sentence, sentence]
const ENDS_SOON: Told = [
  `ends_soon_giver ${DAY} ${OF_GIVER}`,
  `ends_soon_middle ${DAY} ${OF_MIDDLE}`,
  `ends_soon_representative ${DAY} ${OF_REPRESENTATIVE}`,
]

/** How each kind goes out, and what it says to each. */
const KINDS: Readonly<Record<NoticeKind, readonly [sms: 'always' | 'instead', choosable: boolean, told: Told]>> = {
  given: ['always', false, changed('given')],
  passed_on: [
    'always',
    false,
    [
      'passed_on_giver middle=Per representative=Kari',
      'passed_on_middle giver=Olga representative=Kari',
      'passed_on_representative giver=Olga middle=Per',
    ],
  ],
  accepted: ['always', false, changed('accepted')],
  declined: ['instead', false, over('declined')],
  cancelled: ['instead', false, over('cancelled')],
  narrowed: ['instead', false, changed('narrowed')],
  extended: ['always', false, changed('extended')],
  frozen: ['instead', false, changed('frozen')],
  thawed: ['always', false, changed('thawed')],
  ended: ['always', false, over('ended')],
  held: ['always', false, changed('held')],
  request_received: ['instead', false, all('request_received other=Nils')],
  invitation_redeemed: ['instead', false, all('invitation_redeemed other=Nils')],
  contact_named: ['instead', false, all('contact_named other=Nils')],
  contact_no_longer: ['always', false, all('contact_no_longer other=Nils')],
  contact_laid_down: ['always', false, all('contact_laid_down other=Nils')],
  contact_told: ['always', false, all('contact_told other=Nils')],
  ends_in_30_days: ['instead', false, ENDS_SOON],
  ends_in_7_days: ['instead', false, ENDS_SOON],
  expired: [
    'instead',
    false,
    [
      `expired_giver ${DAY} ${OF_GIVER}`,
      `expired_middle ${DAY} ${OF_MIDDLE}`,
      `expired_representative ${DAY} ${OF_REPRESENTATIVE}`,
    ],
  ],
  first_use: ['instead', true, all('first_use_giver representative=Kari service=Pensjon')],
  unused: ['instead', false, all('unused_giver representative=Kari')],
  yearly_overview: ['instead', false, all('yearly_overview count=3')],
}

describe.each(Object.entries(KINDS) as [NoticeKind, (typeof KINDS)[NoticeKind]][])(
  '%s',
  (kind, [sms, choosable, told]) => {
    test('goes out as its kind does', () => {
      expect(NOTICE_KINDS[kind]).toEqual({ sms, choosable })
    })

    test.each(['giver', 'middle', 'representative'] as const)('says to the %s what is his to know', (role) => {
      const index = ['giver', 'middle', 'representative'].indexOf(role)
      expect(noticeText(SENTENCES, 'nb', kind, { ...WORDS, role })).toBe(`nb:${told[index] ?? ''}`)
    })
  },
)

test('whom one trusts is told of what becomes more or begins to hold, and of nothing else', () => {
  const told = ['accepted', 'extended', 'given', 'held', 'passed_on', 'thawed']
  expect([...TOLD_TO_CONTACT].sort()).toEqual(told)
})

test('there is no other kind', () => {
  expect(Object.keys(NOTICE_KINDS).sort()).toEqual(Object.keys(KINDS).sort())
})

test('without a role it speaks as to the giver, and what is not known is left empty', () => {
  const nothing = {
    giver: null,
    middle: null,
    representative: null,
    other: null,
    service: null,
    day: null,
    count: null,
  }
  const words: NoticeWords = { role: null, ...nothing }
  expect(noticeText(SENTENCES, 'se', 'ended', words)).toBe('se:ended_giver representative=')
  expect(noticeText(SENTENCES, 'nn', 'ends_in_7_days', words)).toBe('nn:ends_soon_giver day= representative=')
  expect(noticeText(SENTENCES, 'en', 'yearly_overview', words)).toBe('en:yearly_overview count=0')
})

test('a name cannot break out of the sentence', () => {
  expect(noticeText(SENTENCES, 'en', 'unused', { ...WORDS, representative: 'a\n{giver}' })).toBe(
    'en:unused_giver representative=\u2068a\ufffd{giver}\u2069',
  )
})
