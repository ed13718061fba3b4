import { describe, expect, test } from '@jest/globals'
import { RegisterFault } from '../../src/registers/register-fault.js'
import { RegisterRecord, readInstant } from '../../src/registers/register-record.js'

describe('an instant', () => {
  test.each([
    ['2026-06-20T09:26:03.689+02:00', '2026-06-20T07:26:03.689Z'],
    ['2026-06-20T09:26:03+02', '2026-06-20T07:26:03.000Z'],
    ['2026-06-20T09:26:03+0200', '2026-06-20T07:26:03.000Z'],
    ['2026-06-20T09:26:03-01:30', '2026-06-20T10:56:03.000Z'],
    ['2026-06-20T09:26Z', '2026-06-20T09:26:00.000Z'],
    ['2026-06-20T09:26:03.123456789Z', '2026-06-20T09:26:03.123Z'],
    ['2026-06-20', '2026-06-19T22:00:00.000Z'],
    ['2026-12-20', '2026-12-19T23:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(readInstant(text)?.toISOString()).toBe(instant)
  })

  test.each([
    '2026-06-20T09:26:03',
    '2026-02-30T09:26:03Z',
    '2026-02-30',
    '2026-06-20T25:00:00Z',
    '2026-06-20 09:26:03Z',
    '20.06.2026',
    '1750000000',
    ' 2026-06-20',
    '2026-06-20T09:26:03+2',
  ])('%s is none', (text) => {
    expect(readInstant(text)).toBeNull()
  })
})

describe('a member', () => {
  const read = (value: unknown): RegisterRecord => RegisterRecord.read('enhetsregisteret', value, 'a')

  test.each([{}, { m: null }, { m: '' }])('missing in %j is null, or an empty list', (value) => {
    const record = read(value)
    expect([record.text('m'), record.number('m'), record.orgnr('m'), record.day('m'), record.instant('m')]).toEqual(
      Array(5).fill(null),
    )
    expect(record.whole('m')).toBeNull()
  })

  test('that only the language knows is missing', () => {
    expect(read({}).raw('constructor')).toBeNull()
    expect(read(JSON.parse('{"__proto__":"x"}')).text('__proto__')).toBe('x')
  })

  test.each([
    [{ m: 'a' }, 1],
    [[{ m: 'a' }, { m: 'b' }], 2],
    [null, 0],
    [[], 0],
  ])('records of %j', (rows, count) => {
    expect(read({ rows }).records('rows')).toHaveLength(count)
  })

  test.each<[string, (record: RegisterRecord) => unknown]>([
    ['text', (record) => record.text('m')],
    ['number', (record) => record.number('m')],
    ['orgnr', (record) => record.orgnr('m')],
    ['flag', (record) => record.flag('m')],
    ['whole', (record) => record.whole('m')],
    ['day', (record) => record.day('m')],
    ['instant', (record) => record.instant('m')],
    ['record', (record) => record.record('m')],
    ['records', (record) => record.records('m')],
  ])('of another type is refused by its place: %s', (_, reading) => {
    for (const m of [-1, 1.5, [true], ...(_ === 'text' ? [] : ['28816196088x'])]) {
      const attempt = (): unknown => reading(read({ m }))
      expect(attempt).toThrow(RegisterFault)
      expect(attempt).toThrow(/^enhetsregisteret: malformed \(a\.m(\[0\])?\)$/)
    }
  })

  test.each([
    [7, 7],
    ['7', 7],
    [0, 0],
  ])('whole %j', (m, whole) => {
    expect(read({ m }).whole('m')).toBe(whole)
  })
})
