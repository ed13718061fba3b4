import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'
import { mandatesOf } from './own-mandates.js'

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

const YES = { name: 'Ja, avslutt nå' } as const
const REASON = 'Jeg klarer meg selv nå.'

async function statesOf(person: string): Promise<[state: string, version: number][]> {
  const mandates = await mandatesOf(await Visitor.logIn(service, person))
  return mandates.map(({ state, version }) => [state, version])
}

describe('ending a fullmakt', () => {
  test('two clicks, told at once with the focus on it; back and reload change nothing', async () => {
    const reader = await Reader.open(browser, service)
    const { page } = reader
    await reader.logIn('ola-nordby', '/mine')
    await page.getByRole('link', { name: 'Avslutt (Kari Nordby)' }).click()
    await page.getByRole('heading', { name: 'Vil du avslutte fullmakten til Kari Nordby?' }).waitFor()
    expect(await reader.focused()).toBe('Vil du avslutte fullmakten til Kari Nordby?')
    await page.reload()
    await page.getByRole('button', YES).click()
    await page.getByText('Fullmakten til Kari Nordby er avsluttet.').waitFor()
    expect(await reader.focused()).toMatch(/^Fullmakten til Kari Nordby er avsluttet/)
    await page.getByText('Ingen kan gjøre noe på vegne av deg nå.').waitFor()
    expect(await reader.violations()).toEqual([])
    await page.goBack()
    await page.goForward()
    await page.reload()
    await page.getByText('Ingen kan gjøre noe på vegne av deg nå.').waitFor()
    expect(await statesOf('ola-nordby')).toEqual([['ended', 2]])
    await page.getByRole('link', { name: 'Se avsluttede fullmakter' }).click()
    await page.getByRole('link', { name: 'Se hva som har skjedd' }).click()
    await page.getByText('Du avsluttet den').waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('a double click ends it once', async () => {
    const reader = await Reader.open(browser, service)
    await reader.logIn('tor-bakken', '/mine')
    await reader.page.getByText('utløper i morgen').waitFor()
    await reader.page.getByRole('link', { name: 'Avslutt (Liv Bakken)' }).click()
    await reader.page.getByRole('button', YES).dblclick()
    await reader.page.getByText('Fullmakten til Liv Bakken er avsluttet.').waitFor()
    expect(await statesOf('tor-bakken')).toEqual([['ended', 2]])
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test.each([
    ['before it arrives', 'olaug-myhre', 'abort'],
    ['before the answer comes', 'issat-utsi', 'lose'],
  ] as const)('the network goes %s: what was typed stays, the next try ends it, once', async (_when, person, how) => {
    const reader = await Reader.open(browser, service)
    const { page } = reader
    await reader.logIn(person, '/mine')
    await page.getByRole('link', { name: /^Avslutt \(/ }).click()
    await page.getByText('Vil du si hvorfor?').click()
    await page.getByRole('textbox', { name: 'Hvorfor' }).fill(REASON)
    await page.route('**/end', async (route) => {
      if (how === 'lose') await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', YES).click()
    await page.getByText('Vi fikk ikke kontakt.').waitFor()
    expect(await reader.focused()).toMatch(/^Vi fikk ikke kontakt/)
    expect(await reader.violations()).toEqual([])
    expect(await page.getByRole('textbox', { name: 'Hvorfor' }).inputValue()).toBe(REASON)
    await page.unroute('**/end')
    await page.getByRole('button', YES).click()
    await page.getByText('er avsluttet. Den gjelder ikke lenger.').waitFor()
    expect(await statesOf(person)).toEqual([['ended', 2]])
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('by keyboard alone', async () => {
    const reader = await Reader.open(browser, service)
    await reader.logIn('marit-strand', '/mine')
    await reader.page.getByText('Har ikke begynt').waitFor()
    await reader.tabTo('Avslutt (Gunnar Strand)')
    await reader.page.keyboard.press('Enter')
    await reader.page.getByRole('button', YES).waitFor()
    await reader.tabTo('Ja, avslutt nå')
    await reader.page.keyboard.press('Enter')
    await reader.page.getByText('Fullmakten til Gunnar Strand er avsluttet.').waitFor()
    expect(await reader.focused()).toMatch(/^Fullmakten til Gunnar Strand er avsluttet/)
    await reader.close()
  })

  test('the session ends in between: one logs in again, comes back, and what was typed is there', async () => {
    const reader = await Reader.open(browser, service)
    const { page } = reader
    await reader.logIn('sissel-vik', '/mine')
    await page.getByText('Stoppet inntil videre').waitFor()
    await page.getByRole('link', { name: 'Avslutt (Magnus Vik)' }).click()
    await page.getByText('Vil du si hvorfor?').click()
    await page.getByRole('textbox', { name: 'Hvorfor' }).fill(REASON)
    await page.context().clearCookies({ name: '__Host-fullmakt' })
    await page.getByRole('button', YES).click()
    await page.getByText('Du er logget ut fordi det har gått en stund.').waitFor()
    expect(await reader.violations()).toEqual([])
    await page.getByRole('link', { name: 'Logg inn igjen og fortsett her' }).click()
    await page.waitForURL(/avslutt$|interaction/)
    if (!page.url().startsWith(service.url)) await reader.choose('sissel-vik')
    await page.getByRole('button', YES).waitFor()
    expect(await page.getByRole('textbox', { name: 'Hvorfor' }).inputValue()).toBe(REASON)
    await page.getByRole('button', YES).click()
    await page.getByText('Fullmakten til Magnus Vik er avsluttet.').waitFor()
    await reader.close()
  })

  test('the one who helps says no to an offer, and gives up what he has; the other one sees it', async () => {
    const [helper, giver] = await Promise.all([Reader.open(browser, service), Reader.open(browser, service)])
    await helper.logIn('jon-dahl')
    await helper.page.getByRole('link', { name: 'Anne Dahl vil gi deg fullmakt' }).waitFor()
    expect(await helper.violations()).toEqual([])
    await helper.go('/for-andre')
    await helper.page.getByRole('link', { name: 'Si fra deg fullmakten' }).click()
    await helper.page.getByRole('heading', { name: 'Vil du si nei til fullmakten fra Anne Dahl?' }).waitFor()
    await giver.logIn('anne-dahl', '/mine')
    await giver.page.getByText('Venter på svar').waitFor()
    await helper.page.getByRole('button', YES).click()
    await helper.page.getByText('Du har sagt nei til fullmakten fra Anne Dahl.').waitFor()
    await giver.page.reload()
    await giver.page.getByText('Ingen kan gjøre noe på vegne av deg nå.').waitFor()
    expect(await giver.page.getByText('Anne Dahl').count()).toBe(1)
    expect([...helper.complaints, ...giver.complaints]).toEqual([])
    await Promise.all([helper.close(), giver.close()])
  })

  test('someone else changed it meanwhile: told, and shown as it now is', async () => {
    const reader = await Reader.open(browser, service)
    await reader.logIn('astrid-haugen', '/mine')
    await reader.page.getByRole('link', { name: 'Avslutt (Berit Haugen)' }).first().click()
    await reader.page.getByRole('button', YES).waitFor()
    const helper = await Visitor.logIn(service, 'berit-haugen')
    const id = reader.page.url().split('/').at(-2) ?? ''
    await helper.change(id, 'end')
    await reader.page.getByRole('button', YES).click()
    await reader.page.getByRole('alert').waitFor()
    expect(await reader.violations()).toEqual([])
    await reader.page.getByRole('button', { name: 'Prøv igjen' }).click()
    await reader.page.getByRole('heading', { name: 'Denne fullmakten gjelder ikke lenger' }).waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('quietly: the choice outlasts a reload, and the other one has no notice of it', async () => {
    const reader = await Reader.open(browser, service)
    const { page } = reader
    const [giver, helper] = await Promise.all([
      Visitor.logIn(service, 'turid-tveit'),
      Visitor.logIn(service, 'bjarne-aas'),
    ])
    const given = await giver.give(helper, [{ service: 'nav.pension', action: 'read' }])
    const { mandate_id: id } = given.body as { mandate_id: string }
    await reader.logIn('turid-tveit', `/mine/${id}/avslutt`)
    await page.getByText('Er du redd for hva Bjarne Aas gjør når det er slutt?').click()
    await page.getByLabel('Ikke send beskjed til Bjarne Aas').check()
    expect(await reader.violations()).toEqual([])
    await page.reload()
    await page.getByText('Da får Bjarne Aas verken e-post, SMS eller beskjed her.').waitFor()
    await page.getByRole('button', YES).dblclick()
    await page.getByText('Bjarne Aas får ikke beskjed om det.').waitFor()
    const kindsOf = async (visitor: Visitor): Promise<string[]> => {
      const { notices } = (await visitor.get('/v1/me/notices')).body as {
        notices: { kind: string; mandate_id: string }[]
      }
      return notices.filter(({ mandate_id }) => mandate_id === id).map(({ kind }) => kind)
    }
    while (!(await kindsOf(giver)).includes('ended')) await page.waitForTimeout(50)
    expect(await kindsOf(helper)).toEqual(['given'])
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('given and accepted in one browser: held, with a warning, and the giver cancels it', async () => {
    const reader = await Reader.open(browser, service)
    const { page } = reader
    const helper = await Visitor.logIn(service, 'bjarne-aas')
    await reader.logIn('turid-tveit', '/hjelp')
    const post = (address: string, data: object) =>
      page.request.post(address, { data, headers: { origin: service.url, 'idempotency-key': crypto.randomUUID() } })
    const made = await post('/v1/me/mandates/drafts', {
      representative: { identifier: helper.number, family_name: helper.familyName },
      powers: [{ service: 'health.appointments', action: 'read' }],
    })
    const draft = (await made.json()) as { draft_id: string; text_hash: string; confirm_with: string }
    await page.goto(`${draft.confirm_with}&return_to=/hjelp`)
    const confirmed = await post(`/v1/me/mandates/drafts/${draft.draft_id}/confirmation`, {
      text_hash: draft.text_hash,
    })
    const { mandate_id: id } = (await confirmed.json()) as { mandate_id: string }
    await page.getByRole('button', { name: 'Logg ut' }).click()
    await page.getByRole('link', { name: 'Logg inn' }).waitFor()
    await reader.logIn('bjarne-aas', `/godta/${id}`)
    await page.getByRole('button', { name: 'Ja, jeg vil hjelpe' }).click()
    await page.getByRole('heading', { name: /^Du har sagt ja til/ }).waitFor()
    await reader.go(`/mine/${id}`)
    await page.getByText('Den ble gitt og tatt imot på samme telefon eller datamaskin med kort tid mellom.').waitFor()
    expect(await page.getByText('Var det du selv som ville gi den?').count()).toBe(0)
    expect(await reader.violations()).toEqual([])
    await page.getByRole('button', { name: 'Logg ut' }).click()
    await page.getByRole('link', { name: 'Logg inn' }).waitFor()
    await reader.logIn('turid-tveit', '/mine')
    await page.getByText('Gitt og tatt imot på samme telefon eller datamaskin.').waitFor()
    expect(await reader.violations()).toEqual([])
    await page.getByRole('link', { name: 'Se og endre (Bjarne Aas)' }).click()
    await page.getByText('Var det du selv som ville gi den?').waitFor()
    expect(await page.getByRole('link', { name: 'Forleng' }).count()).toBe(0)
    expect(await reader.violations()).toEqual([])
    await page.getByRole('link', { name: 'Trekk tilbake fullmakten' }).click()
    await page
      .getByRole('heading', { name: 'Vil du trekke tilbake fullmakten til Bjarne Aas før den begynner å gjelde?' })
      .waitFor()
    await page.getByRole('button', YES).click()
    await page.getByText('Fullmakten til Bjarne Aas er avsluttet.').waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})
