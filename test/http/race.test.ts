import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import { decodeJwt } from 'jose'
import { addDays, osloDay } from '../../src/domain/calendar.js'
import { powersAsKnown } from '../../src/store/mandate-view-store.js'
import { someone, yearsAgo } from '../support/people.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService, Visitor } from '../support/visitors.js'

/** `.ci/run` makes 20: `FULLMAKT_RACE_ROUNDS=20`; `npm run race` makes 500. */
const ROUNDS = Number(process.env['FULLMAKT_RACE_ROUNDS'] ?? '1')
const AT_ONCE = 200
/** One person makes 60 drafts an hour, and no more. */
const ROUNDS_OF_A_GIVER = 50
/** `INVALID` of Token Status List section 7.1. */
const ENDED = 1

let parts: TestService
let helper: Visitor
let nav: RelyingService

beforeAll(async () => {
  parts = await testService()
  helper = await Visitor.logIn(parts, 'bjarne-aas')
  nav = await RelyingService.open(parts, 'nav-web')
})
afterAll(async () => {
  await parts.stop()
  expect(parts.faults).toEqual([])
})

async function newGiver(): Promise<Visitor> {
  return Visitor.logIn(parts, (await someone(parts, yearsAgo(60))).id)
}

/** When an answer was asked for and when it came, on one clock. */
interface Timed {
  readonly asked: number
  readonly answered: number
  readonly yes: boolean
}

/** As soon as there is one; after ten seconds in any case. */
async function firstOf(tokens: readonly string[]): Promise<void> {
  for (let tries = 0; tokens.length === 0 && tries < 2000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function timed(work: () => Promise<boolean>): Promise<Timed> {
  const asked = performance.now()
  const yes = await work()
  return { asked, answered: performance.now(), yes }
}

/** Twenty at a time until so many are done: some before the end, some while it happens, some after its answer. */
async function racing(count: number, work: () => Promise<boolean>): Promise<Timed[]> {
  const done: Timed[] = []
  let started = 0
  const worker = async (): Promise<void> => {
    while (started++ < count) done.push(await timed(work))
  }
  await Promise.all(Array.from({ length: 20 }, worker))
  return done
}

/** What the lists say of these tokens: that they are over, or whatever the first list says that was signed after this moment. */
async function statusesAfter(moment: Date, tokens: readonly string[]): Promise<Set<number>> {
  const entries = tokens.map((token) => (decodeJwt(token)['status'] as Status).status_list)
  for (;;) {
    const uris = [...new Set(entries.map(({ uri }) => uri))]
    const lists = new Map(await Promise.all(uris.map(async (uri) => [uri, await (await fetch(uri)).text()] as const)))
    const statuses = entries.map(({ uri, idx }) => getListFromStatusListJWT(lists.get(uri) ?? '').getStatus(idx))
    const signed = [...lists.values()].map((list) => (decodeJwt(list).iat ?? 0) * 1000)
    // Times in tokens are whole seconds.
    const isNext = signed.every((at) => at >= moment.getTime())
    if (isNext || statuses.every((status) => status === ENDED)) return new Set(statuses)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Status {
  readonly status_list: { readonly uri: string; readonly idx: number }
}

test(
  `${ROUNDS} times: ${AT_ONCE} evaluations and ${AT_ONCE} exchanges race one end; none that is asked after its answer says yes, and no token from before holds on the next list`,
  async () => {
    let yesBefore = 0
    let noAfter = 0
    let yesAfter = 0
    let tokensBefore = 0
    let giver = await newGiver()
    for (let round = 0; round < ROUNDS; round++) {
      if (round % ROUNDS_OF_A_GIVER === ROUNDS_OF_A_GIVER - 1) giver = await newGiver()
      const given = await giver.give(helper, [{ service: 'nav.pension', action: 'read', object: `round ${round}` }])
      expect(given.status).toBe(201)
      const mandateId = String(given.body.mandate_id)
      const opened = await nav.representations('bjarne-aas')
      const represented = opened.body.representations.find(({ powers }: { powers: { object: string }[] }) =>
        powers.some(({ object }) => object === `round ${round}`),
      )
      const evaluate = async (): Promise<boolean> => {
        const properties = { object: `round ${round}` }
        const answer = await nav.evaluate(helper.number, giver.number, 'nav.pension', 'read', { properties })
        if (answer.status !== 200) throw new Error(`an evaluation answered ${answer.status}`)
        return answer.body.decision as boolean
      }
      const tokens: string[] = []
      const exchange = async (): Promise<boolean> =>
        nav.exchange(represented.handle, opened.body.actor_grant).then(
          ({ access_token }) => tokens.push(access_token) > 0,
          (error: unknown) => {
            if ((error as { error?: string }).error !== 'invalid_request') throw error
            return false
          },
        )
      const [evaluations, exchanges, ended] = await Promise.all([
        racing(AT_ONCE, evaluate),
        racing(AT_ONCE, exchange),
        firstOf(tokens).then(() => timed(async () => (await giver.change(mandateId, 'end')).status === 200)),
      ])
      expect(ended.yes).toBe(true)
      for (const one of [...evaluations, ...exchanges]) {
        const after = one.asked >= ended.answered
        if (after && one.yes) yesAfter++
        if (after && !one.yes) noAfter++
        if (!after && one.yes) yesBefore++
      }
      const later = await Promise.all([
        ...Array.from({ length: 10 }, evaluate),
        ...Array.from({ length: 10 }, exchange),
      ])
      expect(later).not.toContain(true)
      if (tokens.length > 0) expect(await statusesAfter(new Date(), tokens)).toEqual(new Set([ENDED]))
      tokensBefore += tokens.length
    }
    expect(tokensBefore).toBeGreaterThan(0)
    expect(yesAfter).toBe(0)
    // The race was one: some came before the end, and some after its answer.
    expect(yesBefore).toBeGreaterThan(0)
    expect(noAfter).toBeGreaterThan(0)
  },
  300_000 + ROUNDS * 10_000,
)

test('reading back at every moment shows each state once', async () => {
  const giver = await newGiver()
  const until = addDays(osloDay(new Date()), 30)
  const given = await giver.give(helper, [{ service: 'nav.pension', action: 'write', object: 'read back', until }])
  const mandateId = String(given.body.mandate_id)
  for (const path of ['freeze', 'thaw', 'freeze', 'end']) {
    expect((await giver.change(mandateId, path)).status).toBe(200)
  }
  const { body } = await giver.get(`/v1/me/mandates/${mandateId}/versions`)
  const moments = body.versions.map(({ made_at }: { made_at: string }) => new Date(made_at))
  const states = await Promise.all(
    moments.map(async (moment: Date) => {
      // A millisecond later: what the pages show of a moment has no microseconds.
      const powers = await powersAsKnown(parts.database, mandateId, new Date(moment.getTime() + 1))
      expect(powers).toHaveLength(1)
      return powers[0]?.state
    }),
  )
  expect(states).toEqual(['active', 'frozen', 'active', 'frozen', 'ended'])
  expect(await powersAsKnown(parts.database, mandateId, new Date(moments[0].getTime() - 1000))).toEqual([])
})
