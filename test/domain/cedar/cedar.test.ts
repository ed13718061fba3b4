import { beforeAll, describe, expect, test } from '@jest/globals'
import { REASONS } from '../../../src/domain/reasons.js'
import { judge } from '../law-situation.js'
import { LAW_ROWS } from '../law-matrix.js'
import { ROWS } from '../policy-matrix.js'
import { BYTES, worldFrom } from '../random-worlds.js'
import { judgeInCedar, readPolicies } from './judge-in-cedar.js'
import { FORBIDS } from './policies.js'

/** `node test/domain/cedar/run.mjs` asks for a million, from a seed of the day. */
const WORLDS = Number(process.env.FULLMAKT_CEDAR_WORLDS ?? 2_000)
const SEED = Number(process.env.FULLMAKT_CEDAR_SEED ?? 20_261_122)

/** Bytes that look random and are the same for a seed (xorshift). */
function bytesFrom(seed: number): () => Uint8Array {
  let state = seed | 1
  return () =>
    Uint8Array.from({ length: BYTES }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return (state >>> 8) & 255
    })
}

beforeAll(readPolicies)

describe('the rules written a second time, in Cedar', () => {
  test('know every reason', () => {
    expect([...new Set(FORBIDS.map(({ reason }) => reason))].sort()).toEqual([...REASONS].sort())
  })

  test.each([...LAW_ROWS, ...ROWS].map((row) => [row[0], row] as const))(
    'say the same of: %s',
    (_sentence, [, situation, answer]) => {
      expect(judgeInCedar(situation)).toBe(answer)
    },
  )

  test(
    `say the same of ${String(WORLDS)} random worlds`,
    () => {
      const next = bytesFrom(SEED)
      const seen = new Map<string, number>()
      for (let number = 0; number < WORLDS; number++) {
        const bytes = next()
        const world = worldFrom(bytes)
        const decision = judge(world)
        const answer = decision.allowed ? 'yes' : decision.reason
        const second = judgeInCedar(world)
        if (second !== answer) {
          const told = JSON.stringify({ ...world, catalogue: world.catalogue.current.version }, null, 1)
          throw new Error(`world ${String(number)}: decide says ${answer}, Cedar says ${second}\n${told}`)
        }
        seen.set(answer, (seen.get(answer) ?? 0) + 1)
      }
      expect([...seen.keys()].sort()).toEqual(['yes', ...REASONS].sort())
    },
    24 * 3_600_000,
  )
})
