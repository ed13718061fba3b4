import { expect, test } from '@jest/globals'
import { Problem } from '../../src/domain/problem.js'

test('a problem names itself in a log: its code, and what a developer needs', () => {
  const cause = new Error('why')
  const problem = new Problem('unknown_service', 'the catalogue has none', { service: 'x.y' }, { cause })
  expect(String(problem)).toBe('Problem: unknown_service: the catalogue has none')
  expect(problem.more).toEqual({ service: 'x.y' })
  expect(problem.cause).toBe(cause)
  expect(new Problem('unknown_service', 'none').more).toEqual({})
})
