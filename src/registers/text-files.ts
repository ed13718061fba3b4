import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ACTIONS, LANGUAGES, type Text } from '../domain/catalogue.js'
import { LETTER_PLACEHOLDERS, type LetterSentences, type LetterTextKey } from '../domain/letter-text.js'
import { MANDATE_PLACEHOLDERS, type MandateSentences, type MandateTextKey } from '../domain/mandate-text.js'
import { NOTICE_PLACEHOLDERS, type NoticeSentences, type NoticeTextKey } from '../domain/notice-text.js'
import { PROBLEM_CODES, type ProblemCode } from '../domain/problem.js'
import { RECEIPT_PLACEHOLDERS, type ReceiptSentences, type ReceiptTextKey } from '../domain/receipt-text.js'
import { REASONS, REMEDIES, type Reason, type Remedy } from '../domain/reasons.js'
import { SIMPLE_PAGE_PLACEHOLDERS, type SimplePageTexts } from '../domain/simple-page-text.js'
import { type CitizenText, words } from './catalogue-values.js'
import { CatalogueError, type Complaint, type Reader, checked, openYaml, record, text } from './yaml-reader.js'

/** The words for people: everything that is said to them and does not belong to one service. */
export interface Texts {
  /** `citizen` for the one who was refused, `service` for the developer of the service that asked. */
  readonly reasons: Readonly<Record<Reason, { readonly citizen: Text; readonly service: string }>>
  readonly remedies: Readonly<Record<Remedy, Text>>
  readonly problems: Readonly<Record<ProblemCode, Text>>
  readonly mandate: MandateSentences
  readonly letter: LetterSentences
  readonly notices: NoticeSentences
  readonly receipt: ReceiptSentences
  readonly simplePages: SimplePageTexts
  /** Paths like `reasons.frozen.citizen` whose Sámi text no speaker has read yet. */
  readonly unreadSami: readonly string[]
}

/** Names are those of the files without `.yaml`. */
export type TextContents = Readonly<Record<TextFile, string>>

const TEXT_FILES = [
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
type TextFile = (typeof TEXT_FILES)[number]

/**
 * Reads the texts from their folder: every code has one, every text all languages. The result is frozen through.
 *
 * @throws CatalogueError with file, line and reason at the first thing that is not as it must be.
 */
export async function readTextFiles(folder: string): Promise<Texts> {
  const contents = await Promise.all(TEXT_FILES.map(async (name) => [name, await contentOf(folder, name)] as const))
  return parseTexts(basename(folder), Object.fromEntries(contents) as TextContents)
}

async function contentOf(folder: string, name: TextFile): Promise<string> {
  try {
    return await readFile(join(folder, `${name}.yaml`), 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new CatalogueError(`${basename(folder)}/${name}.yaml`, 1, 'the file is missing')
  }
}

/** The pure half of `readTextFiles`: `folder` is only what the files are called by in refusals. */
export function parseTexts(folder: string, contents: TextContents): Texts {
  const reasons = fileOf('reasons', ofEach(REASONS, record({ citizen: plain, service: text })))
  const remedies = fileOf('remedies', ofEach(REMEDIES, plain))
  const problems = fileOf('problems', ofEach(PROBLEM_CODES, record({ title: plain })))
  const mandate = fileOf('mandate', sentences<MandateTextKey>(MANDATE_PLACEHOLDERS))
  const letter = fileOf('letter', sentences<LetterTextKey>(LETTER_PLACEHOLDERS))
  const notices = fileOf('notices', sentences<NoticeTextKey>(NOTICE_PLACEHOLDERS))
  const receipt = fileOf('receipt', sentences<ReceiptTextKey>(RECEIPT_PLACEHOLDERS))
  const simplePages = fileOf(
    'without-script',
    sentences<keyof typeof SIMPLE_PAGE_PLACEHOLDERS>(SIMPLE_PAGE_PLACEHOLDERS),
  )
  const actions = fileOf('actions', ofEach(ACTIONS, plain))
  return deepFreeze({
    reasons: changed(reasons, ({ citizen, service }) => ({ citizen: citizen.text, service })),
    remedies: changed(remedies, (remedy) => remedy.text),
    problems: changed(problems, ({ title }) => title.text),
    mandate: changed(mandate, (sentence) => sentence.text),
    letter: changed(letter, (sentence) => sentence.text),
    notices: changed(notices, (sentence) => sentence.text),
    receipt: changed(receipt, (sentence) => sentence.text),
    simplePages: changed({ ...simplePages, ...actions }, (sentence) => sentence.text),
    unreadSami: [
      ...unreadIn(
        changed(reasons, ({ citizen }) => citizen),
        (code) => `reasons.${code}.citizen`,
      ),
      ...unreadIn(remedies, (code) => `remedies.${code}`),
      ...unreadIn(
        changed(problems, ({ title }) => title),
        (code) => `problems.${code}.title`,
      ),
      ...unreadIn(mandate, (key) => `mandate.${key}`),
      ...unreadIn(letter, (key) => `letter.${key}`),
      ...unreadIn(notices, (key) => `notices.${key}`),
      ...unreadIn(receipt, (key) => `receipt.${key}`),
      ...unreadIn(simplePages, (key) => `without-script.${key}`),
      ...unreadIn(actions, (key) => `actions.${key}`),
    ],
  })

  function fileOf<T>(name: TextFile, read: Reader<T>): T {
    return read(openYaml(`${folder}/${name}.yaml`, contents[name]))
  }
}

/** A text in all languages, each on one line, with exactly these placeholders (`{name}`), each at least once. */
function withPlaceholders(expected: readonly string[]): Reader<CitizenText> {
  return checked(words, ({ text: languages }): Complaint | null => {
    for (const language of LANGUAGES) {
      const reason = faultOf(languages[language], expected)
      if (reason !== null) return { at: [language], reason: `"${language}" ${reason}` }
    }
    return null
  })
}

function faultOf(sentence: string, expected: readonly string[]): string | null {
  if (sentence !== sentence.trim() || /[\r\n]/.test(sentence)) return 'must be one line without space around it'
  const found = [...new Set(Array.from(sentence.matchAll(/\{([a-z]+)\}/g), ([, name]) => name ?? ''))]
  const isStray = /[{}]/.test(sentence.replaceAll(/\{[a-z]+\}/g, ''))
  if (isStray) return 'has a brace that belongs to no placeholder'
  return [...found].sort().join() === [...expected].sort().join()
    ? null
    : `must have ${listed(expected)}, and has ${listed(found)}`
}

function listed(placeholders: readonly string[]): string {
  return placeholders.length === 0 ? 'no placeholder' : placeholders.map((name) => `{${name}}`).join(' ')
}

const plain = withPlaceholders([])

/** A text for each key, with exactly its placeholders. */
function sentences<K extends string>(
  placeholders: Readonly<Record<K, readonly string[]>>,
): Reader<Readonly<Record<K, CitizenText>>> {
  const readers = changed(placeholders, (expected: readonly string[]) => withPlaceholders(expected))
  return record(readers) as Reader<Readonly<Record<K, CitizenText>>>
}

function ofEach<K extends string, T>(codes: readonly K[], read: Reader<T>): Reader<Readonly<Record<K, T>>> {
  const fields = Object.fromEntries(codes.map((code) => [code, read])) as Record<K, Reader<T>>
  return record(fields) as Reader<Readonly<Record<K, T>>>
}

function changed<K extends string, T, U>(values: Readonly<Record<K, T>>, change: (value: T) => U): Record<K, U> {
  const entries = Object.entries<T>(values).map(([key, value]) => [key, change(value)])
  return Object.fromEntries(entries) as Record<K, U>
}

function unreadIn(texts: Readonly<Record<string, CitizenText>>, path: (key: string) => string): readonly string[] {
  return Object.entries(texts).flatMap(([key, { samiUnread }]) => (samiUnread ? [path(key)] : []))
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
