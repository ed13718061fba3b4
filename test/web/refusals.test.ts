import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { recordPartyFacts } from '../../src/store/party-store.js'
import { asOwner } from '../support/newcomers.js'
import { type Someone, someone, yearsAgo } from '../support/people.js'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'

let service: TestService
let browser: Browser
let helper: Visitor

beforeAll(async () => {
  ;[service, browser] = await Promise.all([testService(), startBrowser()])
  helper = await Visitor.logIn(service, 'bjarne-aas')
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  expect(service.faults).toEqual([])
})

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()

/** The first three steps of giving, to where the service is asked for the text. */
async function askForText(page: Page, service_: string, action: string): Promise<void> {
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(helper.number)
  await page.getByLabel('Etternavn').fill('Aas')
  await press(page, 'Neste')
  const details = page.locator('details', { has: page.locator('summary', { hasText: service_ }) }).first()
  await details.locator('summary').click()
  await details.getByLabel(action).check()
  await press(page, 'Neste')
  await page.getByLabel('1 måned', { exact: true }).check()
  await press(page, 'Neste')
}

interface Refusal {
  /** Who comes; 50 where nothing is said. */
  readonly age?: number
  readonly given?: readonly { readonly service: string; readonly action: string }[]
  /** Where the helper must have said yes. */
  readonly accepted?: true
  readonly prepare?: (self: Someone) => Promise<void>
  readonly address: string
  readonly act?: (page: Page, change: (path: string) => Promise<unknown>) => Promise<void>
  readonly told: string
  /** What one can do now, by its name. */
  readonly way: string
}

const PENSION = [{ service: 'nav.pension', action: 'read' }]
const NEXT_DAY = addMonths(osloDay(new Date()), 30)

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'principal_too_young, in giving': {
    age: 16,
    address: '/gi',
    act: (page) => askForText(page, 'Pensjon', 'Se pensjonen'),
    told: 'Du er ikke gammel nok ennå til å gi denne fullmakten.',
    way: 'Endre hva',
  },
  'principal_without_capacity, in giving': {
    prepare: async ({ partyId }) => {
      await recordPartyFacts(service.database, partyId, {
        source: SYNTHETIC_REGISTER,
        name: 'Giver Person',
        familyName: 'Person',
        bornOn: yearsAgo(50),
        diedOn: null,
        ceased: false,
        protectedAddress: false,
        capacityLost: ['economic'],
        residences: [],
      })
    },
    address: '/gi',
    act: (page) => askForText(page, 'Pensjon', 'Se pensjonen'),
    told: 'Registeret sier at en verge handler på dette området.',
    way: 'Endre hva',
  },
  'no_such_draft, at the last step': {
    address: `/gi/se-over?draft=${randomUUID()}`,
    told: 'Vi fant ikke denne teksten. Begynn på nytt.',
    way: 'Lag teksten på nytt',
  },
  'draft_expired, at the last step': {
    address: '/gi',
    act: async (page) => {
      await askForText(page, 'Pensjon', 'Se pensjonen')
      await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).waitFor()
      await asOwner(service, "update mandate_draft set expires_at = clock_timestamp() - interval '1 second'")
      await page.reload()
    },
    told: 'Det gikk for lang tid før du bekreftet. Begynn på nytt.',
    way: 'Lag teksten på nytt',
  },
  'not_in_this_state, in extending': {
    given: PENSION,
    address: '/mine/{id}/forleng',
    act: async (page, change) => {
      await page.getByLabel('En annen dato').check()
      await page.getByLabel('Siste dag').fill(NEXT_DAY)
      await change('end')
      await press(page, 'Neste')
    },
    told: 'Dette kan ikke gjøres med fullmakten slik den er nå.',
    way: 'Tilbake',
  },
  'period_too_long, in extending': {
    given: [{ service: 'muni.building', action: 'read' }],
    accepted: true,
    address: '/mine/{id}/forleng',
    act: async (page) => {
      await page.getByLabel('En annen dato').check()
      await page.getByLabel('Siste dag').fill(NEXT_DAY)
      await press(page, 'Neste')
    },
    told: 'Fullmakten varer for lenge eller starter for langt fram i tid.',
    way: 'Tilbake',
  },
  'version_conflict, in taking something away': {
    given: [...PENSION, { service: 'nav.pension', action: 'communicate' }],
    address: '/mine/{id}/snevre-inn',
    act: async (page, change) => {
      await page.getByRole('checkbox').last().uncheck()
      await change('freeze')
      await press(page, 'Lagre endringen')
    },
    told: 'Fullmakten er endret mens du hadde siden åpen.',
    way: 'Prøv igjen',
  },
  'version_conflict, in stopping it for now': {
    given: PENSION,
    address: '/mine/{id}',
    act: async (page, change) => {
      await page.getByRole('button', { name: 'Stopp inntil videre' }).waitFor()
      await change('freeze')
      await press(page, 'Stopp inntil videre')
    },
    told: 'Fullmakten er endret mens du hadde siden åpen.',
    way: 'Prøv igjen',
  },
  'invalid_request, at an address that is none': {
    address: '/mine/1234',
    told: 'Noe mangler eller er ikke fylt ut riktig.',
    way: 'Prøv igjen',
  },
  ...Object.fromEntries(
    ['/mine/{no}', '/mine/{no}/avslutt', '/mine/{no}/snevre-inn', '/mine/{no}/forleng', '/godta/{no}']
      .concat('/gi/kvittering/{no}', '/gi/videre/{no}', '/gi?som={no}')
      .map((address): [string, Refusal] => [
        `no_such_mandate, at ${address}`,
        { address: address.replace('{no}', randomUUID()), told: 'Vi fant ikke denne fullmakten.', way: 'Prøv igjen' },
      ]),
  ),
}

test.each(Object.keys(REFUSALS))('%s: told in words, with a way on', async (what) => {
  const refusal = REFUSALS[what]
  if (refusal === undefined) throw new Error(what)
  const self = await someone(service, yearsAgo(refusal.age ?? 50), 'Giver')
  const visitor = await Visitor.logIn(service, self.id)
  let mandateId = ''
  if (refusal.given !== undefined) {
    const given = await visitor.give(helper, refusal.given)
    expect(given.status).toBe(201)
    mandateId = (given.body as { mandate_id: string }).mandate_id
    if (refusal.accepted === true) expect((await helper.accept(mandateId)).status).toBe(201)
  }
  await refusal.prepare?.(self)
  const reader = await Reader.open(browser, service)
  const { page } = reader
  await reader.logIn(self.id, refusal.address.replace('{id}', mandateId))
  await refusal.act?.(page, (path) => visitor.change(mandateId, path))
  await page.getByRole('alert').getByText(refusal.told).waitFor()
  const way = page.locator('main').getByText(refusal.way, { exact: true })
  expect(await way.count()).toBeGreaterThan(0)
  expect(await reader.inOrder()).toEqual([])
  await way.first().click()
  await page.locator('h1').waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})
