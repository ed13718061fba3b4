import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { PartyId } from '../../src/domain/party.js'
import { partyOfPerson } from '../support/people.js'
import { tellOrganisation, tellRole, untellRelation } from '../support/relations.js'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'
import { mandatesOf } from './own-mandates.js'

const FIRM = '310000019'
const MANAGER = 'kari-nordby'
const OURS = 'Fullmaktene til Blåfjell AS'
const BANNER = 'Du handler på vegne av Blåfjell AS'

let service: TestService
let browser: Browser
let firm: PartyId
let manager: PartyId
let role: string

beforeAll(async () => {
  ;[service, browser] = await Promise.all([testService(), startBrowser()])
  firm = await tellOrganisation(service.database, 'Blåfjell AS', FIRM)
  manager = await partyOfPerson(service, numberOf(MANAGER))
  role = await tellRole(service.database, firm, manager, 'DAGL')
  const client = await Visitor.logIn(service, 'turid-tveit')
  await givenToFirm(client, 'tax.collection')
  await givenToFirm(client, 'tax.return')
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  expect(service.faults).toEqual([])
})

function numberOf(id: string): string {
  return service.people.find(id)?.identityNumber ?? ''
}

async function givenToFirm(client: Visitor, of: string): Promise<void> {
  const powers = [{ service: of, action: 'read' }]
  const draft = await client.post('/v1/me/mandates/drafts', { representative: { identifier: FIRM }, powers })
  await client.confirm(draft.body as Record<string, unknown>)
}

async function at(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

/** At the list of those for whom he may act, and on to what is the organisation's. */
async function actForFirm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Handle på vegne av Blåfjell AS' }).click()
  await at(page, OURS)
}

async function inOrder(reader: Reader): Promise<void> {
  expect(await reader.violations()).toEqual([])
  await reader.page.setViewportSize({ width: 320, height: 700 })
  expect(await reader.width()).toBeLessThanOrEqual(320)
  await reader.page.setViewportSize({ width: 1280, height: 720 })
}

test('whoever leads an organisation answers, gives and ends for it, and is himself again when he wants to', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  page.setDefaultTimeout(10_000)
  await reader.logIn(MANAGER, '/for-andre')
  await page.getByText('Du kan se og styre fullmaktene til Blåfjell AS.').waitFor()
  await inOrder(reader)
  await actForFirm(page)
  expect(await reader.focused()).toBe(OURS)
  await page.getByText(BANNER).first().waitFor()
  await inOrder(reader)

  await page.getByRole('link', { name: 'Se på tilbudet og svar' }).click()
  await page.getByText('Kari Nordby bekrefter på vegne av Blåfjell AS (organisasjonsnummer 310000019).').waitFor()
  await page.reload()
  await page.getByText('De som arbeider hos meg, skal bruke sin egen innlogging på jobb').waitFor()
  await inOrder(reader)
  await page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).click()
  await page.getByText(BANNER).first().waitFor()
  await page.getByRole('link', { name: 'Fullmakter' }).first().click()
  await at(page, OURS)

  await page.getByRole('link', { name: 'Gi fullmakt fra Blåfjell AS' }).click()
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(numberOf('bjarne-aas'))
  await page.getByLabel('Etternavn').fill('Aas')
  await page.getByRole('button', { name: 'Neste' }).click()
  await at(page, 'Hva skal du få hjelp til?')
  // What organisations do not use is not there to be given.
  expect(await page.locator('summary', { hasText: 'Pensjon' }).count()).toBe(0)
  const debts = page.locator('details', { has: page.locator('summary', { hasText: 'Innkreving' }) }).first()
  await debts.locator('summary').click()
  await debts.getByLabel('Se hva du skylder').check()
  await page.getByRole('button', { name: 'Neste' }).click()
  await at(page, 'Hvor lenge skal det vare?')
  await page.getByRole('button', { name: 'Neste' }).click()
  await page.getByText('Fullmakt fra Blåfjell AS til Bjarne Aas').waitFor()
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await at(page, 'Det er gjort')
  await inOrder(reader)

  await page.goto('/mine')
  await page.getByRole('link', { name: 'Se og endre (Bjarne Aas)' }).click()
  await page.getByText('Gjort på vegne av virksomheten av Kari Nordby.').waitFor()
  await inOrder(reader)
  await page.getByRole('link', { name: 'Avslutt' }).click()
  await page.getByRole('button', { name: 'Ja, avslutt nå' }).click()
  await page.getByText('Fullmakten til Bjarne Aas er avsluttet.').waitFor()
  await at(page, OURS)

  await reader.go('/beskjeder')
  await page.getByText('Denne siden viser det som gjelder deg selv.').waitFor()
  await page.getByLabel('Hvem du handler på vegne av').getByRole('button', { name: 'Handle som meg selv' }).click()
  await page.getByText('Du handler ikke lenger på vegne av Blåfjell AS. Nå ser du dine egne fullmakter.').waitFor()
  expect(await page.getByText('Turid Tveit').count()).toBe(0)
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('two tabs are two, what is one’s own is found, and a role that is lost is told', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  page.setDefaultTimeout(10_000)
  await reader.logIn(MANAGER, '/for-andre')
  await actForFirm(page)
  const other = await page.context().newPage()
  await other.goto('/mine')
  await other.getByRole('heading', { level: 1, name: 'Hvem kan gjøre noe på vegne av meg' }).waitFor()
  expect(await other.getByText(BANNER).count()).toBe(0)
  await other.close()

  const [mine] = await mandatesOf(await Visitor.logIn(service, MANAGER))
  await page.goto(`/mine/${mine?.mandate_id ?? ''}`)
  await page.getByText('Er dette en av dine egne fullmakter').waitFor()
  await inOrder(reader)
  await page.getByRole('button', { name: 'Handle som deg selv' }).click()
  await page.getByRole('heading', { level: 2, name: 'Hva som har skjedd' }).waitFor()
  expect(await page.getByText(BANNER).count()).toBe(0)

  await page.goto('/for-andre')
  await actForFirm(page)
  const leave = page.getByRole('link', { name: 'Si fra deg fullmakten (Turid Tveit)' }).first()
  await leave.waitFor()
  await untellRelation(service.database, role)
  await leave.click()
  await page.getByText('Du handler ikke lenger på vegne av Blåfjell AS. Nå handler du som deg selv.').waitFor()
  await inOrder(reader)
  expect(await page.getByText(BANNER, { exact: true }).count()).toBe(0)
  expect(reader.complaints).toEqual([])
  await reader.close()
})
