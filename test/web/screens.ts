import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../dev/free-port.js'
import { startLocalFullmakt } from '../../dev/local-fullmakt.js'
import { Reader, startBrowser } from './browser.js'
import { EVERY_SCREEN, visit } from './every-screen.js'

/** Takes a picture of every screen, for people who would rather look than read. Run by `npm run screens`. */
const FOLDER = 'docs/screens'

/** The same at every run, but for the dates. */
const PICTURES = EVERY_SCREEN.flatMap(({ person, address, picture }) =>
  picture === undefined ? [] : [{ person, address, name: picture[0], says: picture[1] }],
)
const WIDTHS = [1280, 390] as const

async function takeAll(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fullmakt-screens.'))
  const fullmakt = await startLocalFullmakt(folder, await freePort())
  const browser = await startBrowser()
  try {
    mkdirSync(FOLDER, { recursive: true })
    for (const width of WIDTHS) {
      for (const { person, address, name } of PICTURES) {
        const viewport = { width, height: 680 }
        const reader = await Reader.open(browser, fullmakt.parts, { viewport, reducedMotion: 'reduce' })
        await reader.logIn(person)
        await visit(reader, address)
        await take(reader, name, width)
        await reader.close()
      }
    }
    writeFileSync(path.join(FOLDER, 'README.md'), index())
  } finally {
    await browser.close()
    await fullmakt.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function take({ page }: Reader, name: string, width: number): Promise<void> {
  const file = path.join(FOLDER, fileOf(name, width))
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  console.log(`${file}  ${Math.round(statSync(file).size / 1024)} kB`)
}

function fileOf(name: string, width: number): string {
  return `${name}-${width}.png`
}

function index(): string {
  const rows = PICTURES.map(
    ({ name, says }) =>
      `## ${says}\n\n${WIDTHS.map((width) => `![${says}, ${width} px](${fileOf(name, width)})`).join('\n')}\n`,
  )
  return `# The screens\n\nIn bokmål, at ${WIDTHS.join(' and ')} pixels. Taken by \`npm run screens\`.\n\n${rows.join('\n')}`
}

await takeAll()
