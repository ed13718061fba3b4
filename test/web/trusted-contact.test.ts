import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
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

async function reader(givenName: string): Promise<{ at: Reader; page: Page; self: Someone }> {
  const self = await someone(service, yearsAgo(70), givenName)
  const at = await Reader.open(browser, service, { viewport: { width: 320, height: 700 } })
  await at.logIn(self.id, '/beskjeder')
  return { at, page: at.page, self }
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click()

/** Looks again until it has been told. */
async function seeNotice(page: Page, text: string): Promise<void> {
  const notice = page.getByText(text)
  const isThere = (): Promise<boolean> =>
    notice.waitFor({ timeout: 500 }).then(
      () => true,
      () => false,
    )
  for (let looks = 0; looks < 20; looks++) {
    await page.reload()
    if (await isThere()) return
  }
  throw new Error(`no one was told: ${text}`)
}

test('one chooses whom to trust, who is told and lays it down; another is chosen and removed', async () => {
  const { at, page } = await reader('Olga')
  const [{ at: trusted, page: theirs, self }, other] = [
    await reader('Kari'),
    await someone(service, yearsAgo(30), 'Nils'),
  ]
  await press(page, 'Velg noen du stoler på')
  expect(await at.focused()).toBe('Velg noen du stoler på')
  await press(page, 'Velg denne personen')
  expect(await at.focused()).toMatch(/Skriv alle de 11 sifrene.*Skriv etternavnet/)
  expect(await at.inOrder()).toEqual([])

  const [number, familyName] = [page.getByLabel('Fødselsnummer eller d-nummer'), page.getByLabel('Etternavn')]
  await number.fill(self.number)
  await familyName.fill('Feil')
  for (let times = 0; times < 2; times++) {
    await press(page, 'Velg denne personen')
    await at.settled()
    expect(await at.focused()).toMatch(/^Vi fant ingen andre voksne/)
  }
  expect(await number.inputValue()).toBe(self.number)
  expect(await at.inOrder()).toEqual([])
  await familyName.fill('Person')
  await page.route('**/trusted-contact', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await press(page, 'Velg denne personen')
  await page.getByText('Vi fikk ikke kontakt.').waitFor()
  await page.unroute('**/trusted-contact')
  await page.getByRole('button', { name: 'Velg denne personen' }).dblclick()
  await page.getByText('Kari Person får beskjed fra nå av.').waitFor()
  expect(await at.focused()).toMatch(/^Kari Person får beskjed/)
  const kept = await page.evaluate<string>('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])')
  expect(`${kept}${page.url()}`).not.toContain(self.number)
  expect(await at.inOrder()).toEqual([])

  await seeNotice(theirs, 'Olga Person stoler på deg')
  await theirs.getByText(/^Olga Person \(født \d{4}\)$/).waitFor()
  expect(await trusted.inOrder()).toEqual([])
  await theirs.getByRole('button', { name: 'Slutt å få beskjed om Olga Person' }).dblclick()
  await theirs.getByText('Du får ikke lenger beskjed om fullmaktene til Olga Person.').waitFor()
  expect(await trusted.focused()).toMatch(/^Du får ikke lenger beskjed/)
  expect(await theirs.getByText('Noen som stoler på deg').count()).toBe(0)

  await seeNotice(page, 'Kari Person får ikke lenger beskjed')
  await press(page, 'Velg noen du stoler på')
  await number.fill(other.number)
  await familyName.fill('person')
  await page.keyboard.press('Enter')
  await page.getByText('Nils Person får beskjed fra nå av.').waitFor()
  await press(page, 'Velg en annen')
  await press(page, 'Avbryt')
  expect(await at.focused()).toBe('Velg en annen')
  await page.getByRole('button', { name: 'Fjern Nils Person' }).dblclick()
  await page.getByText('Ingen andre får beskjed nå.').waitFor()
  expect(await at.focused()).toBe('Ingen andre får beskjed nå.')
  await page.getByRole('button', { name: 'Velg noen du stoler på' }).waitFor()
  expect([...at.complaints, ...trusted.complaints]).toEqual([])
  await Promise.all([at.close(), trusted.close()])
})
