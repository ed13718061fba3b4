import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Gathered } from '../../src/store/gathered.js'

/** A statement that ends when it is told to, and what it was asked. */
function held(mostInOne = 64) {
  const statements: { readonly asked: readonly number[]; readonly end: (outcome?: Error) => void }[] = []
  const gathered = new Gathered<number, string>(
    (asked) =>
      new Promise((resolve, reject) => {
        const answers = asked.map((one) => `answer to ${one}`)
        statements.push({ asked, end: (fault) => (fault === undefined ? resolve(answers) : reject(fault)) })
      }),
    mostInOne,
  )
  return { gathered, statements }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('calls that share a statement', () => {
  test('go at once when they come alone', async () => {
    const { gathered, statements } = held()
    const first = gathered.ask(1)
    expect(statements.map(({ asked }) => asked)).toEqual([[1]])
    statements[0]?.end()
    expect(await first).toBe('answer to 1')
    await turn()
    void gathered.ask(2)
    expect(statements.map(({ asked }) => asked)).toEqual([[1], [2]])
  })

  test('wait for the statement under way, never join it, and go together in the next', async () => {
    const { gathered, statements } = held()
    const answers = [1, 2, 3].map((one) => gathered.ask(one))
    expect(statements.map(({ asked }) => asked)).toEqual([[1]])
    statements[0]?.end()
    await turn()
    expect(statements.map(({ asked }) => asked)).toEqual([[1], [2, 3]])
    const late = gathered.ask(4)
    statements[1]?.end()
    await turn()
    statements[2]?.end()
    expect(await Promise.all([...answers, late])).toEqual([1, 2, 3, 4].map((one) => `answer to ${one}`))
  })

  test('are not more than may go in one', async () => {
    const { gathered, statements } = held(2)
    for (const one of [1, 2, 3, 4, 5, 6]) void gathered.ask(one)
    for (let done = 0; done < 4; done++) {
      statements[done]?.end()
      await turn()
    }
    expect(statements.map(({ asked }) => asked)).toEqual([[1], [2, 3], [4, 5], [6]])
  })

  test('fail with the statement that they went with, and no other does', async () => {
    const { gathered, statements } = held()
    const outcomes = Promise.allSettled([1, 2, 3].map((one) => gathered.ask(one)))
    statements[0]?.end()
    await turn()
    statements[1]?.end(new Error('gone'))
    await turn()
    const after = gathered.ask(4)
    statements[2]?.end()
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await after).toBe('answer to 4')
  })

  test('get no answer from a statement that gave too few or too many', async () => {
    for (const answers of [[], ['one', 'another']]) {
      const gathered = new Gathered<number, string>(() => Promise.resolve(answers), 64)
      await expect(gathered.ask(1)).rejects.toThrow('more or fewer answers')
    }
  })

  test('each get their own answer, whenever they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (waits, most) => {
        const gathered = new Gathered<number, number>(async (asked) => {
          expect(asked.length).toBeLessThanOrEqual(most)
          await turn()
          return asked.map((one) => one * 2)
        }, most)
        const answers = waits.map(async (wait, place) => {
          for (let i = 0; i < wait; i++) await turn()
          return gathered.ask(place)
        })
        expect(await Promise.all(answers)).toEqual(waits.map((_, place) => place * 2))
      }),
      { numRuns: 50 },
    )
  })
})
