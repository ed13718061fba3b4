import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ageOn, osloDay } from '../../src/domain/calendar.js'
import { type Service, findService, satisfies } from '../../src/domain/catalogue.js'
import { type Decision, decide } from '../../src/domain/decide.js'
import type { GrantedPower, MandateGround } from '../../src/domain/mandate.js'
import type { Party } from '../../src/domain/party.js'
import { later, laterInstants, simpleSituations, situations } from './random-situations.js'
import { type Situation, withGrounds } from './situation.js'

/** More on demand: `FULLMAKT_PROPERTY_RUNS=1000000`. */
const RUNS = { numRuns: Number(process.env.FULLMAKT_PROPERTY_RUNS ?? 1_000) }
/** Where each run asks at many instants. */
const FEWER_RUNS = { numRuns: Math.ceil(RUNS.numRuns / 7) }

const answer = ({ question, facts, catalogue }: Situation): Decision => decide(question, facts, catalogue)

/** What must not change by time alone: the yes, whether it is one on old facts, and the reason of a no. */
function verdict(decision: Decision): string {
  if (!decision.allowed) return decision.reason
  return decision.obligations.some(({ type }) => type === 'stale_facts') ? 'yes, on stale facts' : 'yes'
}

const atOf = (situation: Situation, instant: Date): Decision => answer(later(situation, instant))

describe('time', () => {
  test('until validUntil nothing changes by time alone, and without one nothing ever does', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const now = answer(situation)
        const still = laterInstants(situation).filter((instant) => now.validUntil === null || instant < now.validUntil)
        for (const instant of still)
          expect([instant, verdict(atOf(situation, instant))]).toEqual([instant, verdict(now)])
      }),
      RUNS,
    )
  })

  test('validUntil lies in the future', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { validUntil } = answer(situation)
        expect(validUntil === null || validUntil > situation.question.instant).toBe(true)
      }),
      RUNS,
    )
  })

  test('where there is one power only, the answer changes at validUntil', () => {
    fc.assert(
      fc.property(simpleSituations, (situation) => {
        const now = answer(situation)
        if (now.validUntil !== null) expect(verdict(atOf(situation, now.validUntil))).not.toBe(verdict(now))
      }),
      RUNS,
    )
  })

  test('what has expired or ended stays so', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const now = verdict(answer(situation))
        if (now !== 'expired' && now !== 'ended') return
        for (const instant of laterInstants(situation)) expect(atOf(situation, instant).allowed).toBe(false)
      }),
      RUNS,
    )
  })
})

describe('grounds', () => {
  test('a yes through a mandate has a power behind it, and such a power is a yes', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        if (situation.question.actor === situation.question.principal) return
        const decision = answer(situation)
        const good = situation.facts.grounds.filter((ground) =>
          ground.powers.some((power) => holds(situation, ground, power)),
        )
        expect(decision.allowed).toBe(good.length > 0)
        if (decision.allowed) expect(good.map((ground) => ground.representationId)).toContain(decision.representationId)
      }),
      RUNS,
    )
  })

  test('one more ground or power never turns a yes into a no', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { grounds } = situation.facts
        const all = answer(situation)
        for (const [index, ground] of grounds.entries()) {
          const fewer = [
            grounds.toSpliced(index, 1),
            grounds.toSpliced(index, 1, { ...ground, powers: ground.powers.slice(1) }),
          ]
          for (const less of fewer) if (answer(withGrounds(situation, less)).allowed) expect(all.allowed).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('ending every power is the end of it', () => {
    fc.assert(
      fc.property(situations, fc.constantFrom('ended', 'declined', 'cancelled'), (situation, state) => {
        if (situation.question.actor === situation.question.principal) return
        const over = situation.facts.grounds.map((ground) => ({
          ...ground,
          powers: ground.powers.map((power) => ({ ...power, state })),
        }))
        const ended = withGrounds(situation, over)
        for (const instant of [situation.question.instant, ...laterInstants(ended)]) {
          expect(atOf(ended, instant).allowed).toBe(false)
        }
      }),
      FEWER_RUNS,
    )
  })

  test('the order in which they were read does not matter', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const turned = situation.facts.grounds.map((ground) => ({ ...ground, powers: ground.powers.toReversed() }))
        expect(answer(withGrounds(situation, turned.toReversed()))).toEqual(answer(situation))
      }),
      RUNS,
    )
  })

  test('the same question gets the same answer', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { question, facts } = structuredClone({ question: situation.question, facts: situation.facts })
        expect(decide(question, facts, situation.catalogue)).toEqual(answer(situation))
      }),
      RUNS,
    )
  })
})

/** What must be true of a power for it to allow: written out once more, flat, without regard to reasons or order. */
function holds({ question, facts, catalogue }: Situation, ground: MandateGround, power: GrantedPower): boolean {
  const { actor, principal } = facts
  const service = findService(catalogue.current, question.power.service)
  const pinned = findService(catalogue.version(power.catalogueVersion), power.service)
  if (actor === null || principal === null || service === undefined || pinned === undefined) return false
  const { instant, login } = question
  const { action } = question.power
  const sameThing =
    power.service === service.id &&
    power.action === action &&
    [null, question.power.provider].includes(power.provider) &&
    [null, question.power.object].includes(power.object)
  const inTime = power.validFrom <= instant && instant < power.validUntil
  const inForce = (power.state === 'active' || power.state === 'held') && inTime
  const given = [service, pinned].every(({ mandate }) => mandate?.actions.includes(action) ?? false)
  const personal = catalogue.current.personalByLaw.some(
    ({ bases, services, actions }) =>
      bases.includes(ground.basis) && services.includes(service.id) && actions.includes(action),
  )
  const strong = [service, pinned].every(({ assurance }) => satisfies(login.level, assurance))
  return (
    question.entitledTo.includes(service.id) &&
    service.actions.includes(action) &&
    sameThing &&
    inForce &&
    given &&
    !personal &&
    strong &&
    peopleAllow(question, [actor, principal], service) &&
    factsAllow({ question, facts, catalogue }, service)
  )
}

function peopleAllow(
  { instant, principalNamedBy }: Situation['question'],
  people: readonly [Party, Party],
  service: Service,
): boolean {
  const today = osloDay(instant)
  const [actor, principal] = people
  const oldEnough = (party: Party, age = 0): boolean =>
    party.kind === 'organisation' || (party.bornOn !== null && ageOn(party.bornOn, today) >= age)
  const seen = service.protectedAddress === 'by_handle' && principalNamedBy === 'handle'
  return (
    actor.kind === 'person' &&
    people.every(({ diedOn }) => diedOn === null || today < diedOn) &&
    people.every(({ protectedAddress }) => !protectedAddress || seen) &&
    oldEnough(principal, service.mandate?.principalFromAge) &&
    oldEnough(actor, service.mandate?.representativeFromAge)
  )
}

function factsAllow({ question, facts, catalogue }: Situation, service: Service): boolean {
  const risk = catalogue.current.riskClasses.find(({ id }) => id === service.riskClass)
  if (risk === undefined || (risk.proof === 'login_token' && question.login.proof === 'asserted')) return false
  if (service.readOnStaleFacts && question.power.action === 'read') return true
  return [facts.actor, facts.principal].every((party) => {
    const freshAt = party?.factsFreshAt ?? null
    return freshAt !== null && question.instant.getTime() - freshAt.getTime() < risk.freshnessMinutes * 60_000
  })
}
