import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CookieJar } from '../../standins/cookie-jar.js'

let server: Server
let origin: string
beforeAll(async () => {
  // Sets what the query names, and answers with what it was sent.
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('set-cookie', url.searchParams.getAll('set'))
    response.end(request.headers.cookie ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

async function visit(jar: CookieJar, path: string, ...set: readonly string[]): Promise<string> {
  const url = new URL(path, origin)
  for (const cookie of set) url.searchParams.append('set', cookie)
  return (await jar.fetch(url)).text()
}

test('cookies come back to their path and below it, the longest path first', async () => {
  const jar = new CookieJar()
  await visit(jar, '/a/start', 'all=1; Path=/', 'own=2', 'deep=3; Path=/a/b; HttpOnly; Secure')
  expect(await visit(jar, '/')).toBe('all=1')
  expect(await visit(jar, '/a/b/c')).toBe('deep=3; own=2; all=1')
  expect(await visit(jar, '/a/bc')).toBe('own=2; all=1')
  expect(jar.header(new URL('http://localhost:1/a/b'))).toBe('deep=3; own=2; all=1')
  expect(jar.header(new URL('http://127.0.0.1:1/a/b'))).toBe('')
})

test('a cookie can be changed, and be ended in either way', async () => {
  const jar = new CookieJar()
  await visit(jar, '/', 'a=1', 'b=x=y; Max-Age=60', 'c=3; Expires=Wed, 01 Jan 2098 00:00:00 GMT')
  expect(await visit(jar, '/', 'a=2; Path=/')).toBe('a=1; b=x=y; c=3')
  expect(await visit(jar, '/', 'a=; Max-Age=0', 'c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT')).toBe('a=2; b=x=y; c=3')
  expect(await visit(jar, '/')).toBe('b=x=y')
})
