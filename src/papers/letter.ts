import type { Language } from '../domain/catalogue.js'
import { type LetterContent, type LetterSentences, letterText } from '../domain/letter-text.js'
import { paperAsPdf } from './paper.js'

/** The letter on paper. The same content gives the same bytes. */
export function letterAsPdf(
  sentences: LetterSentences,
  language: Language,
  content: LetterContent,
  writtenAt: Date,
): Promise<Buffer> {
  const [title = '', ...paragraphs] = letterText(sentences, language, content)
  return paperAsPdf({
    ...{ language, title, writtenAt },
    paragraphs: [
      { kind: 'title', text: title },
      ...paragraphs.map((text) => ({ kind: 'text' as const, text })),
    ],
    foot: () => content.address,
  })
}
