import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'

/** `.ci/run` takes 200 people and 10,000 requests: `FULLMAKT_CROSSTALK_PEOPLE=200`. */
const PEOPLE = Number(process.env['FULLMAKT_CROSSTALK_PEOPLE'] ?? '10')
const REQUESTS = 50 * PEOPLE
const AT_ONCE = 100

let parts: TestService
let people: { readonly visitor: Visitor; readonly name: string }[]

beforeAll(async () => {
  parts = await testService()
  people = await inTurns(
    Array.from({ length: PEOPLE }, (_, index) => async () => {
      const name = { givenName: `Markør${index}x`, familyName: `Prøve${index}x` }
      const bornOn = `19${50 + (index % 40)}-0${1 + (index % 9)}-1${index % 10}`
      const person = await parts.people.add({ ...name, bornOn })
      const visitor = await Visitor.logIn(parts, person.id)
      return { visitor, name: `${name.givenName} ${name.familyName}` }
    }),
  )
}, 60_000)
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

/** The numbers of those whom an answer names, each once. */
function peopleIn(body: unknown): number[] {
  return [...new Set([...JSON.stringify(body).matchAll(/Markør(\d+)x/g)].map(([, number]) => Number(number)))].sort()
}

/** Twenty at a time, results in order. */
async function inTurns<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (let from = 0; from < works.length; from += 20) {
    results.push(...(await Promise.all(works.slice(from, from + 20).map((work) => work()))))
  }
  return results
}

test(`${REQUESTS} interleaved requests of ${PEOPLE} logged-in people: each answer belongs to its asker`, async () => {
  // Everyone gives the next one a mandate, so that each sees two others by right and no one else.
  await inTurns(
    people.map(({ visitor }, index) => async () => {
      const next = people[(index + 1) % PEOPLE]
      if (next === undefined) throw new Error('no neighbour')
      const given = await visitor.give(next.visitor, [{ service: 'nav.pension', action: 'read' }])
      expect(given.status).toBe(201)
    }),
  )
  const pages: readonly (readonly [path: string, seen: (index: number) => number[]])[] = [
    ['/v1/me/session', (index) => [index]],
    ['/v1/me/mandates', (index) => [index - 1, index, index + 1]],
    ['/v1/me/representations', (index) => [index - 1, index + 1]],
    ['/v1/me/activity', (index) => [index]],
  ]
  const wrong: unknown[] = []
  let done = 0
  let next = 0
  const worker = async (): Promise<void> => {
    for (let turn = next++; turn < REQUESTS; turn = next++) {
      const index = (turn * 7919) % PEOPLE
      const [path, seenThere] = pages[turn % pages.length] ?? ['', () => []]
      const answer = await people[index]?.visitor.get(path)
      const seen = peopleIn(answer?.body)
      const right = seenThere(index).map((one) => (one + PEOPLE) % PEOPLE)
      if (answer?.status !== 200 || seen.join() !== right.sort().join()) {
        wrong.push({ path, index, status: answer?.status, seen })
      }
      done++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(wrong).toEqual([])
  expect(done).toBe(REQUESTS)
}, 300_000)
