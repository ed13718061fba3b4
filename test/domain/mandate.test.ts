import { describe, expect, test } from '@jest/globals'
import { type MandateState, type StoredState, stateAt, stateUntil } from '../../src/domain/mandate.js'
import { HOUR, NOON, at } from './situation.js'

const PAST = at(-HOUR)
const SOON = at(HOUR)
const LATE = at(2 * HOUR)

type Row = readonly [
  sentence: string,
  state: StoredState,
  validFrom: Date,
  validUntil: Date,
  answerBy: Date | null,
  now: MandateState,
  until: Date | null,
]

const ROWS: readonly Row[] = [
  ['active', 'active', PAST, LATE, null, 'active', LATE],
  ['active, to begin', 'active', SOON, LATE, null, 'not_yet_valid', SOON],
  ['active from now on', 'active', NOON, LATE, null, 'active', LATE],
  ['active until now', 'active', PAST, NOON, null, 'expired', null],
  ['active, once offered to be answered before now', 'active', PAST, LATE, PAST, 'active', LATE],
  ['active, once offered to be answered later', 'active', PAST, LATE, SOON, 'active', LATE],
  ['offered without a last day', 'offered', PAST, LATE, null, 'offered', LATE],
  ['offered, to be answered', 'offered', PAST, LATE, SOON, 'offered', SOON],
  ['offered, to be answered until now', 'offered', PAST, LATE, NOON, 'lapsed', null],
  ['offered until now, to be answered until now', 'offered', PAST, NOON, NOON, 'lapsed', null],
  ['offered until now, to be answered later', 'offered', PAST, NOON, SOON, 'expired', null],
  ['offered, to begin', 'offered', SOON, LATE, null, 'offered', LATE],
  ['frozen', 'frozen', PAST, LATE, null, 'frozen', LATE],
  ['frozen, to begin', 'frozen', SOON, LATE, null, 'frozen', LATE],
  ['held', 'held', SOON, LATE, null, 'held', SOON],
  ['held until now', 'held', NOON, LATE, null, 'active', LATE],
  ['held, and then in force', 'held', PAST, LATE, null, 'active', LATE],
  ['held, and past its end', 'held', PAST, NOON, null, 'expired', null],
  ['ended', 'ended', PAST, LATE, null, 'ended', null],
  ['declined', 'declined', PAST, LATE, SOON, 'declined', null],
  ['cancelled, and past its end', 'cancelled', PAST, NOON, null, 'cancelled', null],
]

describe('what a power is now, and until when', () => {
  test.each(ROWS)('%s', (_sentence, state, validFrom, validUntil, answerBy, now, until) => {
    const power = { state, validFrom, validUntil }
    expect(stateAt(power, answerBy, NOON)).toBe(now)
    expect(stateUntil(power, answerBy, NOON)).toEqual(until)
  })
})
