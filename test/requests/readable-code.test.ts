import { randomBytes } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { codeFrom, newCode, readCode } from '../../src/requests/readable-code.js'

const codes = Array.from({ length: 200 }, newCode)
const letters = [...new Set(codes.join('').replaceAll('-', ''))]

test('codes are of at least 60 bits, in letters that are not taken for one another', () => {
  expect(new Set(codes).size).toBe(codes.length)
  expect(letters.sort().join('')).toBe('34679ACDEFGHJKMNPRTVWXY')
  expect(14 * Math.log2(letters.length)).toBeGreaterThan(60)
  expect(letters.filter((letter) => '0O1IL2Z5S8BUQ'.includes(letter))).toEqual([])
})

test('are read however they are written', () => {
  for (const code of codes.slice(0, 20)) {
    for (const written of [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
      expect(readCode(written)).toBe(code)
    }
    expect(readCode(code.replaceAll('-', '–'))).toBe(code)
  }
  for (const none of ['', 'K7M3P', '🙂'.repeat(15), 'O'.repeat(15)]) expect(readCode(none)).toBeNull()
})

test('every single mistake is found, and every two that changed places', () => {
  for (const code of codes.slice(0, 10)) {
    const plain = Array.from(code.replaceAll('-', ''))
    plain.forEach((right, at) => {
      for (const wrong of letters.filter((letter) => letter !== right)) {
        expect(readCode(plain.with(at, wrong).join(''))).toBeNull()
      }
      for (let other = at + 1; other < plain.length; other++) {
        const swapped = plain.with(at, plain[other] ?? '').with(other, right)
        if (plain[other] !== right) expect(readCode(swapped.join(''))).toBeNull()
      }
    })
  }
})

test('the same bytes give the same code, other bytes another', () => {
  const bytes = randomBytes(32)
  const code = codeFrom(bytes)
  expect(codeFrom(Buffer.from(bytes))).toBe(code)
  expect(readCode(code)).toBe(code)
  expect(codeFrom(randomBytes(32))).not.toBe(code)
})
