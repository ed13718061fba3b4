import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type TestService, testService } from '../support/service.js'
import { Reader, startBrowser } from './browser.js'
import { BY_PERSON, visit } from './every-screen.js'

/**
 * `.ci/run` looks at every screen in every language, width and scheme: `FULLMAKT_SCREENS=all`. Without it a few are seen
 * in the dark; `overview.test.ts` has looked at each of them in the light.
 */
const ALL = process.env['FULLMAKT_SCREENS'] === 'all'
const PEOPLE = BY_PERSON.filter(([person]) => ALL || person === 'jon-dahl' || person === 'per-lunde')
const LANGUAGES = ALL ? (['nb', 'nn', 'en', 'se'] as const) : (['se'] as const)
const WIDTHS = ALL ? [320, 768, 1280] : [768]
const SCHEMES = ALL ? (['light', 'dark'] as const) : (['dark'] as const)

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

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(PEOPLE)(
    'as %s: axe finds nothing, and nothing is wider than the window',
    async (person, screens) => {
      const reader = await Reader.open(browser, service)
      await reader.page.context().addInitScript(`localStorage.setItem('language', '${language}')`)
      await reader.logIn(person)
      const found: string[] = []
      for (const { address } of screens) {
        await visit(reader, `${address}${address === '/uten-skript' ? `?lang=${language}` : ''}`)
        expect([address, await reader.page.locator('html').getAttribute('lang')]).toEqual([address, language])
        for (const width of WIDTHS) {
          await reader.page.setViewportSize({ width, height: 800 })
          for (const colorScheme of SCHEMES) {
            await reader.page.emulateMedia({ colorScheme })
            const where = `${address} at ${width} px, ${colorScheme}`
            found.push(...(await reader.violations()).map((one) => `${where}: ${one}`))
            if ((await reader.width()) > width) found.push(`${where}: wider than the window`)
          }
        }
      }
      expect(found).toEqual([])
      expect(reader.complaints).toEqual([])
      await reader.close()
    },
    ALL ? 300_000 : 60_000,
  )
})
