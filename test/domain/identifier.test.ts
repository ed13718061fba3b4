import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type IdentifierScheme, hasValidCheckDigit, readIdentifier } from '../../src/domain/identifier.js'

/** The number with its two check digits, by the rule of 1964; null where the rule has no number. */
function checked(nine: string): string | null {
  const weigh = (digits: string, weights: readonly number[]): number =>
    (11 - (weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11)) % 11
  const first = weigh(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2])
  const second = weigh(`${nine}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
  return first === 10 || second === 10 ? null : `${nine}${first}${second}`
}

/** A number of whichever series, put together here so that none of a real series stands written anywhere. */
function numberOf(date: number, month: number, year: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  for (let individual = 100; individual < 500; individual++) {
    const number = checked(`${two(date)}${two(month)}${two(year)}${individual}`)
    if (number !== null) return number
  }
  throw new Error('no number for this day')
}

const SYNTHETIC: readonly [number: string, scheme: IdentifierScheme][] = [
  ['20838598359', 'fnr'],
  ['07876296653', 'fnr'],
  ['28816196088', 'fnr'],
  ['05895894984', 'fnr'],
  ['47906701517', 'dnr'],
  ['41814061033', 'dnr'],
  ['41919701143', 'dnr'],
]

describe('numbers of synthetic people', () => {
  test.each(SYNTHETIC)('%s is a %s', (value, scheme) => {
    expect(readIdentifier(value, 'synthetic')).toEqual({ scheme, value })
  })

  test.each(SYNTHETIC)('%s does not count in production', (value) => {
    expect(readIdentifier(value, 'real')).toBe('identifier_wrong_series')
  })

  test.each([
    ['January', 81],
    ['December', 92],
  ])('of %s', (_month, month) => {
    expect(readIdentifier(numberOf(15, month, 85), 'synthetic')).toMatchObject({ scheme: 'fnr' })
    expect(readIdentifier(numberOf(55, month, 85), 'synthetic')).toMatchObject({ scheme: 'dnr' })
  })
})

describe('numbers of the series of real people', () => {
  test.each([
    ['January', 1],
    ['December', 12],
  ])('of %s', (_month, month) => {
    for (const [date, scheme] of [
      [15, 'fnr'],
      [31, 'fnr'],
      [41, 'dnr'],
      [71, 'dnr'],
    ] as const) {
      const value = numberOf(date, month, 85)
      expect(readIdentifier(value, 'real')).toEqual({ scheme, value })
      expect(readIdentifier(value, 'synthetic')).toBe('identifier_wrong_series')
    }
  })
})

describe('numbers by the rule of 2032, whose first check digit may be up to three too high', () => {
  const sum = (digits: string, weights: readonly number[]): number =>
    weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  const byRest = (rest: number): string => {
    for (let individual = 100; individual < 1000; individual++) {
      const nine = `159085${individual}`
      const first = (rest + 11 * 99 - sum(nine, [3, 7, 6, 1, 8, 9, 4, 5, 2])) % 11
      const second = (11 * 99 - sum(`${nine}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 11
      if (first < 10 && second < 10) return `${nine}${first}${second}`
    }
    throw new Error('no number with this rest')
  }

  test.each([0, 1, 2, 3])('by %i is a number', (rest) => {
    expect(readIdentifier(byRest(rest), 'synthetic')).toMatchObject({ scheme: 'fnr' })
  })

  test.each([4, 5, 10])('by %i is none', (rest) => {
    expect(readIdentifier(byRest(rest), 'synthetic')).toBe('identifier_check_digits')
  })
})

describe('help and test numbers, which no one can tell apart, count as neither', () => {
  test.each([
    ['a person of month + 40', numberOf(13, 52, 72)],
    ['a D-number of month + 40', numberOf(53, 41, 72)],
  ])('%s', (_what, number) => {
    expect(readIdentifier(number, 'real')).toBe('identifier_wrong_series')
    expect(readIdentifier(number, 'synthetic')).toBe('identifier_wrong_series')
  })

  test.each([20, 60, 65])('month + %i is no number in either series', (offset) => {
    const number = numberOf(13, offset + 2, 72)
    for (const series of ['real', 'synthetic'] as const) expect(typeof readIdentifier(number, series)).toBe('string')
  })
})

describe('numbers whose check digits do not fit', () => {
  test.each(SYNTHETIC)('%s with any one digit mistyped', (number) => {
    for (let place = 0; place < 11; place++) {
      for (let digit = 0; digit < 10; digit++) {
        const typed = `${number.slice(0, place)}${digit}${number.slice(place + 1)}`
        if (typed !== number) expect(typeof readIdentifier(typed, 'synthetic')).toBe('string')
      }
    }
  })

  test.each(SYNTHETIC)('%s with its last digit mistyped says so', (number) => {
    const typed = `${number.slice(0, 10)}${(Number(number[10]) + 1) % 10}`
    expect(readIdentifier(typed, 'synthetic')).toBe('identifier_check_digits')
  })

  test('a day that does not exist', () => {
    expect(readIdentifier(numberOf(31, 82, 85), 'synthetic')).toBe('identifier_check_digits')
  })

  test('zeros', () => {
    expect(readIdentifier('00000000000', 'synthetic')).toBe('identifier_check_digits')
  })
})

describe('nothing is trimmed or repaired', () => {
  test.each([
    '',
    ' ',
    '2081619608',
    '288161960888',
    ' 28816196088',
    '28816196088 ',
    '28816196088\n',
    '288161 96088',
    '288161-96088',
    '288161.96088',
    '２８８１６１９６０８８',
    '٢٨٨١٦١٩٦٠٨٨',
    '\u00a028816196088',
    '\u200b28816196088',
    '28816196088\u0000',
    '2881619608８',
    '+2881619608',
    '-2881619608',
    '2.881619608',
    '0x288161960',
    '2881619608a',
    '28816196O88',
    '88964078２',
    '889640782 ',
    '889 640 782',
    'NO889640782MVA',
  ])('%j is malformed', (text) => {
    expect(readIdentifier(text, 'synthetic')).toBe('identifier_malformed')
  })
})

describe('organisation numbers', () => {
  test.each(['889640782', '974761076', '986965610', '958935420', '964338531'])('%s', (value) => {
    expect(hasValidCheckDigit(value)).toBe(true)
    expect(readIdentifier(value, 'real')).toEqual({ scheme: 'orgnr', value })
    expect(readIdentifier(value, 'synthetic')).toEqual({ scheme: 'orgnr', value })
  })

  test.each(['889640782', '974761076'])('%s with any one digit mistyped', (number) => {
    for (let place = 0; place < 9; place++) {
      for (let digit = 0; digit < 10; digit++) {
        const typed = `${number.slice(0, place)}${digit}${number.slice(place + 1)}`
        if (typed !== number) expect(readIdentifier(typed, 'real')).toBe('identifier_check_digits')
      }
    }
  })

  test('eight digits whose check digit would be 10 make no number', () => {
    // 3·1 + 2·9 = 21, and 11 − 21 modulo 11 is one; 3·3 + 2·2 leaves 10.
    const eight = ['10000002', '00000006'].filter((digits) => weighted(digits) % 11 === 1)
    expect(eight.length).toBeGreaterThan(0)
    for (const digits of eight) {
      for (let last = 0; last < 10; last++) expect(hasValidCheckDigit(`${digits}${last}`)).toBe(false)
    }
  })

  test('eight digits make at most one number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (number) => {
        const eight = String(number).padStart(8, '0')
        const valid = Array.from({ length: 10 }, (_, last) => last).filter((last) =>
          hasValidCheckDigit(`${eight}${last}`),
        )
        const rest = weighted(eight) % 11
        expect(valid).toEqual(rest === 1 ? [] : [rest === 0 ? 0 : 11 - rest])
      }),
      { numRuns: 500 },
    )
  })

  function weighted(eight: string): number {
    return [3, 2, 7, 6, 5, 4, 3, 2].reduce((sum, weight, index) => sum + weight * Number(eight[index]), 0)
  }
})

describe('identifiers of foreign logins', () => {
  test.each([['SE/NO/199001011234'], ['DE/NO/abc#1'], ['EL/NO/A-B.C_D'], ['SE/NO/x/y'], [`SE/NO/${'x'.repeat(256)}`]])(
    '%s',
    (value) => {
      expect(readIdentifier(value, 'real')).toEqual({ scheme: 'eidas', value })
      expect(readIdentifier(value, 'synthetic')).toEqual({ scheme: 'eidas', value })
    },
  )

  test.each([
    ['se/NO/199001011234'],
    ['SE/no/199001011234'],
    ['SE/NO/'],
    ['SE/NO'],
    ['S/NO/1'],
    ['SWE/NO/1'],
    ['SE-NO-1'],
    ['SE/NO/1 2'],
    ['SE/NO/å'],
    ['SE/NO/1\n'],
    ['SE/NO/\u0000'],
    [` SE/NO/1`],
    [`SE/NO/${'x'.repeat(257)}`],
  ])('%j is malformed', (text) => {
    expect(readIdentifier(text, 'real')).toBe('identifier_malformed')
  })
})

test('no text whatever makes it fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('real', 'synthetic'), (text, series) => {
      const read = readIdentifier(text, series)
      if (typeof read !== 'string') expect(read.value).toBe(text)
    }),
    { numRuns: 500 },
  )
})
