import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'
import { Reader, startBrowser } from './browser.js'
import { BY_PERSON, visit } from './every-screen.js'
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

async function logIn(person: string, address: string, options = {}): Promise<Reader> {
  const reader = await Reader.open(browser, service, options)
  await reader.logIn(person, address)
  await reader.page.locator('h1').waitFor()
  return reader
}

async function firstMandate(person: string): Promise<string> {
  const [mandate] = await mandatesOf(await Visitor.logIn(service, person))
  return mandate?.mandate_id ?? ''
}

/** What is asked for here is needed only at the next step. */
const ASKED_AHEAD = ['/gi/hvem', '/be-om/hvem']

describe('every screen', () => {
  test.each(BY_PERSON)('as %s: axe finds nothing, 320 px are enough, all can be hit', async (person, screens) => {
    const reader = await logIn(person, '/', { viewport: { width: 320, height: 640 } })
    const { page } = reader
    for (const { address, heading } of screens) {
      await visit(reader, address)
      expect([address, await page.locator('h1').textContent()]).toEqual([address, heading])
      expect([address, await reader.inOrder()]).toEqual([address, []])
      // Whatever makes it hard to read comes at once: few have to look more closely than that.
      await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' })
      await page.evaluate('document.documentElement.style.fontSize = "200%"')
      expect([address, await reader.outOfPlace()]).toEqual([address, []])
      await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' })
    }
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test.each(['/mine', '/mine/avsluttede', '/for-andre', '/hendelser'])('%s asks for a login first', async (address) => {
    const reader = await Reader.open(browser, service)
    await reader.go(address)
    expect(await reader.page.locator('h1').textContent()).toBe('Logg inn for å se dette')
    expect(await reader.violations()).toEqual([])
    await reader.page.locator('main').getByRole('link', { name: 'Logg inn' }).click()
    await reader.choose('turid-tveit')
    expect(new URL(reader.page.url()).pathname).toBe(address)
    await reader.settled()
    // With nothing in it, each says so.
    expect(await reader.violations()).toEqual([])
    await reader.close()
  })

  test.each(BY_PERSON)('as %s without the network: each says so, and loads when asked again', async (...one) => {
    const [person, screens] = one
    const reader = await logIn(person, '/hjelp')
    const { page } = reader
    for (const { address, heading } of screens) {
      const lost: string[] = []
      await page.route(/\/v1\/(?!me\/session)/, (route) => {
        lost.push(new URL(route.request().url()).pathname)
        return route.abort()
      })
      // Whose mandate it is can be known by then.
      await visit(reader, address)
      if (lost.length > 0 && !ASKED_AHEAD.includes(address)) {
        await page.getByText('Vi fikk ikke kontakt.').first().waitFor()
        expect([address, await reader.violations()]).toEqual([address, []])
        await page.unrouteAll()
        const again = page.getByRole('button', { name: 'Prøv igjen' })
        for (let asked = 0; asked < 5 && (await again.count()) > 0; asked += 1) {
          await again.first().click()
          await reader.settled()
        }
      }
      await page.unrouteAll()
      expect([address, await page.locator('h1').textContent()]).toEqual([address, heading])
      expect([address, await page.getByRole('alert').count()]).toEqual([address, 0])
    }
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('who has no network when he comes is told so, and asks again', async () => {
    const reader = await logIn('turid-tveit', '/hjelp')
    await reader.page.route('**/v1/me/session', (route) => route.abort())
    await reader.page.goto('/mine')
    await reader.page.getByText('Vi fikk ikke kontakt.').waitFor()
    expect(await reader.violations()).toEqual([])
    await reader.page.unrouteAll()
    await reader.page.getByRole('button', { name: 'Prøv igjen' }).click()
    await reader.page.getByText('Ingen kan gjøre noe på vegne av deg nå.').waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })

  test('a fullmakt that is another’s is refused in the reader’s language', async () => {
    const id = await firstMandate('astrid-haugen')
    const reader = await logIn('turid-tveit', `/mine/${id}`)
    const said = await reader.page.getByRole('alert').textContent()
    await reader.page.getByRole('combobox').selectOption('en')
    await reader.page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await reader.violations()).toEqual([])
    expect(await reader.page.getByRole('alert').textContent()).not.toBe(said)
    await reader.close()
  })
})

test('a screen that does not come says so, and comes when asked again', async () => {
  const reader = await logIn('turid-tveit', '/hjelp')
  const { page } = reader
  await page.route(/\/assets\/mine-/, (route) => route.abort())
  await page.goto('/mine')
  await page.getByText('Vi fikk ikke kontakt.').waitFor()
  expect(await reader.violations()).toEqual([])
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Prøv igjen' }).click()
  await page.getByText('Ingen kan gjøre noe på vegne av deg nå.').waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('two people at once see their own, each in his browser', async () => {
  const [one, other] = await Promise.all([logIn('astrid-haugen', '/mine'), logIn('ola-nordby', '/mine')])
  await Promise.all([one.settled(), other.settled()])
  expect(await one.page.locator('h2').allTextContents()).toEqual(['Berit Haugen (født 1962)'])
  expect(await other.page.locator('h2').allTextContents()).toEqual(['Kari Nordby (født 1980)'])
  await Promise.all([one.page.reload(), other.page.reload()])
  await Promise.all([one.settled(), other.settled()])
  expect(await one.page.getByText('Du er logget inn som Astrid Haugen').count()).toBe(1)
  expect(await other.page.getByText('Du er logget inn som Ola Nordby').count()).toBe(1)
  await Promise.all([one.close(), other.close()])
})

test('stopped for now, and let hold again', async () => {
  const reader = await logIn('ola-nordby', `/mine/${await firstMandate('ola-nordby')}`)
  const { page } = reader
  await page.getByRole('button', { name: 'Stopp inntil videre' }).click()
  await page.getByText('Fullmakten til Kari Nordby er stoppet inntil videre.').waitFor()
  expect(await reader.focused()).toMatch(/^Fullmakten til Kari Nordby er stoppet/)
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'La den gjelde igjen' }).click()
  await page.getByText('Fullmakten til Kari Nordby gjelder igjen.').waitFor()
  await page.getByText('Du lot den gjelde igjen').waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

describe('taking something away', () => {
  const today = osloDay(new Date())
  test.each([
    ['nothing', [], '', 'Ta bort minst én ting, eller velg en ny siste dag.'],
    ['everything', [0, 1, 2], '', 'La minst én ting stå.'],
    ['a day that has been', [], addDays(today, -1), 'Velg en dag som ikke har vært.'],
    ['a day that is no sooner', [], addDays(today, 3000), 'Her kan fullmakten bare bli kortere.'],
  ])('%s is told above, with a way to the field, and what was chosen stays', async (_what, off, until, told) => {
    const reader = await logIn('issat-utsi', `/mine/${await firstMandate('issat-utsi')}/snevre-inn`)
    const { page } = reader
    for (const index of off) await page.getByRole('checkbox').nth(index).uncheck()
    await page.locator('input[type=date]').fill(until)
    await page.getByRole('button', { name: 'Lagre endringen' }).click()
    await page.getByRole('link', { name: told }).waitFor()
    expect(await reader.violations()).toEqual([])
    await page.reload()
    await page.getByRole('checkbox').first().waitFor()
    expect(await page.locator('input[type=date]').inputValue()).toBe(until)
    expect(await page.getByRole('checkbox', { checked: false }).count()).toBe(off.length)
    await reader.close()
  })

  test('one thing is gone and the rest ends sooner', async () => {
    const reader = await logIn('issat-utsi', `/mine/${await firstMandate('issat-utsi')}/snevre-inn`)
    const { page } = reader
    await page.getByRole('checkbox').last().uncheck()
    await page.locator('input[type=date]').fill(addDays(today, 5))
    await page.getByRole('button', { name: 'Lagre endringen' }).dblclick()
    await page.getByText('Endringen er lagret.').waitFor()
    await page.getByText('utløper om 5 dager').waitFor()
    await page.getByText('Du tok bort noe').waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})

test('whom one acts for stands on every screen until one stops; favourites stand first', async () => {
  const reader = await logIn('berit-haugen', '/for-andre')
  const { page } = reader
  const banner = page.getByText('Du handler på vegne av Olaug Myhre (født 1949)')
  await page.getByRole('button', { name: 'Handle på vegne av Olaug Myhre' }).click()
  await banner.waitFor()
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Vis først Olaug Myhre' }).click()
  expect(await page.locator('h2').allTextContents()).toEqual(['Olaug Myhre (født 1949)', 'Astrid Haugen (født 1936)'])
  for (const address of ['/', '/mine', '/hendelser', '/hjelp']) {
    await reader.go(address)
    await banner.waitFor()
  }
  await page.getByRole('link', { name: 'Bytt' }).click()
  await page.getByRole('button', { name: 'Handle på vegne av Astrid Haugen' }).click()
  await page.getByText('Du handler på vegne av Astrid Haugen (født 1936)').waitFor()
  await page.getByLabel('Hvem du handler på vegne av').getByRole('button', { name: 'Handle som meg selv' }).click()
  await banner.waitFor({ state: 'detached' })
  expect(await page.locator('h2').first().textContent()).toBe('Olaug Myhre (født 1949)')
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('what was done, by whom; what one does not recognise is stopped first', async () => {
  const nav = await RelyingService.open(service, 'nav-web')
  const opened = (await nav.representations('sanna-somby')) as {
    body: { actor_grant: string; representations: { handle: string }[] }
  }
  await nav.exchange(opened.body.representations[0]?.handle ?? '', opened.body.actor_grant, 'nav.pension.read')
  const helper = await logIn('sanna-somby', '/hendelser?som=hjelper')
  await helper.page.getByText('Du fikk handle på vegne av').waitFor()
  expect(await helper.violations()).toEqual([])
  const reader = await logIn('issat-utsi', '/mine')
  const { page } = reader
  await page.getByText('Sist brukt').waitFor()
  await page.getByRole('link', { name: 'Se hva Sánná Somby har gjort' }).click()
  await page.getByRole('heading', { name: 'Hva Sánná Somby har gjort' }).waitFor()
  await page.getByText('Sánná Somby fikk handle på vegne av').waitFor()
  await page.getByText('Tjenesten har ikke fortalt at noe ble gjort.').waitFor()
  expect(await reader.violations()).toEqual([])
  await page.getByLabel('Vis', { exact: true }).selectOption('done')
  await page.getByText('Det er ikke gjort noe.').waitFor()
  await page.getByLabel('Vis', { exact: true }).selectOption('all')
  await page.getByRole('link', { name: 'Dette kjenner jeg ikke igjen' }).first().click()
  await page.getByRole('button', { name: 'Stopp alt nå' }).click()
  await page.getByText('Alt er stoppet inntil videre.').waitFor()
  expect(await reader.violations()).toEqual([])
  const [mandate] = await mandatesOf(await Visitor.logIn(service, 'issat-utsi'))
  expect(mandate?.state).toBe('frozen')
  expect([...reader.complaints, ...helper.complaints]).toEqual([])
  await Promise.all([reader.close(), helper.close()])
})

test('help: no trace in the title, everything stopped at once, and quickly out', async () => {
  const reader = await logIn('astrid-haugen', '/hjelp')
  const { page } = reader
  expect(await page.title()).toBe('En fullmakt lar andre hjelpe deg – Fullmakt')
  await page.getByRole('button', { name: 'Stopp alt nå' }).click()
  await page.getByText('Så mange fullmakter ble stoppet nå: 2.').waitFor()
  expect(await reader.focused()).toMatch(/^Alt er stoppet inntil videre/)
  await page.getByText('Du har ingen fullmakter som gjelder nå.').waitFor()
  expect(await reader.violations()).toEqual([])
  await page.route('https://www.yr.no/', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: 'Pent vær' }),
  )
  await page.getByRole('button', { name: 'Hurtig ut' }).first().click()
  await page.getByText('Pent vær').waitFor()
  await page.goto('/mine')
  await page.getByRole('heading', { name: 'Logg inn for å se dette' }).waitFor()
  await reader.close()
})
