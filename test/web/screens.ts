import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { freePort } from '../../dev/free-port.js'
import { startLocalFullmakt } from '../../dev/local-fullmakt.js'
import type { LocalParts } from '../../dev/local-parts.js'
import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'
import { EVERY_SCREEN, visit } from './every-screen.js'

/** Takes a picture of every screen, for people who would rather look than read. Run by `npm run screens`. */
const FOLDER = 'docs/screens'

interface Picture {
  /** Its file, and what stands above it. */
  readonly name: string
  readonly says: string
  readonly person: string
  readonly address: string
  /** What to do there first. */
  readonly then?: (page: Page) => Promise<void>
}

const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click()

/** The way through giving: each goes on where the one before has come to, with someone who has used a code. */
async function toWhat(page: Page): Promise<void> {
  await press(page, /^Gå videre med/)
  await page.locator('summary', { hasText: 'Pensjon' }).first().click()
  await page.getByLabel('Se pensjonen').check()
}

async function toHowLong(page: Page): Promise<void> {
  await toWhat(page)
  await press(page, 'Neste')
}

async function toLookOver(page: Page): Promise<void> {
  await toHowLong(page)
  await press(page, 'Neste')
  await page.getByRole('button', { name: /^Gi fullmakt til/ }).waitFor()
}

async function toReceipt(page: Page): Promise<void> {
  await toLookOver(page)
  await press(page, /^Gi fullmakt til/)
  await page.getByRole('heading', { name: 'Det er gjort' }).waitFor()
}

async function makeCode(page: Page): Promise<void> {
  await press(page, 'Lag kode')
  await page.locator('.code').waitFor()
}

async function seeRequest(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Se hva Bjarne Aas ber om' }).click()
  await page.getByText('Dette vil Bjarne Aas').waitFor()
}

/** Those that one comes to on the way through another screen. */
const ON_THE_WAY: readonly Picture[] = [
  { name: 'give-code', says: 'Giving: a code in place of a number', ...at('tor-bakken', '/gi/kode'), then: makeCode },
  { name: 'give-what', says: 'Giving: what', ...at('turid-tveit', '/gi/kode'), then: toWhat },
  { name: 'give-how-long', says: 'Giving: how long', ...at('turid-tveit', '/gi/kode'), then: toHowLong },
  { name: 'give-look-over', says: 'Giving: looked over', ...at('turid-tveit', '/gi/kode'), then: toLookOver },
  { name: 'give-receipt', says: 'Giving: the receipt', ...at('turid-tveit', '/gi/kode'), then: toReceipt },
  {
    name: 'request',
    says: 'Someone asks me for a fullmakt',
    ...at('turid-tveit', '/foresporsler'),
    then: seeRequest,
  },
  { name: 'held', says: 'One that is held back', ...at('ola-nordby', '/mine/{id}') },
]

function at(person: string, address: string): Pick<Picture, 'person' | 'address'> {
  return { person, address }
}

/** The same at every run, but for the dates. */
const PICTURES: readonly Picture[] = [
  ...EVERY_SCREEN.flatMap(({ person, address, picture }) =>
    picture === undefined ? [] : [{ person, address, name: picture[0], says: picture[1] }],
  ),
  ...ON_THE_WAY,
]
const WIDTHS = [1280, 390] as const
const HEIGHT = 860

async function takeAll(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fullmakt-screens.'))
  process.env['TEST_LOG_FOLDER'] = folder
  const fullmakt = await startLocalFullmakt(folder, await freePort())
  const browser = await startBrowser()
  try {
    mkdirSync(FOLDER, { recursive: true })
    await seed(fullmakt.parts)
    for (const picture of PICTURES) {
      const reader = await Reader.open(browser, fullmakt.parts, { reducedMotion: 'reduce' })
      await reader.logIn(picture.person)
      await visit(reader, picture.address)
      await picture.then?.(reader.page)
      for (const width of WIDTHS) await take(reader, picture.name, width)
      await reader.close()
    }
    writeFileSync(path.join(FOLDER, 'README.md'), index())
  } finally {
    await browser.close()
    await fullmakt.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Someone who has used a code, a mandate that is held back, and a request that waits. */
async function seed(parts: LocalParts): Promise<void> {
  const [turid, ola, bjarne] = await Promise.all(
    ['turid-tveit', 'ola-nordby', 'bjarne-aas'].map((person) => Visitor.logIn(parts, person)),
  )
  if (turid === undefined || ola === undefined || bjarne === undefined) throw new Error('no one is there')
  const { code } = (await turid.post('/v1/me/invitations', {})).body as { code: string }
  await bjarne.post('/v1/me/invitations/redemption', { code })
  const given = await ola.give(bjarne, [{ service: 'land.registry', action: 'read' }])
  await bjarne.accept((given.body as { mandate_id: string }).mandate_id)
  const { identityNumber: identifier, familyName: family_name } = parts.people.find('turid-tveit') ?? {}
  await bjarne.post('/v1/me/requests', {
    principal: { identifier, family_name },
    powers: ['read', 'write'].map((action) => ({ service: 'nav.pension', action })),
    until: addMonths(osloDay(new Date()), 6),
    message: 'Da slipper du å ringe NAV selv.',
  })
}

async function take(reader: Reader, name: string, width: number): Promise<void> {
  const { page } = reader
  await page.setViewportSize({ width, height: HEIGHT })
  await reader.settled()
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
