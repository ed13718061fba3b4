import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Problem } from '../../src/domain/problem.js'
import { readReturnPath } from '../../src/login/return-path.js'

const ORIGIN = 'https://fullmakt.example'

describe('a path of this service is returned to', () => {
  test.each([
    ['/', '/'],
    ['/mandates', '/mandates'],
    ['/mandates?state=active&page=2#top', '/mandates?state=active&page=2#top'],
    ['/mandates/../inbox', '/inbox'],
    ['/søk?q=Máhtte', '/s%C3%B8k?q=M%C3%A1htte'],
    ['/a?next=https://evil.example', '/a?next=https://evil.example'],
    ['/@evil.example', '/@evil.example'],
    ['/https://evil.example', '/https://evil.example'],
  ])('%s', (text, path) => {
    expect(readReturnPath(text, ORIGIN)).toBe(path)
  })
})

describe('anything that leads elsewhere is refused', () => {
  test.each([
    'https://evil.example/',
    'https:evil.example',
    'HTTPS://fullmakt.example/',
    'https://fullmakt.example/mandates',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/a/%2e%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\nSet-Cookie: a=b',
    ' //evil.example',
    '/ /evil.example',
    '/\u00a0/evil.example',
    '\u0000/mandates',
    '/\u007f/evil.example',
    'mandates',
    '@evil.example',
    '.evil.example',
    ':80',
    '?a=b',
    '#a',
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    `/${'a'.repeat(2000)}`,
  ])('%j', (text) => {
    expect(() => readReturnPath(text, ORIGIN)).toThrow(Problem)
    expect(() => readReturnPath(text, ORIGIN)).toThrow('invalid_request')
  })
})

test('whatever is let through stays within the origin, read once or twice', () => {
  const part = fc.constantFrom(
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '@',
    ':',
    '?',
    '#',
    'evil.example',
    '\t',
    '\n',
    'a',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      let path: string
      try {
        path = readReturnPath(`/${parts.join('')}`, ORIGIN)
      } catch {
        return
      }
      expect(new URL(path, ORIGIN).origin).toBe(ORIGIN)
      expect(new URL(ORIGIN + path).origin).toBe(ORIGIN)
      expect(readReturnPath(path, ORIGIN)).toBe(path)
    }),
    { numRuns: 2000 },
  )
})
