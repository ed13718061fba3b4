import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { freePort } from '../../dev/free-port.js'
import { startLocalFullmakt } from '../../dev/local-fullmakt.js'
import type { LocalParts } from '../../dev/local-parts.js'
import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { putAudience, putClient } from '../../src/store/client-store.js'
import { RelyingService, Visitor } from '../support/visitors.js'
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

async function declineRequest(page: Page): Promise<void> {
  await seeRequest(page)
  await page.getByRole('link', { name: 'Si nei', exact: true }).click()
  await page.getByRole('button', { name: 'Send svaret' }).waitFor()
}

async function passOn(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Gi videre' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gi videre' }).waitFor()
}

/** The service has to hear of the role first. */
async function actForCompany(page: Page): Promise<void> {
  const choose = page.getByRole('button', { name: /^Handle på vegne av/ })
  for (let tries = 0; tries < 30 && (await choose.count()) === 0; tries += 1) {
    await page.reload()
    await page.waitForLoadState('networkidle')
  }
  await choose.click()
  await page.getByRole('heading', { level: 1, name: /^Fullmaktene til/ }).waitFor()
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
  { name: 'decline', says: 'Saying no to it', ...at('turid-tveit', '/foresporsler'), then: declineRequest },
  { name: 'pass-on', says: 'Passing on what one was given', ...at('magnus-vik', '/mine/{id}'), then: passOn },
  { name: 'act', says: 'What both parents must agree to', ...at('thomas-berge', '/godta/handling') },
  {
    name: 'organisation',
    says: 'Acting for an organisation',
    ...at('nils-fjeld', '/for-andre'),
    then: actForCompany,
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
const OSLO = '958935420'

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

/** Someone who has used a code, a mandate that is held back, one that may be passed on, a request and an act that wait. */
async function seed(parts: LocalParts): Promise<void> {
  const logIn = (person: string): Promise<Visitor> => Visitor.logIn(parts, person)
  const turid = await logIn('turid-tveit')
  const ola = await logIn('ola-nordby')
  const bjarne = await logIn('bjarne-aas')
  const magnus = await logIn('magnus-vik')
  const building = { service: 'muni.building', action: 'read', provider: OSLO, passing_on: true }
  const passable = await (await logIn('per-lunde')).give(magnus, [building])
  await magnus.accept((passable.body as { mandate_id: string }).mandate_id)
  await move(parts, 'silje-berge', 'emma-berge')
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

/** A parent begins to move a child: the other must agree. */
async function move(parts: LocalParts, parent: string, child: string): Promise<void> {
  const registered = parts.clients.find(({ client }) => client.clientId === 'skatt-web')
  if (registered === undefined) throw new Error('no skatt-web')
  await putClient(parts.database, { ...registered.client, services: ['freg.move'] })
  await putAudience(parts.database, { ...registered.audience, services: ['freg.move'] })
  const skatt = await RelyingService.open(parts, 'skatt-web')
  const text = 'Flytting til Storgata 1, Oslo'
  const answer = await skatt.post('/v1/acts', {
    login_token: await skatt.idTokenOf(parent),
    principal: parts.people.find(child)?.identityNumber,
    service: 'freg.move',
    action: 'write',
    text,
    content_hash: createHash('sha256').update(text).digest('base64url'),
    expires_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
  })
  if (answer.status !== 201) throw new Error(`no act: ${JSON.stringify(answer.body)}`)
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
