import { beforeAll, describe, expect, test } from '@jest/globals'
import { LANGUAGES } from '../../src/domain/catalogue.js'
import { type LetterContent, type LetterSentences, letterText } from '../../src/domain/letter-text.js'
import { readTextFiles } from '../../src/registers/text-files.js'

const CONTENT: LetterContent = {
  principal: 'Olga {helper} Berg',
  helper: { name: 'Kari Aas', bornYear: 1961 },
  powers: [
    { service: 'Pensjon', action: 'se saken din' },
    { service: 'Fastlege', action: 'bytte fastlege' },
  ],
  until: '2027-03-31',
  answerUntil: '2026-12-24',
  message: 'Hilsen Kari',
  code: 'K7M3P-9TXCA-4HJWR',
  address: 'https://fullmakt.example.no',
  phone: '00 00 00 00',
}

let sentences: LetterSentences
beforeAll(async () => {
  sentences = (await readTextFiles('texts')).letter
})

const keys = (content: LetterContent): string[] => letterText(sentences, 'nb', content).map(({ key }) => key)

describe('a letter', () => {
  test('says who, what, until when, how to answer, and what becomes of no answer, in this order', () => {
    const asked = ['title', 'to', 'asks', 'power', 'power', 'message']
    expect(keys(CONTENT)).toEqual([...asked, 'choice', 'login', 'code', 'call', 'no_answer', 'keep'])
    expect(keys({ ...CONTENT, message: null })).toEqual(keys(CONTENT).filter((key) => key !== 'message'))
  })

  test.each(LANGUAGES)('%s: everything that it is told stands in it, and nothing is left open', (language) => {
    const whole = letterText(sentences, language, CONTENT)
      .map(({ text }) => text)
      .join('\n')
    const { code, address, phone, message } = CONTENT
    for (const part of ['Kari Aas', '1961', code, address, phone, message ?? '', 'Pensjon', 'bytte fastlege', '2027']) {
      expect(whole).toContain(part)
    }
    expect(whole.replace('Olga {helper} Berg', '')).not.toMatch(/[{}]/)
  })

  test('days are in words', () => {
    const [, , asks] = letterText(sentences, 'nb', CONTENT)
    expect(asks?.text).toContain('31. mars 2027')
    expect(letterText(sentences, 'en', CONTENT).find(({ key }) => key === 'no_answer')?.text).toContain(
      '24 December 2026',
    )
  })

  test('a year that no register has told is left open', () => {
    const unknown = { ...CONTENT, helper: { name: 'Kari Aas', bornYear: null } }
    expect(letterText(sentences, 'nb', unknown)[2]?.text).toContain('Kari Aas, født –,')
  })

  test('what people have written cannot break out of its sentence', () => {
    const sly = { ...CONTENT, message: 'a\u202eb\u2028c' }
    const said = letterText(sentences, 'nb', sly).find(({ key }) => key === 'message')?.text
    expect(said).not.toMatch(/[\u202e\u2028]/)
    expect(said).toContain('\ufffd')
  })
})
