import type { Config } from './config.js'
import type { LetterSentences } from './domain/letter-text.js'
import { sendLetters } from './requests/send-letters.js'
import { Catalogues } from './store/catalogue-store.js'
import type { Queryable } from './store/database.js'
import { LETTERS_ORDERED } from './store/letter-store.js'
import { keepOffice } from './store/office.js'

/** How often it is looked for letters whose waking was lost: milliseconds. */
const BEAT = 60_000

/**
 * Keeps letters sent where the settings say to where, together with all other instances: one of them holds the office.
 * Returns what stops it.
 */
export async function startPosting(
  { letters, databaseUrl, publicUrl, unknownNumberKey }: Config,
  sentences: LetterSentences,
  onFault: (error: unknown) => void,
): Promise<() => Promise<void>> {
  if (letters === null) return () => Promise.resolve()
  const catalogues = new Catalogues()
  const post = { ...letters, address: publicUrl, sentences, secret: unknownNumberKey }
  const work = (office: Queryable): Promise<void> => sendLetters(office, catalogues, post)
  const rhythm = { beat: BEAT, leastPause: 0 }
  return keepOffice({ databaseUrl, office: 'letters', channel: LETTERS_ORDERED, ...rhythm, work, onFault })
}
