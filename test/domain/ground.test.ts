import { describe, expect, test } from '@jest/globals'
import { inForce, nextBoundary } from '../../src/domain/ground.js'
import { HOUR, NOON, at } from './situation.js'

const EARLIER = at(-HOUR)
const LATER = at(HOUR)
const MUCH_LATER = at(2 * HOUR)

describe('something holds from its start to before its end', () => {
  test.each([
    ['without start or end', null, null, true],
    ['since an hour', EARLIER, null, true],
    ['from this very millisecond on', NOON, null, true],
    ['from the next millisecond on', at(1), null, false],
    ['until this very millisecond', null, NOON, false],
    ['until the next millisecond', null, at(1), true],
    ['an hour ago for a while', EARLIER, at(-1), false],
  ])('%s', (_when, validFrom, validUntil, holds) => {
    expect(inForce({ validFrom, validUntil }, NOON)).toBe(holds)
  })
})

describe('the next start or end', () => {
  const period = (validFrom: Date | null, validUntil: Date | null) => ({ validFrom, validUntil })

  test.each([
    ['of nothing', [], null],
    ['of what always holds', [period(null, null)], null],
    ['of what is over', [period(EARLIER, at(-1))], null],
    ['of what begins now', [period(NOON, null)], null],
    ['of what ends later', [period(EARLIER, LATER)], LATER],
    ['of what begins later', [period(LATER, MUCH_LATER)], LATER],
    ['of two, the first one first', [period(null, LATER), period(null, MUCH_LATER)], LATER],
    ['of two, the second one first', [period(null, MUCH_LATER), period(LATER, null)], LATER],
  ])('%s', (_of, periods, next) => {
    expect(nextBoundary(periods, NOON)).toEqual(next)
  })
})
