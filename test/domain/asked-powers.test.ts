import { describe, expect, test } from '@jest/globals'
import { type AskedPowers, wishFor, withinAsked } from '../../src/domain/asked-powers.js'
import type { WantedPower } from '../../src/domain/giving.js'
import { Problem } from '../../src/domain/problem.js'

const ASKED: AskedPowers = {
  powers: [
    { service: 'nav.pension', action: 'read', provider: null, object: null },
    { service: 'nav.pension', action: 'write', provider: '889640782', object: 'sak 7' },
  ],
  until: '2027-03-31',
}
const READ: WantedPower = wishFor(
  { service: 'nav.pension', action: 'read', provider: null, object: null },
  '2027-03-31',
)
const WRITE: WantedPower = { ...READ, action: 'write', provider: '889640782', object: 'sak 7' }

const within: [name: string, wanted: WantedPower][] = [
  ['what was asked for', READ],
  ['a shorter time', { ...READ, until: '2027-03-30' }],
  ['a later start', { ...READ, from: '2027-01-01' }],
  ['one provider of all', { ...READ, provider: '889640782' }],
  ['one object of all', { ...READ, object: 'sak 1' }],
  ['the one provider and object that were asked for', WRITE],
]
test.each(within)('within: %s', (_name, wanted) => {
  expect(withinAsked([wanted], ASKED)).toEqual([wanted])
})

const wider: [name: string, wanted: WantedPower][] = [
  ['another service', { ...READ, service: 'tax.card' }],
  ['another action', { ...READ, action: 'sign' }],
  ['a day longer', { ...READ, until: '2027-04-01' }],
  ['to be passed on', { ...READ, passingOn: true }],
  ['every provider', { ...WRITE, provider: null }],
  ['another provider', { ...WRITE, provider: '974761076' }],
  ['every object', { ...WRITE, object: null }],
  ['another object', { ...WRITE, object: 'sak 8' }],
  ['an object that differs by a space', { ...WRITE, object: 'sak 7 ' }],
]
test.each(wider)('more than was asked for: %s', (_name, wanted) => {
  const error = attempt(() => withinAsked([READ, wanted], ASKED))
  const more = { service: wanted.service, action: wanted.action }
  expect(error).toMatchObject({ code: 'wider_than_asked', detail: 'this is more than was asked for', more })
})

describe('a power without a last day', () => {
  test('gets the one that was asked for', () => {
    expect(withinAsked([{ ...READ, until: null }], ASKED)).toEqual([READ])
  })
})

test('of what is asked for nothing is passed on, and it begins at once', () => {
  expect(READ).toMatchObject({ from: null, passingOn: false, until: '2027-03-31' })
})

function attempt(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  return null
}
