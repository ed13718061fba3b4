import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tokensFor } from '../../standins/headless-login.js'
import { API_SCOPE, Browser, type LoginStage, startLoginStage } from './login-stage.js'

let stage: LoginStage
let browser: Browser
let cookie: string
let token: string
let weakToken: string
let idToken: string

beforeAll(async () => {
  stage = await startLoginStage()
  browser = new Browser()
  await stage.logIn('kari-nordby', '/login', browser)
  cookie = browser.header(new URL(stage.origin))
  const tokens = await tokensFor(stage.issuer, stage.app, { id: 'ola-nordby' }, { scope: `openid ${API_SCOPE}` })
  ;({ access_token: token, id_token: idToken } = tokens)
  weakToken = (await tokensFor(stage.issuer, stage.app, { id: 'ola-nordby' })).access_token
})
afterAll(() => stage.stop())

type Headers = Record<string, string>

const ask = (path: string, method: string, headers: Headers) => fetch(`${stage.origin}${path}`, { method, headers })

describe('with a session cookie, a change is taken', () => {
  test.each<[string, string, (origin: string) => Headers]>([
    ['by POST from our pages', 'POST', (origin) => ({ origin })],
    ['by POST from our pages, as browsers say', 'POST', (origin) => ({ origin, 'sec-fetch-site': 'same-origin' })],
    ['by PUT from our pages', 'PUT', (origin) => ({ origin })],
    ['by DELETE from our pages', 'DELETE', (origin) => ({ origin })],
    [
      'by GET, which is none, from anywhere',
      'GET',
      () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
    ],
    ['by GET without an origin', 'GET', () => ({})],
    ['by HEAD without an origin', 'HEAD', () => ({})],
  ])('%s', async (_name, method, headers) => {
    const response = await ask('/probe/person', method, { cookie, ...headers(stage.origin) })
    expect(response.status).toBe(200)
    if (method !== 'HEAD') expect(await response.json()).toEqual({ by: 'session', frozen: true })
  })
})

describe('with a session cookie, a change is refused', () => {
  test.each<[string, string, (origin: string) => Headers]>([
    ['without an origin', 'POST', () => ({})],
    ['without an origin, though the browser says same-origin', 'POST', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['from another site', 'POST', () => ({ origin: 'https://evil.example' })],
    ['from a page without an address', 'POST', () => ({ origin: 'null' })],
    ['from our host by another scheme', 'POST', (origin) => ({ origin: origin.replace('http:', 'https:') })],
    ['from our host at another port', 'POST', (origin) => ({ origin: origin.replace(/\d+$/, '1') })],
    ['from a host that ends like ours', 'POST', (origin) => ({ origin: origin.replace('//', '//evil.') })],
    ['from a host that begins like ours', 'POST', (origin) => ({ origin: `${origin}.evil.example` })],
    ['with a path after our origin', 'POST', (origin) => ({ origin: `${origin}/` })],
    ['with two origins', 'POST', (origin) => ({ origin: `${origin}, https://evil.example` })],
    ['with only a referrer', 'POST', (origin) => ({ referer: `${origin}/mandates` })],
    ['by a neighbour', 'POST', (origin) => ({ origin, 'sec-fetch-site': 'same-site' })],
    ['by another site that lies about its origin', 'POST', (origin) => ({ origin, 'sec-fetch-site': 'cross-site' })],
    ['by hand', 'POST', (origin) => ({ origin, 'sec-fetch-site': 'none' })],
    ['by PUT', 'PUT', () => ({})],
    ['by PATCH', 'PATCH', () => ({})],
    ['by DELETE', 'DELETE', () => ({})],
  ])('%s', async (_name, method, headers) => {
    for (const path of ['/probe/person', '/probe/person-or-app']) {
      const response = await ask(path, method, { cookie, ...headers(stage.origin) })
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'foreign_origin' })
    }
  })
})

describe('no one is let in', () => {
  test.each<[string, () => Headers]>([
    ['without anything', () => ({})],
    ['with a cookie that is no session', () => ({ cookie: `__Host-fullmakt=${'A'.repeat(43)}` })],
    ['with a cookie that could be none', () => ({ cookie: `__Host-fullmakt=${'A'.repeat(4000)}` })],
    ['with an empty cookie', () => ({ cookie: '__Host-fullmakt=' })],
    ['with the session under another name', () => ({ cookie: cookie.replaceAll('__Host-', '') })],
    ['with the cookie of an attempt alone', () => ({ cookie: cookie.replace(/__Host-fullmakt=[^;]+/, '') })],
    ['with another scheme', () => ({ authorization: `Basic ${token}` })],
    ['with the scheme alone, misspelt', () => ({ authorization: 'Bear er' })],
  ])('%s', async (_name, headers) => {
    for (const path of ['/probe/person', '/probe/person-or-app', '/v1/me/session']) {
      const response = await ask(path, 'GET', headers())
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(await response.json()).toMatchObject({ code: 'not_logged_in' })
    }
  })
})

describe('an app', () => {
  test('is let in with an access token that carries our scope, and is told who its user is', async () => {
    const response = await ask('/v1/me/session', 'GET', { authorization: `Bearer ${token}`, 'accept-language': 'nn' })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      ref: expect.any(String),
      name: 'Ola Nordby',
      level: 'high',
      authenticated_at: null,
      born_on: '1978-03-19',
      language: 'nn',
      by: 'app',
    })
  })

  test('may send changes from anywhere, since no browser adds its token by itself', async () => {
    const headers = { authorization: `Bearer ${token}`, origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
    const response = await ask('/probe/person-or-app', 'POST', headers)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ by: 'app', frozen: true })
  })

  test('is not let in where our own pages are asked for', async () => {
    const response = await ask('/probe/person', 'GET', { authorization: `Bearer ${token}` })
    expect(response.status).toBe(401)
  })

  test('speaks for its user even where the browser sends the session of another along', async () => {
    const headers = { authorization: `Bearer ${token}`, cookie }
    expect(await (await ask('/v1/me/session', 'GET', headers)).json()).toMatchObject({ name: 'Ola Nordby', by: 'app' })
    expect((await ask('/probe/person', 'GET', headers)).status).toBe(401)
  })

  test('is told when its token lacks the scope', async () => {
    const response = await ask('/v1/me/session', 'GET', { authorization: `Bearer ${weakToken}` })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      code: 'not_with_this_login',
      error: 'insufficient_scope',
      scope: API_SCOPE,
    })
  })

  test.each<[string, () => string]>([
    ['an empty token', () => 'Bearer'],
    ['an empty token after a space', () => 'Bearer '],
    ['something else', () => 'Bearer abc'],
    ['an id_token', () => `Bearer ${idToken}`],
    ['padding', () => `Bearer ${token}=`],
    ['a token that was altered', () => `Bearer ${token.slice(0, -6)}AAAAAA`],
    ['two tokens', () => `Bearer ${token} ${token}`],
    ['a list of tokens', () => `Bearer ${token}, Bearer ${token}`],
    ['no signature', () => `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`],
  ])('is refused with %s, and a session does not help', async (_name, authorization) => {
    for (const headers of [{}, { cookie }]) {
      const response = await ask('/v1/me/session', 'GET', { ...headers, authorization: authorization() })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      expect(await response.json()).toMatchObject({ code: 'invalid_access_token' })
    }
  })

  test('may write the scheme as it likes', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
      const response = await ask('/probe/person-or-app', 'GET', { authorization: `${scheme} ${token}` })
      expect(response.status).toBe(200)
    }
  })
})
