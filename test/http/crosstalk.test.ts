import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type TestService, testService } from '../support/service.js'
import { Visitor } from '../support/visitors.js'

const PEOPLE = 200
const REQUESTS = 10_000
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
  const paths = ['/v1/me/session', '/v1/me/mandates', '/v1/me/representations', '/v1/me/activity']
  let done = 0
  let next = 0
  const worker = async (): Promise<void> => {
    for (let turn = next++; turn < REQUESTS; turn = next++) {
      const index = (turn * 7919) % PEOPLE
      const asker = people[index]
      const answer = await asker?.visitor.get(paths[turn % paths.length] ?? '')
      expect(answer?.status).toBe(200)
      const text = JSON.stringify(answer?.body)
      const seen = new Set([...text.matchAll(/Markør(\d+)x/g)].map(([, number]) => Number(number)))
      const allowed = [index, (index + 1) % PEOPLE, (index + PEOPLE - 1) % PEOPLE]
      expect([...seen].filter((number) => !allowed.includes(number))).toEqual([])
      if (turn % paths.length === 0) expect([...seen]).toEqual([index])
      done++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(done).toBe(REQUESTS)
}, 120_000)
