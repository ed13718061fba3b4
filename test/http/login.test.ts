import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { follow, logIn } from '../../standins/headless-login.js'
import { FAULTS, type Fault } from '../../standins/idporten-faults.js'
import { forgetOldAttempts } from '../../src/store/login-attempt-store.js'
import { forgetOldSessions } from '../../src/store/session-store.js'
import { Browser, type LoginStage, startLoginStage } from './login-stage.js'

let stage: LoginStage
beforeAll(async () => {
  stage = await startLoginStage()
})
afterAll(() => stage.stop())
beforeEach(() => {
  stage.faults.length = 0
})

const SESSION = '__Host-fullmakt'
const ATTEMPT = '__Host-fullmakt-login'

/** A browser in which someone has logged in at the provider, stopped on the way back to us. */
async function held(id: string, path = '/login', browser = new Browser(true)): Promise<Browser> {
  await stage.logIn(id, path, browser)
  return browser
}

async function whoAmI(browser: Browser): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await browser.fetch(new URL('/v1/me/session', stage.origin))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function expectFailure(response: Response, detail: RegExp): Promise<void> {
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'login_failed', detail: expect.stringMatching(detail) })
  expect(response.headers.getSetCookie().join()).not.toContain(`${SESSION}=`)
  expect(stage.faults).toEqual([])
}

const sessionsOf = (name: string) =>
  stage.sql<{ level: string; language: string; ended: boolean; hash: Buffer; idToken: string | null }>(
    `select s.level, s.language, s.ended_at is not null as ended, s.session_hash as hash, s.id_token as "idToken"
       from session s join party_fact f using (party_id) where f.name = $1 order by s.created_at`,
    [name],
  )

describe('a person logs in', () => {
  test('and is who he is', async () => {
    const browser = new Browser()
    const { finalUrl, visited } = await stage.logIn('kari-nordby', '/login?return_to=/mandates?page=2', browser)
    expect(finalUrl).toBe(`${stage.origin}/mandates?page=2`)
    expect(await whoAmI(browser)).toEqual({
      status: 200,
      body: {
        ref: expect.any(String),
        name: 'Kari Nordby',
        born_on: '1980-11-02',
        level: 'high',
        authenticated_at: expect.any(String),
        language: 'nb',
        by: 'session',
      },
    })
    const number = stage.people.find(({ id }) => id === 'kari-nordby')?.identityNumber ?? 'none'
    for (const address of visited) expect(address).not.toContain(number)
  })

  test('with a foreign login that no number is known of', async () => {
    const foreigner = stage.people.find(({ identityNumber }) => identityNumber === null)
    const browser = new Browser()
    await stage.logIn(`${foreigner?.id ?? ''} at eidas-high`, '/login?level=high', browser)
    expect((await whoAmI(browser)).body).toMatchObject({ name: '', level: 'high', by: 'session' })
  })

  test('and the log tells of it without number, name or token', async () => {
    const browser = new Browser()
    await stage.logIn('tor-bakken', '/login', browser)
    const [entry] = await stage.sql<{ entry: string; party: string; actor: string }>(
      `select a.entry, a.actor, f.party_id as party from audit_entry a join party_fact f on f.party_id = a.actor
        where a.kind = 'logged_in' and f.name = 'Tor Bakken'`,
    )
    const [session] = await sessionsOf('Tor Bakken')
    const told = JSON.parse(entry?.entry ?? '{}') as { content: Record<string, unknown> }
    expect(told.content).toEqual({
      session: session?.hash.toString('base64url').slice(0, 22),
      acr: 'idporten-loa-high',
      level: 'high',
    })
    expect(entry?.entry).not.toMatch(/\b\d{11}\b|Bakken|eyJ/)
  })

  test('and what the browser holds is stored nowhere', async () => {
    const browser = new Browser()
    await stage.logIn('liv-bakken', '/login', browser)
    const secret = browser.held(stage.origin, SESSION) ?? ''
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const [session] = await sessionsOf('Liv Bakken')
    expect(session?.hash).toEqual(createHash('sha256').update(secret).digest())
    const rows = await stage.sql<{ row: string }>('select to_json(s)::text as row from session s')
    for (const { row } of rows) expect(row).not.toContain(secret)
  })

  test('at a higher level in the same browser, and the session before it is over', async () => {
    const browser = new Browser()
    await stage.logIn('anne-dahl at substantial', '/login?level=substantial', browser)
    const before = browser.held(stage.origin, SESSION)
    expect((await whoAmI(browser)).body).toMatchObject({ level: 'substantial' })
    await stage.logIn('anne-dahl', '/login?level=high', browser)
    expect((await whoAmI(browser)).body).toMatchObject({ level: 'high' })
    expect(browser.held(stage.origin, SESSION)).not.toBe(before)
    expect(await sessionsOf('Anne Dahl')).toMatchObject([
      { level: 'substantial', ended: true, idToken: null },
      { level: 'high', ended: false, idToken: expect.stringMatching(/^eyJ/) },
    ])
    const [{ entry } = { entry: '' }] = await stage.sql<{ entry: string }>(
      `select entry from audit_entry a join party_fact f on f.party_id = a.actor
        where a.kind = 'logged_out' and f.name = 'Anne Dahl'`,
    )
    expect(JSON.parse(entry)).toMatchObject({ content: { cause: 'new_login' } })
  })

  test('in two tabs of one browser, both begun before either is done', async () => {
    const browser = new Browser()
    const begin = async (path: string) =>
      (await browser.fetch(new URL(`/login?return_to=${path}`, stage.origin))).headers.get('location') ?? ''
    const tabs = [await begin('/first'), await begin('/second')]
    const ends = [await logIn(tabs[0] ?? '', { id: 'jon-dahl' }, browser), await follow(tabs[1] ?? '', browser)]
    expect(ends.map(({ finalUrl }) => finalUrl)).toEqual([`${stage.origin}/first`, `${stage.origin}/second`])
    expect((await whoAmI(browser)).body).toMatchObject({ name: 'Jon Dahl' })
  })

  test.each([
    ['/login?lang=se', 'nb', 'se'],
    ['/login', 'nn-NO,nn;q=0.9,en;q=0.8', 'nn'],
    ['/login', 'sv,de;q=0.9,en-GB;q=0.5', 'en'],
    ['/login', 'no', 'nb'],
    ['/login', 'sv', 'nb'],
    ['/login', 'engelsk', 'nb'],
  ])('%s with a browser that prefers %s is in %s', async (path, acceptLanguage, language) => {
    const begun = await fetch(`${stage.origin}${path}`, {
      headers: { 'accept-language': acceptLanguage },
      redirect: 'manual',
    })
    expect(new URL(begun.headers.get('location') ?? '').searchParams.get('ui_locales')).toBe(language)
  })

  test('and goes on in the language of the login', async () => {
    const browser = new Browser()
    await stage.logIn('elle-gaup', '/login?lang=se', browser)
    expect((await whoAmI(browser)).body).toMatchObject({ name: 'Elle Márjá Gaup', language: 'se' })
  })
})

describe('a login begins', () => {
  const begin = (query: string) => fetch(`${stage.origin}/login${query}`, { redirect: 'manual' })

  test('with all that the protocol has to bind the answer to it', async () => {
    const begun = await begin('?level=high')
    expect(begun.status).toBe(303)
    expect(begun.headers.get('cache-control')).toBe('no-store')
    const url = new URL(begun.headers.get('location') ?? '')
    expect(url.origin + url.pathname).toBe(`${stage.issuer}/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'fullmakt',
      response_type: 'code',
      redirect_uri: `${stage.origin}/login/callback`,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}\.high\.nb$/),
      acr_values: 'idporten-loa-high eidas-loa-high',
      max_age: '7200',
    })
  })

  test('with new secrets every time', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => begin('')))
    const parameters = begun.map((response) => new URL(response.headers.get('location') ?? '').searchParams)
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(parameters.map((each) => each.get(name))).size).toBe(5)
    }
    expect(new Set(begun.map((response) => response.headers.getSetCookie()[0]?.split(';')[0])).size).toBe(5)
  })

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
    'mandates',
    'javascript:alert(1)',
    '/\r\nset-cookie:a=b',
  ])('not when it would return to %j', async (returnTo) => {
    const refused = await begin(`?return_to=${encodeURIComponent(returnTo)}`)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ code: 'invalid_request' })
    expect(refused.headers.get('location')).toBeNull()
    expect(refused.headers.getSetCookie()).toEqual([])
  })

  test.each(['level=low', 'level=high&level=high', 'lang=sv', 'return_to=/a&return_to=/b', 'issuer=x', 'acr_values=x'])(
    'not with ?%s',
    async (query) => {
      const refused = await begin(`?${query}`)
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ code: 'invalid_request' })
    },
  )
})

test('cookies are for this host alone, for HTTP alone, and not sent along from elsewhere', async () => {
  const browser = new Browser()
  await stage.logIn('per-lunde', '/login', browser)
  const attributes = (name: string) =>
    browser.lines.find((line) => line.startsWith(`${name}=`))?.replace(/^[^;]*; /, '')
  expect(attributes(ATTEMPT)).toBe('Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax')
  expect(attributes(SESSION)).toBe('Path=/; HttpOnly; Secure; SameSite=Lax')
})

describe('an answer of the provider is refused', () => {
  test('in another browser than the one that asked, and can still be used in that one', async () => {
    const [asked, other] = [await held('sissel-vik'), await held('magnus-vik')]
    await expectFailure(await other.goOn(asked.callback), /begun in another browser/)
    expect((await asked.goOn()).status).toBe(303)
    expect((await whoAmI(asked)).body).toMatchObject({ name: 'Sissel Vik' })
  })

  test('in a browser that asked for nothing', async () => {
    const { callback } = await held('sissel-vik')
    await expectFailure(await new Browser().goOn(callback), /begun in another browser/)
  })

  test('the second time', async () => {
    const browser = await held('sissel-vik')
    expect((await browser.goOn()).status).toBe(303)
    await expectFailure(await browser.goOn(), /or is over/)
    expect((await whoAmI(browser)).status).toBe(200)
  })

  test('all but once when it comes many times at once', async () => {
    const browser = await held('sissel-vik')
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.goOn()))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400, 400, 400, 400, 400])
  })

  test('after ten minutes', async () => {
    const browser = await held('sissel-vik')
    await stage.sql(`update login_attempt set created_at = created_at - interval '10 minutes'`)
    await expectFailure(await browser.goOn(), /over ten minutes ago/)
  })

  const changed = async (browser: Browser, change: (url: URL) => void) => {
    const url = new URL(browser.callback)
    change(url)
    return browser.goOn(url.href)
  }

  test.each<[string, (query: URLSearchParams) => void]>([
    ['without state', (query) => query.delete('state')],
    ['with two states', (query) => query.append('state', query.get('state') ?? '')],
    [
      'with the state of a higher level',
      (query) => query.set('state', (query.get('state') ?? '').replace('substantial', 'high')),
    ],
    [
      'with the state in another language',
      (query) => query.set('state', (query.get('state') ?? '').replace(/nb$/, 'en')),
    ],
    ['with an empty state', (query) => query.set('state', '')],
    ['with a state that none has', (query) => query.set('state', `${'A'.repeat(43)}.high.nb`)],
  ])('%s', async (_name, change) => {
    const browser = await held('magnus-vik')
    await expectFailure(await changed(browser, ({ searchParams }) => change(searchParams)), /begun in another browser/)
  })

  test.each<[string, (query: URLSearchParams) => void]>([
    ['without code', (query) => query.delete('code')],
    ['with two codes', (query) => query.append('code', 'another')],
    ['with a code that none has', (query) => query.set('code', 'another')],
    ['of another issuer', (query) => query.set('iss', 'https://idporten.example')],
    ['without issuer, for this one says who it is', (query) => query.delete('iss')],
  ])('%s', async (_name, change) => {
    const browser = await held('magnus-vik')
    await expectFailure(
      await changed(browser, ({ searchParams }) => change(searchParams)),
      /answer of the identity provider does not do/,
    )
  })

  test('with the code of another login, even by the same browser', async () => {
    const browser = await held('magnus-vik')
    const [first, other] = [browser.callback, await held('marit-strand')]
    const code = new URL(other.callback).searchParams.get('code') ?? ''
    browser.callback = first
    await expectFailure(await changed(browser, (url) => url.searchParams.set('code', code)), /does not do/)
  })

  test.each([
    ['that the person cancelled', 'access_denied', /^the login was cancelled$/],
    ['that something went wrong', '<script>alert(1)</script>', /^the identity provider reports an error$/],
  ])('that tells %s', async (_name, error, detail) => {
    const browser = await held('magnus-vik')
    const answer = await changed(browser, (url) => {
      url.searchParams.delete('code')
      url.searchParams.set('error', error)
      url.searchParams.set('error_description', 'words of whoever made the address')
    })
    await expectFailure(answer, detail)
  })

  test.each<[Fault, RegExp]>([
    ['wrong_audience', /OAUTH_JWT_CLAIM_COMPARISON_FAILED/],
    ['other_issuer', /OAUTH_JWT_CLAIM_COMPARISON_FAILED/],
    ['other_key', /the signature is not by a key of the identity provider/],
    ['unsigned', /OAUTH_[A-Z_]+/],
    ['expired', /OAUTH_JWT_TIMESTAMP_CHECK_FAILED/],
    ['stale_auth_time', /OAUTH_JWT_TIMESTAMP_CHECK_FAILED/],
    ['wrong_nonce', /OAUTH_JWT_CLAIM_COMPARISON_FAILED/],
    ['no_pid', /it names no person/],
    ['lower_level', /the login is below the level that was asked for/],
  ])('whose id_token is wrong: %s', async (fault, detail) => {
    const browser = await held('gunnar-strand')
    stage.idporten.faults.next(fault)
    const answer = await browser.goOn()
    expect(await answer.clone().text()).not.toMatch(/\b\d{11}\b/)
    await expectFailure(answer, detail)
    expect((await whoAmI(browser)).status).toBe(401)
    expect(await sessionsOf('Gunnar Strand')).toEqual([])
  })

  test('is tried with every fault that the stand-in knows', () => {
    expect(FAULTS).toHaveLength(9)
  })
})

test('what someone planted in the browser before is no session after', async () => {
  const planted = 'A'.repeat(43)
  const browser = await held('hanne-lunde')
  const answer = await fetch(browser.callback, {
    headers: { cookie: `${browser.header(new URL(stage.origin))}; ${SESSION}=${planted}` },
    redirect: 'manual',
  })
  const [line = ''] = answer.headers.getSetCookie()
  expect(line).toMatch(new RegExp(`^${SESSION}=(?!${planted})[\\w-]{43};`))
  const response = await fetch(`${stage.origin}/v1/me/session`, { headers: { cookie: `${SESSION}=${planted}` } })
  expect(response.status).toBe(401)
})

describe('a session ends by itself', () => {
  const move = (change: string) =>
    stage.sql(
      `update session s set ${change} from party_fact f where f.party_id = s.party_id and f.name = 'Berit Haugen'`,
    )

  test.each([
    ['lives on after 29 minutes without use', `last_used_at = last_used_at - interval '29 minutes'`, 200],
    ['is over after 30 minutes without use', `last_used_at = last_used_at - interval '30 minutes'`, 401],
    ['lives on almost 8 hours', `created_at = created_at - interval '7 hours 59 minutes'`, 200],
    ['is over after 8 hours, whatever its use', `created_at = created_at - interval '8 hours'`, 401],
    ['is over when it has been ended', `ended_at = clock_timestamp()`, 401],
  ])('%s', async (_name, change, status) => {
    const browser = new Browser()
    await stage.logIn('berit-haugen', '/login', browser)
    await move(change)
    expect((await whoAmI(browser)).status).toBe(status)
    // An attempt to use what is over must not bring it back.
    expect((await whoAmI(browser)).status).toBe(status)
    await move('ended_at = clock_timestamp()')
  })

  test('and its use is written at most once a minute, in the statement that reads it', async () => {
    const browser = new Browser()
    await stage.logIn('olaug-myhre', '/login', browser)
    const used = async () => {
      const rows = await stage.sql<{ at: Date }>(
        `select s.last_used_at as at from session s join party_fact f using (party_id) where f.name = 'Olaug Myhre'`,
      )
      return rows[0]?.at.getTime() ?? 0
    }
    const begun = await used()
    stage.test.statements.length = 0
    await whoAmI(browser)
    expect(stage.test.statements).toEqual(['use_session', 'named_parties'])
    expect(await used()).toBe(begun)
    await stage.sql(`update session set last_used_at = last_used_at - interval '61 seconds'`)
    await Promise.all(Array.from({ length: 5 }, () => whoAmI(browser)))
    expect(await used()).toBeGreaterThan(begun)
  })

  test('and then can be forgotten, with the id_token in it', async () => {
    await forgetOldSessions(stage.test.database)
    await forgetOldAttempts(stage.test.database)
    const count = async (table: 'session' | 'login_attempt') =>
      Number((await stage.sql<{ n: string }>(`select count(*) as n from ${table}`))[0]?.n)
    await held('olaug-myhre')
    const before = [await count('session'), await count('login_attempt')]
    await forgetOldSessions(stage.test.database)
    await forgetOldAttempts(stage.test.database)
    expect([await count('session'), await count('login_attempt')]).toEqual(before)
    await stage.sql(`update session set created_at = created_at - interval '8 hours'`)
    await stage.sql(`update login_attempt set created_at = created_at - interval '10 minutes'`)
    await forgetOldSessions(stage.test.database)
    await forgetOldAttempts(stage.test.database)
    expect([await count('session'), await count('login_attempt')]).toEqual([0, 0])
  })
})

test('fifty people who log in at once are each themselves, and stay it', async () => {
  const fifty = stage.people.filter((person) => person.identityNumber !== null && person.diedOn === null).slice(0, 50)
  expect(fifty).toHaveLength(50)
  const browsers = await Promise.all(
    fifty.map(async ({ id }) => {
      const browser = new Browser()
      await stage.logIn(id, '/login', browser)
      return browser
    }),
  )
  const asked = Array.from({ length: 4 }, () => browsers).flat()
  const names = await Promise.all(asked.map(async (browser) => (await whoAmI(browser)).body['name']))
  const expected = fifty.map(({ givenName, familyName }) => `${givenName} ${familyName}`)
  expect(names).toEqual([...expected, ...expected, ...expected, ...expected])
  expect(new Set(browsers.map((browser) => browser.held(stage.origin, SESSION))).size).toBe(50)
})
