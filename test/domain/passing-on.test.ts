import { describe, expect, test } from '@jest/globals'
import { addDays, addMonths, osloDay, startOfDay } from '../../src/domain/calendar.js'
import type { CatalogueVersion } from '../../src/domain/catalogue.js'
import { type Plan, type PlannedPower, type WantedPower, lastDay } from '../../src/domain/giving.js'
import type { GrantedPower } from '../../src/domain/mandate.js'
import { type Passable, planPassingOn, refuseParent, withinParent } from '../../src/domain/passing-on.js'
import type { Party } from '../../src/domain/party.js'
import { Problem, type ProblemCode } from '../../src/domain/problem.js'
import { BERGEN, OSLO, mandateRule, versionWith } from '../support/catalogue.js'
import { mari } from './passed-on-matrix.js'
import { END, HOUR, NOON, START, at, granted, kari, ola } from './situation.js'

interface Change {
  readonly power?: Partial<WantedPower>
  readonly more?: readonly Partial<WantedPower>[]
  readonly above?: Partial<GrantedPower>
  readonly others?: readonly Partial<GrantedPower>[]
  readonly answerBy?: Date
  readonly kari?: Partial<Party>
  readonly mari?: Partial<Party>
  readonly ola?: Partial<Party> | null
  readonly rule?: Partial<ReturnType<typeof mandateRule>>
}

const SEE_PENSION: WantedPower = {
  ...{ service: 'nav.pension', action: 'read', provider: null, object: null },
  ...{ from: null, until: null, passingOn: false },
}
const today = osloDay(NOON)
const TODAY_IN_OSLO = startOfDay(today)

function catalogueWith(rule: Change['rule']): CatalogueVersion {
  return versionWith(1, 'nav.pension', { mandate: { ...mandateRule('nav.pension'), passingOn: true, ...rule } })
}

function passableOf(change: Change): Passable {
  const first: GrantedPower = { ...granted, passingOn: true, ...change.above }
  return {
    principal: { ...kari, ...change.kari },
    middle: { ...mari, ...change.mari },
    answerBy: change.answerBy ?? null,
    powers: [first, ...(change.others ?? []).map((other) => ({ ...first, ...other }))],
  }
}

/** Mari passes on to Ola what Kari let her see, at noon on 2 March 2026; `change` says what is otherwise. */
function plan(change: Change = {}): Plan {
  const first = { ...SEE_PENSION, ...change.power }
  const wanted = [first, ...(change.more ?? []).map((power) => ({ ...first, ...power }))]
  const representative = change.ola === null ? null : { ...ola, ...change.ola }
  return planPassingOn(wanted, passableOf(change), representative, catalogueWith(change.rule), NOON)
}

function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing stood in the way')
}

const REFUSED: readonly (readonly [rule: string, code: ProblemCode, change: Change])[] = [
  ['to oneself', 'not_to_oneself', { ola: mari }],
  ['to the principal', 'not_to_the_principal', { ola: kari }],
  ['to no one we know', 'representative_not_available', { ola: null }],
  ['to an organisation', 'not_given_to_organisations', { ola: { kind: 'organisation', bornOn: null } }],
  ['to a child', 'representative_not_available', { ola: { bornOn: '2008-03-03' } }],
  ['to the dead', 'representative_not_available', { ola: { diedOn: '2026-01-01' } }],
  ['of a service that is not there', 'unknown_service', { power: { service: 'nav.unheard-of' } }],
  ['of an action that is not there', 'unknown_action', { power: { action: 'sign' } }],
  ['of what is personal', 'not_given_by_mandate', { power: { service: 'vote' } }],
  ['to be passed on again', 'not_to_be_passed_on', { power: { passingOn: true } }],
  ['what the catalogue never lets be passed on', 'not_to_be_passed_on', { rule: { passingOn: false } }],
  ['what Kari did not allow', 'not_to_be_passed_on', { above: { passingOn: false } }],
  ['after the death of Kari', 'not_to_be_passed_on', { kari: { diedOn: '2026-01-01' } }],
  ['when Kari is too young', 'not_to_be_passed_on', { kari: { bornOn: '2008-03-03' } }],
  ['when Kari has lost capacity', 'not_to_be_passed_on', { kari: { capacityLost: ['economic'] } }],
  ['when Mari is too young', 'not_to_be_passed_on', { mari: { bornOn: '2008-03-03' } }],
  ['when Mari’s number is closed', 'not_to_be_passed_on', { mari: { ceased: true } }],
  ['when Mari has lost capacity', 'not_to_be_passed_on', { mari: { capacityLost: ['economic'] } }],
  ['another action', 'wider_than_parent', { power: { action: 'write' } }],
  ['another service', 'wider_than_parent', { above: { service: 'muni.school' } }],
  ['all providers, of one', 'wider_than_parent', { above: { provider: OSLO } }],
  ['all objects, of one', 'wider_than_parent', { above: { object: 'a' } }],
  ['another object', 'wider_than_parent', { above: { object: 'a' }, power: { object: 'b' } }],
  ['one day longer', 'wider_than_parent', { power: { until: '2026-07-01' } }],
  ['before it begins', 'wider_than_parent', { above: { validFrom: at(HOUR) } }],
  ['after it ends', 'wider_than_parent', { power: { from: '2026-07-01' } }],
  ['what is frozen', 'wider_than_parent', { above: { state: 'frozen' } }],
  ['what has ended', 'wider_than_parent', { above: { state: 'ended' } }],
  ['what has expired', 'wider_than_parent', { above: { validUntil: at(-1) } }],
  ['what has not been accepted', 'wider_than_parent', { above: { state: 'offered' } }],
  [
    'for longer than the catalogue allows',
    'period_too_long',
    { rule: { maximumMonths: 1 }, power: { until: '2026-06-01' } },
  ],
  ['the same twice', 'same_power_twice', { more: [{}] }],
  ['of two, the second too long', 'wider_than_parent', { more: [{ object: 'a', until: '2026-07-01' }] }],
]

describe('is not passed on', () => {
  test.each(REFUSED)('%s', (_rule, code, change) => {
    const problem = problemOf(() => plan(change))
    expect(problem.code).toBe(code)
    expect(problem.detail).toMatch(/\w/)
  })

  test('without the service, and where it matters the action', () => {
    const more = (change: Change): unknown => problemOf(() => plan(change)).more
    expect(more({ rule: { passingOn: false } })).toEqual({ service: 'nav.pension' })
    expect(more({ above: { passingOn: false } })).toEqual({ service: 'nav.pension', action: 'read' })
    expect(more({ above: { object: 'a' } })).toEqual({ service: 'nav.pension', action: 'read' })
  })

  test('for a reason that tells anything of Kari or of Mari', () => {
    const details = REFUSED.filter(([, , { kari: one, mari: other }]) => one !== undefined || other !== undefined).map(
      ([, , change]) => problemOf(() => plan(change)).detail,
    )
    expect(new Set(details)).toEqual(new Set(['this cannot be passed on as things stand']))
  })
})

describe('is passed on', () => {
  test('from now on until the parent ends, or as long as the catalogue gives by default', () => {
    expect(plan()).toEqual({
      powers: [
        {
          ...{ service: 'nav.pension', action: 'read', provider: null, object: null, passingOn: false },
          ...{ validFrom: NOON, validUntil: END },
        },
      ],
      acceptance: false,
    })
    const [short] = plan({ rule: { defaultMonths: 1 } }).powers
    expect(short?.validUntil).toEqual(startOfDay(addMonths(today, 1)))
  })

  test('to the last day of the parent, not past its last hour', () => {
    const until = lastDay(END)
    expect(plan({ power: { until } }).powers[0]?.validUntil).toEqual(END)
    const noon = new Date(END.getTime() - 12 * HOUR)
    expect(plan({ power: { until }, above: { validUntil: noon } }).powers[0]?.validUntil).toEqual(noon)
  })

  test('later, where the parent begins later', () => {
    const from = addDays(today, 5)
    const [later] = plan({ power: { from }, above: { validFrom: startOfDay(from) } }).powers
    expect(later?.validFrom).toEqual(startOfDay(from))
  })

  test('for one object or provider of all, and within the longest that covers it', () => {
    expect(plan({ power: { object: 'a' } }).powers[0]?.object).toBe('a')
    const soon = startOfDay(addDays(today, 5))
    const others = [{ validUntil: soon }, { passingOn: false, validUntil: startOfDay('2027-01-01') }]
    expect(plan({ others }).powers[0]?.validUntil).toEqual(END)
    expect(plan({ above: { validUntil: soon }, others: [{ validUntil: END }] }).powers[0]?.validUntil).toEqual(END)
  })

  test('with acceptance where the catalogue asks for it', () => {
    expect(plan({ rule: { acceptance: true } }).acceptance).toBe(true)
    const services = catalogueWith({ acceptance: true }).services.map((one) =>
      one.id === 'muni.school' ? { ...one, mandate: { ...mandateRule('muni.school'), passingOn: true } } : one,
    )
    const both = [SEE_PENSION, { ...SEE_PENSION, service: 'muni.school' }]
    const parent = passableOf({ others: [{ service: 'muni.school' }] })
    expect(planPassingOn(both, parent, ola, { ...catalogueWith({}), services }, NOON).acceptance).toBe(true)
  })
})

describe('what lasts longer', () => {
  const power: PlannedPower = { ...granted, validFrom: START, validUntil: TODAY_IN_OSLO }

  test('stays within the parent', () => {
    const passable = passableOf({})
    expect(withinParent(power, passable, NOON, false)).toEqual(power)
    const longer = { ...power, validUntil: startOfDay('2026-07-02') }
    expect(problemOf(() => withinParent(longer, passable, NOON, false)).code).toBe('wider_than_parent')
    expect(withinParent(longer, passable, NOON, true).validUntil).toEqual(END)
    const elsewhere = { ...power, provider: BERGEN }
    expect(problemOf(() => withinParent(elsewhere, passableOf({ above: { provider: OSLO } }), NOON, true)).code).toBe(
      'wider_than_parent',
    )
  })

  test('needs that Kari and Mari could still give it', () => {
    const work = (change: Change) => (): void => {
      refuseParent(passableOf(change), [SEE_PENSION], catalogueWith(change.rule), NOON)
    }
    expect(work({})).not.toThrow()
    for (const change of [{ kari: { ceased: true } }, { mari: { ceased: true } }, { rule: { passingOn: false } }]) {
      expect(problemOf(work(change)).code).toBe('not_to_be_passed_on')
    }
  })
})
