import fc from 'fast-check'
import { reachesAge, startOfDay } from '../../src/domain/calendar.js'
import { ACTIONS, ASSURANCE_LEVELS, type Catalogue, type CatalogueVersion } from '../../src/domain/catalogue.js'
import {
  type GrantedPower,
  type MandateGround,
  type RepresentationId,
  STORED_STATES,
} from '../../src/domain/mandate.js'
import { PRIVATE, type Party } from '../../src/domain/party.js'
import { BERGEN, CATALOGUE, EVERY_SERVICE, OSLO, catalogueOf, mandateRule, versionWith } from '../support/catalogue.js'
import { END, HOUR, NOON, type Situation, at, kari, mandate, ola } from './situation.js'

/**
 * Situations made at random, of few values that lie close together: so that times fall on each other and rules meet.
 */

export const instants = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((hours) => at(hours * HOUR)),
  fc.constantFrom(at(-1), at(1), at(12 * HOUR), new Date('2026-03-02T23:00:00Z'), END),
)
const services = fc.oneof(
  { arbitrary: fc.constant('nav.pension'), weight: 6 },
  { arbitrary: fc.constantFrom(...EVERY_SERVICE), weight: 2 },
)
const actions = fc.oneof(
  { arbitrary: fc.constant('read' as const), weight: 6 },
  { arbitrary: fc.constantFrom(...ACTIONS), weight: 2 },
)
const providers = fc.oneof(
  { arbitrary: fc.constant(null), weight: 4 },
  { arbitrary: fc.constantFrom(OSLO, BERGEN), weight: 1 },
)
const objects = fc.oneof(
  { arbitrary: fc.constant(null), weight: 4 },
  { arbitrary: fc.constantFrom('a', 'b'), weight: 1 },
)
const powers = { service: services, action: actions, provider: providers, object: objects }

export const granted: fc.Arbitrary<GrantedPower> = fc.record({
  ...powers,
  powerId: fc.uuid(),
  catalogueVersion: fc.constantFrom(1, 2),
  state: fc.oneof(
    { arbitrary: fc.constant('active' as const), weight: 4 },
    { arbitrary: fc.constantFrom(...STORED_STATES), weight: 3 },
  ),
  passingOn: fc.boolean(),
  validFrom: instants,
  validUntil: instants,
})

export function party(base: Party): fc.Arbitrary<Party> {
  const days = ['1950-05-17', '2008-03-01', '2008-03-02', '2008-03-03', '2010-03-03', '2011-03-03', null]
  const usually = <T>(value: T, ...others: T[]): fc.Arbitrary<T> =>
    fc.oneof({ arbitrary: fc.constant(value), weight: 5 }, { arbitrary: fc.constantFrom(...others), weight: 2 })
  return fc.record({
    partyId: fc.constant(base.partyId),
    kind: usually<Party['kind']>('person', 'organisation'),
    bornOn: usually(base.bornOn, ...days),
    diedOn: usually<string | null>(null, '2026-03-01', '2026-03-02', '2026-03-03', '2026-07-01'),
    ceased: fc.constant(false),
    protectedAddress: usually(false, true),
    capacityLost: fc.constant([]),
    residences: fc.constant([]),
    factsFreshAt: usually<Date | null>(
      at(-HOUR),
      null,
      ...[5, 6, 7, 23, 24, 25, 47, 48, 49].map((hours) => at(-hours * HOUR)),
    ),
  })
}

const M: readonly RepresentationId[] = ['mandate-1', 'mandate-2', 'mandate-3'] as RepresentationId[]

const grounds: fc.Arbitrary<readonly MandateGround[]> = fc
  .array(fc.record({ answerBy: fc.option(instants), powers: fc.array(granted, { maxLength: 3 }) }), { maxLength: 3 })
  .map((some) =>
    some.map((one, index) => ({ ...mandate, ...one, representationId: M[index] ?? mandate.representationId })),
  )

const variant = (number: number): fc.Arbitrary<CatalogueVersion> =>
  fc.oneof(
    { arbitrary: fc.constant({ ...CATALOGUE, version: number }), weight: 4 },
    {
      arbitrary: fc.constantFrom(
        versionWith(number, 'nav.pension', null),
        versionWith(number, 'nav.pension', { assurance: 'high' }),
        versionWith(number, 'nav.pension', { assurance: 'low' }),
        versionWith(number, 'nav.pension', { mandate: null }),
        versionWith(number, 'nav.pension', { readOnStaleFacts: false }),
        versionWith(number, 'nav.pension', { mandate: { ...mandateRule('nav.pension'), actions: ['write'] } }),
      ),
      weight: 2,
    },
  )

const catalogue: fc.Arbitrary<Catalogue> = fc
  .tuple(variant(2), variant(1))
  .map(([current, earlier]) => catalogueOf(current, earlier))

/** Any two people, or one and the same, known or unknown, with anything between them. */
export const situations: fc.Arbitrary<Situation> = fc
  .record({
    power: fc.record(powers),
    level: fc.constantFrom(...ASSURANCE_LEVELS, 'high' as const, 'substantial' as const),
    proof: fc.constantFrom('asserted' as const, 'login_token' as const),
    namedBy: fc.constantFrom('number' as const, 'handle' as const),
    instant: fc.oneof({ arbitrary: fc.constant(NOON), weight: 2 }, { arbitrary: instants, weight: 1 }),
    entitled: fc.oneof(
      { arbitrary: fc.constant(EVERY_SERVICE), weight: 9 },
      { arbitrary: fc.constant(['vote']), weight: 1 },
    ),
    kari: fc.option(party(kari), { freq: 12 }),
    ola: fc.option(party(ola), { freq: 12 }),
    herself: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    grounds,
    catalogue,
  })
  .map(({ power, level, proof, namedBy, instant, entitled, herself, catalogue, ...known }) => {
    const principal = known.kari
    const actor = herself ? principal : known.ola
    const between = actor === null || principal === null || herself ? [] : known.grounds
    return {
      question: {
        actor: actor?.partyId ?? null,
        principal: principal?.partyId ?? null,
        principalNamedBy: namedBy,
        context: PRIVATE,
        power,
        login: { level, authenticatedAt: null, proof },
        instant,
        entitledTo: entitled,
      },
      facts: { actor, principal, grounds: between, holders: [], rulings: [], approvedBy: [] },
      catalogue,
    }
  })

/** One mandate with one power between two people who are known. */
export const simpleSituations: fc.Arbitrary<Situation> = situations
  .filter(({ facts }) => facts.grounds[0]?.powers[0] !== undefined)
  .map(({ facts, ...rest }) => {
    const [ground] = facts.grounds
    if (ground === undefined) throw new Error('there is a ground')
    return { ...rest, facts: { ...facts, grounds: [{ ...ground, powers: ground.powers.slice(0, 1) }] } }
  })

/** The same question at another instant, on the same facts. */
export function later(situation: Situation, instant: Date): Situation {
  return { ...situation, question: { ...situation.question, instant } }
}

/**
 * Every later instant at which anything in the facts could begin, end or grow old, with the millisecond before and after
 * each: between two of them nothing can change by time.
 */
export function laterInstants({ question, facts, catalogue }: Situation): Date[] {
  const people = [facts.actor, facts.principal].filter((party) => party !== null)
  const ages = catalogue.current.services.flatMap(({ selfFromAge, mandate: rule }) => [
    selfFromAge,
    ...(rule === null ? [] : [rule.principalFromAge, rule.representativeFromAge]),
  ])
  const boundaries = [
    ...facts.grounds.flatMap(({ answerBy, powers: given }) => [
      ...(answerBy === null ? [] : [answerBy]),
      ...given.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]),
    ]),
    ...people.flatMap(({ bornOn, diedOn, factsFreshAt }) => [
      ...(bornOn === null ? [] : ages.map((age) => reachesAge(bornOn, age))),
      ...(diedOn === null ? [] : [startOfDay(diedOn)]),
      ...catalogue.current.riskClasses.flatMap(({ freshnessMinutes }) =>
        factsFreshAt === null ? [] : [new Date(factsFreshAt.getTime() + freshnessMinutes * 60_000)],
      ),
    ]),
  ]
  const times = boundaries.flatMap((time) => [time.getTime() - 1, time.getTime(), time.getTime() + 1])
  const after = times.filter((time) => time > question.instant.getTime())
  return [...new Set(after)].sort((a, b) => a - b).map((time) => new Date(time))
}
