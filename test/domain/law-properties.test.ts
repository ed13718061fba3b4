import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { reachesAge } from '../../src/domain/calendar.js'
import type { Decision } from '../../src/domain/decide.js'
import type { Ground, Holder } from '../../src/domain/ground.js'
import type { MandateGround, ParentMandate } from '../../src/domain/mandate.js'
import { parentGround } from '../../src/domain/mandate-coverage.js'
import type { PartyId } from '../../src/domain/party.js'
import { REASONS } from '../../src/domain/reasons.js'
import {
  type LawSituation,
  OLA,
  adult,
  alone,
  child,
  given,
  grantedPension,
  id,
  judge,
  mariHolds,
  olaHolds,
  told,
} from './law-situation.js'
import { changesOf } from './law-times.js'
import { BYTES, worldFrom } from './random-worlds.js'

/** More on demand: `FULLMAKT_PROPERTY_RUNS=1000000`. */
const RUNS = { numRuns: Number(process.env.FULLMAKT_PROPERTY_RUNS ?? 1_000) }

const bytes = fc.uint8Array({ minLength: BYTES, maxLength: BYTES })
const worlds = bytes.map(worldFrom)

const withFacts = (world: LawSituation, facts: Partial<LawSituation['facts']>): LawSituation => ({
  ...world,
  facts: { ...world.facts, ...facts },
})
const asked = (world: LawSituation, question: Partial<LawSituation['question']>): LawSituation => ({
  ...world,
  question: { ...world.question, ...question },
})

/** What must not change by time alone: the yes and what it is on, or the reason of the no. */
function verdict(decision: Decision): string {
  if (!decision.allowed) return decision.reason
  const on = decision.obligations.map(({ type }) => type).filter((type) => type !== 'assurance')
  return ['yes', ...on].join(', ')
}

type PassedOn = MandateGround & { readonly parent: ParentMandate }

const isSelf = ({ question }: LawSituation): boolean => question.actor === question.principal

/** Plain and quick: `expect` takes longer than the law it looks at. */
function mustBe(held: boolean, ...seen: readonly unknown[]): void {
  if (!held) expect(seen).toBe('as the law says')
}

function throws(work: () => unknown): boolean {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    work()
    return false
  } catch (error) {
    return error instanceof Error && error.message.includes('not about the parties')
  } finally {
    Error.stackTraceLimit = limit
  }
}

function law(name: string, holds: (world: LawSituation, before: Decision) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(worlds, (world) => holds(world, judge(world))),
      RUNS,
    )
  })
}

describe('the worlds', () => {
  test('come upon every reason, and upon a yes by every basis', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(worlds, (world) => {
        const decision = judge(world)
        seen.add(decision.allowed ? `yes by ${decision.basis}` : decision.reason)
        const ground = world.facts.grounds.find(
          ({ representationId }) => representationId === decision.representationId,
        )
        if (decision.allowed && ground?.basis === 'mandate' && ground.parent !== null) seen.add('yes through another')
      }),
      { numRuns: 20_000, seed: 3 },
    )
    const bases = ['self', 'mandate', 'parent', 'guardian', 'lasting_power', 'organisation_role']
    const yes = [...bases.map((basis) => `yes by ${basis}`), 'yes through another']
    expect([...seen].sort()).toEqual([...REASONS, ...yes].sort())
  })
})

function twice<Given extends Pick<MandateGround, 'powers'>>(mandate: Given): Given {
  return { ...mandate, powers: [...mandate.powers, ...mandate.powers].reverse() }
}

describe('in every world', () => {
  law('without a ground there is no yes, and one and the same no whoever the principal is', (world) => {
    if (isSelf(world)) return
    const stranger = judge(withFacts(world, { grounds: [] }))
    const unknown = judge(
      asked(withFacts(world, { grounds: [], principal: null, rulings: [], holders: [] }), { principal: null }),
    )
    mustBe(!stranger.allowed && stranger.basis === null, stranger)
    mustBe(JSON.stringify(stranger) === JSON.stringify(unknown) || isSelf(world), stranger, unknown)
  })

  law('a yes has a ground in force of the basis it names', (world, before) => {
    if (!before.allowed || before.basis === 'self') return
    const behind = world.facts.grounds.filter((ground) => ground.representationId === before.representationId)
    const { instant } = world.question
    mustBe(
      behind.some((ground) => ground.basis === before.basis && isInForce(ground, instant)),
      before,
    )
  })

  law('the order in which the facts were read does not matter, nor that one was read twice', (world, before) => {
    const { grounds, holders, rulings, approvedBy } = world.facts
    const turned = grounds.map((ground) =>
      ground.basis === 'mandate'
        ? { ...twice(ground), parent: ground.parent === null ? null : twice(ground.parent) }
        : ground.basis === 'guardian'
          ? { ...ground, tasks: [...ground.tasks, ...ground.tasks].reverse() }
          : ground,
    )
    const other = withFacts(world, {
      grounds: [...turned, ...turned].reverse(),
      holders: [...holders, ...holders].reverse(),
      rulings: [...rulings, ...rulings].reverse(),
      approvedBy: [...approvedBy, ...approvedBy].reverse(),
    })
    const after = judge(other)
    mustBe(JSON.stringify(after) === JSON.stringify(before), before, after)
  })

  law('another’s mandate is no fact of the pair', (world) => {
    const { grounds } = world.facts
    const others = { ...given, representative: 'another' as PartyId }
    mustBe(throws(() => judge(withFacts(world, { grounds: [...grounds, others] }))))
  })

  law('what was ruled about another, and what a stranger approved, changes no answer', (world, before) => {
    const another = 'another' as PartyId
    const { rulings, approvedBy } = world.facts
    const kinds = ['reservation', 'conflict_of_interest', 'consent', 'lasting_power_scope'] as const
    if (world.question.principal === null) return
    const principal = world.question.principal
    const more = kinds.map((kind) => ({
      ...{ rulingId: kind, kind, principal, representative: another, service: null, action: null },
      ...{ object: world.question.power.object, validFrom: new Date(0), validUntil: null },
    }))
    const after = judge(withFacts(world, { rulings: [...rulings, ...more], approvedBy: [...approvedBy, another] }))
    mustBe(JSON.stringify(after) === JSON.stringify(before), before, after)
  })

  law('one more who holds the same, and has not approved, only makes the answer stricter', (world, before) => {
    const { holders } = world.facts
    const basis = holders[0]?.basis ?? 'parent'
    const more: Holder = {
      ...mariHolds,
      ...{
        basis,
        representationId: id('more'),
        representative: 'another' as PartyId,
        says: holders[0]?.says ?? 'felles',
      },
      residences: [],
    }
    const after = judge(withFacts(world, { holders: [...holders, more] }))
    mustBe(before.allowed || !after.allowed, before, after)
    if (before.allowed && !after.allowed) mustBe(after.reason === 'others_must_approve', after)
  })

  law('one more approval never makes a yes a no', (world, before) => {
    if (!before.allowed) return
    const named = world.facts.holders.flatMap(({ representative }) => (representative === null ? [] : [representative]))
    mustBe(judge(withFacts(world, { approvedBy: named })).allowed, before)
  })

  law('one more ground never makes a yes a no', (world, before) => {
    const { grounds } = world.facts
    for (const index of grounds.keys()) {
      const fewer = judge(withFacts(world, { grounds: grounds.toSpliced(index, 1) }))
      mustBe(before.allowed || !fewer.allowed, before, fewer)
    }
  })

  law('what holds for all objects holds for each, unless each is to be asked about', (world, before) => {
    if (!before.allowed || world.question.power.object !== null) return
    if (before.obligations.some(({ type }) => type === 'ask_for_each_object')) return
    for (const object of ['a', 'b', 'c']) {
      const one = judge(asked(world, { power: { ...world.question.power, object } }))
      mustBe(one.allowed, before, object, one)
    }
  })

  law('a weaker login never makes a no a yes', (world, before) => {
    if (before.allowed) return
    const weaker = judge(asked(world, { login: { ...world.question.login, level: 'low', proof: 'asserted' } }))
    mustBe(!weaker.allowed, before, weaker)
  })
})

describe('what was passed on', () => {
  const through = (world: LawSituation): readonly PassedOn[] =>
    world.facts.grounds.filter((ground): ground is PassedOn => ground.basis === 'mandate' && ground.parent !== null)

  law('is a yes only where the one in the middle has one, and where it would be one by itself', (world) => {
    for (const ground of through(world)) {
      if (!judge(withFacts(world, { grounds: [ground] })).allowed) continue
      const { middle } = ground.parent
      const asMiddle = asked(world, { actor: middle.partyId })
      const hers = judge(
        withFacts(asMiddle, { actor: middle, grounds: [parentGround(ground, ground.parent)], holders: [] }),
      )
      const own = judge(withFacts(world, { grounds: [{ ...ground, parent: null }] }))
      mustBe(hers.allowed && own.allowed, ground, hers, own)
    }
  })

  law('is a yes only by what the principal lets be passed on', (world) => {
    const kept = through(world).map((ground) => ({
      ...ground,
      parent: { ...ground.parent, powers: ground.parent.powers.map((power) => ({ ...power, passingOn: false })) },
    }))
    const after = judge(withFacts(world, { grounds: kept }))
    mustBe(isSelf(world) || !after.allowed, after)
  })
})

describe('as time goes by', () => {
  law('until validUntil the answer stays what it is, and its reason', (world, before) => {
    const { validUntil } = before
    mustBe(validUntil === null || validUntil > world.question.instant, before)
    const changes = changesOf(world)
    const meanwhile = changes.filter((time) => validUntil === null || time < validUntil)
    const looked = [...meanwhile.slice(0, 3), ...meanwhile.slice(-2)]
    if (validUntil !== null) looked.push(new Date(validUntil.getTime() - 1))
    for (const instant of looked) {
      if (instant < world.question.instant) continue
      const then = judge(asked(world, { instant }))
      mustBe(verdict(then) === verdict(before), before, instant, then)
    }
  })

  law('what has ended stays ended, and so does what was passed on from it', (world) => {
    if (isSelf(world)) return
    const { instant } = world.question
    for (const end of [endedAt, endedAbove]) {
      const over = withFacts(world, { grounds: world.facts.grounds.map((ground) => end(ground, instant)) })
      const changes = changesOf(over)
      for (const time of [instant, ...changes.slice(0, 2), ...changes.slice(-2)]) {
        const then = judge(asked(over, { instant: time }))
        mustBe(!then.allowed, time, then)
      }
    }
  })

  law('an earlier end never makes a no a yes', (world, before) => {
    const soon = new Date(world.question.instant.getTime() + 1)
    const grounds = world.facts.grounds.map((ground) => endedAt(ground, soon))
    const rulings = world.facts.rulings.map((one) =>
      one.kind === 'consent' || one.kind === 'lasting_power_scope' ? { ...one, validUntil: soon } : one,
    )
    const after = judge(withFacts(world, { grounds, rulings }))
    // What had ended before is made to last by this, so it is left out.
    const had = world.facts.grounds.every((ground) => isInForce(ground, world.question.instant))
    const ruled = world.facts.rulings.every(({ validUntil }) => validUntil === null || validUntil >= soon)
    if (had && ruled) mustBe(before.allowed || !after.allowed, before, after)
    const later = judge(asked(withFacts(world, { grounds, rulings }), { instant: soon }))
    mustBe(isSelf(world) || !later.allowed, later)
  })
})

describe('an age is reached at its very second,', () => {
  const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
  const births = fc.oneof(
    days.map((day) => day.toISOString().slice(0, 10)),
    fc.constantFrom('2008-02-29', '2012-02-29'),
  )
  const fresh = new Date('2200-01-01T00:00:00Z')
  const parent = { grounds: [{ ...alone, factsFreshAt: fresh }], holders: [olaHolds] }
  const always = { factsFreshAt: fresh }
  const pension = { ...grantedPension, validFrom: new Date(0), validUntil: fresh }
  const mother = { ...always, bornOn: '1950-01-01' }

  type AtAge = readonly [sentence: string, age: number, of: (bornOn: string) => LawSituation, from: string, to: string]
  const boundaries: readonly AtAge[] = [
    [
      'a parent and the pension',
      18,
      (bornOn) => told(child, { ...parent, actor: mother, principal: { bornOn, ...always } }),
      'yes',
      'child_of_age',
    ],
    [
      'a parent and the tax card',
      15,
      (bornOn) => told(child, { ...parent, service: 'tax.card', actor: mother, principal: { bornOn, ...always } }),
      'yes',
      'age_band',
    ],
    [
      'a parent and appointments to see',
      12,
      (bornOn) =>
        told(child, { ...parent, service: 'health.appointments', actor: mother, principal: { bornOn, ...always } }),
      'yes',
      'age_band',
    ],
    [
      'a parent and appointments to make',
      16,
      (bornOn) =>
        told(child, {
          ...parent,
          service: 'health.appointments',
          action: 'write',
          actor: mother,
          principal: { bornOn, ...always },
        }),
      'yes',
      'age_band',
    ],
    [
      'a parent and the record',
      12,
      (bornOn) => told(child, { ...parent, service: 'health.record', actor: mother, principal: { bornOn, ...always } }),
      'yes, introspect',
      'age_band',
    ],
    [
      'one who gives a mandate',
      18,
      (bornOn) =>
        told(adult, { grounds: [{ ...given, powers: [pension] }], actor: mother, principal: { bornOn, ...always } }),
      'principal_too_young',
      'yes',
    ],
    [
      'one who is given a mandate',
      18,
      (bornOn) =>
        told(adult, { grounds: [{ ...given, powers: [pension] }], actor: { bornOn, ...always }, principal: mother }),
      'representative_too_young',
      'yes',
    ],
    [
      'one who acts for herself',
      13,
      (bornOn) => herself(told(adult, { principal: { bornOn, ...always } })),
      'self_too_young',
      'yes',
    ],
  ]

  function herself({ question, facts, catalogue }: LawSituation): LawSituation {
    return {
      catalogue,
      question: { ...question, actor: question.principal },
      facts: { ...facts, actor: facts.principal },
    }
  }

  test('not a second before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...boundaries), births, ([sentence, age, of, from, to], bornOn) => {
        const turns = reachesAge(bornOn, age)
        const second = asked(of(bornOn), { instant: new Date(turns.getTime() - 1000) })
        const then = judge(second)
        mustBe(verdict(then) === from && then.validUntil?.getTime() === turns.getTime(), sentence, bornOn, then)
        const now = judge(asked(second, { instant: turns }))
        mustBe(verdict(now) === to, sentence, bornOn, now)
      }),
      RUNS,
    )
  })
})

function isInForce(ground: Ground, instant: Date): boolean {
  if (ground.basis === 'mandate') {
    return [ground, ...(ground.parent === null ? [] : [ground.parent])].every(({ powers }) =>
      powers.some(
        ({ state, validFrom, validUntil }) =>
          (state === 'active' || state === 'held') && validFrom <= instant && instant < validUntil,
      ),
    )
  }
  const { validFrom, validUntil } = ground
  return (validFrom === null || validFrom <= instant) && (validUntil === null || instant < validUntil)
}

/** The same ground, over at that instant at the latest. */
function endedAt(ground: Ground, instant: Date): Ground {
  if (ground.basis !== 'mandate') return { ...ground, validUntil: earlier(ground.validUntil, instant) }
  return endedMandate(ground, instant)
}

/** The same, where it was passed on by the end of what it was passed on from. */
function endedAbove(ground: Ground, instant: Date): Ground {
  if (ground.basis !== 'mandate' || ground.parent === null) return endedAt(ground, instant)
  return { ...ground, parent: endedMandate(ground.parent, instant) }
}

function endedMandate<Given extends Pick<MandateGround, 'powers'>>(mandate: Given, instant: Date): Given {
  const powers = mandate.powers.map((power) => ({ ...power, validUntil: earlier(power.validUntil, instant) }))
  return { ...mandate, powers }
}

function earlier(one: Date | null, other: Date): Date {
  return one !== null && one < other ? one : other
}

test('the one who acts in these worlds is Ola', () => {
  expect(worldFrom(new Uint8Array(BYTES)).question.actor).toBe(OLA)
})
