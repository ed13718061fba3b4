import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type TestService, testService } from '../support/service.js'

let parts: TestService

beforeAll(async () => {
  parts = await testService()
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** What browsers send when a person has typed an address. */
const PERSON = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

const get = (address: string, accept: string, method = 'GET'): Promise<Response> =>
  fetch(`${parts.url}${address}`, { method, headers: { accept } })

/** Those that are of one answer only. */
const OWN = ['date', 'keep-alive', 'content-length', 'x-ratelimit-remaining', 'x-ratelimit-reset']

function headersOf({ headers }: Response): Readonly<Record<string, string>> {
  const shared = [...headers].filter(([name]) => !OWN.includes(name))
  return Object.fromEntries(shared.map(([name, value]) => [name, value.replaceAll(/nonce-[\w-]{43}/g, 'nonce')]))
}

describe('an address at which there is nothing', () => {
  test.each([
    '/mnie',
    '/hjlep/tilgjengelighet',
    '/Mine',
    `/${'a'.repeat(500)}`,
    '/mine.html',
    '/login/nowhere',
    '/%E2%9C%93',
  ])('%s is a page for a person, with the headers of every page', async (address) => {
    const [answer, page] = await Promise.all([get(address, PERSON), get('/mine', PERSON)])
    expect([answer.status, page.status]).toEqual([404, 200])
    expect(headersOf(answer)).toEqual(headersOf(page))
    const without = (html: string): string => html.replaceAll(/nonce="[\w-]{43}"/g, '')
    expect(without(await answer.text())).toBe(without(await page.text()))
  })

  test.each([
    ['/v1/nowhere', PERSON],
    ['/v1', PERSON],
    ['/problems/nowhere', PERSON],
    ['/.well-known/nowhere', PERSON],
    ['/statuslists/nowhere/x', PERSON],
    ['/jwks/x', PERSON],
    ['/docs-x/../v1/x', PERSON],
    ['/assets/nowhere.js', PERSON],
    ['/mnie', 'application/json'],
    ['/mnie', '*/*'],
    ['/mnie', 'text/htmlx'],
    ['/mnie', 'application/problem+json, text/plain'],
  ])('%s to a program (%s) is a problem document', async (address, accept) => {
    const answer = await get(address, accept)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(await answer.json()).toMatchObject({ code: 'not_found', status: 404 })
  })

  test('and keeps the forms of their own of AuthZEN and OAuth', async () => {
    expect(await (await get('/oauth/nowhere', PERSON)).json()).toMatchObject({ error: 'invalid_request' })
    expect(typeof (await (await get('/access/nowhere', PERSON)).json())).toBe('string')
  })

  test('nothing is sent to it: other methods get a problem document', async () => {
    const answer = await get('/mnie', PERSON, 'POST')
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }])
  })
})
