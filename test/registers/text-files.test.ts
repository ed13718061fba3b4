import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { ACTIONS, LANGUAGES, type Language, type Text } from '../../src/domain/catalogue.js'
import { LETTER_PLACEHOLDERS } from '../../src/domain/letter-text.js'
import { MANDATE_PLACEHOLDERS } from '../../src/domain/mandate-text.js'
import { NOTICE_PLACEHOLDERS } from '../../src/domain/notice-text.js'
import { PROBLEM_CODES } from '../../src/domain/problem.js'
import { RECEIPT_PLACEHOLDERS } from '../../src/domain/receipt-text.js'
import { REASONS, REMEDIES, REMEDY_FOR } from '../../src/domain/reasons.js'
import { type TextContents, type Texts, parseTexts, readTextFiles } from '../../src/registers/text-files.js'
import { CatalogueError } from '../../src/registers/yaml-reader.js'

const FOLDER = path.resolve('texts')
const FILES = [
  'reasons',
  'remedies',
  'problems',
  'mandate',
  'letter',
  'notices',
  'receipt',
  'without-script',
  'actions',
] as const

let texts: Texts
let contents: TextContents
beforeAll(async () => {
  texts = await readTextFiles(FOLDER)
  const read = FILES.map(async (name) => [name, await readFile(path.join(FOLDER, `${name}.yaml`), 'utf8')] as const)
  contents = Object.fromEntries(await Promise.all(read)) as unknown as TextContents
})

type Place = readonly [where: string, text: Text]

function sentencesForPeople(): readonly Place[] {
  return [
    ...REASONS.map((code): Place => [`reasons.${code}.citizen`, texts.reasons[code].citizen]),
    ...REMEDIES.map((code): Place => [`remedies.${code}`, texts.remedies[code]]),
    ...PROBLEM_CODES.map((code): Place => [`problems.${code}.title`, texts.problems[code]]),
  ]
}

function everything(): readonly Place[] {
  const filled = (['mandate', 'letter', 'notices', 'receipt'] as const).flatMap((file) =>
    Object.entries(texts[file]).map(([key, text]): Place => [`${file}.${key}`, text]),
  )
  const pages = Object.entries(texts.simplePages).map(([key, text]): Place => {
    const file = (ACTIONS as readonly string[]).includes(key) ? 'actions' : 'without-script'
    return [`${file}.${key}`, text]
  })
  return [...sentencesForPeople(), ...filled, ...pages]
}

/** What people are shown, without the names of placeholders. */
function shown(text: Text, language: Language): string {
  return text[language].replaceAll(/\{[a-z]+\}/g, '')
}

describe('the texts', () => {
  test('there is one for each code and none besides', () => {
    expect(Object.keys(texts.reasons).sort()).toEqual([...REASONS].sort())
    expect(Object.keys(texts.remedies).sort()).toEqual([...REMEDIES].sort())
    expect(Object.keys(texts.problems).sort()).toEqual([...PROBLEM_CODES].sort())
    expect(Object.keys(texts.mandate).sort()).toEqual(Object.keys(MANDATE_PLACEHOLDERS).sort())
    expect(Object.keys(texts.letter).sort()).toEqual(Object.keys(LETTER_PLACEHOLDERS).sort())
    expect(Object.keys(texts.notices).sort()).toEqual(Object.keys(NOTICE_PLACEHOLDERS).sort())
    expect(Object.keys(texts.receipt).sort()).toEqual(Object.keys(RECEIPT_PLACEHOLDERS).sort())
  })

  test('stand in four languages', () => {
    for (const [where, text] of everything()) expect([where, Object.keys(text)]).toEqual([where, [...LANGUAGES]])
  })

  test('are whole sentences, short enough for a heading where they are one', () => {
    for (const [where, text] of sentencesForPeople()) {
      for (const language of LANGUAGES)
        expect([where, text[language]]).toEqual([where, expect.stringMatching(/^\p{Lu}.*\.$/u)])
    }
    for (const code of PROBLEM_CODES) {
      for (const text of Object.values(texts.problems[code])) expect([code, text.length <= 100]).toEqual([code, true])
    }
  })

  test('tell developers in one sentence what to do', () => {
    for (const code of REASONS) {
      expect([code, texts.reasons[code].service]).toEqual([code, expect.stringMatching(/^[A-Z][^.\n]{39,219}\.$/)])
    }
  })

  test('no two codes of a list say the same', () => {
    for (const list of [texts.remedies, texts.problems, texts.mandate, texts.letter]) {
      for (const language of LANGUAGES) {
        const said = Object.values<Text>(list).map((text) => text[language])
        expect(said.filter((text, index) => said.indexOf(text) !== index)).toEqual([])
      }
    }
  })

  test('no speaker has read the Sámi ones yet, and the list says so', () => {
    expect(texts.unreadSami).toEqual(everything().map(([where]) => where))
  })

  test('cannot be changed', () => {
    for (const part of [texts, texts.reasons, texts.reasons.held, texts.reasons.held.citizen, texts.unreadSami]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    for (const [, text] of everything()) expect(Object.isFrozen(text)).toBe(true)
  })
})

describe('the words', () => {
  const AVOIDED: Readonly<Record<Language, RegExp>> = {
    nb: /deleger|rettighet|tillatelse|tilgang|represent|aktør|fullmektig|prinsipal|autoris|token/i,
    nn: /deleger|rettigheit|rettane|løyve|tilgang|represent|aktør|fullmektig|prinsipal|autoris|token/i,
    en: /delegat|\brights?\b|permission|access|represent|\bactor|reportee|principal|authori[sz]|mandate|token/i,
    se: /delege|vuoigatvuo|\blohpi|\blobi\b|beassanvejolaš|ovddasta|ovddasteadd|aktevra|aktørr|reportee|token/i,
  }

  test.each(LANGUAGES)('%s: none that people do not use', (language) => {
    for (const [where, text] of everything()) {
      expect([where, AVOIDED[language].exec(shown(text, language))?.[0]]).toEqual([where, undefined])
    }
  })

  test('the list of avoided words finds them', () => {
    expect('Du mangler Tilgangspakken').toMatch(AVOIDED.nb)
    expect('den du representerer').toMatch(AVOIDED.nn)
    expect('You have no right to this').toMatch(AVOIDED.en)
    expect('Dus ii leat vuoigatvuohta').toMatch(AVOIDED.se)
  })

  test('nynorsk is not bokmål', () => {
    const bokmål = new RegExp(
      `(?<!\\p{L})(${[
        'ikke|jeg|hvis|hva|hvem|hvilken|noe|noen|en|et|fra|ble|mer|selv|bare|nå|alene|samme|uten|siden|deres',
        'gjøre|gjelder|være|kommer|sier|logger|skrevet|endret|registrene|tjenesten?|fullmakten|innloggingen',
      ].join('|')})(?!\\p{L})`,
      'iu',
    )
    expect('Dette gjelder ikke').toMatch(bokmål)
    for (const [where, text] of everything()) {
      expect([where, bokmål.exec(shown(text, 'nn'))?.[0]]).toEqual([where, undefined])
    }
  })

  test.each(['nb', 'nn', 'en'] as const)('%s: easy to read by the LIX measure (40 or less)', (language) => {
    for (const file of ['reasons', 'remedies', 'problems', 'mandate', 'letter', 'notices']) {
      const said = everything().filter(([where]) => where.startsWith(`${file}.`))
      expect([file, lix(said.map(([, text]) => shown(text, language)).join(' ')) <= 40]).toEqual([file, true])
    }
  })

  test('where nothing may be told of the other person, nothing is', () => {
    const telling =
      /død|dead|jápm|adress|address|čujuhus|skjul|skjerm|hemmeleg|hemmelig|secret|protect|beskytt|verna|suodj|verge|verje/i
    for (const code of ['no_registered_ground', 'not_available', 'reserved', 'care_order'] as const) {
      for (const text of Object.values(texts.reasons[code].citizen)) expect(text).not.toMatch(telling)
    }
    expect(texts.reasons.principal_deceased.citizen.nb).toMatch(telling)
  })

  test('a care order and a reservation are told in the very words that tell no cause', () => {
    for (const code of ['reserved', 'care_order'] as const) {
      expect(texts.reasons[code].citizen).toEqual(texts.reasons.not_available.citizen)
      expect(REMEDY_FOR[code]).toBe(REMEDY_FOR.not_available)
    }
    for (const text of [texts.reasons.conflict_of_interest, texts.reasons.capacity_lost]) {
      expect(Object.values(text.citizen).join(' ')).not.toMatch(
        /interess|konflikt|conflict|handleevne|capacity|rett\b/i,
      )
    }
  })
})

/** Words a sentence, plus long words (seven letters or more) in a hundred (C.-H. Björnsson, 1968). */
function lix(text: string): number {
  const words = text.match(/[\p{L}\d]+/gu) ?? []
  const sentences = text.match(/[.:!?](\s|$)/g) ?? []
  const long = words.filter((word) => word.length > 6)
  return words.length / sentences.length + (long.length * 100) / words.length
}

describe('a file that is not as it must be', () => {
  type Break = readonly [file: keyof TextContents, from: string, to: string, reason: string, blamed?: string]

  const HELD = '    nb: Fullmakten er gitt, men det er en ventetid før den gjelder.'
  const breaks: readonly Break[] = [
    ['reasons', 'held:\n', 'kept:\n', 'unknown member "kept"'],
    ['reasons', 'held:\n', 'frozen: # twice\n', 'duplicate member "frozen"', 'frozen:\n'],
    ['remedies', 'try_again_later:\n', 'try_again:\n', 'unknown member "try_again"'],
    ['problems', 'not_wider:\n', 'not_longer:\n', 'unknown member "not_longer"'],
    ['mandate', 'acceptance:\n', 'assent:\n', 'unknown member "assent"'],
    ['reasons', `${HELD}\n`, '', 'missing member "nb"', '  citizen:\n    nn: Fullmakta er gitt'],
    ['reasons', HELD, '    nb: ""', '"nb" is empty'],
    ['reasons', HELD, '    nb: "  "', '"nb" is empty'],
    ['reasons', HELD, '    nb: 7', '"nb" must be a text, not 7'],
    ['reasons', HELD, `${HELD}\n    fi: Valtakirja`, 'unknown member "fi"'],
    ['reasons', HELD, '    nb: " Snart."', '"nb" must be one line without space around it'],
    ['reasons', HELD, '    nb: "Snart.\\nSiden."', '"nb" must be one line without space around it'],
    ['reasons', HELD, '    nb: Om {days} dager.', '"nb" must have no placeholder, and has {days}'],
    [
      'problems',
      'nb: Du er ikke logget inn.',
      'nb: Du er {ikke} logget inn.',
      '"nb" must have no placeholder, and has {ikke}',
    ],
    ['notices', 'Logg inn på {address} for', 'Logg inn for', '"nb" must have {address}, and has no placeholder'],
    ['mandate', 'bare hos {provider}', 'bare der', '"nb" must have {provider}, and has no placeholder'],
    ['mandate', 'berre hos {provider}', 'berre hos {object}', '"nn" must have {provider}, and has {object}'],
    ['mandate', 'only at {provider}', 'only at {provider', '"en" has a brace that belongs to no placeholder'],
    ['mandate', 'only at {provider}', 'only at {Provider}', '"en" has a brace that belongs to no placeholder'],
    [
      'mandate',
      'kan {action} fra {from} til og med {until}',
      'kan {action} fra {from}',
      '"nb" must have {representative} {action} {from} {until}, and has {representative} {action} {from}',
    ],
    ['remedies', 'nb: Prøv igjen om en stund.', 'nb: [Prøv igjen', 'broken YAML: ', 'nn: Prøv igjen om ei stund.'],
  ]

  test.each(breaks)('%s: %j to %j: %s', (file, from, to, reason, blamed = '') => {
    const content = contents[file]
    expect(content).toContain(from)
    const edited = content.replace(from, to)
    const lastLine = to.trimEnd().split('\n').at(-1) ?? ''
    const at = blamed === '' ? edited.indexOf(lastLine, content.indexOf(from)) : edited.indexOf(blamed)
    expect(at).toBeGreaterThan(0)
    const line = edited.slice(0, at).split('\n').length
    const error = refusalOf({ ...contents, [file]: edited })
    expect(error.message).toContain(`texts/${file}.yaml:${String(line)}: ${reason}`)
  })

  test('a code without a text is named', () => {
    const from = contents.reasons.indexOf('held:\n')
    const until = contents.reasons.indexOf('not_yet_valid:\n')
    const reasons = contents.reasons.slice(0, from) + contents.reasons.slice(until)
    expect(refusalOf({ ...contents, reasons }).reason).toBe('missing member "held"')
  })

  test('a file that is not there is named', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'texts-'))
    const error = await readTextFiles(empty).catch((fault: unknown) => fault)
    await rm(empty, { recursive: true })
    expect(error).toBeInstanceOf(CatalogueError)
    expect((error as CatalogueError).message).toMatch(/^texts-\w+\/[a-z]+\.yaml:1: the file is missing$/)
  })

  test('a Sámi text that a speaker has read is off the list', () => {
    const se = 'se: Geahččal ođđasit maŋŋel.'
    const remedies = contents.remedies.replace(se, `${se}\n  se_read_by: A speaker`)
    const read = parseTexts('texts', { ...contents, remedies })
    expect(texts.unreadSami.filter((where) => !read.unreadSami.includes(where))).toEqual(['remedies.try_again_later'])
  })

  test('the placeholders of a sentence may stand in any order and more than once', () => {
    const se = "se: 'Dat gusto dušše dáppe: {provider}.'"
    const mandate = contents.mandate.replace(se, "se: '{provider}: dat gusto dušše dáppe, {provider}.'")
    expect(parseTexts('texts', { ...contents, mandate }).mandate.power_at_provider.se).toMatch(/^\{provider\}: /)
  })

  function refusalOf(broken: TextContents): CatalogueError {
    try {
      parseTexts('texts', broken)
    } catch (error) {
      if (error instanceof CatalogueError) return error
      throw error
    }
    throw new Error('the texts were accepted')
  }
})
