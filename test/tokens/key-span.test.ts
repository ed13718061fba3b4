import { describe, expect, test } from '@jest/globals'
import type { StoredKey } from '../../src/store/signing-key-store.js'
import { spanOf, stateAt } from '../../src/tokens/key-span.js'

const SECOND = 1_000

function key(kid: string, times: Partial<StoredKey>): StoredKey {
  const nowhere = { publicJwk: {}, sealed: null, label: null }
  return { kid, purpose: 'at+jwt', ...nowhere, madeAt: 0, signsFrom: null, removedAt: null, ...times }
}

/** The state of each at this instant, by `kid`. */
function states(keys: readonly StoredKey[], instant: number): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((one) => [one.kid, stateAt(instant, spanOf(one, keys))]))
}

test('a key is next, active, retiring and removed in turn, each from its very millisecond', () => {
  const keys = [
    key('old', { signsFrom: 0 }),
    key('new', { signsFrom: 1000 * SECOND }),
    key('spare', {}),
    key('other', { purpose: 'statuslist+jwt', signsFrom: 500 * SECOND }),
  ]
  const others = { spare: 'next', other: 'active' }
  expect(states(keys, 999_999)).toEqual({ old: 'active', new: 'next', ...others })
  expect(states(keys, 1_000_000)).toEqual({ old: 'retiring', new: 'active', ...others })
  expect(states(keys, 1_359_999)).toEqual({ old: 'retiring', new: 'active', ...others })
  expect(states(keys, 1_360_000)).toEqual({ old: 'removed', new: 'active', ...others })
})

test.each([
  ['at+jwt', 360],
  ['statuslist+jwt', 150],
  ['secevent+jwt', 604_800],
] as const)('%s: shown for %i s after its last signature', (purpose, seconds) => {
  const keys = [key('old', { purpose, signsFrom: 0 }), key('new', { purpose, signsFrom: SECOND })]
  expect(states(keys, SECOND + seconds * SECOND - 1)['old']).toBe('retiring')
  expect(states(keys, SECOND + seconds * SECOND)['old']).toBe('removed')
})

describe('a removal', () => {
  test('strikes at once, in whatever state', () => {
    const keys = [
      key('retiring', { signsFrom: 0, removedAt: 5 * SECOND }),
      key('active', { signsFrom: 2 * SECOND, removedAt: 5 * SECOND }),
      key('coming', { signsFrom: 9 * SECOND, removedAt: 5 * SECOND }),
      key('spare', { removedAt: 5 * SECOND }),
    ]
    expect(new Set(Object.values(states(keys, 5 * SECOND)))).toEqual(new Set(['removed']))
    expect(states(keys, 5 * SECOND - 1)).toMatchObject({ retiring: 'retiring', active: 'active', spare: 'next' })
  })

  test('brings none back that an active one had succeeded', () => {
    const keys = [key('old', { signsFrom: 0 }), key('bad', { signsFrom: 10 * SECOND, removedAt: 20 * SECOND })]
    expect(states(keys, 20 * SECOND)).toEqual({ old: 'retiring', bad: 'removed' })
    expect(states(keys, 370 * SECOND)).toEqual({ old: 'removed', bad: 'removed' })
  })

  test('of one that never came to sign leaves the active one active', () => {
    const keys = [key('old', { signsFrom: 0 }), key('bad', { signsFrom: 10 * SECOND, removedAt: 5 * SECOND })]
    expect(states(keys, 1000 * SECOND)).toEqual({ old: 'active', bad: 'removed' })
  })
})
