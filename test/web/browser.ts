import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Browser, type BrowserContextOptions, type Page, type Request, chromium } from 'playwright-core'
import type { LocalParts } from '../../dev/local-parts.js'
import type { Level } from '../../standins/idporten-levels.js'
import { OUT_OF_REACH } from './out-of-reach.js'

/** What Chromium needs to run as root, and not to speak to anyone but us. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The axe that `@axe-core/playwright` runs. That one puts it into two pages for every look; here one page is looked at often. */
const AXE = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
)
const LOOK = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}

/** Fulfilled as soon as there is a heading; after five seconds in any case. */
const HEADING_SEEN = `new Promise((seen, late) => {
  const look = () => (document.querySelector('h1') === null ? requestAnimationFrame(look) : seen())
  look()
  setTimeout(late, 5000)
})`

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** A real Chromium, from npm. Close it. */
export async function startBrowser(): Promise<Browser> {
  const place = execFileSync(process.execPath, ['test/web/unpack-chromium.mjs'], { encoding: 'utf8' }).trim()
  return chromium.launch({
    executablePath: path.join(place, 'chromium'),
    args: ARGUMENTS,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(place, 'al2023', 'lib'),
      FONTCONFIG_PATH: path.join(place, 'fonts'),
    },
  })
}

/** A person at a browser of his own, with whatever it complained of. */
export class Reader {
  /** Questions that have not been answered yet. */
  readonly #underWay = new Set<Request>()

  private constructor(
    readonly page: Page,
    readonly url: string,
    readonly complaints: string[],
  ) {
    page.on('request', (request) => this.#underWay.add(request))
    page.on('requestfinished', (request) => this.#underWay.delete(request))
    page.on('requestfailed', (request) => this.#underWay.delete(request))
  }

  /** Comes with an empty browser, in which nothing moves under the pointer. */
  static async open(browser: Browser, { url }: LocalParts, options: BrowserContextOptions = {}): Promise<Reader> {
    const context = await browser.newContext({ locale: 'nb-NO', baseURL: url, reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // A refusal is an answer; browsers write each one of them down.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text())
      }
    })
    return new Reader(page, url, complaints)
  }

  /** Logs in at the stand-in ID-porten, without looking at its page, and comes to where he wanted to. */
  async logIn(person: string, returnTo = '/', level: Level = 'high'): Promise<this> {
    const { request } = this.page
    const asked = await request.get(`/login?${new URLSearchParams({ return_to: '/livez', lang: 'nb' }).toString()}`)
    const answered = await request.post(`${asked.url()}/login`, { form: { person, level } })
    if (new URL(answered.url()).origin !== this.url) throw new Error(`${person} could not log in: ${answered.url()}`)
    await this.page.goto(returnTo)
    return this
  }

  /** On the stand-in's page, where it asks. */
  async choose(person: string, level: Level = 'high'): Promise<void> {
    await this.page.locator(`#person-${person}`).check()
    await this.page.locator(`#levels input[value="${level}"]`).check()
    await this.page.locator('form:has(#levels) button').first().click()
    await this.page.waitForURL((url) => url.origin === this.url)
  }

  /** Goes to a screen and waits until its heading stands there. */
  async go(address: string): Promise<void> {
    await this.page.goto(address)
    // Playwright looks ever more seldom, and by then every half second.
    await this.page
      .evaluate(HEADING_SEEN)
      .catch(() => this.page.locator('h1').waitFor())
      .catch(async (error: unknown) => {
        const shown = await this.page.locator('body').innerText()
        throw new Error(`no heading at ${address}: ${[shown, ...this.complaints].join('\n')}`, { cause: error })
      })
  }

  /** Waits until every question has been answered and what was answered is shown, so that nothing moves any more. */
  async settled(): Promise<void> {
    let still = 0
    for (let ticks = 0; still < 2; ticks += 1) {
      if (ticks > 250) throw new Error('the page does not come to rest')
      await this.page.evaluate('new Promise((done) => setTimeout(done, 40))')
      const isMoving = this.#underWay.size > 0 || (await this.page.locator('.ds-spinner').count()) > 0
      still = isMoving ? 0 : still + 1
    }
  }

  /** What axe finds against WCAG 2.2 A and AA on the screen as it stands: none is as it must be. */
  async violations(): Promise<string[]> {
    if (this.page.frames().length > 1) throw new Error('a page has no frames: axe would not look into them')
    if (!(await this.page.evaluate<boolean>("'axe' in window"))) await this.page.evaluate(AXE)
    const found = await this.page.evaluate<{ readonly violations: readonly Violation[] }>(
      `axe.run(document, ${JSON.stringify(LOOK)})`,
    )
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
  }

  /** How wide the page is, whatever can be seen of it, in CSS pixels. */
  width(): Promise<number> {
    return this.page.evaluate<number>('document.scrollingElement.scrollWidth')
  }

  /** What is wrong with the screen as it stands, at whatever width and scheme: what axe finds, and what is out of place. */
  async inOrder(): Promise<string[]> {
    return [...(await this.violations()), ...(await this.outOfPlace())]
  }

  /**
   * Whatever runs out of the window, and each control that cannot be seen whole or is too small to hit (WCAG 2.2, 2.5.8:
   * 24 by 24 px, but for links within a sentence).
   */
  async outOfPlace(): Promise<string[]> {
    const width = await this.width()
    const seen = this.page.viewportSize()?.width ?? width
    const controls = await this.page.evaluate<string[]>(OUT_OF_REACH)
    return width > seen ? [`${width} px wide`, ...controls] : controls
  }

  /** What the element that has the focus says. */
  focused(): Promise<string> {
    return this.page.evaluate<string>('document.activeElement?.textContent ?? ""')
  }

  /** Presses Tab until the focus is on the first thing that says so. */
  async tabTo(words: string): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await this.page.keyboard.press('Tab')
      if ((await this.focused()).startsWith(words)) return
    }
    throw new Error(`no one comes to “${words}” by Tab`)
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}
