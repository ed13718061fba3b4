import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
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

test('the front page says what a fullmakt is, and one logs in from it and out again', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  await reader.go('/')
  expect(await page.locator('h1').textContent()).toBe('En fullmakt lar andre hjelpe deg')
  await page.getByRole('link', { name: 'Logg inn' }).click()
  await reader.choose('ola-nordby')
  await page.getByText('Du er logget inn som Ola Nordby').waitFor()
  // There is nobody but himself for whom he could act.
  await page.getByRole('heading', { level: 1, name: 'En fullmakt lar andre hjelpe deg' }).waitFor()
  expect(page.url()).toBe(`${service.url}/`)
  expect(await reader.violations()).toEqual([])
  await page.getByRole('button', { name: 'Logg ut' }).click()
  await page.getByRole('link', { name: 'Logg inn' }).waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('whoever can act for others is asked at once for whom, and may go on as himself', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  await reader.go('/')
  await page.getByRole('link', { name: 'Logg inn' }).click()
  await reader.choose('berit-haugen')
  await page.getByRole('heading', { level: 1, name: 'Hvem vil du gjøre noe på vegne av?' }).waitFor()
  await page.getByRole('button', { name: 'Handle på vegne av Astrid Haugen' }).click()
  await page.getByText('Du handler på vegne av Astrid Haugen').first().waitFor()
  await page.getByRole('link', { name: 'Fortsett som meg selv' }).click()
  await page.getByRole('heading', { level: 1, name: 'En fullmakt lar andre hjelpe deg' }).waitFor()
  expect(await page.getByText('Du handler på vegne av Astrid Haugen').count()).toBe(0)
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test.each([
  ['nb', 'En fullmakt lar andre hjelpe deg'],
  ['nn', 'Ei fullmakt lèt andre hjelpe deg'],
  ['en', 'A fullmakt lets others help you'],
  ['se', 'Fápmudus diktá earáid veahkehit du'],
])('%s is spoken, and is spoken again after a reload', async (language, heading) => {
  const reader = await Reader.open(browser, service)
  await reader.go('/')
  await reader.page.getByRole('combobox').selectOption(language)
  await reader.page.getByRole('heading', { name: heading }).waitFor()
  await reader.page.reload()
  await reader.page.getByRole('heading', { name: heading }).waitFor()
  expect(await reader.page.locator('html').getAttribute('lang')).toBe(language)
  await reader.close()
})

test('the first page comes with at most 170 kB of script, compressed', async () => {
  const reader = await Reader.open(browser, service)
  const scripts: Promise<Buffer>[] = []
  const encodings = new Set<string | undefined>()
  reader.page.on('response', (answer) => {
    if (!answer.url().endsWith('.js')) return
    scripts.push(answer.body())
    encodings.add(answer.headers()['content-encoding'])
  })
  await reader.go('/')
  await reader.page.waitForLoadState('networkidle')
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length)
  expect(sizes.length).toBeGreaterThan(1)
  expect(encodings).toEqual(new Set(['gzip']))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(170_000)
  await reader.close()
})

test('the pages load nothing from elsewhere, and say so', async () => {
  const reader = await Reader.open(browser, service)
  const asked: string[] = []
  reader.page.on('request', (request) => asked.push(new URL(request.url()).origin))
  const answer = await reader.page.goto('/')
  await reader.page.locator('h1').waitFor()
  expect(new Set(asked)).toEqual(new Set([service.url]))
  const headers = answer?.headers() ?? {}
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'nonce-[\w-]{43}' 'strict-dynamic'; /,
  )
  const again = await fetch(service.url)
  expect(again.headers.get('content-security-policy')).not.toBe(headers['content-security-policy'])
  expect(await again.text()).not.toContain('{nonce}')
  await reader.close()
})

test('a mistyped address has a page that says so, and a way on', async () => {
  const reader = await Reader.open(browser, service)
  const answer = await reader.page.goto('/mnie')
  expect(answer?.status()).toBe(404)
  await reader.page.getByRole('heading', { name: 'Denne siden finnes ikke.' }).waitFor()
  expect(await reader.violations()).toEqual([])
  await reader.page.getByRole('link', { name: 'Til forsiden' }).click()
  await reader.page.getByRole('heading', { name: 'En fullmakt lar andre hjelpe deg' }).waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

test('what one has written in a tab is not for the next one there, whether one logs out or not', async () => {
  const reader = await Reader.open(browser, service)
  const { page } = reader
  const write = async (person: string, name: string): Promise<void> => {
    await reader.logIn(person, '/gi/hvem')
    await page.getByText(`Du er logget inn som ${name}`).waitFor()
    await reader.settled()
    expect(await page.getByLabel('Etternavn').inputValue()).toBe('')
    await page.getByLabel('Etternavn').fill('Haugen')
    await page.reload()
    await reader.settled()
    expect(await page.getByLabel('Etternavn').inputValue()).toBe('Haugen')
  }
  await write('turid-tveit', 'Turid Tveit')
  await page.context().clearCookies()
  await write('bjarne-aas', 'Bjarne Aas')
  // A number in the wrong field stays in memory.
  await page.getByLabel('Etternavn').fill('479067 01517')
  await page.reload()
  await reader.settled()
  expect(await page.getByLabel('Etternavn').inputValue()).toBe('')
  await page.getByLabel('Etternavn').fill('Haugen')
  await page.getByRole('button', { name: 'Logg ut' }).click()
  await page.waitForLoadState()
  expect(await page.evaluate('sessionStorage.length')).toBe(0)
  expect(reader.complaints).toEqual([])
  await reader.close()
})
