import type { Language } from '../domain/catalogue.js'
import { type LetterContent, type LetterLine, type LetterSentences, letterText } from '../domain/letter-text.js'
import { type Paragraph, paperAsPdf } from './paper.js'

/** The letter on paper. The same content gives the same bytes. */
export function letterAsPdf(
  sentences: LetterSentences,
  language: Language,
  content: LetterContent,
  writtenAt: Date,
): Promise<Buffer> {
  const lines = letterText(sentences, language, content)
  const title = lines.find(({ key }) => key === 'title')?.text ?? ''
  return paperAsPdf({ language, title, writtenAt, paragraphs: lines.map(drawnAs), foot: () => content.address })
}

/** The code stands out: it is what the reader comes back for. */
function drawnAs({ key, text }: LetterLine): Paragraph {
  if (key === 'title') return { kind: 'title', text }
  return { kind: key === 'code' ? 'heading' : 'text', text }
}
