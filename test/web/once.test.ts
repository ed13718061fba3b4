import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser, Page, Route } from 'playwright-core'
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

/** One place where something is sent, and what is true of it in the end. */
interface Sending {
  /** What is given first. */
  readonly of: 'pension' | 'an offer of care'
  readonly by: 'giver' | 'helper'
  /** Below `/mine/`, or where else. */
  readonly address: (mandateId: string) => string
  /** Before the screen: the service is asked for this. */
  readonly before?: string
  /** What is said on the screen, and whether it still stands there. */
  readonly fill?: (page: Page) => Promise<void>
  readonly kept?: (page: Page) => Promise<void>
  readonly button: string
  readonly question: string
  readonly told: string
  /** Everything that has happened to the mandate, the first first. */
  readonly made: readonly string[]
}

const IN_TWO_YEARS = `${new Date().getFullYear() + 2}-01-31`

const SENDINGS: Readonly<Record<string, Sending>> = {
  'stopping it for now': {
    of: 'pension',
    by: 'giver',
    address: (id) => `/mine/${id}`,
    button: 'Stopp inntil videre',
    question: '**/freeze',
    told: 'er stoppet inntil videre.',
    made: ['given', 'frozen'],
  },
  'letting it hold again': {
    of: 'pension',
    by: 'giver',
    before: 'freeze',
    address: (id) => `/mine/${id}`,
    button: 'La den gjelde igjen',
    question: '**/thaw',
    told: 'gjelder igjen.',
    made: ['given', 'frozen', 'thawed'],
  },
  'taking something away': {
    of: 'pension',
    by: 'giver',
    address: (id) => `/mine/${id}/snevre-inn`,
    fill: (page) => page.getByRole('checkbox').last().uncheck(),
    kept: async (page) => expect(await page.getByRole('checkbox').last().isChecked()).toBe(false),
    button: 'Lagre endringen',
    question: '**/narrowing',
    told: 'Endringen er lagret.',
    made: ['given', 'narrowed'],
  },
  'making it last longer': {
    of: 'pension',
    by: 'giver',
    address: (id) => `/mine/${id}/forleng`,
    fill: async (page) => {
      await page.getByLabel('En annen dato').check()
      await page.getByLabel('Siste dag').fill(IN_TWO_YEARS)
      await page.getByRole('button', { name: 'Neste' }).dblclick()
      await page.getByRole('button', { name: 'Ja, forleng fullmakten' }).waitFor()
      await page.goBack()
      expect(await page.getByLabel('Siste dag').inputValue()).toBe(IN_TWO_YEARS)
      await page.reload()
      expect(await page.getByLabel('Siste dag').inputValue()).toBe(IN_TWO_YEARS)
      await page.getByRole('button', { name: 'Neste' }).click()
      await page.getByRole('button', { name: 'Ja, forleng fullmakten' }).waitFor()
    },
    button: 'Ja, forleng fullmakten',
    question: '**/confirmation',
    told: 'Fullmakten til Bjarne Aas',
    made: ['given', 'extended'],
  },
  'ending it': {
    of: 'pension',
    by: 'giver',
    address: (id) => `/mine/${id}/avslutt`,
    fill: async (page) => {
      await page.getByText('Vil du si hvorfor?').click()
      await page.getByRole('textbox', { name: 'Hvorfor' }).fill('Nå klarer jeg meg.')
    },
    kept: async (page) =>
      expect(await page.getByRole('textbox', { name: 'Hvorfor' }).inputValue()).toBe('Nå klarer jeg meg.'),
    button: 'Ja, avslutt nå',
    question: '**/end',
    told: 'er avsluttet. Den gjelder ikke lenger.',
    made: ['given', 'ended'],
  },
  'saying yes to an offer': {
    of: 'an offer of care',
    by: 'helper',
    address: (id) => `/godta/${id}`,
    button: 'Ja, jeg vil hjelpe',
    question: '**/confirmation',
    told: 'fra nå av.',
    made: ['given', 'accepted'],
  },
  'saying no to an offer': {
    of: 'an offer of care',
    by: 'helper',
    address: (id) => `/godta/${id}`,
    button: 'Nei takk',
    question: '**/refusal',
    told: 'Du har sagt nei.',
    made: ['given', 'declined'],
  },
}

const POWERS = {
  pension: [
    { service: 'nav.pension', action: 'read' },
    { service: 'nav.pension', action: 'communicate' },
  ],
  'an offer of care': [{ service: 'muni.care', action: 'read' }],
}

/** Given over the interface. */
async function give({ of, before }: Sending): Promise<{ giver: Someone; visitor: Visitor; mandateId: string }> {
  const giver = await someone(service, yearsAgo(50), 'Giver')
  const visitor = await Visitor.logIn(service, giver.id)
  const answer = await visitor.give(helper, POWERS[of])
  expect(answer.status).toBe(201)
  const { mandate_id: mandateId } = answer.body as { mandate_id: string }
  if (before !== undefined) expect((await visitor.change(mandateId, before)).status).toBe(200)
  return { giver, visitor, mandateId }
}

test.each(Object.keys(SENDINGS))(
  '%s: lost on the way, lost on the way back, then pressed twice, it is done once and nothing said is lost',
  async (what) => {
    const sending = SENDINGS[what]
    if (sending === undefined) throw new Error(what)
    const { giver, visitor, mandateId } = await give(sending)
    const reader = await Reader.open(browser, service)
    const { page } = reader
    await reader.logIn(sending.by === 'giver' ? giver.id : 'bjarne-aas', sending.address(mandateId))
    const button = page.getByRole('button', { name: sending.button, exact: true })
    await (sending.fill?.(page) ?? button.waitFor())

    const keys: (string | undefined)[] = []
    const ways: readonly ((route: Route) => Promise<unknown>)[] = [
      () => Promise.resolve(),
      (route) => route.fetch(),
      (route) => route.continue(),
    ]
    await page.route(sending.question, async (route) => {
      const isLost = keys.length < 2
      const way = ways[Math.min(keys.length, 2)]
      keys.push(route.request().headers()['idempotency-key'])
      await way?.(route)
      if (isLost) await route.abort()
    })
    for (let lost = 0; lost < 2; lost += 1) {
      const failed = page.waitForEvent('requestfailed', (request) => request.method() === 'POST')
      await button.click()
      await failed
      await page.getByText('Vi fikk ikke kontakt.').waitFor()
      expect(await reader.focused()).toMatch(/^Vi fikk ikke kontakt/)
      await sending.kept?.(page)
    }
    expect(await reader.violations()).toEqual([])
    await button.dblclick()
    await page.getByText(sending.told).first().waitFor()
    await reader.settled()
    // One intent, one key.
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
    const { versions } = (await visitor.get(`/v1/me/mandates/${mandateId}/versions`)).body as {
      versions: { change: string }[]
    }
    expect(versions.map(({ change }) => change)).toEqual(sending.made)
    expect(reader.complaints).toEqual([])
    await reader.close()
  },
)
