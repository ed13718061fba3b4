import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AtWork } from '../../src/domain/at-work.js'
import type { Decision } from '../../src/domain/decide.js'
import type { EmploymentGround } from '../../src/domain/employment.js'
import type { MandateGround, RepresentationId } from '../../src/domain/mandate.js'
import { PRIVATE, type Party, type PartyId } from '../../src/domain/party.js'
import { KARI, OLA, type LawSituation, adult, firm, given, grantedPension, judge, told } from './law-situation.js'
import { END, FRESH_AT, HOUR, NOON, START, at } from './situation.js'

const FIRM = 'firm' as PartyId
const RUNS = { numRuns: 400 }

const from = fc.constantFrom(START, START, START, at(0), at(HOUR))
const until = fc.constantFrom(END, END, at(HOUR), at(HOUR / 2), at(0))
const ALL = ['read', 'communicate', 'write'] as const
const actions: fc.Arbitrary<readonly (typeof ALL)[number][]> = fc.oneof(fc.constant([...ALL]), fc.subarray([...ALL]))

const employment: fc.Arbitrary<EmploymentGround> = fc
  .record({ actions, from, until: fc.option(until), provider: fc.constantFrom(null, null, null, '958935420') })
  .map(({ actions: may, provider, ...period }) => ({
    basis: 'employment',
    representationId: 'job-1' as RepresentationId,
    principal: FIRM,
    representative: OLA,
    powers: may.map((action) => ({ service: 'nav.pension', action, provider })),
    validFrom: period.from,
    validUntil: period.until,
  }))
const mandate: fc.Arbitrary<MandateGround> = fc
  .record({
    actions,
    from,
    until,
    state: fc.constantFrom('active', 'active', 'frozen', 'ended', 'offered'),
  })
  .map(({ actions: may, state, ...period }) => ({
    ...given,
    representative: FIRM,
    powers: may.map((action, index) => ({
      ...grantedPension,
      ...{ powerId: String(index), action, state, validFrom: period.from, validUntil: period.until },
    })),
  }))
const party = (base: Party): fc.Arbitrary<Party> =>
  fc
    .record({
      diedOn: fc.constantFrom(...Array<null>(8).fill(null), '2026-03-02', '2026-03-03'),
      ceased: fc.constantFrom(...Array<boolean>(8).fill(false), true),
      factsFreshAt: fc.constantFrom(...Array<Date>(8).fill(FRESH_AT), at(-30 * HOUR), null),
    })
    .map((change) => ({ ...base, ...change, diedOn: base.kind === 'organisation' ? null : change.diedOn }))

/** Ola works for a firm to which Kari has given something, or not. */
const worlds: fc.Arbitrary<LawSituation> = fc
  .record({
    organisation: party({ ...firm, partyId: FIRM }),
    principal: party(adult),
    employments: fc
      .oneof(employment, employment, employment, fc.constant(null))
      .map((one) => (one === null ? [] : [one])),
    grounds: fc.oneof(mandate, mandate, mandate, fc.constant(null)).map((one) => (one === null ? [] : [one])),
    action: fc.constantFrom('read', 'communicate', 'write'),
    provider: fc.constantFrom(null, null, '958935420'),
  })
  .map(({ organisation, principal, employments, grounds, action, provider }) => {
    const world = told(adult, { action, principal, grounds })
    return {
      ...world,
      question: {
        ...world.question,
        power: { ...world.question.power, provider },
        context: { kind: 'work', organisation: FIRM },
      },
      facts: { ...world.facts, atWork: { organisation, employments } },
    }
  })

function workOf({ facts }: LawSituation): AtWork {
  if (facts.atWork === undefined) throw new Error('a world without work')
  return facts.atWork
}

/** What the principal's own link would give if Kari had given it to Ola himself. */
function givenToOla(world: LawSituation): Decision {
  const grounds = world.facts.grounds.map((ground) => ({ ...ground, representative: OLA }) as MandateGround)
  return judge(privately(world, grounds))
}

function privately(world: LawSituation, grounds: readonly MandateGround[]): LawSituation {
  const { actor, principal, holders, rulings, approvedBy } = world.facts
  return {
    ...world,
    question: { ...world.question, context: PRIVATE },
    facts: { actor, principal, grounds, holders, rulings, approvedBy },
  }
}

function verdict(decision: Decision): string {
  return decision.allowed ? 'yes' : decision.reason
}

describe('at work', () => {
  test('one has never more than either link gives, and not for longer', () => {
    let yes = 0
    fc.assert(
      fc.property(worlds, (world) => {
        const through = judge(world)
        if (!through.allowed) return
        yes++
        const hers = givenToOla(world)
        expect(hers.allowed).toBe(true)
        const [job] = workOf(world).employments
        const { action } = world.question.power
        expect(job?.powers.some((power) => power.action === action)).toBe(true)
        expect(workOf(world).organisation.ceased).toBe(false)
        for (const end of [job?.validUntil ?? null, world.facts.grounds.length === 0 ? NOON : null]) {
          if (end !== null) expect(through.validUntil !== null && through.validUntil <= end).toBe(true)
        }
        if (hers.allowed && hers.obligations.length === through.obligations.length && hers.validUntil !== null) {
          expect(through.validUntil !== null && through.validUntil <= hers.validUntil).toBe(true)
        }
      }),
      { numRuns: 1500 },
    )
    expect(yes).toBeGreaterThan(10)
  })

  test('without both links there is one answer, which does not tell which is missing', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { organisation, employments } = workOf(world)
        const open = employments.filter(
          (job) => job.validFrom <= NOON && (job.validUntil === null || job.validUntil > NOON),
        )
        if (open.length > 0 && world.facts.grounds.length > 0) return
        const without = judge({ ...world, facts: { ...world.facts, grounds: [] } })
        expect(judge(world)).toEqual(without)
        if (employments.some((job) => job.validFrom > NOON)) return
        const nobody = judge({
          ...world,
          facts: { ...world.facts, grounds: [], atWork: { organisation, employments: [] } },
        })
        expect(without).toEqual(nobody)
        expect(verdict(nobody)).toBe('no_registered_ground')
      }),
      RUNS,
    )
  })

  test('a private login uses no employment, and a work login no private ground', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const own = world.facts.grounds.map((ground) => ({ ...ground, representative: OLA }) as MandateGround)
        // In the firm itself the private ground lies between the same two as the employment.
        const inFirm = own.map((ground) => ({ ...ground, principal: FIRM }))
        const firmItself = {
          ...world.question,
          principal: FIRM,
          context: { kind: 'work', organisation: FIRM },
        } as const
        const { atWork, ...rest } = world.facts
        const facts = { ...rest, principal: workOf(world).organisation, grounds: inFirm }
        expect(verdict(judge({ ...world, question: firmItself, facts: { ...facts, ...(atWork && { atWork }) } }))).toBe(
          'no_registered_ground',
        )
        const employed = { ...facts, grounds: workOf(world).employments }
        expect(verdict(judge({ ...world, question: { ...firmItself, context: PRIVATE }, facts: employed }))).toBe(
          'no_registered_ground',
        )
      }),
      RUNS,
    )
  })

  test('the answer changes not by time alone before validUntil', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 40 * 24 }), (world, hours) => {
        const now = judge(world)
        const instant = at(hours * (HOUR / 8))
        if (now.validUntil !== null && instant >= now.validUntil) return
        const later = judge({ ...world, question: { ...world.question, instant } })
        expect([instant, verdict(later)]).toEqual([instant, verdict(now)])
      }),
      RUNS,
    )
  })

  test('what was passed on is not used through an organisation', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const middle = { ...adult, partyId: 'mari' as PartyId }
        const parent = {
          representationId: 'mandate-0' as RepresentationId,
          middle,
          answerBy: null,
          powers: [grantedPension],
        }
        const grounds = world.facts.grounds.map((ground) => ({ ...ground, parent }) as MandateGround)
        expect(judge({ ...world, facts: { ...world.facts, grounds } }).allowed).toBe(false)
      }),
      RUNS,
    )
  })

  test.each([
    ['of another organisation', { principal: KARI }],
    ['of someone else', { representative: KARI }],
  ])('an employment %s is a fault of ours', (_what, change) => {
    const [job] = fc.sample(employment, 1)
    if (job === undefined) throw new Error('there is an employment')
    const world = told(adult, { grounds: [] })
    const question = { ...world.question, context: { kind: 'work', organisation: FIRM } } as const
    const atWork = { organisation: { ...firm, partyId: FIRM }, employments: [{ ...job, ...change }] }
    expect(() => judge({ ...world, question, facts: { ...world.facts, atWork } })).toThrow('facts')
    expect(() => judge({ ...world, facts: { ...world.facts, atWork } })).toThrow('facts')
  })
})
