import { Buffer } from 'node:buffer'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { remoteStatuses, TokenRefused } from '../src/verify.js'
import { type KeyServer, startKeyServer } from './key-server.js'
import { type Changes, compressed, ENDED, FROZEN, packed, signedList, UNKNOWN, VALID } from './lists.js'
import { encode, es256, goodClaims, goodHeader, keys, KID, NOW, otherKey, SECOND, signTexts } from './tokens.js'

let server: KeyServer
let issuer: string
let uri: string
let statuses: ReturnType<typeof remoteStatuses>

beforeAll(async () => {
  server = await startKeyServer(() => undefined)
  issuer = server.url.origin
  uri = `${issuer}/statuslists/7`
})
afterAll(async () => server[Symbol.asyncDispose]())
beforeEach(() => {
  statuses = remoteStatuses(issuer, keys)
})

function serve(token: string | Buffer): void {
  server.answer = (response) => response.writeHead(200, { 'content-type': 'application/statuslist+jwt' }).end(token)
}

async function refusal(index = VALID): Promise<TokenRefused | 'valid'> {
  return statuses({ uri, index }, NOW).then(
    () => 'valid' as const,
    (error: unknown) => {
      if (error instanceof TokenRefused) return error
      throw error
    },
  )
}

describe('an entry', () => {
  test.each([
    ['0', VALID, undefined],
    ['1', ENDED, 'status_ended'],
    ['2', FROZEN, 'status_suspended'],
    ['3, which is not used', UNKNOWN, 'status_unavailable'],
    ['the last one', 2 ** 20 - 1, undefined],
    ['one beyond the last', 2 ** 20, 'status_unavailable'],
    ['beyond all bits', 2 ** 40, 'status_unavailable'],
  ])('%s', async (_, index, code) => {
    serve(signedList(issuer, uri))
    const outcome = await refusal(index)
    expect(outcome === 'valid' ? undefined : outcome.code).toBe(code)
  })

  test('beside a set one is valid', async () => {
    serve(signedList(issuer, uri))
    for (const set of [ENDED, FROZEN])
      for (const index of [set - 1, set + 1]) expect(await refusal(index)).toBe('valid')
  })

  test('beyond a list that is too short is not valid', async () => {
    serve(signedList(issuer, uri, { list: { lst: compressed(packed(4_000)) } }))
    expect(await refusal(3_999)).toBe('valid')
    expect(await refusal(4_000)).toMatchObject({ code: 'status_unavailable' })
  })
})

/** Compresses to almost nothing, and inflates to 64 MiB. */
const bomb = deflateSync(Buffer.alloc(67_108_864))
const lst = (bytes: Uint8Array): Changes => ({ list: { lst: Buffer.from(bytes).toString('base64url') } })
const none = { alg: 'none' }
const canonical = compressed(packed())

// prettier-ignore
const bad: readonly { what: string; changes: Changes; cause: RegExp }[] = [
  { what: 'the type of an access token', changes: { header: { typ: 'at+jwt' } }, cause: /typ/ },
  { what: 'no type', changes: { header: { typ: undefined } }, cause: /typ/ },
  { what: 'another casing of the type', changes: { header: { typ: 'StatusList+JWT' } }, cause: /typ/ },
  { what: 'no algorithm', changes: { header: none }, cause: /alg/ },
  { what: 'no algorithm and no signature', changes: { header: none, signer: () => new Uint8Array() }, cause: /canonical/ },
  { what: 'a shared key', changes: { header: { alg: 'HS256' } }, cause: /alg/ },
  { what: 'a key that the issuer has not', changes: { header: { kid: 'x' } }, cause: /kid/ },
  { what: 'the key along with it', changes: { header: { jwk: {} } }, cause: /member/ },
  { what: 'another’s signature', changes: { signer: (input) => es256(input, otherKey.privateKey) }, cause: /signature/ },
  { what: 'another issuer', changes: { claims: { iss: 'https://fullmakt.example.com' } }, cause: /iss/ },
  { what: 'no issuer', changes: { claims: { iss: undefined } }, cause: /iss/ },
  { what: 'another list', changes: { claims: { sub: 'https://fullmakt.example.no/statuslists/8' } }, cause: /sub/ },
  { what: 'no sub', changes: { claims: { sub: undefined } }, cause: /sub/ },
  { what: 'no iat', changes: { claims: { iat: undefined } }, cause: /iat/ },
  { what: 'iat as text', changes: { claims: { iat: String(SECOND) } }, cause: /iat/ },
  { what: 'no exp', changes: { claims: { exp: undefined } }, cause: /exp/ },
  { what: 'no ttl', changes: { claims: { ttl: undefined } }, cause: /ttl/ },
  { what: 'a ttl of nothing', changes: { claims: { ttl: 0 } }, cause: /ttl/ },
  { what: 'a ttl below nothing', changes: { claims: { ttl: -1 } }, cause: /ttl/ },
  { what: 'no list', changes: { claims: { status_list: undefined } }, cause: /status_list/ },
  { what: '1 bit', changes: { list: { bits: 1 } }, cause: /2 bits/ },
  { what: '4 bits', changes: { list: { bits: 4 } }, cause: /2 bits/ },
  { what: '8 bits', changes: { list: { bits: 8 } }, cause: /2 bits/ },
  { what: 'bits as text', changes: { list: { bits: '2' } }, cause: /2 bits/ },
  { what: 'no lst', changes: { list: { lst: undefined } }, cause: /lst/ },
  { what: 'an empty lst', changes: { list: { lst: '' } }, cause: /lst/ },
  { what: 'lst with padding', changes: { list: { lst: `${canonical}=` } }, cause: /canonical/ },
  { what: 'lst in plain base64', changes: { list: { lst: `${canonical.slice(0, -4)}+/==` } }, cause: /canonical/ },
  { what: 'lst not compressed', changes: lst(packed()), cause: /inflate/ },
  { what: 'lst without the ZLIB frame', changes: lst(deflateRawSync(packed())), cause: /inflate/ },
  { what: 'lst as gzip', changes: lst(gzipSync(packed())), cause: /inflate/ },
  { what: 'lst cut off', changes: lst(deflateSync(packed()).subarray(0, -5)), cause: /inflate/ },
  { what: 'lst with one byte after the end', changes: lst(Buffer.concat([deflateSync(packed()), Buffer.alloc(1)])), cause: /goes on/ },
  { what: 'lst with a second stream after the end', changes: lst(Buffer.concat([deflateSync(packed()), deflateSync(packed())])), cause: /goes on/ },
  { what: 'lst with a false checksum', changes: lst(Buffer.concat([deflateSync(packed()).subarray(0, -1), Buffer.from([7])])), cause: /inflate/ },
  { what: 'a list of one entry more than 2^20', changes: lst(deflateSync(Buffer.alloc(262_145))), cause: /inflate/ },
  { what: 'lst that would inflate to 64 MiB', changes: lst(bomb), cause: /inflate/ },
]

describe('a list that does not hold makes the token refused:', () => {
  test.each(bad)('$what', async ({ changes, cause }) => {
    serve(signedList(issuer, uri, changes))
    for (const index of [VALID, ENDED]) {
      expect(await refusal(index)).toMatchObject({
        code: 'status_unavailable',
        cause: { message: expect.stringMatching(cause) },
      })
    }
  })

  // prettier-ignore
  const ages: readonly { what: string; claims: Readonly<Record<string, number>>; held: boolean }[] = [
    { what: '90 s old', claims: { iat: SECOND - 90, exp: SECOND + 1 }, held: true },
    { what: '91 s old', claims: { iat: SECOND - 91, exp: SECOND + 1 }, held: false },
    { what: '91 s old and good for an hour by its own word', claims: { iat: SECOND - 91, exp: SECOND + 3600, ttl: 3600 }, held: false },
    { what: 'young and past its exp', claims: { iat: SECOND - 20, exp: SECOND }, held: false },
    { what: 'of a clock that is 30 s ahead', claims: { iat: SECOND + 30, exp: SECOND + 120 }, held: true },
    { what: 'of a clock that is 31 s ahead', claims: { iat: SECOND + 31, exp: SECOND + 120 }, held: false },
  ]

  test.each(ages)('one that is $what: held $held', async ({ claims, held }) => {
    serve(signedList(issuer, uri, { claims }))
    const outcome = await refusal()
    expect(outcome === 'valid' ? outcome : outcome.code).toBe(held ? 'valid' : 'status_unavailable')
  })

  test('one that is an access token of the same issuer', async () => {
    serve(signTexts(JSON.stringify(goodHeader), JSON.stringify({ ...goodClaims, iss: issuer, sub: uri })))
    expect(await refusal()).toMatchObject({ code: 'status_unavailable', cause: { message: /typ/ } })
  })

  test('one that is no JWT, or two, or has members twice', async () => {
    const token = signedList(issuer, uri)
    const [, payload = ''] = token.split('.')
    const twice = Buffer.from(payload, 'base64url').toString().replace('{', '{"iat":1,')
    const header = JSON.stringify({ alg: 'ES256', typ: 'statuslist+jwt', kid: KID })
    for (const text of [
      '',
      '<html></html>',
      `${token}\n`,
      token + token,
      `${encode('{}')}..`,
      signTexts(header, twice),
    ]) {
      statuses = remoteStatuses(issuer, keys)
      serve(text)
      expect(await refusal()).toMatchObject({ code: 'status_unavailable' })
    }
  })

  test('one that is longer than half a MiB, also when it comes compressed', async () => {
    const long = `${signedList(issuer, uri)}${'A'.repeat(600_000)}`
    serve(long)
    expect(await refusal()).toMatchObject({ code: 'status_unavailable', cause: { message: /512 KiB/ } })
    statuses = remoteStatuses(issuer, keys)
    server.answer = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('A'.repeat(200_000_000)))
    expect(await refusal()).toMatchObject({ code: 'status_unavailable', cause: { message: /512 KiB/ } })
  })

  test('one of a list whose bytes were changed anywhere', async () => {
    const token = signedList(issuer, uri)
    for (let at = 0; at < token.length; at += Math.ceil(token.length / 60)) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      statuses = remoteStatuses(issuer, keys)
      serve(changed)
      expect(await refusal()).toMatchObject({ code: 'status_unavailable' })
    }
  })
})
