import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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

const HELPER = 'bjarne-aas'
const WHO = 'Hvem skal hjelpe deg?'
const WHAT = 'Hva skal du få hjelp til?'
const HOW_LONG = 'Hvor lenge skal det vare?'
const LOOK_OVER = 'Se over før du bekrefter'
const DONE = 'Det er gjort'

/** Someone of 50 with a browser of his own, at the first step. */
async function giver(level?: 'substantial' | 'high'): Promise<{ reader: Reader; page: Page; self: Someone }> {
  const self = await someone(service, yearsAgo(50), 'Giver')
  const reader = await Reader.open(browser, service)
  reader.page.setDefaultTimeout(10_000)
  await reader.logIn(self.id, '/gi', level)
  await at(reader.page, WHO)
  return { reader, page: reader.page, self }
}

async function at(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

const next = (page: Page): Promise<void> => page.getByRole('button', { name: 'Neste' }).click()

function numberOf(id: string): string {
  return service.people.find(id)?.identityNumber ?? ''
}

async function who(page: Page, number = numberOf(HELPER), familyName = 'Aas'): Promise<void> {
  await page.getByLabel('Fødselsnummer eller d-nummer').fill(number)
  await page.getByLabel('Etternavn').fill(familyName)
  await next(page)
}

async function choose(page: Page, name = 'Pensjon', what = 'Se pensjonen'): Promise<void> {
  await at(page, WHAT)
  const details = page.locator('details', { has: page.locator('summary', { hasText: name }) }).first()
  await details.locator('summary').click()
  await details.getByLabel(what).check()
}

/** The three steps, to the text that is looked over. */
async function toLookOver(page: Page): Promise<void> {
  await who(page)
  await choose(page)
  await next(page)
  await at(page, HOW_LONG)
  await next(page)
  await at(page, LOOK_OVER)
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).waitFor()
}

/** How many there are in the end, as the service tells the giver himself. */
async function given(page: Page): Promise<number> {
  const answer = await page.request.get('/v1/me/mandates')
  return ((await answer.json()) as { mandates: unknown[] }).mandates.length
}

/** A screen as it stands: axe finds nothing, nothing runs out of a narrow one, and no number stands in the address. */
async function inOrder(reader: Reader): Promise<void> {
  const { page } = reader
  expect(await reader.violations()).toEqual([])
  await page.setViewportSize({ width: 320, height: 700 })
  expect(await page.evaluate<number>('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(320)
  await page.setViewportSize({ width: 1280, height: 720 })
  expect(page.url()).not.toMatch(/\b\d{11}\b/)
}

test('four steps, each in order, and a receipt that is still there after a reload', async () => {
  const { reader, page } = await giver()
  await inOrder(reader)
  await next(page)
  await page.getByText('Skriv alle de 11 sifrene.').first().waitFor()
  expect(await page.evaluate('document.activeElement.localName')).toBe('ds-error-summary')
  await inOrder(reader)
  await page.getByRole('link', { name: 'Skriv etternavnet.' }).click()
  expect(await page.evaluate('document.activeElement.id')).toBe('family-name')

  const number = numberOf(HELPER)
  await who(page, `${number.slice(0, 6)} ${number.slice(6)}`, 'Bjarne Aas')
  await at(page, WHAT)
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
  await next(page)
  await page.getByRole('link', { name: 'Velg minst én ting du vil ha hjelp til.' }).waitFor()
  await page.getByPlaceholder('Søk').fill('pensjon')
  await page.getByText('Søket viser').waitFor()
  await inOrder(reader)
  await page.getByLabel('Se pensjonen').check()
  await inOrder(reader)
  await next(page)

  await at(page, HOW_LONG)
  expect(await page.getByLabel('12 måneder').isChecked()).toBe(true)
  await page.getByLabel('En annen dato').check()
  await next(page)
  await page.getByRole('link', { name: /^Velg en dato fra i dag til og med/ }).waitFor()
  await inOrder(reader)
  await page.getByLabel('1 måned', { exact: true }).check()
  await next(page)

  await at(page, LOOK_OVER)
  await page.getByText('Bjarne Aas kan se pensjonen din hos NAV').waitFor()
  await inOrder(reader)
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await at(page, DONE)
  await page.getByText('Bjarne Aas kan hjelpe deg fra nå av.').waitFor()
  await inOrder(reader)
  await page.reload()
  await page.getByText('Bjarne Aas kan hjelpe deg fra nå av.').waitFor()
  // What lies behind has been confirmed: it leads here again.
  await page.goBack()
  await at(page, DONE)
  expect(await given(page)).toBe(1)
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('what was said survives reload and back at every step; the number alone is asked for again', async () => {
  const { reader, page } = await giver()
  await who(page)
  await choose(page)
  await page.reload()
  await at(page, WHO)
  await page.getByText('Vi lagrer ikke fødselsnummer i nettleseren. Skriv nummeret en gang til.').waitFor()
  expect(await page.evaluate<string>('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toMatch(
    /\b\d{11}\b/,
  )
  expect(await page.getByLabel('Etternavn').inputValue()).toBe('Aas')
  await who(page)
  await at(page, WHAT)
  expect(await page.getByLabel('Se pensjonen').isChecked()).toBe(true)
  await next(page)
  await at(page, HOW_LONG)
  await page.getByLabel('6 måneder').check()
  await page.goBack()
  await at(page, WHAT)
  expect(await page.getByLabel('Se pensjonen').isChecked()).toBe(true)
  await page.goForward()
  await at(page, HOW_LONG)
  expect(await page.getByLabel('6 måneder').isChecked()).toBe(true)
  await page.reload()
  await who(page)
  await at(page, HOW_LONG)
  expect(await page.getByLabel('6 måneder').isChecked()).toBe(true)
  await next(page)
  await at(page, LOOK_OVER)
  await page.reload()
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).waitFor()
  await page.goBack()
  await page.goForward()
  await at(page, LOOK_OVER)
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await at(page, DONE)
  expect(await given(page)).toBe(1)
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('no step is skipped: each leads to the first that is missing', async () => {
  const { reader, page } = await giver()
  for (const address of ['/gi/hva', '/gi/hvor-lenge', '/gi/se-over']) {
    await page.goto(address)
    await at(page, WHO)
  }
  await reader.close()
})

describe('one mandate, whatever happens', () => {
  test('at a double click', async () => {
    const { reader, page } = await giver()
    await toLookOver(page)
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).dblclick()
    await at(page, DONE)
    expect(await given(page)).toBe(1)
    await reader.close()
  })

  test('when the network is lost before the login', async () => {
    const { reader, page } = await giver()
    await toLookOver(page)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
    await page.getByText('Vi fikk ikke kontakt. Ingenting er endret. Prøv igjen.').waitFor()
    expect(await reader.violations()).toEqual([])
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
    await at(page, DONE)
    expect(await given(page)).toBe(1)
    await reader.close()
  })

  test('when it was given and the answer never came', async () => {
    const { reader, page } = await giver()
    await toLookOver(page)
    await page.route(
      '**/confirmation',
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 1 },
    )
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
    await page.getByText('Vi fikk ikke kontakt.').waitFor()
    expect(await given(page)).toBe(1)
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
    await at(page, DONE)
    expect(await given(page)).toBe(1)
    await reader.close()
  })
})

describe('a refusal is told in plain words, with the way to mend it', () => {
  const refused: [whom: (self: Someone) => [string, string], told: string][] = [
    [({ number }) => [number, 'Person'], 'Du kan ikke gi fullmakt til deg selv.'],
    [() => [numberOf(HELPER), 'Berg'], 'Vi fant ingen med dette nummeret og navnet'],
    [() => [numberOf('filip-moe'), 'Moe'], 'Vi fant ingen med dette nummeret og navnet'],
    [() => [numberOf('olav-tveit'), 'Tveit'], 'Vi fant ingen med dette nummeret og navnet'],
  ]
  test('to oneself, to the dead, to a child, and under another name', async () => {
    const { reader, page, self } = await giver()
    await who(page)
    await choose(page)
    for (const [whom, told] of refused) {
      await page.goto('/gi')
      await who(page, ...whom(self))
      await next(page)
      await at(page, HOW_LONG)
      await next(page)
      await page.getByText(told).waitFor()
      expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert')
      if (told.includes('selv')) expect(await reader.violations()).toEqual([])
      await page.getByRole('link', { name: 'Endre hvem' }).click()
      await at(page, WHO)
      expect(await page.getByLabel('Etternavn').inputValue()).toBe(whom(self)[1])
    }
    await reader.close()
  })

  test('a number whose check digits are wrong is never sent', async () => {
    const { reader, page } = await giver()
    const number = numberOf(HELPER)
    await who(page, `${number.slice(0, 10)}${(Number(number[10]) + 1) % 10}`)
    await page.getByRole('link', { name: 'Nummeret stemmer ikke. Se etter om et siffer er feil.' }).waitFor()
    await reader.close()
  })

  test('a day beyond what the service allows', async () => {
    const { reader, page } = await giver()
    await who(page)
    await choose(page)
    await next(page)
    await page.getByLabel('En annen dato').check()
    await page.getByLabel('Siste dag').fill('2099-01-01')
    await next(page)
    await page.getByRole('link', { name: /^Velg en dato fra i dag til og med/ }).waitFor()
    await reader.close()
  })

  test('what has been given already is extended instead', async () => {
    const { reader, page } = await giver()
    await toLookOver(page)
    await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
    await at(page, DONE)
    await page.goto('/gi')
    await who(page)
    await choose(page)
    await next(page)
    await at(page, HOW_LONG)
    await next(page)
    await page.getByRole('link', { name: 'Forleng fullmakten du har gitt' }).click()
    await at(page, 'Forleng fullmakten')
    await inOrder(reader)
    const inTwoYears = `${new Date().getFullYear() + 2}-01-31`
    await page.getByLabel('En annen dato').check()
    await page.getByLabel('Siste dag').fill(inTwoYears)
    await next(page)
    await page
      .getByText(`31. januar ${inTwoYears.slice(0, 4)}`)
      .first()
      .waitFor()
    await inOrder(reader)
    await page.getByRole('button', { name: 'Ja, forleng fullmakten' }).click()
    await page.waitForURL(/\/mine\/[\da-f-]+$/)
    expect(await given(page)).toBe(1)
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})

test('giving by keyboard alone', async () => {
  const { reader, page } = await giver()
  const { keyboard } = page
  const tabTo = async (what: string): Promise<void> => {
    for (let presses = 0; presses < 80; presses += 1) {
      await keyboard.press('Tab')
      const here = await page.evaluate<string>(
        "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent ?? ''",
      )
      if (here.startsWith(what)) return
    }
    throw new Error(`no way to ${what} by Tab`)
  }
  await tabTo('Fødselsnummer')
  await keyboard.type(numberOf(HELPER))
  await tabTo('Etternavn')
  await keyboard.type('Aas')
  await keyboard.press('Enter')
  await at(page, WHAT)
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
  await tabTo('Pensjon')
  await keyboard.press('Enter')
  await tabTo('Se pensjonen')
  await keyboard.press('Space')
  await tabTo('Neste')
  await keyboard.press('Enter')
  await at(page, HOW_LONG)
  await tabTo('12 måneder')
  await keyboard.press('ArrowUp')
  expect(await page.getByLabel('6 måneder').isChecked()).toBe(true)
  await tabTo('Neste')
  await keyboard.press('Enter')
  await at(page, LOOK_OVER)
  await tabTo('Gi fullmakt til Bjarne Aas')
  await keyboard.press('Enter')
  await at(page, DONE)
  expect(await given(page)).toBe(1)
  await reader.close()
})

test('who logged in too weakly is told so, logs in again, and goes on', async () => {
  const { reader, page, self } = await giver('substantial')
  await who(page)
  await at(page, WHAT)
  await choose(page)
  await page.locator('details[open]').getByText('Du må logge inn på en sikrere måte for å gi dette').waitFor()
  await next(page)
  await at(page, HOW_LONG)
  await next(page)
  await page.getByText('Du må logge inn på en sikrere måte for å gjøre dette.').waitFor()
  await page.getByRole('link', { name: 'Logg inn igjen og fortsett her' }).click()
  await reader.choose(self.id)
  await at(page, WHO)
  await who(page)
  await at(page, HOW_LONG)
  await next(page)
  await at(page, LOOK_OVER)
  await reader.close()
})

test('a login that is broken off confirms nothing, and says so kindly', async () => {
  const { reader, page, self } = await giver()
  await who(page)
  await choose(page, 'Eiendom og tinglysing', 'Se hva som er tinglyst')
  await next(page)
  await at(page, HOW_LONG)
  await next(page)
  await at(page, LOOK_OVER)
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await page.getByRole('button', { name: 'Avbryt' }).click()
  await page.getByText('Du avbrøt innloggingen. Ingenting er bekreftet.').waitFor()
  await inOrder(reader)
  expect(await given(page)).toBe(0)
  await page.getByRole('button', { name: 'Gi fullmakt til Bjarne Aas' }).click()
  await reader.choose(self.id)
  await at(page, DONE)
  await page.getByText('Fullmakten gjelder først når Bjarne Aas har sagt ja.').waitFor()
  expect(await given(page)).toBe(1)
  expect(reader.complaints).toEqual([])
  await reader.close()
})
