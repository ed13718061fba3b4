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

const open = (): Promise<Reader> => Reader.open(browser, service, { javaScriptEnabled: false })

describe('with JavaScript switched off', () => {
  test('one sees one’s fullmakter and ends one, and it has ended everywhere', async () => {
    const reader = await open()
    const { page } = reader
    await page.goto('/uten-skript')
    await page.getByRole('link', { name: 'Logg inn' }).click()
    await reader.choose('tor-bakken')
    expect(await page.locator('h3').allTextContents()).toEqual(['Liv Bakken (født 1971)'])
    await page.getByRole('link', { name: 'Avslutt fullmakten til Liv Bakken' }).click()
    expect(await page.locator('h1').textContent()).toBe('Vil du avslutte fullmakten til Liv Bakken?')
    await page.getByRole('button', { name: 'Ja, avslutt nå' }).click()
    expect(await page.getByRole('status').textContent()).toBe('Fullmakten er avsluttet. Den gjelder ikke lenger.')
    expect(await page.locator('h3').count()).toBe(0)
    const visitor = await Visitor.logIn(service, 'tor-bakken')
    expect((await mandatesOf(visitor)).map(({ state }) => state)).toEqual(['ended'])
    await reader.close()
  })

  test('who goes back and sends the form again ends nothing more, and is told the same', async () => {
    const reader = await open()
    const { page } = reader
    await reader.logIn('sissel-vik', '/uten-skript')
    await page.getByRole('link', { name: 'Avslutt fullmakten til Magnus Vik' }).click()
    const key = await page.locator('input[name=key]').inputValue()
    const [address, version] = [page.url(), await page.locator('input[name=version]').inputValue()]
    const send = (): Promise<[number, string | undefined]> =>
      page.request
        .post(address, { form: { key, version }, headers: { origin: service.url }, maxRedirects: 0 })
        .then((answer) => [answer.status(), answer.headers()['location']])
    expect(await send()).toEqual(await send())
    const visitor = await Visitor.logIn(service, 'sissel-vik')
    expect((await mandatesOf(visitor))[0]).toMatchObject({ state: 'ended', version: 3 })
    await page.goto(address)
    expect(await page.locator('h1').textContent()).toBe('Dette gikk ikke')
    await reader.close()
  })

  test.each([
    ['another page', { origin: 'https://elsewhere.example' }, { key: 'a'.repeat(20), version: '1' }, 403],
    ['no origin', {}, { key: 'a'.repeat(20), version: '1' }, 403],
    ['no key', { own: true }, { version: '1' }, 400],
    ['no version', { own: true }, { key: 'a'.repeat(20) }, 400],
    ['an old version', { own: true }, { key: 'a'.repeat(20), version: '77' }, 412],
  ])('a form with %s ends nothing', async (_what, headers: { own?: boolean; origin?: string }, form, status) => {
    const reader = await open()
    const { page } = reader
    await reader.logIn('ola-nordby', '/uten-skript')
    await page.getByRole('link', { name: 'Avslutt fullmakten til Kari Nordby' }).click()
    const origin = headers.own === true ? service.url : headers.origin
    const answer = await page.request.post(page.url(), {
      form: form as Record<string, string>,
      headers: origin === undefined ? {} : { origin },
      maxRedirects: 0,
    })
    expect(answer.status()).toBe(status)
    await page.goto('/uten-skript')
    expect(await page.locator('h3').allTextContents()).toEqual(['Kari Nordby (født 1980)'])
    await reader.close()
  })

  test('another’s fullmakt is not there, and no more is said of it', async () => {
    const reader = await open()
    await reader.logIn('ola-nordby', '/uten-skript')
    const visitor = await Visitor.logIn(service, 'astrid-haugen')
    const [anothers] = await mandatesOf(visitor)
    const answers = await Promise.all(
      [anothers?.mandate_id ?? '', '01890000-0000-7000-8000-000000000000'].map(async (id) => {
        const answer = await reader.page.request.get(`/uten-skript/avslutt/${id}`)
        return [answer.status(), (await answer.text()).replaceAll(/nonce="[^"]*"/g, '').replaceAll(id, '')]
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(404)
    await reader.close()
  })

  test.each([
    ['nb', 'Mine fullmakter'],
    ['nn', 'Fullmaktene mine'],
    ['en', 'My fullmakter'],
    ['se', 'Mu fápmudusat'],
  ])('%s, by the address or as the browser asks, at 320 px, and axe finds nothing', async (language, heading) => {
    // Axe itself is a script: for it they are let in, and the pages have none of their own.
    const reader = await Reader.open(browser, service, { viewport: { width: 320, height: 640 }, bypassCSP: true })
    await reader.logIn('berit-haugen', `/uten-skript?lang=${language}`)
    expect(await reader.page.locator('h1').textContent()).toBe(heading)
    expect(await reader.page.locator('html').getAttribute('lang')).toBe(language)
    // The catalogue's own sentences would speak to Berit as if they were her appointments.
    if (language === 'nb') expect(await reader.page.getByText('Timeavtaler: se.').count()).toBe(1)
    expect(await reader.violations()).toEqual([])
    expect(await reader.width()).toBeLessThanOrEqual(320)
    const asked = await fetch(`${service.url}/uten-skript`, { headers: { 'accept-language': language } })
    expect(await asked.text()).toContain(`<h1>${heading}</h1>`)
    expect(asked.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-[\w-]{43}'; /)
    await reader.page.locator('section a').first().click()
    expect(await reader.violations()).toEqual([])
    await reader.close()
  })
})
