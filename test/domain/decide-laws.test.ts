import { describe, expect, test } from '@jest/globals'
import { type Decision, decide } from '../../src/domain/decide.js'
import type { RepresentationId, MandateGround } from '../../src/domain/mandate.js'
import { ROWS } from './policy-matrix.js'
import { NOON, type Situation, at, granted, mandate, withGrounds } from './situation.js'

/** What holds in every row of the matrix, whatever it is about. */
const situations = ROWS.map(([sentence, situation]) => [sentence, situation] as const)

const answer = ({ question, facts, catalogue }: Situation): Decision => decide(question, facts, catalogue)

function turned(ground: MandateGround): MandateGround {
  return { ...ground, powers: ground.powers.toReversed() }
}

/** Freezes the value and everything in it; a date is replaced by one that throws when it is set. */
function deepFrozen<T>(value: T): T {
  if (value instanceof Date && !Object.isFrozen(value)) {
    for (const name of ['setTime', 'setFullYear', 'setMonth', 'setDate', 'setHours', 'setUTCHours'] as const) {
      Object.defineProperty(value, name, {
        value: () => {
          throw new TypeError('a frozen date was set')
        },
      })
    }
  }
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach((member: unknown) => void deepFrozen(member))
  }
  return value
}

describe.each(situations)('%s', (_sentence, situation) => {
  const before = answer(situation)
  const { grounds } = situation.facts

  test('the order of grounds and powers does not matter', () => {
    expect(answer(withGrounds(situation, grounds.toReversed()))).toEqual(before)
    expect(answer(withGrounds(situation, grounds.map(turned)))).toEqual(before)
  })

  test('the same twice is the same once', () => {
    expect(answer(withGrounds(situation, [...grounds, ...grounds]))).toEqual(before)
    const doubled = grounds.map((ground) => ({ ...ground, powers: [...ground.powers, ...ground.powers] }))
    expect(answer(withGrounds(situation, doubled))).toEqual(before)
  })

  test('what was asked with is not changed, and asking again gives the same', () => {
    const { question, facts, catalogue } = situation
    const frozen = deepFrozen(structuredClone({ question, facts, current: catalogue.current }))
    const given = { current: frozen.current, version: (number: number) => catalogue.version(number) }
    const first = decide(frozen.question, frozen.facts, given)
    expect(first).toEqual(before)
    expect(decide(frozen.question, frozen.facts, given)).toEqual(first)
  })

  test('a power or a ground about something else changes no answer into another', () => {
    if (situation.question.actor === situation.question.principal) return
    const elsewhere = { ...granted, powerId: 'power-9', service: 'nav.elsewhere' }
    const widened = grounds.map((ground) => ({ ...ground, powers: [...ground.powers, elsewhere] }))
    expect(answer(withGrounds(situation, widened)).allowed).toBe(before.allowed)
    const { actor, principal } = situation.question
    if (actor === null || principal === null) return
    const more = {
      ...mandate,
      actor,
      principal,
      representationId: 'mandate-9' as RepresentationId,
      powers: [elsewhere],
    }
    const beside = answer(withGrounds(situation, [...grounds, { ...more, representative: actor }]))
    expect(beside.allowed).toBe(before.allowed)
    if (before.allowed) expect(beside).toEqual(before)
  })

  test('the answer holds for some time at least', () => {
    const { instant } = situation.question
    expect(before.validUntil === null || before.validUntil > instant).toBe(true)
  })
})

describe('the laws can be broken', () => {
  test('a frozen date throws when it is set', () => {
    const dates = deepFrozen({ date: at(0) })
    expect(() => dates.date.setTime(1)).toThrow('a frozen date was set')
    expect(dates.date).toEqual(NOON)
  })
})
