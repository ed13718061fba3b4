import { expect, test } from '@jest/globals'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { canonicalJson } from '../../src/domain/canonical-json.js'

test('any JSON value is written as the library by an author of RFC 8785 writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value))
    }),
    { numRuns: 5_000 },
  )
})

// RFC 8785, sections 3.2.2 and 3.2.3.
test.each([
  [[333333333.33333329, 1e30, 4.5, 2e-3, 1e-27], '[333333333.3333333,1e+30,4.5,0.002,1e-27]'],
  ['€$\u000f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'],
  [
    { '€': 1, '\r': 2, דּ: 3, 1: 4, '😀': 5, '\u0080': 6, ö: 7 },
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  ],
  [{ b: undefined, a: [null, true, false, -0] }, '{"a":[null,true,false,0]}'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test.each([
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  ['\ud800'],
  [{ '\udc00': 1 }],
  [1n],
  [undefined],
  [() => 1],
  [new Date(0)],
  [[undefined]],
])('%p is refused', (value) => {
  expect(() => canonicalJson(value)).toThrow(/has no place in JSON|is not Unicode/)
})
