import { Buffer } from 'node:buffer'
import type { ServerResponse } from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type KeySource, remoteKeys, TokenRefused, verify } from '../src/verify.js'
import { json, type KeyServer, startKeyServer } from './key-server.js'
import { es256, expected, issuerKey, KID, otherKey, publicJwk, rsaKey, withHeader } from './tokens.js'

const first = publicJwk(issuerKey.publicKey, KID)
const second = publicJwk(otherKey.publicKey, '2026-11-b')
const token = withHeader({})
const rotated = withHeader({ kid: '2026-11-b' }, (input) => es256(input, otherKey.privateKey))

let server: KeyServer
let keys: KeySource
/** The clock by which keys age, in whole milliseconds, so that sums are exact. */
let clock: number

beforeEach(async () => {
  server = await startKeyServer(json({ keys: [first] }))
  keys = remoteKeys(server.url)
  clock = Math.ceil(performance.now())
  jest.spyOn(performance, 'now').mockImplementation(() => clock)
})

afterEach(async () => {
  jest.restoreAllMocks()
  await server[Symbol.asyncDispose]()
})

async function outcomeOf(signed: string): Promise<string> {
  return verify(signed, { ...expected, keys }).then(
    () => 'accepted',
    (error: unknown) => (error instanceof TokenRefused ? error.code : `broken: ${String(error)}`),
  )
}

const many = (count: number, signed: (n: number) => string): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => outcomeOf(signed(n))))

const unknown = (n: number): string => withHeader({ kid: `made-up-${n}` })

describe('how often the issuer is asked', () => {
  test('once for 200 verifications at the same time', async () => {
    expect(new Set(await many(200, () => token))).toEqual(new Set(['accepted']))
    expect(server.asked).toEqual(['/jwks'])
  })

  test('not before the first use, and not again while the keys are young', async () => {
    expect(server.asked).toHaveLength(0)
    await outcomeOf(token)
    clock += 29_999
    expect(await outcomeOf(token)).toBe('accepted')
    await setTimeout(50)
    expect(server.asked).toHaveLength(1)
  })

  test('in the background from 30 s on, while the held keys are used', async () => {
    await outcomeOf(token)
    clock += 30_000
    let closed = false
    const withheld = new Promise<() => void>((resolve) => {
      server.answer = (response, request) => {
        response.on('close', () => (closed = true))
        resolve(() => json({ keys: [second] })(response, request))
      }
    })
    expect(await outcomeOf(token)).toBe('accepted')
    const release = await withheld
    expect(await many(20, () => token)).toEqual(Array(20).fill('accepted'))
    expect(closed).toBe(false)
    release()
    while ((await outcomeOf(token)) === 'accepted') await setTimeout(5)
    expect(await outcomeOf(rotated)).toBe('accepted')
    expect(server.asked).toHaveLength(2)
  })

  test('by the age of the question, not of the answer', async () => {
    server.answer = (response, request) => {
      clock += 2_000
      json({ keys: [first] })(response, request)
    }
    await outcomeOf(token)
    server.answer = json({ keys: [second] })
    clock += 58_000
    expect(await outcomeOf(token)).toBe('key')
  })

  test('again after 60 s: a key withdrawn by then is not accepted', async () => {
    await outcomeOf(token)
    server.answer = json({ keys: [second] })
    clock += 60_000
    expect(await outcomeOf(token)).toBe('key')
    expect(await outcomeOf(rotated)).toBe('accepted')
    expect(server.asked).toHaveLength(2)
  })

  test('for an unknown kid, so that a new key is found before the old ones are renewed', async () => {
    expect(await outcomeOf(token)).toBe('accepted')
    server.answer = json({ keys: [first, second] })
    clock += 10_000
    expect(await outcomeOf(rotated)).toBe('accepted')
    expect(await outcomeOf(token)).toBe('accepted')
    expect(server.asked).toHaveLength(2)
  })

  test('at most once in 10 s for a flood of unknown kids', async () => {
    await outcomeOf(token)
    for (let round = 0; round < 3; round++) {
      clock += 10_000
      expect(new Set(await many(100, unknown))).toEqual(new Set(['key']))
      clock += 9_999
      expect(new Set(await many(100, unknown))).toEqual(new Set(['key']))
      expect(server.asked).toHaveLength(2 + round)
      clock -= 9_999
    }
  })

  test('at most once a second while it fails', async () => {
    server.answer = (response) => response.writeHead(500).end()
    expect(new Set(await many(50, unknown))).toEqual(new Set(['keys_unavailable']))
    clock += 999
    expect(new Set(await many(50, () => token))).toEqual(new Set(['keys_unavailable']))
    expect(server.asked).toHaveLength(1)
    server.answer = json({ keys: [first] })
    clock += 1
    expect(await outcomeOf(token)).toBe('accepted')
    expect(server.asked).toHaveLength(2)
  })
})

test.each([
  ['at+jwt', 'accepted'],
  ['statuslist+jwt', 'key'],
  ['secevent+jwt', 'key'],
  ['', 'key'],
  [7, 'key'],
  [null, 'key'],
])('a key that the issuer has for %j: %s', async (signs, outcome) => {
  server.answer = json({ keys: [{ ...first, signs }] })
  expect(await outcomeOf(token)).toBe(outcome)
})

describe('when the issuer is down', () => {
  test('nothing is accepted without keys', async () => {
    await server[Symbol.asyncDispose]()
    expect(await outcomeOf(token)).toBe('keys_unavailable')
  })

  test('the held keys serve for 60 s and not longer', async () => {
    await outcomeOf(token)
    await server[Symbol.asyncDispose]()
    clock += 59_999
    const unhandled: unknown[] = []
    const note = (reason: unknown): unknown => unhandled.push(reason)
    process.on('unhandledRejection', note)
    expect(await outcomeOf(token)).toBe('accepted')
    await setTimeout(50)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    clock += 1
    expect(await outcomeOf(token)).toBe('keys_unavailable')
  })

  test('an unknown kid is not called unknown', async () => {
    await outcomeOf(token)
    await server[Symbol.asyncDispose]()
    clock += 10_000
    expect(await outcomeOf(rotated)).toBe('keys_unavailable')
  })

  test('the cause is kept for the log', async () => {
    await server[Symbol.asyncDispose]()
    await expect(keys(KID, 'at+jwt')).rejects.toMatchObject({
      code: 'keys_unavailable',
      cause: { message: 'fetch failed' },
    })
  })
})

describe('answers that are no key set', () => {
  const endless = (response: ServerResponse): void => {
    response.writeHead(200)
    const send = (): unknown => response.write(Buffer.alloc(16_384, ' ')) && setImmediate(send)
    response.on('drain', send)
    send()
  }
  const raw =
    (status: number, body: string): KeyServer['answer'] =>
    (response) =>
      response.writeHead(status).end(body)
  const bodyCut: KeyServer['answer'] = (response) => {
    response.writeHead(200, { 'content-length': 500 }).write('{')
    void setTimeout(10).then(() => response.destroy())
  }
  const good = JSON.stringify({ keys: [first] })
  // prettier-ignore
  const rows: readonly { what: string; answer: KeyServer['answer']; cause: RegExp }[] = [
    { what: 'an error with keys in it', answer: raw(503, good), cause: /answered 503/ },
    { what: 'another success', answer: raw(203, good), cause: /answered 203/ },
    { what: 'an empty answer', answer: raw(200, ''), cause: /JSON/ },
    { what: 'a page', answer: raw(200, '<html></html>'), cause: /JSON/ },
    { what: 'JSON that breaks off', answer: raw(200, '{"keys":['), cause: /JSON/ },
    { what: 'an array', answer: json([first]), cause: /not a JSON object/ },
    { what: 'no keys', answer: json({}), cause: /no array of keys/ },
    { what: 'keys as an object', answer: json({ keys: { [KID]: first } }), cause: /no array of keys/ },
    { what: 'members twice', answer: raw(200, `{"keys":[],${good.slice(1)}`), cause: /stands twice/ },
    { what: 'one kid for two keys', answer: json({ keys: [first, { ...second, kid: KID }] }), cause: /two keys/ },
    { what: 'a point off the curve', answer: json({ keys: [{ ...first, x: second.x }] }), cause: /key/i },
    { what: 'a valid set of more than 64 KiB', answer: json({ keys: [first], note: 'x'.repeat(65_536) }), cause: /64 KiB/ },
    { what: 'an answer without end', answer: endless, cause: /64 KiB/ },
    { what: 'a connection cut', answer: (response) => response.destroy(), cause: /fetch failed/ },
    { what: 'a body cut', answer: bodyCut, cause: /terminated/ },
  ]

  test.each(rows)('$what', async ({ answer, cause }) => {
    server.answer = answer
    await expect(keys(KID, 'at+jwt')).rejects.toMatchObject({
      code: 'keys_unavailable',
      cause: { message: expect.stringMatching(cause) },
    })
  })

  test('a redirection is not followed', async () => {
    server.answer = (response, request) =>
      request.url === '/jwks'
        ? response.writeHead(302, { location: '/moved' }).end()
        : json({ keys: [first] })(response, request)
    expect(await outcomeOf(token)).toBe('keys_unavailable')
    expect(server.asked).toEqual(['/jwks'])
  })

  test('silence and drops are given up after 3 s', async () => {
    const silent = await startKeyServer(() => undefined)
    server.answer = (response) => {
      const drops = setInterval(() => response.write(' '), 100)
      response.writeHead(200).on('close', () => clearInterval(drops))
    }
    const started = Date.now()
    const waiting = [keys, remoteKeys(silent.url)].map((source) =>
      source(KID, 'at+jwt').catch((error: unknown) => error),
    )
    for (const refusal of await Promise.all(waiting))
      expect(refusal).toMatchObject({ code: 'keys_unavailable', cause: { name: 'TimeoutError' } })
    expect(Date.now() - started).toBeLessThan(6_000)
    await silent[Symbol.asyncDispose]()
  })
})

describe('which keys count', () => {
  const privateJwk = { ...issuerKey.privateKey.export({ format: 'jwk' }), kid: KID }
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })
  // prettier-ignore
  const rows: readonly (readonly [string, unknown])[] = [
    ['a key for encryption', { ...first, use: 'enc' }],
    ['a key for another algorithm', { ...first, alg: 'ECDH-ES' }],
    ['a key that only signs', { ...first, key_ops: ['sign'] }],
    ['a key on another curve', { ...p384, kid: KID }],
    ['an RSA key', { ...rsaKey.publicKey.export({ format: 'jwk' }), kid: KID }],
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: KID, alg: 'HS256' }],
    ['a key whose private part is published', privateJwk],
    ['a key without a kid', { ...first, kid: undefined }],
    ['a key of another type', { ...first, kty: 'OKP' }],
    ['a key without y', { ...first, y: undefined }],
    ['null', null],
    ['text', KID],
  ]

  test.each(rows)('%s is passed over', async (_, jwk) => {
    server.answer = json({ keys: [jwk, second] })
    expect(await outcomeOf(token)).toBe('key')
    expect(await outcomeOf(rotated)).toBe('accepted')
  })

  test("keys without a kid do not stand in each other's way", async () => {
    server.answer = json({ keys: [{ ...first, kid: undefined }, { ...second, kid: undefined }, second] })
    expect(await outcomeOf(rotated)).toBe('accepted')
  })

  test('a key that says nothing of its use is one', async () => {
    server.answer = json({ keys: [{ ...first, use: undefined, alg: undefined, key_ops: ['verify'] }] })
    expect(await outcomeOf(token)).toBe('accepted')
  })

  test('an empty set is an answer: all keys are withdrawn', async () => {
    server.answer = json({ keys: [] })
    expect(await outcomeOf(token)).toBe('key')
  })
})

describe('which addresses may be asked', () => {
  test.each(['https://fullmakt.example.no/jwks', 'http://localhost:3000/jwks', 'http://[::1]:3000/jwks'])(
    '%s',
    (url) => {
      expect(() => remoteKeys(new URL(url))).not.toThrow()
    },
  )

  // prettier-ignore
  test.each(['http://fullmakt.example.no/jwks', 'http://localhost.example.no/jwks', 'file:///jwks', 'data:,{}', 'https://user:word@fullmakt.example.no/jwks'])('not %s', (url) => {
    expect(() => remoteKeys(new URL(url))).toThrow(TypeError)
  })
})
