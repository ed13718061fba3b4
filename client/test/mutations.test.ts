import { Buffer } from 'node:buffer'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseObject } from '../src/json.js'
import { TokenRefused, verify } from '../src/verify.js'
import { expected, goodClaims, goodDetail, goodToken, withClaims, withDetail } from './tokens.js'

/** Accepted, refused by name, or broken. */
async function outcomeOf(token: string): Promise<string> {
  return verify(token, expected).then(
    () => 'accepted',
    (error: unknown) => (error instanceof TokenRefused ? error.code : `broken: ${String(error)}`),
  )
}

const position = fc.nat({ max: goodToken.length })
const base64url = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const character = fc.oneof(
  fc.constantFrom(...base64url, '.', '=', '+', '/', ' ', '\n', '\t', '\0'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

describe('a changed token', () => {
  // prettier-ignore
  const edits: readonly (readonly [string, (at: number, by: string) => string])[] = [
    ['one character replaced', (at, by) => goodToken.slice(0, at) + by + goodToken.slice(at + 1)],
    ['one character put in', (at, by) => goodToken.slice(0, at) + by + goodToken.slice(at)],
    ['one character taken out', (at) => goodToken.slice(0, at) + goodToken.slice(at + 1)],
    ['two neighbours swapped', (at) => goodToken.slice(0, at) + (goodToken[at + 1] ?? '') + (goodToken[at] ?? '') + goodToken.slice(at + 2)],
  ]

  test.each(edits)('%s: never accepted', async (_, edit) => {
    const property = fc.asyncProperty(position, character, async (at, by) => {
      const token = edit(at, by)
      fc.pre(token !== goodToken)
      expect(await outcomeOf(token)).not.toMatch(/accepted|broken/)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  test('every character of the signature counts, to its last bit', async () => {
    const start = goodToken.lastIndexOf('.') + 1
    const others = base64url.filter((letter) => letter !== goodToken.at(-1))
    for (const letter of others) expect(await outcomeOf(goodToken.slice(0, -1) + letter)).not.toBe('accepted')
    for (let at = start; at < goodToken.length; at++)
      expect(
        await outcomeOf(goodToken.slice(0, at) + (goodToken[at] === 'A' ? 'B' : 'A') + goodToken.slice(at + 1)),
      ).toMatch(/^(signature|format)$/)
  })
})

describe('any text in place of a token', () => {
  test('is refused for its form', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.base64String(), { maxLength: 6 }).map((s) => s.join('.')),
    )
    await fc.assert(fc.asyncProperty(text, async (token) => expect(await outcomeOf(token)).toBe('format')))
  })
})

describe('any value in place of a claim, signed', () => {
  const claim = fc.constantFrom(...Object.keys(goodClaims))
  const member = fc.constantFrom(...Object.keys(goodDetail), 'provider', 'object', 'valid_until')

  test('is taken or refused by name, and never breaks the verifier', async () => {
    const property = fc.asyncProperty(claim, fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
      expect(await outcomeOf(withClaims({ [name]: value }))).not.toMatch(/broken/)
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('the same within the ground', async () => {
    const property = fc.asyncProperty(member, fc.jsonValue({ maxDepth: 3 }), async (name, value) => {
      expect(await outcomeOf(withDetail({ [name]: value }))).not.toMatch(/broken/)
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test('only the very user is the user', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary' }), async (sub) => {
      fc.pre(sub !== 'geA1Nez')
      expect(await outcomeOf(withClaims({ act: { iss: 'https://idporten.no', sub, sub_profile: 'user' } }))).toMatch(
        /^actor_/,
      )
    })
    await fc.assert(property)
  })
})

describe('strict JSON', () => {
  const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4 }))

  test('reads whatever JSON.stringify writes, plain or spread out', () => {
    const property = fc.property(object, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      expect(parseObject(Buffer.from(text))).toEqual(JSON.parse(text))
    })
    fc.assert(property)
  })

  test('refuses an object with any of its members once more, in front or behind, at any depth', () => {
    const property = fc.property(object, fc.nat(), fc.boolean(), fc.nat({ max: 5 }), (value, pick, inFront, depth) => {
      const names = Object.keys(value)
      fc.pre(names.length > 0)
      const members = JSON.stringify(value).slice(1, -1)
      const again = `${JSON.stringify(names[pick % names.length])}:0`
      const text = inFront ? `{${again},${members}}` : `{${members},${again}}`
      const nested = '{"a":['.repeat(depth) + text + ']}'.repeat(depth)
      expect(() => parseObject(Buffer.from(nested))).toThrow('a member stands twice')
    })
    fc.assert(property)
  })
})
