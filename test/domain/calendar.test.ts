import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addDays,
  addMonths,
  ageOn,
  earliestOf,
  isDay,
  osloDay,
  reachesAge,
  startOfDay,
} from '../../src/domain/calendar.js'

const DAY = 86_400_000

describe('the day in Oslo', () => {
  test.each([
    ['the last millisecond of a winter day', '2026-01-14T22:59:59.999Z', '2026-01-14'],
    ['the first millisecond of a winter day', '2026-01-14T23:00:00.000Z', '2026-01-15'],
    ['the last millisecond of a summer day', '2026-07-14T21:59:59.999Z', '2026-07-14'],
    ['the first millisecond of a summer day', '2026-07-14T22:00:00.000Z', '2026-07-15'],
    ['the last millisecond of a year', '2026-12-31T22:59:59.999Z', '2026-12-31'],
    ['the first millisecond of a year', '2026-12-31T23:00:00.000Z', '2027-01-01'],
    ['the last millisecond before 29 February', '2028-02-28T22:59:59.999Z', '2028-02-28'],
    ['the first millisecond of 29 February', '2028-02-28T23:00:00.000Z', '2028-02-29'],
    ['the first millisecond after 29 February', '2028-02-29T23:00:00.000Z', '2028-03-01'],
    ['the last of February in a common year', '2026-02-28T22:59:59.999Z', '2026-02-28'],
    ['the first of March in a common year', '2026-02-28T23:00:00.000Z', '2026-03-01'],
    ['just before the clocks go forward', '2026-03-29T00:59:59.999Z', '2026-03-29'],
    ['just after the clocks go forward', '2026-03-29T01:00:00.000Z', '2026-03-29'],
    ['the last millisecond of the day of 23 hours', '2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['the first millisecond after the day of 23 hours', '2026-03-29T22:00:00.000Z', '2026-03-30'],
    ['just before the clocks go back', '2026-10-25T00:59:59.999Z', '2026-10-25'],
    ['just after the clocks go back', '2026-10-25T01:00:00.000Z', '2026-10-25'],
    ['the last millisecond of the day of 25 hours', '2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['the first millisecond after the day of 25 hours', '2026-10-25T23:00:00.000Z', '2026-10-26'],
  ])('%s', (_what, instant, day) => {
    expect(osloDay(new Date(instant))).toBe(day)
  })
})

describe('the beginning of a day', () => {
  test.each([
    ['in winter', '2026-01-15', '2026-01-14T23:00:00.000Z', 24],
    ['in summer', '2026-07-15', '2026-07-14T22:00:00.000Z', 24],
    ['when the clocks go forward', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['after the clocks went forward', '2026-03-30', '2026-03-29T22:00:00.000Z', 24],
    ['when the clocks go back', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['after the clocks went back', '2026-10-26', '2026-10-25T23:00:00.000Z', 24],
    ['at the end of a year', '2026-12-31', '2026-12-30T23:00:00.000Z', 24],
    ['at New Year', '2027-01-01', '2026-12-31T23:00:00.000Z', 24],
    ['on 29 February', '2028-02-29', '2028-02-28T23:00:00.000Z', 24],
    ['when there was no summer time', '1970-07-15', '1970-07-14T23:00:00.000Z', 24],
  ])('%s: %s', (_when, day, instant, hours) => {
    expect(startOfDay(day)).toEqual(new Date(instant))
    expect(startOfDay(addDays(day, 1)).getTime() - startOfDay(day).getTime()).toBe(hours * 3_600_000)
  })
})

describe('days that exist', () => {
  test.each(['2026-02-28', '2028-02-29', '2000-02-29', '2026-12-31', '1800-01-01', '2999-12-31'])('%s does', (day) => {
    expect(isDay(day)).toBe(true)
  })
  test.each([
    '2026-02-29',
    '1900-02-29',
    '2100-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '1799-12-31',
    '0000-01-01',
    '3000-01-01',
    '9999-12-31',
    '2026-1-1',
    '26-01-01',
    '+002026-01-01',
    '2026-01-01T00:00:00Z',
    '2026-01-01 ',
    ' 2026-01-01',
    '2026-01-01\n',
    '２０２６-０１-０１',
    '2026/01/01',
    '20260101',
    '',
    'today',
  ])('%j does not', (text) => {
    expect(isDay(text)).toBe(false)
  })
})

describe('counting', () => {
  test.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-03-29', 1, '2026-03-30'],
    ['2026-10-25', 1, '2026-10-26'],
    ['2026-03-28', 7, '2026-04-04'],
    ['2026-01-01', 0, '2026-01-01'],
  ])('%s and %i days is %s', (day, days, result) => {
    expect(addDays(day, days)).toBe(result)
  })

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-30', 1, '2026-02-28'],
    ['2026-01-28', 1, '2026-02-28'],
    ['2026-01-29', 1, '2026-02-28'],
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-08-31', 1, '2026-09-30'],
    ['2026-11-30', 1, '2026-12-30'],
    ['2026-12-01', 1, '2027-01-01'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 48, '2032-02-29'],
    ['2026-02-28', 24, '2028-02-28'],
    ['2026-05-15', 0, '2026-05-15'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
  ])('%s and %i months is %s', (day, months, result) => {
    expect(addMonths(day, months)).toBe(result)
  })
})

describe('ages', () => {
  test.each([
    ['the day before the birthday', '2008-03-02', '2026-03-01', 17],
    ['the birthday', '2008-03-02', '2026-03-02', 18],
    ['the last day of that year of life', '2008-03-02', '2027-03-01', 18],
    ['an earlier month and a later date', '2008-03-02', '2026-02-28', 17],
    ['a later month and an earlier date', '2008-03-20', '2026-04-01', 18],
    ['born at New Year, the day before', '2008-01-01', '2025-12-31', 17],
    ['born at New Year, at New Year', '2008-01-01', '2026-01-01', 18],
    ['born on New Year’s Eve', '2007-12-31', '2025-12-30', 17],
    ['born on 29 February, on the last of February in a common year', '2008-02-29', '2026-02-28', 17],
    ['born on 29 February, on the first of March in a common year', '2008-02-29', '2026-03-01', 18],
    ['born on 29 February, on 28 February in a leap year', '2008-02-29', '2028-02-28', 19],
    ['born on 29 February, on 29 February in a leap year', '2008-02-29', '2028-02-29', 20],
    ['the day of birth', '2026-03-02', '2026-03-02', 0],
    ['not yet born', '2026-03-02', '2026-03-01', -1],
    ['very old', '1919-06-01', '2026-06-01', 107],
  ])('%s', (_when, bornOn, day, age) => {
    expect(ageOn(bornOn, day)).toBe(age)
  })

  test.each([
    ['in winter', '2008-03-02', 18, '2026-03-01T23:00:00.000Z'],
    ['in summer', '2008-07-02', 18, '2026-07-01T22:00:00.000Z'],
    ['born on 29 February, in a common year', '2008-02-29', 18, '2026-02-28T23:00:00.000Z'],
    ['born on 29 February, in a leap year', '2008-02-29', 16, '2024-02-28T23:00:00.000Z'],
    ['born on 29 February, in the year 2100, which is common', '2084-02-29', 16, '2100-02-28T23:00:00.000Z'],
    ['on the day the clocks go forward', '2008-03-29', 18, '2026-03-28T23:00:00.000Z'],
    ['on the day the clocks go back', '2008-10-25', 18, '2026-10-24T22:00:00.000Z'],
  ])('are reached %s', (_when, bornOn, age, instant) => {
    expect(reachesAge(bornOn, age)).toEqual(new Date(instant))
  })
})

test('the earliest of some instants, of which some are none', () => {
  const [first, second] = [new Date(1), new Date(2)]
  expect(earliestOf([null, second, first])).toEqual(first)
  expect(earliestOf([second])).toEqual(second)
  expect(earliestOf([null, null])).toBeNull()
  expect(earliestOf([])).toBeNull()
})

const WALL = new Intl.DateTimeFormat('nb-NO', {
  timeZone: 'Europe/Oslo',
  calendar: 'gregory',
  numberingSystem: 'latn',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
})

/** The clock on a wall in Oslo, read out field by field. */
function wallClock(instant: Date): { readonly day: string; readonly time: string } {
  const parts = Object.fromEntries(WALL.formatToParts(instant).map(({ type, value }) => [type, value]))
  const two = (type: string): string => (parts[type] ?? '').padStart(2, '0')
  return {
    day: `${two('year')}-${two('month')}-${two('day')}`,
    time: `${two('hour')}:${two('minute')}:${two('second')}`,
  }
}

describe('against the clock on the wall, from 1950 to 2100', () => {
  const instants = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2101, 0, 1) }).map((time) => new Date(time))
  const days = fc
    .integer({ min: 0, max: Math.floor((Date.UTC(2100, 11, 31) - Date.UTC(1950, 0, 1)) / DAY) })
    .map((number) => new Date(Date.UTC(1950, 0, 1) + number * DAY).toISOString().slice(0, 10))
  const RUNS = { numRuns: 1500 }

  test('the day is the one the wall shows', () => {
    fc.assert(
      fc.property(instants, (instant) => expect(osloDay(instant)).toBe(wallClock(instant).day)),
      RUNS,
    )
  })

  test('a day begins when the wall shows its midnight, and a millisecond before it is another day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const start = startOfDay(day)
        expect(wallClock(start)).toEqual({ day, time: '00:00:00' })
        expect(wallClock(new Date(start.getTime() - 1))).toEqual({ day: addDays(day, -1), time: '23:59:59' })
      }),
      RUNS,
    )
  })

  test('every change of the clock in 150 years leaves a day of 23 or 25 hours', () => {
    const odd = Array.from({ length: 151 }, (_, index) => 1950 + index).flatMap((year) => {
      const days = ['03', '04', '09', '10'].flatMap((month) =>
        Array.from({ length: 31 }, (_, index) => `${year}-${month}-${String(index + 1).padStart(2, '0')}`),
      )
      return days
        .filter(isDay)
        .map((day) => (startOfDay(addDays(day, 1)).getTime() - startOfDay(day).getTime()) / 3_600_000)
        .filter((length) => length !== 24)
    })
    expect(new Set(odd)).toEqual(new Set([23, 25]))
    expect(odd.filter((length) => length === 23).length).toBe(odd.filter((length) => length === 25).length)
  })

  test('an age is reached at the first instant at which one has it', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 100 }), (bornOn, age) => {
        const reached = reachesAge(bornOn, age)
        expect(ageOn(bornOn, osloDay(reached))).toBe(age)
        expect(ageOn(bornOn, osloDay(new Date(reached.getTime() - 1)))).toBe(age - 1)
      }),
      RUNS,
    )
  })

  test('months are counted as on a wall calendar', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -24, max: 120 }), (day, months) => {
        const later = addMonths(day, months)
        const count = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7))
        expect(count(later) - count(day)).toBe(months)
        const isLastOfMonth = addDays(later, 1).endsWith('-01')
        expect(later.slice(8) === day.slice(8) || (isLastOfMonth && later.slice(8) < day.slice(8))).toBe(true)
      }),
      RUNS,
    )
  })
})
