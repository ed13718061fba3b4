import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Language } from '../domain/catalogue.js'

/** Inter, which has the Sámi letters; embedded, so that a paper looks the same everywhere. */
const FONTS = {
  plain: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  strong: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
} as const
type Font = keyof typeof FONTS

const SIZES = { title: 18, heading: 12, text: 10.5, small: 8.5 } as const
const MARGIN = 64
const FOOT = 40

/** A paragraph of a paper. */
export interface Paragraph {
  readonly kind: keyof typeof SIZES
  readonly text: string
  /** Left of the text and stronger, on the same line: `Number: …`. */
  readonly label?: string
}

export interface Paper {
  readonly language: Language
  readonly title: string
  /** Part of the file: the same paper of the same moment is the same to the byte. */
  readonly writtenAt: Date
  readonly paragraphs: readonly Paragraph[]
  /** What stands at the foot of each page. */
  readonly foot: (page: number, pages: number) => string
}

/** Lays a paper out on A4, over as many pages as it takes, tagged for screen readers. The same paper gives the same bytes. */
export async function paperAsPdf({ language, title, writtenAt, paragraphs, foot }: Paper): Promise<Buffer> {
  // Loaded with the first paper: it takes a quarter of a second of each start.
  const { default: PDFDocument } = await import('pdfkit')
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN },
    bufferPages: true,
    lang: language,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    info: { Title: title, CreationDate: writtenAt, ModDate: writtenAt },
  })
  const done = bytesOf(document)
  for (const font of ['plain', 'strong'] as const) document.registerFont(font, await fontFile(font))
  const root = document.struct('Document')
  document.addStructure(root)
  for (const paragraph of paragraphs) root.add(drawn(document, paragraph))
  root.end()
  writeFeet(document, foot)
  document.end()
  return done
}

const TAGS = { title: 'H1', heading: 'H2', text: 'P', small: 'P' } as const

function drawn(document: PDFKit.PDFDocument, { kind, text, label }: Paragraph) {
  const isStrong = kind === 'title' || kind === 'heading'
  return document.struct(TAGS[kind], {}, () => {
    if (kind === 'heading') document.moveDown(0.6)
    document.fontSize(SIZES[kind])
    if (label !== undefined) document.font('strong').text(`${label}: `, { continued: true })
    document.font(isStrong ? 'strong' : 'plain').text(visible(text), { lineGap: 2 })
    document.moveDown(kind === 'title' ? 0.8 : 0.35)
  })
}

function writeFeet(document: PDFKit.PDFDocument, foot: Paper['foot']): void {
  const { count } = document.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    document.switchToPage(page)
    document.page.margins.bottom = 0
    document.markContent('Artifact', { type: 'Pagination' })
    const { width, height } = document.page
    const place = { width: width - 2 * MARGIN, align: 'right' as const, lineBreak: false }
    document
      .font('plain')
      .fontSize(SIZES.small)
      .text(foot(page + 1, count), MARGIN, height - FOOT, place)
    document.endMarkedContent()
  }
}

/** Without the marks that only say in which direction to read: no font has a picture of them. */
function visible(text: string): string {
  return text.replaceAll(/[\u2066-\u2069]/g, '')
}

const resolve = createRequire(import.meta.url).resolve
const files = new Map<Font, Promise<Buffer>>()

/** Read once. */
function fontFile(font: Font): Promise<Buffer> {
  const known = files.get(font) ?? readFile(resolve(FONTS[font])).then(withoutFinesse)
  files.set(font, known)
  return known
}

/** Where in the file the list of tables begins, and how long a line of it is: a tag of four letters and three numbers. */
const [TABLES_AT, TABLE_LINE] = [12, 16]

/**
 * The font without its rules of kerning and ligatures, hidden by another name in the list of its tables (OpenType, Table
 * Directory). Inter has thousands, they are read anew for each paper, and that took most of the time of making one.
 */
function withoutFinesse(file: Buffer): Buffer {
  const font = Buffer.from(file)
  const tables = font.readUInt16BE(4)
  for (let at = TABLES_AT; at < TABLES_AT + tables * TABLE_LINE; at += TABLE_LINE) {
    const tag = font.toString('latin1', at, at + 4)
    if (tag === 'GPOS' || tag === 'GSUB') font.write(tag.toLowerCase(), at, 'latin1')
  }
  return font
}

function bytesOf(document: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((fulfil, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => fulfil(Buffer.concat(chunks)))
    document.on('error', reject)
  })
}
