import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { RegisterFault, type RegisterFaultCode } from '../../src/registers/register-fault.js'
import { RegisterHttp } from '../../src/registers/register-http.js'
import {
  IMPATIENT,
  NUMBERS,
  type RegisterServer,
  type Reply,
  TOKENS,
  faultOf,
  json,
  startRegister,
  status,
} from './register-server.js'

let server: RegisterServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function clientOf(...replies: Reply[]): Promise<{ http: RegisterHttp; register: RegisterServer }> {
  const register = (server = await startRegister(...replies))
  const access = { address: register.address, tokens: TOKENS, patience: IMPATIENT, longestAnswer: 1_000 }
  return { register, http: new RegisterHttp('folkeregisteret', access, 'milliseconds') }
}

const QUESTION = { path: 'personer/bulkoppslag', body: { foedselsEllerDNummer: [NUMBERS.child] }, scope: 'a:scope' }
const JSON_TYPE = { 'content-type': 'application/json' }

test('sends the token, the body by POST and what it accepts; reads JSON of any +json type', async () => {
  const { http, register } = await clientOf(
    json({ a: 1 }, { 'content-type': 'application/vnd.x.v1+json;charset=UTF-8' }),
  )
  await expect(http.ask({ ...QUESTION, query: [['part', 'a&b']] })).resolves.toMatchObject({
    status: 200,
    body: { a: 1 },
  })
  expect(register.asked).toEqual([
    expect.objectContaining({
      method: 'POST',
      url: '/personer/bulkoppslag?part=a%26b',
      body: `{"foedselsEllerDNummer":["${NUMBERS.child}"]}`,
      headers: expect.objectContaining({
        authorization: 'Bearer a-token',
        accept: 'application/json',
        'content-type': 'application/json',
      }) as unknown,
    }),
  ])
})

test('asks an open question by GET and without a token', async () => {
  const { http, register } = await clientOf(json([]))
  await http.ask({ path: 'api/x', scope: null })
  expect(register.asked[0]).toMatchObject({ method: 'GET', url: '/api/x' })
  expect(register.asked[0]?.headers).not.toHaveProperty('authorization')
})

const raw =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE): Reply =>
  (_, response) =>
    response.writeHead(200, headers).end(body)

const cut: Reply = (_, response) => {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' }).write('{"oppslag": [')
  setTimeout(() => response.destroy(), 20)
}

describe('every fault has its name, and nothing that failed is read as an answer', () => {
  test.each<[string, Reply, RegisterFaultCode, number]>([
    ['500, at every try', status(500, JSON_TYPE, '{"kode":"FREG-001","melding":"x"}'), 'server_error', 3],
    ['503', status(503), 'server_error', 3],
    ['429', status(429), 'throttled', 3],
    ['400', status(400), 'refused', 1],
    ['401', status(401), 'refused', 1],
    ['403', status(403), 'refused', 1],
    ['404, where it is no answer', status(404), 'refused', 1],
    ['406, where it is no answer', status(406), 'refused', 1],
    ['304, which nobody asked for', status(304), 'refused', 1],
    ['204', status(204), 'refused', 1],
    ['a redirect, which the token must not follow', status(302, { location: '/elsewhere' }), 'refused', 1],
    ['an answer that breaks off', cut, 'unreachable', 3],
    ['a connection that breaks', (_, response) => response.destroy(), 'unreachable', 3],
    ['no answer at all', () => undefined, 'timeout', 1],
    ['a page of maintenance', raw('<html>', { 'content-type': 'text/html' }), 'not_json', 1],
    ['no content type', raw('{}', {}), 'not_json', 1],
    ['half a JSON text', raw('{"oppslag": [{"foedselsEllerDNummer": "'), 'malformed', 1],
    ['an empty answer', raw(''), 'malformed', 1],
    ['a member twice', raw('{"a":1,"\\u0061":2}'), 'malformed', 1],
    ['Latin 1', raw(Buffer.from('"\xe5"', 'latin1')), 'malformed', 1],
    ['too much', raw(`"${'a'.repeat(1_000)}"`), 'too_large', 1],
    [
      'too much when it is unpacked',
      raw(gzipSync(`"${'a'.repeat(100_000)}"`), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
      'too_large',
      1,
    ],
  ])('%s', async (_, reply, code, tries) => {
    const { http, register } = await clientOf(reply)
    const fault = await faultOf(http.ask(QUESTION))
    expect(fault).toMatchObject({ register: 'folkeregisteret', code })
    expect(register.asked).toHaveLength(tries)
    expect(`${fault.stack ?? ''}${JSON.stringify(fault)}`).not.toContain(NUMBERS.child)
    expect(fault.message).not.toContain('bulkoppslag')
    expect(fault.cause).toBeUndefined()
  })

  test('nobody listens', async () => {
    const { http, register } = await clientOf()
    await register.stop()
    expect(await faultOf(http.ask(QUESTION))).toMatchObject({ code: 'unreachable', detail: 'ECONNREFUSED' })
  })

  test('the register’s own code is told, its words are not', async () => {
    const { http } = await clientOf(status(400, JSON_TYPE, `{"kode":"FREG-017","melding":"${NUMBERS.child} er feil"}`))
    expect((await faultOf(http.ask(QUESTION))).message).toBe('folkeregisteret: refused (400 FREG-017)')
  })

  test('a number that found its way into a detail is struck out', () => {
    expect(new RegisterFault('folkeregisteret', 'malformed', `x${NUMBERS.child}`).message).not.toContain(NUMBERS.child)
  })
})

describe('trying again', () => {
  test.each([
    ['a broken connection', (_, response) => response.destroy()],
    ['500', status(500)],
    ['429', status(429)],
  ] as [string, Reply][])('after %s, and the second answer counts', async (_, reply) => {
    const { http, register } = await clientOf(reply, json({ a: 1 }))
    await expect(http.ask(QUESTION)).resolves.toMatchObject({ body: { a: 1 } })
    expect(register.asked).toHaveLength(2)
  })

  test('no sooner than the register asks for', async () => {
    const { http } = await clientOf(status(429, { 'retry-after': '300' }), json({}))
    const start = performance.now()
    await http.ask(QUESTION)
    expect(performance.now() - start).toBeGreaterThanOrEqual(295)
  })

  test('not at all when the register wants to be left alone for longer than one question waits', async () => {
    const { http, register } = await clientOf(status(429, { 'retry-after': '60000' }))
    expect(await faultOf(http.ask(QUESTION))).toMatchObject({ code: 'throttled', retryAfter: 60_000 })
    expect(register.asked).toHaveLength(1)
  })

  test.each([
    ['seconds', '2', 2_000],
    ['milliseconds', '2000', 2_000],
    ['seconds', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['seconds', 'soon', null],
  ] as const)('Retry-After in %s: %s', async (unit, value, retryAfter) => {
    const register = (server = await startRegister(status(429, { 'retry-after': value })))
    const access = { address: register.address, tokens: TOKENS, patience: { ...IMPATIENT, retries: 0 } }
    const fault = await faultOf(new RegisterHttp('kontaktregisteret', access, unit).ask(QUESTION))
    expect(fault.retryAfter).toBe(retryAfter)
  })

  test('one time limit for all tries together', async () => {
    const slow: Reply = (_, response) => void setTimeout(() => response.writeHead(500).end(), 700)
    const { http } = await clientOf(slow)
    const start = performance.now()
    expect((await faultOf(http.ask(QUESTION))).code).toBe('timeout')
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('the circuit', () => {
  test('opens after failures in a row, sends nothing then, and closes on the first good answer', async () => {
    const { http, register } = await clientOf(status(500))
    for (let question = 0; question < 3; question++) await faultOf(http.ask(QUESTION))
    const sent = register.asked.length
    expect((await faultOf(http.ask(QUESTION))).code).toBe('circuit_open')
    expect(register.asked).toHaveLength(sent)

    register.replies = [json({ a: 1 })]
    await new Promise((done) => setTimeout(done, 220))
    await expect(http.ask(QUESTION)).resolves.toMatchObject({ body: { a: 1 } })
    await expect(http.ask(QUESTION)).resolves.toMatchObject({ body: { a: 1 } })
  })

  test('stays closed when only our questions are wrong', async () => {
    const { http } = await clientOf(status(400))
    for (let question = 0; question < 5; question++) expect((await faultOf(http.ask(QUESTION))).code).toBe('refused')
  })
})

describe('what we hold already', () => {
  test('an etag is sent, and 304 is an answer then', async () => {
    const { http, register } = await clientOf(json([], { etag: '"v1"' }), status(304, { etag: '"v1"' }))
    const first = await http.ask({ path: 'feed', scope: null })
    expect(first.etag).toBe('"v1"')
    await expect(http.ask({ path: 'feed', scope: null, etag: first.etag })).resolves.toMatchObject({
      status: 304,
      body: null,
    })
    expect(register.asked[1]?.headers['if-none-match']).toBe('"v1"')
  })

  test('a status that is an answer here is given without its body', async () => {
    const { http } = await clientOf(status(404, JSON_TYPE, '{}'))
    await expect(http.ask({ path: 'x', scope: null, alsoAnswers: [404] })).resolves.toEqual({
      status: 404,
      body: null,
      etag: null,
    })
  })

  test('a token that was not taken is forgotten', async () => {
    const register = (server = await startRegister(status(401)))
    const forget = jest.fn()
    const http = new RegisterHttp('folkeregisteret', { address: register.address, tokens: { ...TOKENS, forget } })
    expect((await faultOf(http.ask(QUESTION))).code).toBe('refused')
    expect(forget).toHaveBeenCalledWith('a:scope', 'a-token')
  })

  test('a fault of Maskinporten stays one, and this register is not asked', async () => {
    const register = (server = await startRegister(json({})))
    const tokens = { ...TOKENS, token: () => Promise.reject(new RegisterFault('maskinporten', 'timeout')) }
    const http = new RegisterHttp('folkeregisteret', { address: register.address, tokens, patience: IMPATIENT })
    for (let question = 0; question < 5; question++)
      expect(await faultOf(http.ask(QUESTION))).toMatchObject({ register: 'maskinporten', code: 'timeout' })
    expect(register.asked).toEqual([])
  })
})
