import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { auditEntry } from '../audit/audit-entry.js'
import { rowOf } from '../audit/audit-log.js'
import { type CatalogueVersion, findService } from '../domain/catalogue.js'
import { lastDay } from '../domain/giving.js'
import type { LetterContent, LetterSentences } from '../domain/letter-text.js'
import { letterAsPdf } from '../papers/letter.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import { type OrderedLetter, keepLetterCode, lettersToBeSent, markLetterSent } from '../store/letter-store.js'
import { codeFrom, hashOfCode } from './readable-code.js'

/** Where letters go and what they say beside what was asked. */
export interface Post {
  /** Whoever prints and sends takes the files from here: one for each letter, named by its id. */
  readonly folder: string
  readonly phone: string
  readonly address: string
  readonly sentences: LetterSentences
  /** Of which the codes come, so that a letter which is written again after a fault is the same letter. */
  readonly secret: Buffer
}

const AT_ONCE = 20

/**
 * Writes what letters are to be sent. For whoever holds the office. A code is in no table: it comes of the letter's id and
 * our secret, and is good before the letter is written. A file appears whole or not at all, and is never written twice.
 */
export async function sendLetters(office: Queryable, catalogues: Catalogues, post: Post): Promise<void> {
  const letters = await lettersToBeSent(office, AT_ONCE)
  if (letters.length === 0) return
  const { current } = await catalogues.latest(office)
  await mkdir(post.folder, { recursive: true, mode: 0o700 })
  for (const letter of letters) await sendLetter(office, letter, current, post)
}

async function sendLetter(
  office: Queryable,
  letter: OrderedLetter,
  catalogue: CatalogueVersion,
  post: Post,
): Promise<void> {
  const { letterId, requestId, principal, language, orderedAt } = letter
  const code = codeOf(letterId, post.secret)
  await keepLetterCode(office, letterId, hashOfCode(code))
  const pdf = await letterAsPdf(post.sentences, language, contentOf(letter, code, catalogue, post), orderedAt)
  await writeWhole(path.join(post.folder, `${letterId}.pdf`), pdf)
  const parties = { actor: null, principal, clientId: null }
  const content = { letter: letterId, request: requestId }
  const entry = auditEntry({ kind: 'letter_sent', occurredAt: new Date(), ...parties, content })
  await markLetterSent(office, letterId, rowOf(entry))
}

function codeOf(letterId: string, secret: Buffer): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'codes of letters', 32))
  return codeFrom(createHmac('sha256', key).update(letterId).digest())
}

function contentOf(letter: OrderedLetter, code: string, catalogue: CatalogueVersion, post: Post): LetterContent {
  const { language, message, until } = letter
  return {
    principal: letter.principalName,
    helper: { name: letter.helperName, bornYear: letter.helperBornYear },
    powers: letter.powers.map(({ service: id, action }) => {
      const service = findService(catalogue, id)
      return { service: service?.name[language] ?? id, action: service?.actionTexts[action]?.[language] ?? action }
    }),
    ...{ until, message, code, address: post.address, phone: post.phone, answerUntil: lastDay(letter.lapsesAt) },
  }
}

/** A file that is there already is left as it is. Two may write at once: each has an unfinished one of his own. */
async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.unfinished`
  const handle: FileHandle = await open(unfinished, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(unfinished, file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  await rm(unfinished)
}
