import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { freePort } from '../../dev/free-port.js'
import { startLocalFullmakt } from '../../dev/local-fullmakt.js'
import type { LocalParts } from '../../dev/local-parts.js'
import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { Reader, startBrowser } from './browser.js'

/** Takes a picture of every screen, for people who would rather look than read. Run by `npm run screens`. */
const FOLDER = 'docs/screens'

/** The same at every run, but for the dates. */
const SCREENS: readonly Screen[] = [
  { name: 'start', says: 'The front page', address: '/', person: 'jon-dahl' },
  { name: 'mine', says: 'Who can do something on my behalf', address: '/mine', person: 'astrid-haugen' },
  {
    name: 'one',
    says: 'One fullmakt and its history',
    address: '/mine',
    follow: ['Se og endre', 'Hva som har skjedd'],
    person: 'astrid-haugen',
  },
  {
    name: 'end',
    says: 'Ending it: the second click',
    address: '/mine',
    follow: ['Avslutt (', 'Det gjelder med en gang.'],
    person: 'astrid-haugen',
  },
  { name: 'ended', says: 'What has ended', address: '/mine/avsluttede', person: 'per-lunde' },
  { name: 'for-others', says: 'On whose behalf I may act', address: '/for-andre', person: 'berit-haugen' },
  { name: 'ask', says: 'Asking for a fullmakt, and what became of it', address: '/be-om', person: 'bjarne-aas' },
  { name: 'ask-who', says: 'Asking: whom', address: '/be-om/hvem', person: 'bjarne-aas' },
  {
    name: 'request',
    says: 'Someone asks me for a fullmakt',
    address: '/foresporsler',
    follow: ['Se hva Bjarne Aas ber om', 'Dette vil Bjarne Aas'],
    person: 'turid-tveit',
  },
  { name: 'activity', says: 'What has been done', address: '/hendelser', person: 'astrid-haugen' },
  { name: 'help', says: 'Help when something is wrong', address: '/hjelp', person: 'astrid-haugen' },
  { name: 'without-script', says: 'Without JavaScript', address: '/uten-skript', person: 'astrid-haugen' },
]
const WIDTHS = [1280, 390] as const

interface Screen {
  readonly name: string
  readonly says: string
  readonly address: string
  /** The link to take from there, and what tells that one has come. */
  readonly follow?: readonly [link: string, arrived: string]
  readonly person: string
}

async function takeAll(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fullmakt-screens.'))
  const fullmakt = await startLocalFullmakt(folder, await freePort())
  const browser = await startBrowser()
  try {
    await askSomeone(browser, fullmakt.parts)
    mkdirSync(FOLDER, { recursive: true })
    for (const width of WIDTHS) {
      for (const screen of SCREENS) {
        const viewport = { width, height: 680 }
        const reader = await Reader.open(browser, fullmakt.parts, { viewport, reducedMotion: 'reduce' })
        await reader.logIn(screen.person, screen.address)
        await take(reader, screen, width)
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

/** One request that waits, so that there is something to see of it. */
async function askSomeone(browser: Browser, parts: LocalParts): Promise<void> {
  const helper = await Reader.open(browser, parts)
  await helper.logIn('bjarne-aas')
  const { identityNumber, familyName } = parts.people.find('turid-tveit') ?? {}
  const made = await helper.page.request.post('/v1/me/requests', {
    headers: { origin: parts.url, 'idempotency-key': randomUUID() },
    data: {
      principal: { identifier: identityNumber, family_name: familyName },
      powers: ['read', 'write'].map((action) => ({ service: 'nav.pension', action })),
      until: addMonths(osloDay(new Date()), 6),
      message: 'Da slipper du å ringe NAV selv.',
    },
  })
  if (!made.ok()) throw new Error(`no one was asked: ${await made.text()}`)
  await helper.close()
}

async function take({ page }: Reader, { name, follow }: Screen, width: number): Promise<void> {
  if (follow !== undefined) {
    await page.getByRole('link', { name: follow[0] }).first().click()
    await page.getByText(follow[1]).waitFor()
  }
  await page.waitForLoadState('networkidle')
  await page.getByText('Henter …').first().waitFor({ state: 'detached' })
  const file = path.join(FOLDER, fileOf(name, width))
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  console.log(`${file}  ${Math.round(statSync(file).size / 1024)} kB`)
}

function fileOf(name: string, width: number): string {
  return `${name}-${width}.png`
}

function index(): string {
  const rows = SCREENS.map(
    ({ name, says }) =>
      `## ${says}\n\n${WIDTHS.map((width) => `![${says}, ${width} px](${fileOf(name, width)})`).join('\n')}\n`,
  )
  return `# The screens\n\nIn bokmål, at ${WIDTHS.join(' and ')} pixels. Taken by \`npm run screens\`.\n\n${rows.join('\n')}`
}

await takeAll()
