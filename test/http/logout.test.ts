import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { follow, tokensFor } from '../../standins/headless-login.js'
import { Browser, type LoginStage, startLoginStage } from './login-stage.js'

let stage: LoginStage
beforeAll(async () => {
  stage = await startLoginStage()
})
afterAll(() => stage.stop())

const SESSION = '__Host-fullmakt'

async function loggedIn(id: string, path = '/login'): Promise<Browser> {
  const browser = new Browser()
  await stage.logIn(id, path, browser)
  return browser
}

const logOut = (browser: Browser, headers: Record<string, string> = { origin: stage.origin }) =>
  browser.fetch(new URL('/logout', stage.origin), { method: 'POST', headers })

const isLoggedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.fetch(new URL('/v1/me/session', stage.origin))).status === 200

const entriesOf = async (name: string, kind: string) => {
  const rows = await stage.sql<{ entry: string }>(
    `select a.entry from audit_entry a join party_fact f on f.party_id = a.actor
      where f.name = $1 and a.kind = $2 order by a.occurred_at`,
    [name, kind],
  )
  return rows.map(({ entry }) => (JSON.parse(entry) as { content: Record<string, unknown> }).content)
}

/** The one form of a page, as a browser would send it. */
function formOf(page: string): { action: string; fields: URLSearchParams } {
  const action = /<form[^>]*method="post"[^>]*action="([^"]+)"/.exec(page)?.[1] ?? ''
  const inputs = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return {
    action: action.replaceAll('&amp;', '&'),
    fields: new URLSearchParams([...inputs].map(([, name = '', value = '']): [string, string] => [name, value])),
  }
}

describe('a person logs out', () => {
  test('here at once, and at the provider by the page that is answered', async () => {
    const browser = await loggedIn('kari-nordby')
    const answer = await logOut(browser)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(browser.lines.at(-1)).toMatch(
      new RegExp(`^${SESSION}=; Max-Age=0; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`),
    )
    expect(await isLoggedIn(browser)).toBe(false)
    expect(await entriesOf('Kari Nordby', 'logged_out')).toEqual([{ session: expect.any(String), cause: 'person' }])

    const { action, fields } = formOf(await answer.text())
    expect(new URL(action).origin).toBe(stage.issuer)
    expect(fields.get('post_logout_redirect_uri')).toBe(`${stage.origin}/`)
    const atProvider = await browser.fetch(new URL(action), { method: 'POST', body: fields })
    const confirmation = formOf(await atProvider.text())
    const last = await browser.fetch(new URL(confirmation.action), { method: 'POST', body: confirmation.fields })
    expect(last.headers.get('location')).toBe(`${stage.origin}/`)

    const { visited } = await stage.logIn('kari-nordby', '/login', browser)
    expect(visited.some((address) => address.includes('/interaction/'))).toBe(true)
  })

  test('on a page whose policy lets it send its form to the provider, run its one script, and do nothing else', async () => {
    const answer = await logOut(await loggedIn('ola-nordby'))
    const page = await answer.text()
    const [, nonce = ''] = /<script nonce="([\w-]{43})">document\.forms\[0\]\.submit\(\)<\/script>/.exec(page) ?? []
    expect(answer.headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; form-action 'self' ${stage.issuer}; base-uri 'none'; frame-ancestors 'none'`,
    )
    expect(page).toContain('<button>Logg ut av innloggingstjenesten</button>')
    expect(page.match(/<script/g)).toHaveLength(1)
    const again = await (await logOut(await loggedIn('ola-nordby'))).text()
    expect(again).not.toContain(nonce)
  })

  test.each([
    ['nb', 'Du logges ut'],
    ['nn', 'Du blir logga ut'],
    ['en', 'You are being logged out'],
    ['se', 'Don čálihuvvot olggos'],
  ])('in %s', async (language, title) => {
    const page = await (await logOut(await loggedIn('per-lunde', `/login?lang=${language}`))).text()
    expect(page).toContain(`<html lang="${language}">`)
    expect(page).toContain(`<h1>${title}</h1>`)
  })

  test('and the number is in no address, only in the page, and no longer with us', async () => {
    const browser = await loggedIn('hanne-lunde')
    const stored = () =>
      stage.sql<{ idToken: string | null }>(
        `select s.id_token as "idToken" from session s join party_fact f using (party_id) where f.name = 'Hanne Lunde'`,
      )
    const [{ idToken } = { idToken: null }] = await stored()
    const page = await (await logOut(browser)).text()
    const { action, fields } = formOf(page)
    expect(fields.get('id_token_hint')).toBe(idToken)
    expect(action).not.toContain('id_token')
    expect(await stored()).toEqual([{ idToken: null }])
  })

  test('even when the session here has expired, since the one at the provider may not have', async () => {
    const browser = await loggedIn('tor-bakken')
    await stage.sql(`update session set last_used_at = last_used_at - interval '31 minutes'`)
    expect(await isLoggedIn(browser)).toBe(false)
    expect((await logOut(browser)).status).toBe(200)
  })

  test('without a session, or twice, and comes to the front page', async () => {
    const browser = await loggedIn('liv-bakken')
    await logOut(browser)
    for (const each of [browser, new Browser()]) {
      const answer = await logOut(each)
      expect(answer.status).toBe(303)
      expect(answer.headers.get('location')).toBe(`${stage.origin}/`)
    }
    expect(await entriesOf('Liv Bakken', 'logged_out')).toHaveLength(1)
  })

  test.each<[string, (origin: string) => Record<string, string>]>([
    ['without an origin', () => ({})],
    ['from another site', () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
    ['from a page without an address', () => ({ origin: 'null' })],
    ['from a neighbour', (origin) => ({ origin, 'sec-fetch-site': 'same-site' })],
  ])('but not by a request %s', async (_name, headers) => {
    const browser = await loggedIn('sissel-vik')
    const refused = await logOut(browser, headers(stage.origin))
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'foreign_origin' })
    expect(await isLoggedIn(browser)).toBe(true)
  })
})

describe('the provider logs a person out', () => {
  test('and the session that came of it is over here, and only that', async () => {
    const [browser, elsewhere] = [await loggedIn('anne-dahl'), await loggedIn('anne-dahl')]
    const { id_token } = await tokensFor(stage.issuer, stage.app, { id: 'anne-dahl' }, { cookies: browser })
    expect(await isLoggedIn(browser)).toBe(true)
    const parameters = new URLSearchParams({
      id_token_hint: id_token,
      post_logout_redirect_uri: `${stage.origin}/app/logged-out`,
    })
    await follow(`${stage.issuer}/logout?${parameters.toString()}`, browser)

    expect(await isLoggedIn(browser)).toBe(false)
    expect(await isLoggedIn(elsewhere)).toBe(true)
    expect(await entriesOf('Anne Dahl', 'logged_out')).toEqual([{ session: expect.any(String), cause: 'provider' }])
    expect(stage.faults).toEqual([])
  })

  test.each<[string, string, string]>([
    ['nothing', 'application/x-www-form-urlencoded', ''],
    ['another form', 'application/x-www-form-urlencoded', 'token=abc'],
    ['no token', 'application/x-www-form-urlencoded', 'logout_token='],
    ['something that is no token', 'application/x-www-form-urlencoded', 'logout_token=abc'],
    ['two tokens', 'application/x-www-form-urlencoded', 'logout_token=a.b.c&logout_token=a.b.c'],
    ['JSON', 'application/json', '{"logout_token":"a.b.c"}'],
  ])('but not with %s', async (_name, type, body) => {
    const answer = await fetch(`${stage.origin}/login/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) })
  })

  test('but not with an id_token', async () => {
    const { id_token } = await tokensFor(stage.issuer, stage.app, { id: 'anne-dahl' })
    const answer = await fetch(`${stage.origin}/login/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: id_token }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error_description: 'typ is not that of such a token' })
  })
})
