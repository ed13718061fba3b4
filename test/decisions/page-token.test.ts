import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { PageTokens } from '../../src/decisions/page-token.js'

const SECRET = randomBytes(32)
const SEARCH = ['nav-web', 'resource', 'person', '47906701517']
const END = { after: '01890000-0000-7000-8000-000000000000', limit: 5 }

test('a page token opens for its own search, on every instance with the secret, and holds nothing that can be read', () => {
  const token = new PageTokens(SECRET).seal(END, SEARCH)
  expect(new PageTokens(SECRET).open(token, SEARCH)).toEqual(END)
  const bytes = Buffer.from(token, 'base64url').toString('latin1')
  for (const word of ['47906701517', '01890000', 'nav-web']) expect(bytes).not.toContain(word)
  expect(new PageTokens(SECRET).seal(END, SEARCH)).not.toBe(token)
})

test('it opens for no other search, and not with another secret', () => {
  const token = new PageTokens(SECRET).seal(END, SEARCH)
  const others = [[], [...SEARCH, null], SEARCH.toReversed(), ['skatt-web', ...SEARCH.slice(1)]]
  for (const other of others) expect(() => new PageTokens(SECRET).open(token, other)).toThrow('page.token')
  expect(() => new PageTokens(randomBytes(32)).open(token, SEARCH)).toThrow('page.token')
})

test('it lasts ten minutes to the millisecond', () => {
  let now = 1_795_300_000_000
  const tokens = new PageTokens(SECRET, () => now)
  const token = tokens.seal(END, SEARCH)
  now += 599_999
  expect(tokens.open(token, SEARCH)).toEqual(END)
  now += 1
  expect(() => tokens.open(token, SEARCH)).toThrow('page.token')
})

test('no bit of it can be changed, and nothing be left out or added', () => {
  const tokens = new PageTokens(SECRET)
  const token = tokens.seal(END, SEARCH)
  const bytes = Buffer.from(token, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8((bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3)
    expect(() => tokens.open(changed.toString('base64url'), SEARCH)).toThrow('page.token')
  }
  for (let length = 0; length < token.length; length++) {
    expect(() => tokens.open(token.slice(0, length), SEARCH)).toThrow('page.token')
  }
  for (const other of [`${token}=`, `${token}A`, `${token}AAAA`, ` ${token}`, 'ø', '\u0000']) {
    expect(() => tokens.open(other, SEARCH)).toThrow('page.token')
  }
})
