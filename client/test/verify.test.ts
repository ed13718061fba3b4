import { Buffer } from 'node:buffer'
import { describe, expect, test } from '@jest/globals'
import { compactVerify, importSPKI } from 'jose'
import { ACTIONS, BASES } from '../../src/domain/catalogue.js'
import * as ground from '../src/ground.js'
import { type Expected, type KeySource, type StatusSource, TokenRefused, verify } from '../src/verify.js'
import { actors, claims, grounds, headers, type Refusal, spelling } from './refusals.js'
import {
  AUDIENCE,
  encode,
  expected,
  goodAct,
  goodClaims,
  goodDetail,
  goodToken,
  ISSUER,
  KID,
  rsaKey,
  SECOND,
  withClaims,
  withDetail,
  withHeader,
} from './tokens.js'

async function refusalOf(token: string, asked: Partial<Expected> = {}): Promise<TokenRefused> {
  const outcome: unknown = await verify(token, { ...expected, ...asked }).catch((error: unknown) => error)
  if (outcome instanceof TokenRefused) return outcome
  throw new Error('not refused', { cause: outcome })
}

/** What must not stand in a message: every text of the good token, and the token's parts. */
const secrets = [
  goodClaims['sub'],
  goodAct['sub'],
  goodClaims['jti'],
  goodClaims['client_id'],
  goodDetail['identifier'],
]

const groups: Readonly<Record<string, readonly Refusal[]>> = { spelling, headers, claims, actors, grounds }

describe.each(Object.entries(groups))('refused: %s', (_, rows) => {
  test.each(rows)('$what → $code', async ({ token, code, asked }) => {
    const refusal = await refusalOf(token, asked)
    expect(refusal.code).toBe(code)
    expect(refusal.message).not.toBe('')
    expect(refusal.cause).toBeUndefined()
    const secretParts = typeof token === 'string' ? token.split('.').filter((part) => part.length > 8) : []
    for (const secret of [...secrets, ...secretParts]) expect(refusal.message).not.toContain(secret)
  })
})

test('each row of the refusal list tells of one thing', () => {
  const names = Object.values(groups).flatMap((rows) => rows.map(({ what }) => what))
  expect(new Set(names).size).toBe(names.length)
})

describe('accepted', () => {
  // prettier-ignore
  const rows: readonly { what: string; token: string; asked?: Partial<Expected> }[] = [
    { what: 'the token as issued', token: goodToken },
    { what: 'the longer spelling of typ', token: withHeader({ typ: 'application/at+jwt' }) },
    { what: 'claims it does not know', token: withClaims({ note: [[{}]], __note: null }) },
    { what: 'a nested act', token: withClaims({ act: { ...goodAct, act: { iss: 'x', sub: 'y', act: 7 } } }) },
    { what: 'colons, quotes and braces within texts', token: withClaims({ note: '{"a":[1,"\\\\":2}\\"', 'odd:"name\\': ':' }) },
    { what: 'a name __proto__', token: withClaims(JSON.parse('{"__proto__":{"aud":"x"}}') as Record<string, unknown>) },
    { what: 'expired within the clock skew', token: withClaims({ iat: SECOND - 329, exp: SECOND - 29, auth_time: SECOND - 400 }) },
    { what: 'issued in the future within the clock skew', token: withClaims({ iat: SECOND + 30, exp: SECOND + 330 }) },
    { what: 'not before a time that has come', token: withClaims({ nbf: SECOND }) },
    { what: 'a life of 300 s', token: withClaims({ iat: SECOND, exp: SECOND + 300 }) },
    { what: 'a ground that ends in a millisecond', token: withDetail({ valid_until: '2026-11-21T12:00:00.001Z' }) },
    { what: 'a power at the named provider', token: withDetail({ provider: '889640782' }), asked: { power: { ...expected.power, provider: '889640782' } } },
    { what: 'a power at any provider', token: goodToken, asked: { power: { ...expected.power, provider: '889640782' } } },
    { what: 'a power for the named object', token: withDetail({ object: 'gård' }), asked: { power: { ...expected.power, object: 'gård' } } },
    { what: 'another entry beside the ground', token: withClaims({ authorization_details: [{ type: 'idporten:fullmakt' }, goodDetail] }) },
    { what: 'acr high', token: goodToken, asked: { minimumAssurance: 'high' } },
    { what: 'acr substantial', token: withClaims({ acr: 'idporten-loa-substantial' }) },
    { what: 'acr Level4', token: withClaims({ acr: 'Level4' }), asked: { minimumAssurance: 'high' } },
    { what: 'acr Level3', token: withClaims({ acr: 'Level3' }) },
    { what: 'acr eIDAS high', token: withClaims({ acr: 'eidas-loa-high' }), asked: { minimumAssurance: 'high' } },
  ]

  test.each(rows)('$what', async ({ token, asked }) => {
    await expect(verify(token, { ...expected, ...asked })).resolves.toMatchObject({ principal: goodClaims['sub'] })
  })

  test.each(BASES)('basis %s', async (basis) => {
    await expect(verify(withDetail({ basis }), expected)).resolves.toMatchObject({ basis })
  })

  test('the result tells who, for whom, what and why', async () => {
    const power = { ...expected.power, provider: '889640782', object: 'sak-17' }
    const result = await verify(withDetail({ object: 'sak-17' }), { ...expected, power })
    const { authenticatedAt, expiresAt } = result
    expect({ ...result, authenticatedAt, expiresAt }).toEqual({
      principal: 'p.7Yk3vQ',
      actor: { issuer: 'https://idporten.no', subject: 'geA1Nez' },
      power,
      basis: 'mandate',
      handle: 'dlg_9f',
      assurance: 'high',
      isBound: false,
      obligations: [],
      authenticatedAt: new Date('2026-11-21T11:58:00Z'),
      expiresAt: new Date('2026-11-21T12:04:50Z'),
      tokenId: '01K-token',
      evaluationId: '01K-evaluation',
    })
  })

  test('the result cannot be changed, its dates included', async () => {
    const result = await verify(goodToken, expected)
    for (const part of [result, result.actor, result.power]) expect(Object.isFrozen(part)).toBe(true)
    result.expiresAt.setTime(0)
    expect(result.expiresAt.getTime()).toBe((SECOND + 290) * 1000)
  })
})

describe('expectations', () => {
  // prettier-ignore
  const incomplete: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['keys', { keys: undefined }],
    ['statuses', { statuses: undefined }],
    ['issuer', { issuer: undefined }],
    ['issuer', { issuer: '' }],
    ['audience', { audience: undefined }],
    ['audience', { audience: [AUDIENCE] }],
    ['now', { now: new Date(Number.NaN) }],
    ['power', { power: { ...expected.power, service: undefined } }],
    ['power', { power: { ...expected.power, action: 'manage' } }],
    ['power.provider', { power: { ...expected.power, provider: undefined } }],
    ['power.object', { power: { ...expected.power, object: undefined } }],
    ['user', { user: { issuer: 'https://idporten.no', subject: undefined } }],
    ['user', { user: { issuer: undefined, subject: 'geA1Nez' } }],
    ['user', { user: null }],
    ['proof', { proof: { header: 'x', method: '', url: new URL('https://x.example'), isFirst: () => true } }],
    ['proof', { proof: { header: 'x', method: 'GET', url: 'https://x.example', isFirst: () => true } }],
    ['proof', { proof: { header: 'x', method: 'GET', url: new URL('https://x.example'), isFirst: undefined } }],
    ['minimumAssurance', { minimumAssurance: undefined }],
    ['minimumAssurance', { minimumAssurance: 'low' }],
  ]

  test.each(incomplete)('%s left out or wrong is an error of the caller: %j', async (name, change) => {
    const outcome = verify(goodToken, { ...expected, ...change })
    await expect(outcome).rejects.toThrow(new TypeError(`verify: "${name}" is missing or not valid`))
  })

  test.each(['now', 'power', 'user', 'proof'])('%s left out altogether is refused too', async (name) => {
    await expect(verify(goodToken, { ...expected, [name]: undefined })).rejects.toBeInstanceOf(TypeError)
  })

  test('an error of the key source is passed on as it is', async () => {
    const error = new Error('a bug of the caller')
    await expect(verify(goodToken, { ...expected, keys: () => Promise.reject(error) })).rejects.toBe(error)
  })

  test('so is the complaint about a key that is not for ES256', async () => {
    const rsa = await importSPKI(rsaKey.publicKey.export({ format: 'pem', type: 'spki' }).toString(), 'RS256')
    await expect(verify(goodToken, { ...expected, keys: () => Promise.resolve(rsa) })).rejects.toBeInstanceOf(TypeError)
  })

  test('the status is asked for last, of the entry that the token names', async () => {
    const asked: unknown[] = []
    const statuses: StatusSource = (...all) => {
      asked.push(all)
      return Promise.resolve()
    }
    for (const { token, asked: more } of [...claims, ...actors, ...grounds])
      await refusalOf(token, { ...more, statuses })
    await refusalOf(goodToken, { minimumAssurance: 'high', now: new Date(0), statuses })
    expect(asked).toEqual([])
    await verify(goodToken, { ...expected, statuses })
    const issued = { handle: 'dlg_9f', issuedAt: SECOND - 10 }
    expect(asked).toEqual([[{ uri: `${ISSUER}/statuslists/7`, index: 412_873 }, expected.now, issued]])
  })

  test('what the status source says no to is refused', async () => {
    const refusal = new TokenRefused('status_ended', 'ended')
    expect(await refusalOf(goodToken, { statuses: () => Promise.reject(refusal) })).toBe(refusal)
  })

  test('no key is asked for before form, type, algorithm and kid are right', async () => {
    let asked = 0
    const keys: KeySource = () => {
      asked++
      return Promise.resolve(undefined)
    }
    for (const { token } of spelling.slice(0, 10)) await refusalOf(token, { keys })
    await refusalOf(withHeader({ typ: 'JWT' }), { keys })
    await refusalOf(withHeader({ alg: 'none' }), { keys })
    for (const kid of [undefined, '', 1, [KID]]) await refusalOf(withHeader({ kid }), { keys })
    expect(asked).toBe(0)
  })

  test('the words of the package are those of the service', () => {
    expect(ground.ACTIONS).toEqual(ACTIONS)
    expect(ground.BASES).toEqual(BASES)
  })
})

describe('why the strict form is needed', () => {
  const lenient = spelling.slice(0, 10).filter(({ what }) => /at the end|within|newline|signature/.test(what))

  test('the signature library alone takes at least padding, white space and spare bits', async () => {
    const key = await expected.keys(KID, 'at+jwt')
    if (key === undefined) throw new Error('no key')
    const taken = await Promise.all(
      lenient.map(async ({ what, token }) =>
        compactVerify(token, key).then(
          () => what,
          () => 'refused',
        ),
      ),
    )
    expect(taken).toEqual(expect.arrayContaining(['padding at the end', 'a space within', 'a newline within']))
    expect(taken).toContain('a spare bit set in the signature')
  })

  test('(r, n − s) is a second valid signature, and the token id is the same', async () => {
    const [header = '', payload = '', signature = ''] = goodToken.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
    const twin = `${header}.${payload}.${encode(Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]))}`
    expect(twin).not.toBe(goodToken)
    expect((await verify(twin, expected)).tokenId).toBe((await verify(goodToken, expected)).tokenId)
  })

  test('the issuer and the type of the ground go together', async () => {
    const issuer = 'https://other.example'
    const refusal = await refusalOf(withClaims({ iss: issuer }), { issuer })
    expect(refusal.code).toBe('claims')
    expect(goodDetail['type']).toBe(`${ISSUER}/rar/representation`)
  })
})
