import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { encode } from 'uqr'
import { newCode } from '../../src/requests/readable-code.js'
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

async function reader(givenName: string, address: string): Promise<{ at: Reader; page: Page; self: Someone }> {
  const self = await someone(service, yearsAgo(50), givenName)
  const at = await Reader.open(browser, service)
  at.page.setDefaultTimeout(10_000)
  await at.logIn(self.id, address)
  return { at, page: at.page, self }
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click()
const codeOn = async (page: Page): Promise<string> => (await page.locator('.code').textContent()) ?? ''

/** A code over the interface, by whoever is logged in in this browser. */
async function invited({ request }: Page): Promise<{ invitation_id: string; code: string }> {
  const answer = await ask(request, '/v1/me/invitations', {})
  return (await answer.json()) as { invitation_id: string; code: string }
}

function ask(request: Page['request'], address: string, data: object) {
  const headers = { origin: service.url, 'idempotency-key': crypto.randomUUID() }
  return request.post(address, { data, headers })
}

async function live({ request }: Page): Promise<number> {
  const { invitations } = (await (await request.get('/v1/me/invitations')).json()) as {
    invitations: { state: string }[]
  }
  return invitations.filter(({ state }) => state === 'open' || state === 'redeemed').length
}

/** A screen as it stands: axe finds nothing, and nothing runs out of a narrow one. */
async function inOrder(at: Reader): Promise<void> {
  expect(await at.violations()).toEqual([])
  await at.page.setViewportSize({ width: 320, height: 700 })
  expect(await at.width()).toBeLessThanOrEqual(320)
  await at.page.setViewportSize({ width: 1280, height: 720 })
}

/** The squares of the picture, row by row, as they stand in the page. */
function drawn(text: string): string {
  const { data } = encode(text, { ecc: 'M', border: 4 })
  return data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
}

test('a code is made, photographed and used; the giver sees who it was, and gives without a number', async () => {
  const { at: giver, page } = await reader('Giver', '/gi/hvem')
  await page.getByRole('link', { name: 'Bruk en kode i stedet' }).click()
  await page.getByLabel('Hvem er koden til?').fill('naboen')
  await page.getByRole('button', { name: 'Lag kode' }).dblclick()
  await page.getByText('Koden er laget. Ingen har fått fullmakt ennå.').waitFor()
  expect(await giver.focused()).toMatch(/^Koden er laget/)
  const code = await codeOn(page)
  await page.reload()
  await page.getByRole('heading', { name: 'Kode til: naboen' }).waitFor()
  expect(await codeOn(page)).toBe(code)
  expect(await page.getByRole('img', { name: 'QR-kode' }).locator('path').getAttribute('d')).toBe(
    drawn(`${service.url}/invitasjon#${code}`),
  )
  expect(await live(page)).toBe(1)
  await inOrder(giver)

  const invitedSelf = await someone(service, yearsAgo(40), 'Hjelper')
  const helper = await Reader.open(browser, service)
  // A random identifier may look like an identity number; it outlasts the login all the same.
  await helper.page.addInitScript("crypto.randomUUID = () => '10203040-5060-4708-8090-102030405060'")
  const addresses: string[] = []
  helper.page.on('request', (request) => addresses.push(request.url()))
  await helper.page.goto(`/invitasjon#${code}`)
  await helper.page.getByRole('heading', { name: 'Logg inn for å se dette' }).waitFor()
  expect(helper.page.url()).toBe(`${service.url}/invitasjon`)
  await helper.logIn(invitedSelf.id, '/invitasjon')
  const use = helper.page.getByRole('button', { name: 'Bruk koden' })
  await use.waitFor()
  expect(await helper.page.getByLabel('Kode').inputValue()).toBe(code)
  await inOrder(helper)
  await use.dblclick()
  await helper.page.getByText(/Du fikk koden av.*Giver Person \(født \d{4}\)/).waitFor()
  await helper.page.reload()
  await helper.page.getByText('Giver Person kan nå gi deg fullmakt.').waitFor()
  await inOrder(helper)
  expect(addresses.slice(1).filter((address) => address.includes(code))).toEqual([])

  await page.goto('/beskjeder')
  await page.getByText('Hjelper Person har brukt koden din.').waitFor()
  expect(await giver.violations()).toEqual([])
  await page.getByRole('link', { name: 'Se hvem som har brukt koden' }).click()
  await page.getByText(/Koden er brukt av.*Hjelper Person \(født \d{4}\)/).waitFor()
  await inOrder(giver)
  await press(page, 'Gå videre med Hjelper Person')
  const pension = page.locator('details', { has: page.locator('summary', { hasText: 'Pensjon' }) }).first()
  await pension.locator('summary').click()
  await pension.getByLabel('Se pensjonen').check()
  await press(page, 'Neste')
  await page.getByRole('heading', { name: 'Hvor lenge skal det vare?' }).waitFor()
  // There is no number that a reload could lose.
  await page.reload()
  await page.getByRole('heading', { name: 'Hvor lenge skal det vare?' }).waitFor()
  await page.goto('/gi/hvem')
  await page.getByText(/Hjelper Person \(født \d{4}\)/).waitFor()
  await inOrder(giver)
  await press(page, 'Neste')
  await press(page, 'Neste')
  await press(page, 'Neste')
  await press(page, 'Gi fullmakt til Hjelper Person')
  await page.getByText('Hjelper Person kan hjelpe deg fra nå av.').waitFor()
  expect(await live(page)).toBe(0)
  expect([...giver.complaints, ...helper.complaints]).toEqual([])
  await Promise.all([giver.close(), helper.close()])
})

test('a code that does not do is told kindly and stays; one whose answer was lost is used all the same', async () => {
  const { at: giver, page: giving } = await reader('Giver', '/hjelp')
  const { code } = await invited(giving)
  const { at: helper, page } = await reader('Hjelper', '/invitasjon')
  await press(page, 'Bruk koden')
  await page.getByRole('link', { name: 'Skriv koden.' }).waitFor()
  await inOrder(helper)
  const field = page.getByLabel('Kode')
  for (const [wrong, told] of [
    [code.replaceAll('-', '').slice(1), 'Koden er skrevet feil. Se på den én gang til.'],
    [newCode(), 'Denne koden gjelder ikke, eller ikke lenger.'],
  ] as const) {
    await field.fill(wrong)
    await press(page, 'Bruk koden')
    await page.getByText(told).waitFor()
    expect(await helper.focused()).toMatch(told)
    expect(await field.inputValue()).toBe(wrong)
  }
  await page.getByText('Be om en ny kode.').waitFor()
  await inOrder(helper)

  await field.fill(code.toLowerCase().replaceAll('-', ' '))
  await page.route('**/redemption', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await press(page, 'Bruk koden')
  await page.getByText('Vi fikk ikke kontakt.').waitFor()
  await page.unroute('**/redemption')
  await page.reload()
  await press(page, 'Bruk koden')
  await page.getByText('Giver Person kan nå gi deg fullmakt.').waitFor()

  for (let tries = 0; tries < 7; tries++) {
    await ask(page.request, '/v1/me/invitations/redemption', { code: newCode() })
  }
  await page.getByRole('link', { name: 'Bruk en annen kode' }).click()
  await field.fill(newCode())
  await press(page, 'Bruk koden')
  await page.getByText('Du kan prøve igjen om en time.').waitFor()
  await inOrder(helper)
  expect([...giver.complaints, ...helper.complaints]).toEqual([])
  await Promise.all([giver.close(), helper.close()])
})

test('the giver takes a code back, makes one whose answer was lost, and runs into the limit', async () => {
  const { at, page } = await reader('Giver', '/gi/kode')
  await page.getByLabel('Hvem er koden til?').fill('naboen')
  await page.route('**/v1/me/invitations', async (route) => {
    if (route.request().method() === 'POST') await route.fetch()
    await route.abort()
  })
  await press(page, 'Lag kode')
  await page.getByText('Vi fikk ikke kontakt.').first().waitFor()
  expect(await page.getByLabel('Hvem er koden til?').inputValue()).toBe('naboen')
  await page.unroute('**/v1/me/invitations')
  await press(page, 'Lag kode')
  await page.locator('.code').waitFor()
  expect(await live(page)).toBe(1)
  await press(page, 'Trekk tilbake koden')
  await page.getByText('Koden er trukket tilbake.').waitFor()
  expect(await at.focused()).toMatch(/^Koden er trukket tilbake/)
  expect([await live(page), await page.locator('.code').count()]).toEqual([0, 0])

  await Promise.all(Array.from({ length: 10 }, () => invited(page)))
  await press(page, 'Lag kode')
  await page.getByText('Du har for mange som ikke er besvart ennå.').waitFor()
  // Made elsewhere: the code itself is shown where it was made, and nowhere else.
  await page.reload()
  await page.getByText('Koden vises bare der den ble laget.').first().waitFor()
  await inOrder(at)
  expect(at.complaints).toEqual([])
  await at.close()
})

test('who was chosen by a code that is taken back meanwhile can no longer be given anything', async () => {
  const { at, page } = await reader('Giver', '/gi/kode')
  const helper = await reader('Hjelper', '/hjelp')
  const { invitation_id, code } = await invited(page)
  await ask(helper.page.request, '/v1/me/invitations/redemption', { code })
  await helper.at.close()
  await page.reload()
  await press(page, 'Gå videre med Hjelper Person')
  await page.getByPlaceholder('Søk').fill('pensjon')
  await page.getByLabel('Se pensjonen').check()
  await press(page, 'Neste')
  await ask(page.request, `/v1/me/invitations/${invitation_id}/cancellation`, {})
  await press(page, 'Neste')
  await page.getByText('Vi finner ikke denne invitasjonen hos deg.').waitFor()
  expect(await at.violations()).toEqual([])
  await page.getByRole('link', { name: 'Endre hvem' }).click()
  await press(page, 'Velg en annen')
  await page.getByLabel('Fødselsnummer eller d-nummer').waitFor()
  expect(at.complaints).toEqual([])
  await at.close()
})
