import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { CookieJar } from '../../standins/cookie-jar.js'
import { logIn, tokensFor } from '../../standins/headless-login.js'
import { startStage, type Stage } from './relying-parties.js'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

/** A browser that stands on the login page of a fresh request. */
let browser: CookieJar
let page: URL
beforeEach(async () => {
  browser = new CookieJar()
  const answer = await browser.fetch(new URL(await startOf('some-state')))
  page = new URL(answer.headers.get('location') ?? '', stage.idporten.issuer)
})

const at = (rest: string) => new URL(`${page.pathname}${rest}`, page)

async function get(rest = ''): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await browser.fetch(at(rest))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

async function post(rest: string, fields: Record<string, string>) {
  const response = await browser.fetch(at(rest), { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, text: await response.text(), location: response.headers.get('location') ?? '' }
}

/** The names of the people that a page offers. */
function offered(text: string): readonly string[] {
  return [...text.matchAll(/<label for="person-[^"]*"\s*><strong>([^<]*)<\/strong>/g)].map(([, name = '']) => name)
}

describe('the list', () => {
  test('offers everyone, with age and cases, under a banner that says they are invented', async () => {
    const { status, text } = await get()
    expect(status).toBe(200)
    expect(offered(text)).toHaveLength(stage.people.all().length)
    expect(text).toContain('Alle personer og numre er oppdiktet')
    expect(text).toMatch(/Noah Lien<\/strong>, 12 år/)
    expect(text).toMatch(/Olav Tveit<\/strong>, død 2024-11-12/)
    expect(text).toContain('forelder til en 12-åring')
  })

  test.each([
    ['parent of a 12-year-old', ['Camilla Lien', 'Henrik Lien']],
    ['ended yesterday', ['Per Lunde', 'Hanne Lunde']],
    ['Márjá', ['Elle Márjá Gaup']],
    ['ingen av dem', []],
  ])('finds by "%s"', async (query, names) => {
    const { status, text } = await get(`?query=${encodeURIComponent(query)}`)
    expect(status).toBe(200)
    expect(offered(text)).toEqual(names)
  })

  test('takes no number in an address, and does not repeat it', async () => {
    const number = stage.people.find('kari-nordby')?.identityNumber ?? ''
    const { status, text } = await get(`?query=${number.slice(0, 3)}+${number.slice(3)}`)
    expect(status).toBe(400)
    expect(text).toContain('Søk med navn eller situasjon, aldri med et nummer.')
    expect(text).toContain('name="query"')
    expect(text.replace(/\s/g, '')).not.toContain(`value="${number}"`)
  })

  test('is built for a keyboard and a screen reader', async () => {
    const { text } = await get()
    expect(text).toMatch(/^<!doctype html><html lang="nb">/)
    expect(text.match(/<h1>/g)).toHaveLength(1)
    const labelled = new Set([...text.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id))
    const fields = [...text.matchAll(/<input\s[^>]*\bid="([^"]+)"/g)].map(([, id]) => id)
    expect(fields.length).toBe(text.match(/<input\s/g)?.length)
    expect(fields.filter((id) => !labelled.has(id))).toEqual([])
    expect(new Set(fields).size).toBe(fields.length)
    const described = [...text.matchAll(/aria-describedby="([^"]+)"/g)].map(([, id]) => id ?? '')
    expect(described.filter((id) => !text.includes(` id="${id}"`))).toEqual([])
    expect(text.match(/<fieldset/g)?.length).toBe(text.match(/<legend>/g)?.length)
  })

  test('lets no script run, and only its own style', async () => {
    const { text, headers } = await get()
    const policy = headers.get('content-security-policy') ?? ''
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? []
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('script-src')
    expect(policy).toContain(`form-action 'self' ${stage.origin}`)
    expect(text).not.toMatch(/<script|\son[a-z]+=|https?:\/\//)
  })
})

describe('choosing', () => {
  test.each([
    ['no one', {}, 'Velg en person.'],
    ['someone unknown', { person: 'nobody', level: 'high' }, 'Velg en person.'],
    ['no level', { person: 'kari-nordby' }, 'Velg et nivå som tjenesten godtar.'],
    ['a level that is none', { person: 'kari-nordby', level: 'constructor' }, 'Velg et nivå som tjenesten godtar.'],
    ['a visitor at a national level', { person: 'lars-lindqvist', level: 'high' }, 'bare innlogging fra et annet land'],
  ])('%s says what to put right', async (_name, fields, text) => {
    const answer = await post('/login', fields)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(text)
    expect(answer.text).toContain('<title>Feil: Logg inn')
    expect(answer.text).toContain('role="alert"')
  })

  test('to go back tells the relying party so', async () => {
    const { location } = await post('/abort', {})
    const last = await browser.fetch(new URL(location))
    expect(last.headers.get('location')).toMatch(/\/other\/callback\?error=access_denied/)
  })

  test('belongs to the browser that began', async () => {
    const stranger = await fetch(page)
    expect(stranger.status).toBe(400)
    expect(await stranger.text()).toContain('Innloggingen er utløpt')
  })

  test('reads no form larger than its own', async () => {
    const { status } = await post('/login', { person: 'kari-nordby', level: 'high', filler: 'x'.repeat(10_000) })
    expect(status).toBe(400)
  })
})

describe('a new person', () => {
  test('is made, chosen beforehand, known to the registers, and can log in', async () => {
    const heard: string[] = []
    stage.people.onNewPerson((person) => void heard.push(person.id))
    const { status, location } = await post('/people', {
      givenName: 'Nils',
      familyName: 'Nystad',
      bornOn: '1999-12-31',
    })
    expect(status).toBe(303)
    const [id = ''] = heard
    const { text } = await get(location.slice(page.pathname.length))
    expect(text).toContain('Laget: Nils Nystad')
    expect(offered(text)[0]).toBe('Nils Nystad')
    expect(text).toMatch(new RegExp(`value="${id}"[^>]*\\schecked`))
    const { id_token } = await tokensFor(stage.idporten.issuer, stage.other, { id })
    expect(decodeJwt(id_token)['pid']).toBe(stage.people.find(id)?.identityNumber)
  })

  test('may be called anything, and the page only shows it', async () => {
    const givenName = `<b onclick="x">&'`
    await post('/people', { givenName, familyName: 'Bold', bornOn: '1980-01-01' })
    const { text } = await get('?query=bold')
    expect(text).toContain('&lt;b onclick=&quot;x&quot;&gt;&amp;&#39; Bold')
    expect(text).not.toContain('<b ')
    const again = await post('/people', { givenName, familyName: '"><script>', bornOn: 'x' })
    expect(again.text).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect(again.text).not.toContain('<script')
  })

  test.each([
    ['without a name', { givenName: ' ' }, 'Skriv et fornavn uten tall.'],
    ['with a number for a name', { familyName: '13' }, 'Skriv et etternavn uten tall.'],
    ['with a name without end', { familyName: 'a'.repeat(81) }, 'Skriv et etternavn uten tall.'],
    ['born on no day', { bornOn: '2023-02-29' }, 'Velg en fødselsdato fra 1900 til i dag.'],
    ['born tomorrow or later', { bornOn: '2999-01-01' }, 'Velg en fødselsdato fra 1900 til i dag.'],
    ['born too long ago', { bornOn: '1899-12-31' }, 'Velg en fødselsdato fra 1900 til i dag.'],
  ])('%s is not made', async (_name, changes, text) => {
    const before = stage.people.all().length
    const answer = await post('/people', { givenName: 'Ny', familyName: 'Person', bornOn: '2000-02-29', ...changes })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain(text)
    expect(stage.people.all()).toHaveLength(before)
  })
})

describe('a headless login', () => {
  test('goes through both parties, and no address on the way holds a number', async () => {
    const start = await startOf('some-state')
    const { response, finalUrl, visited } = await logIn(start, { id: 'kari-nordby', level: 'substantial' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('the relying party')
    expect(finalUrl).toMatch(/\/other\/callback\?code=[\w-]+&state=some-state/)
    expect(visited.filter((url) => url.includes('/interaction/'))).toHaveLength(2)
    const numbers = stage.people.all().flatMap((person) => person.identityNumber ?? [])
    for (const url of visited) for (const number of numbers) expect(decodeURIComponent(url)).not.toContain(number)
  })

  test('says what the page said when it is refused', async () => {
    const login = logIn(await startOf('x'), { id: 'nobody' })
    await expect(login).rejects.toThrow(/stopped at \/interaction\/[\w-]+\/login: .*Velg en person/)
  })
})

async function startOf(state: string): Promise<string> {
  const parameters = new URLSearchParams({
    client_id: 'other',
    redirect_uri: stage.other.redirectUri,
    response_type: 'code',
    scope: 'openid',
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  })
  return `${stage.idporten.issuer}/authorize?${parameters.toString()}`
}
