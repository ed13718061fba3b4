import { describe, expect, jest, test } from '@jest/globals'
import type { CryptoKey } from 'jose'
import { otherSignature } from '../../test/tokens/spellings.js'
import { type Expected, type KeySource, rememberTokens, type SeenTokens, verify } from '../src/verify.js'
import { expected, goodClaims, goodToken, keys, KID, otherKey, publicJwk, SECOND, withClaims } from './tokens.js'
import { importJWK } from 'jose'

const good = (await keys(KID, 'at+jwt')) as CryptoKey
const held: KeySource = () => Promise.resolve(good)

/** What is asked of the memory: how often it knew. */
function counted(): { readonly seen: SeenTokens; readonly known: () => number } {
  const seen = rememberTokens()
  let known = 0
  return {
    known: () => known,
    seen: {
      recall: (token) => {
        const found = seen.recall(token)
        if (found !== undefined) known++
        return found
      },
      remember: (token, what) => seen.remember(token, what),
    },
  }
}

async function codeOf(token: string, asked: Partial<Expected>): Promise<string> {
  return verify(token, { ...expected, keys: held, ...asked }).then(
    () => 'accepted',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  )
}

test('a token is known again, and gives the same', async () => {
  const { seen, known } = counted()
  const results = [
    await verify(goodToken, { ...expected, keys: held, seen }),
    await verify(goodToken, { ...expected, keys: held, seen }),
  ]
  expect(known()).toBe(1)
  expect(JSON.stringify(results[1])).toBe(JSON.stringify(results[0]))
})

describe('of a known token is looked at each time:', () => {
  // prettier-ignore
  const rows: readonly (readonly [string, Partial<Expected>, string])[] = [
    ['the time', { now: new Date((SECOND + 330) * 1000) }, 'expired'],
    ['the issuer', { issuer: 'https://other.example' }, 'issuer'],
    ['the audience', { audience: 'https://other.example' }, 'audience'],
    ['the user', { user: { issuer: 'https://idporten.no', subject: 'another' } }, 'actor_mismatch'],
    ['the power', { power: { ...expected.power, action: 'sign' } }, 'power_not_covered'],
    ['the provider’s key', { keys: () => Promise.resolve(undefined) }, 'key'],
    ['the status', { statuses: () => Promise.reject(Object.assign(new Error(), { code: 'status_ended' })) }, 'status_ended'],
  ]
  test.each(rows)('%s', async (_, changes, code) => {
    const { seen, known } = counted()
    expect(await codeOf(goodToken, { seen })).toBe('accepted')
    expect(await codeOf(goodToken, { ...changes, seen })).toBe(code)
    expect(known()).toBe(1)
  })

  test('the proof, once each', async () => {
    const { seen } = counted()
    const bound = withClaims({ cnf: { jkt: 'x' } })
    expect(await codeOf(bound, { seen })).toBe('proof_required')
    expect(await codeOf(bound, { seen })).toBe('proof_required')
  })

  test('the key: another under the same name finds the signature bad', async () => {
    const { seen } = counted()
    expect(await codeOf(goodToken, { seen })).toBe('accepted')
    const other = await importJWK({ ...publicJwk(otherKey.publicKey, KID), kty: 'EC' }, 'ES256')
    expect(await codeOf(goodToken, { seen, keys: () => Promise.resolve(other) })).toBe('signature')
    expect(await codeOf(goodToken, { seen })).toBe('accepted')
  })
})

describe('not taken for a known one:', () => {
  const [header = '', payload = '', signature = ''] = goodToken.split('.')
  const forged = Buffer.from(JSON.stringify({ ...goodClaims, sub: 'p.other' })).toString('base64url')
  // prettier-ignore
  const rows: readonly (readonly [string, string, string])[] = [
    ['another payload with its jti', [header, forged, signature].join('.'), 'signature'],
    ['another signature', [header, payload, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.'), 'signature'],
    ['no signature', [header, payload, ''].join('.'), 'format'],
    ['another header', [Buffer.from('{"alg":"none"}').toString('base64url'), payload, signature].join('.'), 'type'],
    ['padding', `${goodToken}==`, 'format'],
    ['a space', goodToken.replace(/(.{8})$/, ' $1'), 'format'],
    ['letters that differ only beyond their lowest byte', goodToken.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 256)), 'format'],
    ['a fourth part', `${goodToken}.x`, 'format'],
    ['its payload alone', payload, 'format'],
  ]
  test.each(rows)('%s', async (_, token, code) => {
    const { seen, known } = counted()
    expect(await codeOf(goodToken, { seen })).toBe('accepted')
    expect(await codeOf(token, { seen })).toBe(code)
    expect(known()).toBe(0)
  })

  test('its other spelling that verifies: it goes the whole way, and there is one entry for both', async () => {
    const { seen, known } = counted()
    const twin = otherSignature(goodToken)
    for (const token of [goodToken, twin, goodToken]) expect(await codeOf(token, { seen })).toBe('accepted')
    expect(known()).toBe(0)
    expect(await codeOf(goodToken, { seen })).toBe('accepted')
    expect(known()).toBe(1)
  })

  test('what was refused', async () => {
    const seen = rememberTokens()
    const remember = jest.spyOn(seen, 'remember')
    expect(await codeOf(goodToken, { seen, audience: 'https://other.example' })).toBe('audience')
    expect(remember).not.toHaveBeenCalled()
  })
})

/** What a token says of its ground is no matter here. */
const GROUND = { handle: 'r', basis: 'mandate', details: [], scopes: [] } as const

test('the memory is bounded in tokens and in characters', () => {
  const what = (jti: string) => ({ keyId: KID, key: good, claims: { jti }, ground: GROUND })
  const tokenOf = (jti: string, more = 0): string =>
    `e30.${Buffer.from(JSON.stringify({ jti, more: 'x'.repeat(more) })).toString('base64url')}.sig`
  const many = rememberTokens()
  for (let n = 0; n <= 10_000; n++) many.remember(tokenOf(`t${n}`), what(`t${n}`))
  expect(many.recall(tokenOf('t0'))).toBeUndefined()
  expect(many.recall(tokenOf('t1'))).toBeDefined()
  const large = rememberTokens()
  for (let n = 0; n < 800; n++) large.remember(tokenOf(`t${n}`, 12_000), what(`t${n}`))
  const kept = Array.from({ length: 800 }, (_, n) => large.recall(tokenOf(`t${n}`, 12_000))).filter(Boolean).length
  expect(kept).toBeGreaterThan(400)
  expect(kept * 16_000).toBeLessThan(9 * 1_048_576)
})
