import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { addDays, addMonths, osloDay } from '../../src/domain/calendar.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { type TestService, testService } from '../support/service.js'
import { Reader, startBrowser } from './browser.js'

let service: TestService
let browser: Browser

beforeAll(async () => {
  ;[service, browser] = await Promise.all([testService(), startBrowser()])
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  expect(service.faults).toEqual([])
})

const CASE = '2026/1234'
const LAST_DAY = addMonths(osloDay(new Date()), 5)

async function readerOf({ id }: Someone, address: string): Promise<Reader> {
  const reader = await Reader.open(browser, service)
  return reader.logIn(id, address)
}

const at = (page: Page, name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor()
const next = (page: Page): Promise<void> => page.getByRole('button', { name: 'Neste' }).click()

async function who(page: Page, { number }: Someone): Promise<void> {
  await at(page, 'Hvem skal hjelpe deg?')
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(number)
  await page.getByLabel('Etternavn').fill('Person')
  await next(page)
}

/** A day that is in no calendar: browsers let one type it, and say that there is none. */
async function typeNoSuchDay(page: Page): Promise<void> {
  const field = page.getByLabel('Siste dag')
  for (const typed of ['30022027', '02302027']) {
    await field.fill('')
    await field.blur()
    await field.focus()
    await page.keyboard.type(typed)
    if (await page.evaluate<boolean>('document.activeElement.validity.badInput')) return
  }
  throw new Error('the browser takes 30 February')
}

test('for one place, one case and until a day of one’s own; agreed to by keyboard; passed on, and no further', async () => {
  const giver = await someone(service, yearsAgo(70), 'Giver')
  const helper = await someone(service, yearsAgo(45), 'Hjelper')
  const second = await someone(service, yearsAgo(20), 'Barnebarn')

  const giving = await readerOf(giver, '/gi')
  const { page } = giving
  await who(page, helper)
  await at(page, 'Hva skal du få hjelp til?')
  const building = page.locator('details', { has: page.locator('summary', { hasText: 'Byggesak' }) })
  await building.locator('summary').click()
  await building.getByLabel('Se byggesakene dine').check()
  await next(page)
  await page.getByRole('link', { name: 'Velg hvor det skal gjelde: Byggesak.' }).click()
  expect(await page.evaluate('document.activeElement.id')).toBe('where-muni.building')
  expect(await giving.inOrder()).toEqual([])
  await building.getByLabel('Hvor skal det gjelde?').selectOption({ label: 'Oslo kommune' })
  await building.getByLabel('Saksnummeret til byggesaken (valgfritt)').fill(CASE)
  await building.getByLabel('Kan gis videre til en annen').check()
  expect(await giving.inOrder()).toEqual([])
  await next(page)
  await at(page, 'Hvor lenge skal det vare?')
  await page.getByLabel('En annen dato').check()
  const today = osloDay(new Date())
  const wrong: (() => Promise<void>)[] = [
    () => page.getByLabel('Siste dag').fill(addDays(today, -1)),
    () => page.getByLabel('Siste dag').fill(addMonths(today, 25)),
    () => typeNoSuchDay(page),
  ]
  for (const fill of wrong) {
    await fill()
    await next(page)
    await page.getByRole('link', { name: /^Velg en dato fra i dag til og med/ }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('own-day')
  }
  await page.getByLabel('Siste dag').fill(LAST_DAY)
  await next(page)
  await at(page, 'Se over før du bekrefter')
  for (const said of ['Oslo kommune', CASE, 'videre']) await page.getByText(said).first().waitFor()
  await page.getByRole('button', { name: 'Gi fullmakt til Hjelper Person' }).click()
  await at(page, 'Det er gjort')
  await page.getByText('(kan gis videre til en annen)').waitFor()
  const mandateId = page.url().split('/').at(-1) ?? ''

  const helping = await readerOf(helper, '/')
  const { keyboard } = helping.page
  await helping.page.getByRole('link', { name: 'Giver Person vil gi deg fullmakt' }).waitFor()
  await helping.tabTo('Giver Person vil gi deg fullmakt')
  await keyboard.press('Enter')
  await helping.page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).waitFor()
  expect(await helping.focused()).toBe('Vil du hjelpe?')
  await helping.tabTo('Ja, jeg vil hjelpe')
  await keyboard.press('Enter')
  await helping.page.getByText('Du kan hjelpe Giver Person fra nå av.').waitFor()
  // The button that was pressed is gone: the heading of what is now there has the focus.
  expect(await helping.page.evaluate('document.activeElement.tagName')).toBe('H1')

  await helping.page.goto(`/mine/${mandateId}`)
  await helping.page.getByText('(kan gis videre til en annen)').first().waitFor()
  await helping.page.getByRole('link', { name: 'Gi videre' }).click()
  await at(helping.page, 'Gi videre')
  expect(await helping.inOrder()).toEqual([])
  await next(helping.page)
  for (const [whom, told] of [
    [giver, 'Du kan ikke gi fullmakten videre til den du har fått den fra.'],
    [second, null],
  ] as const) {
    await who(helping.page, whom)
    if (told !== null) {
      await at(helping.page, 'Hva skal du få hjelp til?')
      // Nothing else was given, and where it holds has been said.
      expect(await helping.page.locator('summary').allTextContents()).toEqual([expect.stringContaining('Byggesak')])
      await helping.page.locator('summary').click()
      await helping.page.getByLabel('Se byggesakene dine').check()
      expect(await helping.page.getByLabel('Hvor skal det gjelde?').count()).toBe(0)
      expect(await helping.page.getByLabel('Kan gis videre til en annen').count()).toBe(0)
    }
    await next(helping.page)
    await at(helping.page, 'Hvor lenge skal det vare?')
    await helping.page.getByLabel('En annen dato').check()
    await helping.page.getByLabel('Siste dag').fill(addDays(LAST_DAY, 1))
    await next(helping.page)
    await helping.page.getByRole('link', { name: /^Velg en dato fra i dag til og med/ }).waitFor()
    await helping.page.getByLabel('Siste dag').fill(LAST_DAY)
    await next(helping.page)
    if (told === null) continue
    await helping.page.getByText(told).waitFor()
    await helping.page.getByRole('link', { name: 'Endre hvem' }).click()
  }
  await at(helping.page, 'Se over før du bekrefter')
  await helping.page.getByText(CASE).first().waitFor()
  await helping.page.getByRole('button', { name: 'Gi fullmakt til Barnebarn Person' }).click()
  await at(helping.page, 'Det er gjort')
  await helping.go('/for-andre')
  await helping.page.getByText('Til Barnebarn Person, på vegne av Giver Person').waitFor()
  expect(await helping.inOrder()).toEqual([])

  const third = await readerOf(second, '/')
  await third.page.getByRole('link', { name: /vil gi deg fullmakt/ }).click()
  await third.page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).click()
  await third.page.getByText('Du kan hjelpe Giver Person fra nå av.').waitFor()
  await third.go('/for-andre')
  await third.page.getByRole('link', { name: /^Se/ }).first().click()
  await third.settled()
  expect(await third.page.getByRole('link', { name: 'Gi videre' }).count()).toBe(0)

  // The giver sees both, and what was done; to agree and to pass on is nothing done on his behalf.
  await giving.go('/mine')
  await page.getByRole('heading', { name: 'Barnebarn Person' }).waitFor()
  await giving.go('/hendelser')
  await giving.settled()
  expect(await page.locator('main li').count()).toBeGreaterThan(2)
  await helping.go('/hendelser?som=hjelper')
  await helping.page.getByText('Det er ikke gjort noe.').waitFor()
  expect([...giving.complaints, ...helping.complaints, ...third.complaints]).toEqual([])
  await Promise.all([giving.close(), helping.close(), third.close()])
}, 120_000)
