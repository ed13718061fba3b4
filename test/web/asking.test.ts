import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { hashOfCode, newCode } from '../../src/requests/readable-code.js'
import { asOwner } from '../support/newcomers.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'
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

const WHO = 'Hvem vil du hjelpe?'
const WHAT = 'Hva vil du hjelpe med?'
const HOW_LONG = 'Hvor lenge, og hvorfor?'
const LOOK_OVER = 'Se over før du sender'
const POWERS = [
  { service: 'nav.pension', action: 'read' },
  { service: 'nav.pension', action: 'write' },
]

async function readerOf({ id }: Someone, address: string): Promise<Reader> {
  const reader = await Reader.open(browser, service)
  reader.page.setDefaultTimeout(10_000)
  return reader.logIn(id, address)
}

/** Someone of 70 whom someone of 40 has asked. */
async function asked(name: string): Promise<{ self: Someone; helper: Visitor; requestId: string }> {
  const [self, other] = await Promise.all([
    someone(service, yearsAgo(70), name),
    someone(service, yearsAgo(40), 'Hjelper'),
  ])
  const helper = await Visitor.logIn(service, other.id)
  const made = await helper.post('/v1/me/requests', {
    principal: { identifier: self.number, family_name: 'Person' },
    powers: POWERS,
    until: addDays(osloDay(new Date()), 100),
    message: 'Da slipper du å ringe.',
  })
  return { self, helper, requestId: (made.body as { request_id: string }).request_id }
}

async function requestsOf(page: Page): Promise<readonly Record<string, unknown>[]> {
  const answer = await page.request.get('/v1/me/requests')
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests
}

async function at(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

const next = (page: Page): Promise<void> => page.getByRole('button', { name: 'Neste' }).click()

async function who(page: Page, number: string, familyName = 'Person'): Promise<void> {
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(number)
  await page.getByLabel('Etternavn').fill(familyName)
  await next(page)
}

/** A screen as it stands: axe finds nothing, nothing runs out of a narrow one, and no number stands in the address. */
async function inOrder(reader: Reader): Promise<void> {
  const { page } = reader
  expect(await reader.violations()).toEqual([])
  await page.setViewportSize({ width: 320, height: 700 })
  expect(await reader.width()).toBeLessThanOrEqual(320)
  await page.setViewportSize({ width: 1280, height: 720 })
  expect(page.url()).not.toMatch(/\b\d{11}\b/)
}

test('four steps that survive reload, back and a lost network; one request, a letter for it, and taken back', async () => {
  const [self, other] = await Promise.all([
    someone(service, yearsAgo(40), 'Hjelper'),
    someone(service, yearsAgo(80), 'Spurt'),
  ])
  const reader = await readerOf(self, '/be-om')
  const { page } = reader
  await page.getByText('Du har ikke bedt om noe ennå.').waitFor()
  await inOrder(reader)
  await page.getByRole('link', { name: 'Spør noen' }).click()
  await at(page, WHO)
  await next(page)
  await page.getByRole('link', { name: 'Skriv etternavnet.' }).waitFor()
  await who(page, other.number)
  await at(page, WHAT)
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
  await next(page)
  await page.getByRole('link', { name: 'Velg minst én ting du vil hjelpe med.' }).waitFor()
  await page.getByPlaceholder('Søk').fill('pensjon')
  await page.getByLabel('Se', { exact: true }).check()
  await inOrder(reader)
  await next(page)
  await at(page, HOW_LONG)
  await page.getByLabel('6 måneder').check()
  await page.getByLabel('Hvorfor spør du?').fill(`Jeg er ${self.number}`)
  await next(page)
  await page.getByRole('link', { name: 'Ta bort fødselsnummeret fra det du skrev.' }).waitFor()
  expect(await page.evaluate<string>('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toMatch(
    /\b\d{11}\b/,
  )
  await inOrder(reader)
  await page.getByLabel('Hvorfor spør du?').fill('Da slipper du\nå ringe.')
  await page.reload()
  await page.getByText('Vi lagrer ikke fødselsnummer i nettleseren.').waitFor()
  await who(page, other.number)
  await at(page, HOW_LONG)
  expect(await page.getByLabel('6 måneder').isChecked()).toBe(true)
  await page.goBack()
  await page.goForward()
  await next(page)
  await at(page, LOOK_OVER)
  await page.getByText('Beskjed: Da slipper du å ringe.').waitFor()
  await inOrder(reader)
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Send forespørselen' }).click()
  await page.getByText('Vi fikk ikke kontakt.').waitFor()
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Send forespørselen' }).dblclick()
  await page.getByText('Forespørselen til Person er sendt.').waitFor()
  expect(await reader.focused()).toMatch(/^Forespørselen til Person er sendt/)
  await page.getByRole('button', { name: 'Send brev med en kode' }).dblclick()
  await page.getByText('Brevet til Person er bestilt.').waitFor()
  await page.getByText('Du bestilte et brev').waitFor()
  await inOrder(reader)
  expect(await requestsOf(page)).toMatchObject([{ state: 'open', letter_ordered_at: expect.any(String) }])
  // What was said is not there for the next one.
  await page.goBack()
  await at(page, WHO)
  expect(await page.getByLabel('Etternavn').inputValue()).toBe('')
  await page.goto('/be-om')
  await page.getByRole('button', { name: 'Trekk tilbake' }).click()
  await page.getByText('Forespørselen til Person er trukket tilbake.').waitFor()
  await page.getByText('Trukket tilbake', { exact: true }).waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('a limit is told kindly, with the way on, and what was written stays', async () => {
  const { self, helper, requestId } = await asked('Spurt')
  const reader = await Reader.open(browser, service)
  const { page } = reader
  page.setDefaultTimeout(10_000)
  const helperId = service.people.all().find(({ identityNumber }) => identityNumber === helper.number)?.id ?? ''
  await reader.logIn(helperId, '/be-om/hvem')
  const send = async (number: string): Promise<void> => {
    await page.goto('/be-om/hvem')
    await who(page, number)
    await at(page, WHAT)
    if ((await page.getByRole('checkbox', { checked: true }).count()) === 0) {
      await page.getByPlaceholder('Søk').fill('pensjon')
      await page.getByLabel('Se', { exact: true }).check()
    }
    await next(page)
    await at(page, HOW_LONG)
    await next(page)
    await at(page, LOOK_OVER)
    await page.getByRole('button', { name: 'Send forespørselen' }).click()
  }
  await send(self.number)
  await page.getByText('Du har allerede spurt, og må vente på svar.').waitFor()
  expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert')
  await inOrder(reader)
  await page.getByRole('link', { name: 'Se hva du har bedt om' }).click()
  await page.getByRole('button', { name: 'Trekk tilbake' }).waitFor()
  const declining = await Visitor.logIn(service, self.id)
  await declining.post(`/v1/me/requests/${requestId}/refusal`, { reason: 'Jeg klarer det selv' })
  await page.reload()
  await page.getByText('Begrunnelse: Jeg klarer det selv').waitFor()
  await send(self.number)
  await page.getByText(/^Du kan spørre igjen/).waitFor()
  await page.getByText('Slik sørger vi for at ingen blir mast på.').waitFor()
  await send(helper.number)
  await page.getByText('Nummeret du skrev, er ditt eget.').waitFor()
  await page.getByRole('alert').getByRole('link', { name: 'Endre hvem' }).click()
  await at(page, WHO)
  expect(await page.getByLabel('Etternavn').inputValue()).toBe('Person')
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('who is asked sees it first, gives less of it for a shorter time, and the request is answered', async () => {
  const { self, helper, requestId } = await asked('Gir')
  const reader = await readerOf(self, '/')
  const { page } = reader
  await page.getByRole('link', { name: 'Hjelper Person ber om fullmakt fra deg' }).click()
  await page.getByText('Hjelper Person skriver: «Da slipper du å ringe.»').waitFor()
  await inOrder(reader)
  await page.getByRole('link', { name: 'Velg hva du vil gi' }).click()
  await at(page, 'Hva skal du få hjelp til?')
  expect(await page.getByRole('checkbox').count()).toBe(2)
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(2)
  await page.getByLabel('Søke om pensjon').uncheck()
  await page.reload()
  await page.getByLabel('Se pensjonen').waitFor()
  expect(await page.getByLabel('Søke om pensjon').isChecked()).toBe(false)
  await inOrder(reader)
  await next(page)
  await at(page, 'Hvor lenge skal det vare?')
  expect(await page.getByLabel('12 måneder').count()).toBe(0)
  expect(await page.getByLabel('Siste dag').inputValue()).toBe(addDays(osloDay(new Date()), 100))
  await page.getByLabel('1 måned', { exact: true }).check()
  await next(page)
  await page.getByRole('button', { name: 'Gi fullmakt til Hjelper Person' }).waitFor()
  await page.goBack()
  expect(await page.getByLabel('1 måned', { exact: true }).isChecked()).toBe(true)
  await page.goForward()
  await page.reload()
  await page.getByRole('button', { name: 'Gi fullmakt til Hjelper Person' }).dblclick()
  await at(page, 'Det er gjort')
  expect(await requestsOf(page)).toMatchObject([{ state: 'approved', mandate_id: expect.any(String) }])
  expect(await helper.get('/v1/me/mandates')).toMatchObject({ body: { mandates: [{ powers: [{ action: 'read' }] }] } })
  // It is answered, whichever way one comes to it.
  await page.goto(`/gi/svar/${requestId}`)
  await page.getByText('Fullmakten er gitt').waitFor()
  await page.goto('/foresporsler')
  await page.getByText('Ingen venter på svar fra deg.').waitFor()
  await inOrder(reader)
  // The next one who is given something is not bound by it.
  await page.goto('/gi')
  await at(page, 'Hvem skal hjelpe deg?')
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('said no and reported: nothing comes through any more, until one lets it', async () => {
  const { self, helper, requestId } = await asked('Nekter')
  const reader = await readerOf(self, '/beskjeder')
  const { page } = reader
  await page.getByRole('link', { name: 'Se forespørselen' }).click()
  await page.getByRole('link', { name: 'Si nei og meld fra' }).click()
  await page.getByText('Hjelper Person får ikke lese det du skriver.').waitFor()
  await page.getByLabel('Hvorfor (valgfritt)').fill('Kjenner ham ikke')
  await page.reload()
  expect(await page.getByLabel('Hvorfor (valgfritt)').inputValue()).toBe('Kjenner ham ikke')
  await inOrder(reader)
  await page.getByRole('button', { name: 'Send svaret' }).dblclick()
  await page.getByText('Du har sagt nei til Hjelper Person og meldt fra.').waitFor()
  const seen = await helper.get(`/v1/me/requests/${requestId}`)
  expect(seen).toMatchObject({ body: { state: 'open', reason: null } })
  await page.getByRole('link', { name: 'Se hva Hjelper Person ber om' }).click()
  await page.getByText('Begrunnelse: Kjenner ham ikke').waitFor()
  await inOrder(reader)
  await page.getByRole('button', { name: 'La Hjelper Person spørre igjen' }).click()
  await page.getByText('Hjelper Person kan spørre deg igjen.').waitFor()
  expect(await reader.focused()).toMatch(/^Hjelper Person kan spørre deg igjen/)
  await page.goto(`/foresporsler/${requestId}/nei`)
  await page.getByText('Svaret var nei').waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('by the code of a letter one comes to what it is about; a wrong code is refused kindly', async () => {
  const { self, helper, requestId } = await asked('Papir')
  await helper.post(`/v1/me/requests/${requestId}/letter`, {})
  const code = newCode()
  await asOwner(service, 'update letter set code_hash = $2, sent_at = clock_timestamp() where request_id = $1', [
    requestId,
    hashOfCode(code),
  ])
  const reader = await readerOf(self, '/foresporsler')
  const { page } = reader
  const find = page.getByRole('button', { name: 'Finn forespørselen' })
  await find.click()
  await page.getByText('Skriv koden fra brevet.').waitFor()
  await page.getByLabel('Koden i brevet').fill(newCode())
  await find.click()
  await page.getByText('Denne koden gjelder ikke, eller ikke lenger.').waitFor()
  await inOrder(reader)
  await page.getByLabel('Koden i brevet').fill(code.toLowerCase())
  await find.click()
  await at(page, 'Hjelper Person ber om fullmakt fra deg')
  expect(reader.complaints).toEqual([])
  await reader.close()
})
