import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Catalogue, CatalogueVersion } from '../../src/domain/catalogue.js'
import { type Decision, decide } from '../../src/domain/decide.js'
import type { Ruling } from '../../src/domain/ground.js'
import type { GrantedPower, MandateGround, ParentMandate } from '../../src/domain/mandate.js'
import { parentGround } from '../../src/domain/mandate-coverage.js'
import { catalogueOf } from '../support/catalogue.js'
import { mari, parent, passed } from './passed-on-matrix.js'
import { granted, instants, later, laterInstants, party, situations } from './random-situations.js'
import { KARI, OLA, START, type Situation, granted as usualPower, kari, ola, withGrounds } from './situation.js'

/** More on demand: `FULLMAKT_PROPERTY_RUNS=1000000`. */
const RUNS = { numRuns: Number(process.env.FULLMAKT_PROPERTY_RUNS ?? 1_000) }
const FEWER_RUNS = { numRuns: Math.ceil(RUNS.numRuns / 7) }

const parents: fc.Arbitrary<ParentMandate> = fc
  .record({
    middle: fc.oneof({ arbitrary: fc.constant(mari), weight: 2 }, { arbitrary: party(mari), weight: 1 }),
    answerBy: fc.option(instants),
    powers: fc.array(granted, { maxLength: 3 }),
  })
  .map((one) => ({ ...parent, ...one }))

function passable(version: CatalogueVersion, services: readonly string[]): CatalogueVersion {
  return {
    ...version,
    services: version.services.map((service) => ({
      ...service,
      mandate: service.mandate === null ? null : { ...service.mandate, passingOn: services.includes(service.id) },
    })),
  }
}

const reservations: fc.Arbitrary<readonly Ruling[]> = fc.array(
  fc.record({
    rulingId: fc.constant('ruling-1'),
    kind: fc.constant('reservation' as const),
    principal: fc.constant(KARI),
    representative: fc.constantFrom(null, OLA, mari.partyId),
    service: fc.constantFrom('nav.pension', 'muni.school'),
    action: fc.constant(null),
    object: fc.constantFrom(null, 'a'),
    validFrom: fc.constant(START),
    validUntil: fc.option(instants),
  }),
  { maxLength: 1 },
)

/** Worlds in which every ground between the two was passed on by Mari. */
const worlds: fc.Arbitrary<Situation> = fc
  .record({
    situation: situations,
    above: fc.tuple(parents, parents, parents),
    likeParent: fc.boolean(),
    rulings: reservations,
    all: fc.boolean(),
    /** Half the worlds have the very power that is asked for, and two people as they usually are. */
    usual: fc.boolean(),
  })
  .filter(({ situation: { question } }) => question.actor !== question.principal)
  .map(({ situation, above, likeParent, rulings, all, usual }) => {
    const { current } = situation.catalogue
    const services = all ? current.services.map(({ id }) => id) : ['nav.pension']
    const catalogue: Catalogue = catalogueOf(
      passable(current, services),
      passable(situation.catalogue.version(1), services),
    )
    const asked: GrantedPower = { ...usualPower, ...situation.question.power }
    const between = usual ? [{ ...passed, powers: [asked] }] : []
    const facts = usual ? { ...situation.facts, actor: ola, principal: kari } : situation.facts
    const grounds = [...between, ...situation.facts.grounds].map((ground, index) => {
      const one = above[index] ?? parent
      const same = ground.powers.map((power) => ({ ...power, powerId: `${power.powerId}-above`, passingOn: true }))
      return { ...ground, parent: { ...one, powers: likeParent ? [...same, ...one.powers] : one.powers } }
    })
    const known = facts.principal === null ? [] : rulings
    const login = usual
      ? ({ level: 'high', authenticatedAt: null, proof: 'login_token' } as const)
      : situation.question.login
    const question = {
      ...situation.question,
      ...{ login, actor: facts.actor?.partyId ?? null, principal: facts.principal?.partyId ?? null },
    }
    return { question, facts: { ...facts, grounds, rulings: known }, catalogue }
  })

const answer = ({ question, facts, catalogue }: Situation): Decision => decide(question, facts, catalogue)

/** The very question asked by Mari, through each parent by itself. */
function asMari(situation: Situation, ground: MandateGround): Situation {
  if (ground.parent === null) throw new Error('it was passed on')
  const { middle } = ground.parent
  const question = { ...situation.question, actor: middle.partyId }
  const facts = { ...situation.facts, actor: middle, grounds: [parentGround(ground, ground.parent)] }
  return { ...situation, question, facts }
}

function passableOf({ parent: above }: MandateGround): ParentMandate {
  if (above === null) throw new Error('it was passed on')
  return { ...above, powers: above.powers.filter(({ passingOn }) => passingOn) }
}

function verdict(decision: Decision): string {
  if (!decision.allowed) return decision.reason
  return decision.obligations.some(({ type }) => type === 'stale_facts') ? 'yes, on stale facts' : 'yes'
}

describe('what was passed on', () => {
  test('lies inside its parent: whoever has it through Mari, Mari has it', () => {
    let yes = 0
    fc.assert(
      fc.property(worlds, (world) => {
        for (const ground of world.facts.grounds) {
          const through = answer(withGrounds(world, [ground]))
          if (!through.allowed) continue
          yes += 1
          expect(answer(asMari(world, ground)).allowed).toBe(true)
          // A power of hers that she may not pass on can make her answer one to ask again sooner, not his.
          const hers = answer(asMari(world, { ...ground, parent: passableOf(ground) }))
          expect(hers.allowed).toBe(true)
          if (verdict(through) === verdict(hers) && through.validUntil !== null && hers.validUntil !== null)
            expect(through.validUntil <= hers.validUntil).toBe(true)
        }
      }),
      RUNS,
    )
    expect(yes).toBeGreaterThan(50)
  })

  test('is never more than if Kari had given it herself, nor than what she lets be passed on', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const ground of world.facts.grounds) {
          if (!answer(withGrounds(world, [ground])).allowed) continue
          expect(answer(withGrounds(world, [{ ...ground, parent: null }])).allowed).toBe(true)
          const kept = (ground.parent?.powers ?? []).map((power) => ({ ...power, passingOn: false }))
          const without = { ...ground, parent: { ...(ground.parent ?? parent), powers: kept } }
          expect(answer(withGrounds(world, [without])).allowed).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('ends with its parent', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('ended', 'declined', 'cancelled', 'frozen', 'offered'), (world, state) => {
        const over = world.facts.grounds.map((ground) => {
          const above = ground.parent ?? parent
          return { ...ground, parent: { ...above, powers: above.powers.map((power) => ({ ...power, state })) } }
        })
        expect(answer(withGrounds(world, over)).allowed).toBe(false)
      }),
      RUNS,
    )
  })

  test('changes not by time alone before validUntil, the parent and Mari counted', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const now = answer(world)
        const times = [world, ...world.facts.grounds.map((ground) => asMari(world, ground))].flatMap(laterInstants)
        for (const instant of times) {
          if (now.validUntil !== null && instant >= now.validUntil) continue
          expect([instant, verdict(answer(later(world, instant)))]).toEqual([instant, verdict(now)])
        }
      }),
      FEWER_RUNS,
    )
  })
})

test('facts in which the one in the middle is one of the two are a fault of ours', () => {
  const [world] = fc.sample(
    worlds.filter(({ facts }) => facts.grounds.length > 0 && facts.principal !== null),
    1,
  )
  const [ground] = world?.facts.grounds ?? []
  if (world === undefined || ground === undefined) throw new Error('there is a world with a ground')
  for (const middle of [world.facts.actor, world.facts.principal]) {
    if (middle === null) throw new Error('both are known')
    expect(() => answer(withGrounds(world, [{ ...ground, parent: { ...parent, middle } }]))).toThrow('facts')
  }
})
