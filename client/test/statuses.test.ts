import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { remoteKeys, remoteStatuses, TokenRefused } from '../src/verify.js'
import { json, type KeyServer, startKeyServer } from './key-server.js'
import { compressed, ENDED, packed, signedList, VALID } from './lists.js'
import { issuerKey, keys, KID, publicJwk, SECOND } from './tokens.js'

let server: KeyServer
let issuer: string
let uri: string
let statuses: ReturnType<typeof remoteStatuses>
/** Both the clock by which lists are held and, in seconds, the one on the wall. */
let clock: number
let started: number

beforeEach(async () => {
  server = await startKeyServer(() => undefined)
  issuer = server.url.origin
  uri = `${issuer}/statuslists/7`
  statuses = remoteStatuses(issuer, keys)
  clock = started = Math.ceil(performance.now())
  jest.spyOn(performance, 'now').mockImplementation(() => clock)
  serveSignedAt(0)
})

afterEach(async () => {
  jest.restoreAllMocks()
  await server[Symbol.asyncDispose]()
})

/** From now on the list is one that was signed so many seconds after the test began. */
function serveSignedAt(seconds: number, list: Readonly<Record<string, unknown>> = {}): void {
  server.answer = (response, request) => {
    const claims = { iat: SECOND + seconds, exp: SECOND + seconds + 90 }
    response.writeHead(200).end(signedList(issuer, `${issuer}${request.url ?? ''}`, { claims, list }))
  }
}

const pass = (seconds: number): void => void (clock += seconds * 1000)

async function ask(index = VALID, of = uri): Promise<string> {
  const now = new Date((SECOND + (clock - started) / 1000) * 1000)
  return statuses({ uri: of, index }, now).then(
    () => 'valid',
    (error: unknown) => (error instanceof TokenRefused ? error.code : `broken: ${String(error)}`),
  )
}

/** Until the request that runs in the background has been answered. */
async function settled(requests: number): Promise<void> {
  while (server.asked.length < requests) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 60))
}

describe('how often the issuer is asked', () => {
  test('once for 200 verifications at the same time', async () => {
    const asked = Array.from({ length: 200 }, (_, n) => ask(n % 2 === 0 ? VALID : ENDED))
    const answers = await Promise.all(asked)
    expect(answers.filter((answer) => answer === 'valid')).toHaveLength(100)
    expect(answers.filter((answer) => answer === 'status_ended')).toHaveLength(100)
    expect(server.asked).toEqual(['/statuslists/7'])
  })

  test('not again while the list is young, and in the background from 15 s on', async () => {
    await ask()
    pass(14.9)
    await ask()
    expect(server.asked).toHaveLength(1)
    const bytes = packed()
    bytes[Math.floor(VALID / 4)] = 1 << ((VALID % 4) * 2)
    serveSignedAt(12, { lst: compressed(bytes) })
    pass(0.1)
    expect(await ask()).toBe('valid')
    await settled(2)
    expect(await ask()).toBe('status_ended')
    expect(server.asked).toHaveLength(2)
  })

  test('from its ttl on before the answer', async () => {
    await ask()
    serveSignedAt(25)
    pass(30)
    expect(await ask()).toBe('valid')
    expect(server.asked).toHaveLength(2)
    pass(70)
    await settled(2)
    serveSignedAt(100)
    expect(await ask()).toBe('valid')
  })

  test('once for each list, and no more than 16 lists are held', async () => {
    const of = (n: number): string => `${issuer}/statuslists/${n}`
    for (let n = 0; n < 20; n++) expect(await ask(ENDED, of(n))).toBe('status_ended')
    expect(server.asked).toHaveLength(20)
    for (let n = 4; n < 20; n++) await ask(VALID, of(n))
    expect(server.asked).toHaveLength(20)
    await ask(VALID, of(0))
    expect(server.asked).toHaveLength(21)
  })

  test('at most once a second while it fails', async () => {
    server.answer = (response) => response.writeHead(500).end()
    expect(await Promise.all(Array.from({ length: 50 }, () => ask()))).toEqual(Array(50).fill('status_unavailable'))
    pass(0.9)
    expect(await ask()).toBe('status_unavailable')
    expect(server.asked).toHaveLength(1)
    serveSignedAt(0)
    pass(0.1)
    expect(await ask()).toBe('valid')
  })
})

describe('when the issuer is out of reach', () => {
  test('nothing is accepted without a list', async () => {
    await server[Symbol.asyncDispose]()
    expect(await ask()).toBe('status_unavailable')
  })

  test('the list that is held serves until it is 90 s old, and not longer', async () => {
    await ask()
    await server[Symbol.asyncDispose]()
    for (const seconds of [20, 20, 49]) {
      pass(seconds)
      expect(await ask()).toBe('valid')
      expect(await ask(ENDED)).toBe('status_ended')
    }
    pass(2)
    expect(await ask()).toBe('status_unavailable')
  })

  test('so it is when the keys are out of reach, or the key of the list is withdrawn', async () => {
    const source = remoteKeys(new URL(`${issuer}/jwks`))
    statuses = remoteStatuses(issuer, source)
    const lists = server.answer
    server.answer = (response, request) =>
      request.url === '/jwks' ? response.writeHead(500).end() : lists(response, request)
    expect(await ask()).toBe('status_unavailable')
    pass(1)
    const jwks = { keys: [publicJwk(issuerKey.publicKey, `${KID}-next`)] }
    server.answer = (response, request) =>
      request.url === '/jwks' ? json(jwks)(response, request) : lists(response, request)
    expect(await ask()).toBe('status_unavailable')
  })
})

describe('a cache in between', () => {
  test('that holds a list for too long: tokens are refused, whatever ttl says', async () => {
    expect(await ask()).toBe('valid')
    for (const seconds of [30, 30, 30]) {
      pass(seconds)
      expect(await ask()).toBe(clock - started < 90_000 ? 'valid' : 'status_unavailable')
    }
    const asked = server.asked.length
    expect(await Promise.all(Array.from({ length: 20 }, () => ask()))).toEqual(Array(20).fill('status_unavailable'))
    expect(server.asked).toHaveLength(asked)
    serveSignedAt(85)
    pass(1)
    expect(await ask()).toBe('valid')
  })

  test('that gives an older list than the one before: the newer one is kept', async () => {
    const bytes = packed()
    bytes[Math.floor(VALID / 4)] = 1 << ((VALID % 4) * 2)
    serveSignedAt(10, { lst: compressed(bytes) })
    pass(10)
    expect(await ask()).toBe('status_ended')
    serveSignedAt(5)
    pass(40)
    expect(await ask()).toBe('status_ended')
    expect(server.asked).toHaveLength(2)
  })

  test('that redirects is not followed', async () => {
    server.answer = (response, request) =>
      request.url === '/elsewhere'
        ? response.writeHead(200).end(signedList(issuer, uri))
        : response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await ask()).toBe('status_unavailable')
    expect(server.asked).toEqual(['/statuslists/7'])
  })
})

describe('which addresses may be asked', () => {
  test.each(['https://fullmakt.example.no', 'http://localhost:3000'])('%s', (address) => {
    expect(() => remoteStatuses(address, keys)).not.toThrow()
  })

  test.each(['http://fullmakt.example.no', 'file:///fullmakt', 'https://user:word@fullmakt.example.no'])(
    'not %s',
    (address) => {
      expect(() => remoteStatuses(address, keys)).toThrow(TypeError)
    },
  )

  test('never another than the issuer’s', async () => {
    for (const elsewhere of ['https://elsewhere.example/statuslists/7', `${issuer}.example/statuslists/7`]) {
      expect(await ask(VALID, elsewhere)).toMatch(/broken: TypeError/)
    }
    expect(server.asked).toEqual([])
  })
})
