import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
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

async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] !== undefined) await page.screenshot({ path: `/tmp/scr/${name}.png`, fullPage: true })
}

function numberOf(id: string): string {
  return service.people.find(id)?.identityNumber ?? ''
}

test('giving in four steps', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  page.setDefaultTimeout(8000)
  await reader.logIn('turid-tveit', '/gi')
  await page.getByRole('heading', { name: 'Hvem skal hjelpe deg?' }).waitFor()
  await picture(page, 'who')
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Neste' }).click()
  await picture(page, 'who-missing')
  expect(await reader.violations()).toEqual([])
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(numberOf('bjarne-aas'))
  await page.getByLabel('Etternavn').fill('Aas')
  await page.getByRole('button', { name: 'Neste' }).click()
  await page.getByRole('heading', { name: 'Hva skal du få hjelp til?' }).waitFor()
  await picture(page, 'what')
  await page.locator('summary', { hasText: 'Pensjon' }).first().click()
  await page.getByLabel('Se pensjonen').check()
  await picture(page, 'what-chosen')
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Neste' }).click()
  await page.getByRole('heading', { name: 'Hvor lenge skal det vare?' }).waitFor()
  await picture(page, 'how-long')
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Neste' }).click()
  await page.getByRole('heading', { name: 'Se over' }).waitFor()
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).waitFor()
  await picture(page, 'look-over')
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await page.getByRole('heading', { name: 'Det er gjort' }).waitFor()
  await page.getByText('Bjarne Aas kan hjelpe deg').waitFor()
  await picture(page, 'receipt')
  expect(await reader.violations()).toEqual([])
  expect(reader.complaints).toEqual([])
  await reader.close()
})
