import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addDays, addMonths, osloDay, startOfDay } from '../../src/domain/calendar.js'
import type { CatalogueVersion } from '../../src/domain/catalogue.js'
import {
  type Plan,
  type WantedPower,
  extendedUntil,
  lastDay,
  planMandate,
  refuseGiver,
} from '../../src/domain/giving.js'
import type { Party } from '../../src/domain/party.js'
import { Problem, type ProblemCode } from '../../src/domain/problem.js'
import { BERGEN, CATALOGUE, NAV, OSLO, mandateRule, versionWith } from '../support/catalogue.js'
import { NOON, kari, ola } from './situation.js'

/** A wish, who has it, for whom, when, and by which catalogue. */
interface Wish {
  readonly powers: readonly WantedPower[]
  readonly giver: Party
  readonly representative: Party | null
  readonly catalogue: CatalogueVersion
  readonly instant: Date
}

interface Change {
  readonly power?: Partial<WantedPower>
  readonly more?: readonly Partial<WantedPower>[]
  readonly kari?: Partial<Party>
  readonly ola?: Partial<Party> | null
  readonly catalogue?: CatalogueVersion
  readonly instant?: string
}

const SEE_PENSION: WantedPower = {
  service: 'nav.pension',
  action: 'read',
  provider: null,
  object: null,
  from: null,
  until: null,
  passingOn: false,
}
const LAW = { source: 'a test', mark: { kind: 'proposed' } } as const
const UNABLE: Partial<Party> = { capacityLost: ['economic'] }
const AT_SCHOOL = { service: 'muni.school', provider: OSLO }

/** Kari lets Ola see her pension from now on, at noon on 2 March 2026; `change` says what is otherwise. */
function when(change: Change = {}): Wish {
  const first = { ...SEE_PENSION, ...change.power }
  return {
    powers: [first, ...(change.more ?? []).map((power) => ({ ...first, ...power }))],
    giver: { ...kari, ...change.kari },
    representative: change.ola === null ? null : { ...ola, ...change.ola },
    catalogue: change.catalogue ?? CATALOGUE,
    instant: change.instant === undefined ? NOON : new Date(change.instant),
  }
}

const plan = ({ powers, giver, representative, catalogue, instant }: Wish): Plan =>
  planMandate(powers, giver, representative, catalogue, instant)

function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing stood in the way')
}

const ruledBy = (change: Partial<ReturnType<typeof mandateRule>>): CatalogueVersion =>
  versionWith(1, 'nav.pension', { mandate: { ...mandateRule('nav.pension'), ...change } })

const AN_ORGANISATION: Partial<Party> = { kind: 'organisation', bornOn: null }

const REFUSED: readonly (readonly [rule: string, code: ProblemCode, wish: Wish])[] = [
  ['no one gives a mandate to oneself', 'not_to_oneself', when({ ola: kari })],
  ['the service is never passed on', 'not_to_be_passed_on', when({ power: { passingOn: true } })],
  ['the service is not in the catalogue', 'unknown_service', when({ power: { service: 'nav.unheard-of' } })],
  ['the service is not in this version', 'unknown_service', when({ catalogue: versionWith(1, 'nav.pension', null) })],
  [
    'the giver is an organisation, and organisations do not use the service',
    'not_given_by_organisations',
    when({ kari: AN_ORGANISATION }),
  ],
  [
    'the giver is an organisation that has been struck off',
    'principal_not_alive',
    when({ kari: { ...AN_ORGANISATION, ceased: true } }),
  ],
  [
    'the representative is an organisation, which passes nothing on',
    'not_given_to_organisations',
    when({ ola: AN_ORGANISATION, power: { passingOn: true }, catalogue: ruledBy({ passingOn: true }) }),
  ],
  ['the second service is not in the catalogue', 'unknown_service', when({ more: [{ service: 'x.y' }] })],
  ['the service has no such action', 'unknown_action', when({ power: { action: 'sign' } })],
  ['there is no such action at all', 'unknown_action', when({ power: { action: 'manage' } })],
  ['the service cannot be given', 'not_given_by_mandate', when({ power: { service: 'freg.move', action: 'write' } })],
  [
    'the action cannot be given',
    'not_given_by_mandate',
    when({ power: { action: 'write' }, catalogue: ruledBy({ actions: ['read'] }) }),
  ],
  ['the law keeps it personal', 'not_given_by_mandate', when({ power: { service: 'vote' } })],
  [
    'the law keeps consents personal',
    'not_given_by_mandate',
    when({ power: { service: 'health.journal', action: 'consent' } }),
  ],
  [
    'the giver’s address is protected',
    'not_given_by_mandate',
    when({ power: AT_SCHOOL, kari: { protectedAddress: true } }),
  ],
  ['no register has told when the giver was born', 'principal_facts_missing', when({ kari: { bornOn: null } })],
  ['the giver is dead', 'principal_not_alive', when({ kari: { diedOn: '2026-01-01' } })],
  ['the giver is said to have died tomorrow', 'principal_not_alive', when({ kari: { diedOn: '2026-03-03' } })],
  ['the giver has lost capacity in the field', 'principal_without_capacity', when({ kari: UNABLE })],
  ['the giver is seventeen', 'principal_too_young', when({ kari: { bornOn: '2008-03-03' } })],
  [
    'the giver turns eighteen the next millisecond',
    'principal_too_young',
    when({ kari: { bornOn: '2008-03-02' }, instant: '2026-03-01T22:59:59.999Z' }),
  ],
  [
    'the giver is old enough for the first service only',
    'principal_too_young',
    when({ power: AT_SCHOOL, kari: { bornOn: '2009-03-02' }, more: [{ service: 'nav.pension', provider: null }] }),
  ],
  ['no one is known by that number and name', 'representative_not_available', when({ ola: null })],
  ['the representative is dead', 'representative_not_available', when({ ola: { diedOn: '2026-01-01' } })],
  ['the representative is seventeen', 'representative_not_available', when({ ola: { bornOn: '2008-03-03' } })],
  [
    'the representative is an organisation that has been struck off',
    'representative_not_available',
    when({ ola: { ...AN_ORGANISATION, ceased: true } }),
  ],
  [
    'no register has told when the representative was born',
    'representative_not_available',
    when({ ola: { bornOn: null } }),
  ],
  [
    'the representative’s address is protected',
    'representative_not_available',
    when({ power: AT_SCHOOL, ola: { protectedAddress: true } }),
  ],
  [
    'another municipality than those that offer it',
    'unknown_provider',
    when({ power: { ...AT_SCHOOL, provider: NAV } }),
  ],
  ['a provider of another service', 'unknown_provider', when({ power: { provider: OSLO } })],
  ['a provider written as nothing', 'unknown_provider', when({ power: { provider: '' } })],
  ['a first day that does not exist', 'no_such_day', when({ power: { from: '2026-02-30' } })],
  ['a last day that does not exist', 'no_such_day', when({ power: { until: '2026-06-31' } })],
  ['a last day in another form', 'no_such_day', when({ power: { until: '30.06.2026' } })],
  ['a last day beyond all calendars', 'no_such_day', when({ power: { until: '9999-12-31' } })],
  ['a first day beyond all calendars', 'no_such_day', when({ power: { from: '9999-12-31' } })],
  ['a first day in the past', 'start_in_the_past', when({ power: { from: '2026-03-01' } })],
  ['a first day long ago, and no last one', 'start_in_the_past', when({ power: { from: '1800-01-01' } })],
  [
    'yesterday, seen from the first millisecond of today',
    'start_in_the_past',
    when({ power: { from: '2026-03-01' }, instant: '2026-03-01T23:00:00.000Z' }),
  ],
  ['a last day before the first', 'end_before_start', when({ power: { from: '2026-04-02', until: '2026-04-01' } })],
  ['a last day in the past', 'end_before_start', when({ power: { until: '2026-03-01' } })],
  ['a day longer than the longest', 'period_too_long', when({ power: { until: '2029-03-02' } })],
  [
    'a day longer than the longest, later',
    'period_too_long',
    when({ power: { from: '2026-04-01', until: '2029-04-01' } }),
  ],
  ['a first day more than twelve months ahead', 'period_too_long', when({ power: { from: '2027-03-03' } })],
  ['a last day at the end of days', 'period_too_long', when({ power: { until: '2999-12-31' } })],
  ['a first day at the end of days', 'period_too_long', when({ power: { from: '2999-12-31' } })],
  ['the same power twice', 'same_power_twice', when({ more: [{}] })],
  [
    'the same power twice, with one day in common',
    'same_power_twice',
    when({ power: { until: '2026-03-10' }, more: [{ from: '2026-03-10', until: '2026-03-20' }] }),
  ],
  [
    'the same power twice, the later one first',
    'same_power_twice',
    when({ power: { from: '2026-03-10', until: '2026-03-20' }, more: [{ from: null, until: '2026-03-10' }] }),
  ],
  ['the same power twice at the same school', 'same_power_twice', when({ power: AT_SCHOOL, more: [{}] })],
  ['the same power thrice, the last two alike', 'same_power_twice', when({ more: [{ object: 'a' }, { object: 'a' }] })],
]

describe('what stands in the way', () => {
  test.each(REFUSED)('%s: %s', (_rule, code, wish) => {
    expect(problemOf(() => plan(wish)).code).toBe(code)
  })

  test('no text of a problem holds what was asked for', () => {
    for (const [, , wish] of REFUSED) {
      const { detail, more } = problemOf(() => plan(wish))
      expect(detail).toMatch(/\w/)
      expect(JSON.stringify([detail, more])).not.toMatch(/party-|\d{9}/)
    }
  })

  test('the giver learns the age from which it can be given', () => {
    const { more } = problemOf(() => plan(when({ kari: { bornOn: '2008-03-03' } })))
    expect(more).toEqual({ service: 'nav.pension', from_age: 18 })
  })

  test('the giver learns the last day that is possible', () => {
    const { more } = problemOf(() => plan(when({ power: { from: '2026-04-01', until: '2029-04-01' } })))
    expect(more).toEqual({ service: 'nav.pension', latest_until: '2029-03-31' })
  })

  test('the giver learns which service or action it is about', () => {
    expect(problemOf(() => plan(when({ power: { service: 'x.y' } }))).more).toEqual({ service: 'x.y' })
    expect(problemOf(() => plan(when({ power: { action: 'sign' } }))).more).toEqual({
      service: 'nav.pension',
      action: 'sign',
    })
    expect(problemOf(() => plan(when({ power: { service: 'vote' } }))).more).toEqual({
      service: 'vote',
      action: 'read',
    })
    const passesOn = { power: { passingOn: true }, catalogue: ruledBy({ passingOn: true }) }
    for (const change of [
      { power: { provider: OSLO } },
      { power: { passingOn: true } },
      { kari: UNABLE },
      { kari: AN_ORGANISATION },
      { ola: AN_ORGANISATION, ...passesOn },
    ]) {
      expect(problemOf(() => plan(when(change))).more).toEqual({ service: 'nav.pension' })
    }
    expect(problemOf(() => plan(when({ power: AT_SCHOOL, kari: { protectedAddress: true } }))).more).toEqual({
      service: 'muni.school',
    })
  })

  test('the giver must still be able to give what is to last longer', () => {
    const work = (giver: Party) => (): void => refuseGiver(giver, [SEE_PENSION], CATALOGUE, NOON)
    expect(work(kari)).not.toThrow()
    expect(problemOf(work({ ...kari, ...UNABLE })).code).toBe('principal_without_capacity')
  })
})

describe('of the representative the giver learns nothing', () => {
  const unavailable: readonly (readonly [who: string, ola: Partial<Party> | null])[] = [
    ['unknown', null],
    ['dead', { diedOn: '2020-01-01' }],
    ['a child', { bornOn: '2020-01-01' }],
    ['an organisation that has been struck off', { ...AN_ORGANISATION, ceased: true }],
    ['of no known age', { bornOn: null }],
    ['of a protected address', { protectedAddress: true }],
  ]
  const whole = ({ code, detail, more, message }: Problem): unknown => ({ code, detail, more, message })

  test.each(unavailable)('%s', (_who, someone) => {
    const answer = whole(problemOf(() => plan(when({ power: AT_SCHOOL, ola: someone }))))
    expect(answer).toEqual(whole(problemOf(() => plan(when({ power: AT_SCHOOL, ola: null })))))
  })

  test.each([
    ['a rule about the service', { service: 'x.y' }],
    ['a rule about the giver', { service: 'freg.move', action: 'write' }],
    ['a rule about days', { until: '2026-02-30' }],
    ['a rule about providers', { provider: BERGEN }],
  ])('and %s is told first, whoever he is', (_rule, power) => {
    const known = whole(problemOf(() => plan(when({ power }))))
    for (const [, someone] of unavailable) {
      expect(whole(problemOf(() => plan(when({ power, ola: someone }))))).toEqual(known)
    }
  })

  test('whether he is known does not show in a wish that names a power twice', () => {
    const codes = [null, {}].map((someone) => problemOf(() => plan(when({ more: [{}], ola: someone }))).code)
    expect(codes[0]).toBe(codes[1])
  })
})

const GIVEN: readonly (readonly [what: string, wish: Wish, validFrom: string, validUntil: string])[] = [
  ['from now on, for as long as the catalogue gives', when(), '2026-03-02T11:00:00.000Z', '2027-03-01T23:00:00.000Z'],
  ['a shorter default', when({ power: AT_SCHOOL }), '2026-03-02T11:00:00.000Z', '2026-09-01T22:00:00.000Z'],
  [
    'today by its name begins now, not this morning',
    when({ power: { from: '2026-03-02' } }),
    '2026-03-02T11:00:00.000Z',
    '2027-03-01T23:00:00.000Z',
  ],
  [
    'today only, to its very end',
    when({ power: { until: '2026-03-02' } }),
    '2026-03-02T11:00:00.000Z',
    '2026-03-02T23:00:00.000Z',
  ],
  [
    'from the first millisecond of tomorrow',
    when({ power: { from: '2026-03-03', until: '2026-03-03' } }),
    '2026-03-02T23:00:00.000Z',
    '2026-03-03T23:00:00.000Z',
  ],
  [
    'in summer days begin an hour earlier',
    when({ power: { from: '2026-07-01', until: '2026-07-31' } }),
    '2026-06-30T22:00:00.000Z',
    '2026-07-31T22:00:00.000Z',
  ],
  [
    'the day the clocks go forward',
    when({ power: { from: '2026-03-29', until: '2026-03-29' } }),
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ],
  [
    'the day the clocks go back',
    when({ power: { from: '2026-10-25', until: '2026-10-25' } }),
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ],
  [
    'today in Oslo is tomorrow elsewhere',
    when({ power: { until: '2026-03-02' }, instant: '2026-03-01T23:00:00.000Z' }),
    '2026-03-01T23:00:00.000Z',
    '2026-03-02T23:00:00.000Z',
  ],
  [
    'the last millisecond of today',
    when({ power: { until: '2026-03-02' }, instant: '2026-03-02T22:59:59.999Z' }),
    '2026-03-02T22:59:59.999Z',
    '2026-03-02T23:00:00.000Z',
  ],
  [
    'a whole year from 29 February',
    when({ instant: '2028-02-29T11:00:00Z' }),
    '2028-02-29T11:00:00.000Z',
    '2029-02-27T23:00:00.000Z',
  ],
  [
    'the longest there is',
    when({ power: { until: '2029-03-01' } }),
    '2026-03-02T11:00:00.000Z',
    '2029-03-01T23:00:00.000Z',
  ],
  [
    'as late as it can begin',
    when({ power: { from: '2027-03-02' } }),
    '2027-03-01T23:00:00.000Z',
    '2028-03-01T23:00:00.000Z',
  ],
]

describe('what is given', () => {
  test.each(GIVEN)('%s', (_what, wish, validFrom, validUntil) => {
    const [power] = plan(wish).powers
    expect([power?.validFrom.toISOString(), power?.validUntil.toISOString()]).toEqual([validFrom, validUntil])
  })

  test('is what was asked for', () => {
    const asked = { service: 'muni.school', action: 'communicate', provider: BERGEN, object: 'class 7B' } as const
    expect(plan(when({ power: asked })).powers).toMatchObject([asked])
  })

  test.each<readonly [who: string, wish: Wish]>([
    [
      'a giver who turns eighteen this very millisecond',
      when({ kari: { bornOn: '2008-03-02' }, instant: '2026-03-01T23:00:00.000Z' }),
    ],
    [
      'a representative who turns eighteen this very millisecond',
      when({ ola: { bornOn: '2008-03-02' }, instant: '2026-03-01T23:00:00.000Z' }),
    ],
    ['a giver with a protected address, where one may be helped', when({ kari: { protectedAddress: true } })],
    ['a giver of fifteen, where that is enough', when({ power: AT_SCHOOL, kari: { bornOn: '2011-03-02' } })],
    [
      'people whom the registers have not told of for long',
      when({ kari: { factsFreshAt: null }, ola: { factsFreshAt: null } }),
    ],
    ['a service that only guardians are kept from', when()],
    ['the same power at two schools', when({ power: AT_SCHOOL, more: [{ provider: BERGEN }] })],
    ['the same power everywhere and at one school', when({ power: AT_SCHOOL, more: [{ provider: null }] })],
    ['the same power for two cases', when({ power: { object: 'a' }, more: [{ object: 'b' }, { object: null }] })],
    ['two actions', when({ more: [{ action: 'write' }] })],
    [
      'the same power in two periods, the day after each other',
      when({ power: { until: '2026-03-10' }, more: [{ from: '2026-03-11', until: '2026-03-20' }] }),
    ],
    [
      'the same power in two periods, the later one first',
      when({ power: { from: '2026-03-11', until: '2026-03-20' }, more: [{ from: null, until: '2026-03-10' }] }),
    ],
  ])('to %s', (_who, wish) => {
    expect(plan(wish).powers).toHaveLength(wish.powers.length)
  })

  test('may be an organisation’s, of what organisations use, and be offered to one', () => {
    const roles = [{ role: 'DAGL', actions: ['read'] as const, joint: false, ...LAW }]
    const mandate = { ...mandateRule('nav.pension'), acceptance: true }
    const catalogue = versionWith(1, 'nav.pension', { roles, mandate })
    const given = plan(when({ kari: AN_ORGANISATION, ola: AN_ORGANISATION, catalogue }))
    expect(given).toMatchObject({ acceptance: true, powers: [{ service: 'nav.pension' }] })
  })

  test('must be accepted where the catalogue says so for any of it', () => {
    expect(plan(when()).acceptance).toBe(false)
    expect(plan(when({ power: { service: 'health.journal' } })).acceptance).toBe(true)
    expect(plan(when({ more: [{ service: 'health.journal' }] })).acceptance).toBe(true)
  })

  test('is never endless, never longer than the longest, and never in the past', () => {
    const days = fc.option(fc.integer({ min: -40, max: 1500 }).map((number) => addDays('2026-03-02', number)))
    fc.assert(
      fc.property(days, days, fc.integer({ min: -26 * 60, max: 26 * 60 }), (from, until, minutes) => {
        const instant = new Date(NOON.getTime() + minutes * 60_000)
        const wish = { ...when({ power: { from, until } }), instant }
        let given
        try {
          ;[given] = plan(wish).powers
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
          return
        }
        if (given === undefined) throw new Error('a power was lost')
        const firstDay = osloDay(given.validFrom)
        expect(given.validFrom >= instant).toBe(true)
        expect(given.validFrom < given.validUntil).toBe(true)
        expect(given.validUntil <= startOfDay(addMonths(firstDay, 36))).toBe(true)
        if (from !== null) expect(firstDay).toBe(from)
        if (until !== null) expect(lastDay(given.validUntil)).toBe(until)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a later end', () => {
  const power = { service: 'nav.pension', action: 'read', validUntil: new Date('2026-06-30T22:00:00Z') } as const
  const extend = (until: string, catalogue = CATALOGUE, instant = NOON): Date =>
    extendedUntil(power, until, catalogue, instant)

  test.each([
    ['one day later', '2026-07-01', '2026-07-01T22:00:00.000Z'],
    ['as late as can be', '2029-03-01', '2029-03-01T23:00:00.000Z'],
  ])('%s', (_what, until, end) => {
    expect(extend(until).toISOString()).toBe(end)
  })

  test.each<readonly [rule: string, code: ProblemCode, work: () => unknown]>([
    ['the same day', 'not_wider', () => extend('2026-06-30')],
    ['an earlier day', 'not_wider', () => extend('2026-06-29')],
    ['a day in the past', 'not_wider', () => extend('2025-01-01')],
    ['a day longer than the longest', 'period_too_long', () => extend('2029-03-02')],
    ['the end of days', 'period_too_long', () => extend('2999-12-31')],
    ['a day that does not exist', 'no_such_day', () => extend('2026-09-31')],
    ['a day beyond all calendars', 'no_such_day', () => extend('9999-12-31')],
    [
      'a service that has left the catalogue',
      'unknown_service',
      () => extend('2026-07-01', versionWith(2, 'nav.pension', null)),
    ],
    [
      'an action that has left the service',
      'unknown_action',
      () => extend('2026-07-01', versionWith(2, 'nav.pension', { actions: ['write'] })),
    ],
    [
      'a service that can no longer be given',
      'not_given_by_mandate',
      () => extend('2026-07-01', versionWith(2, 'nav.pension', { mandate: null })),
    ],
    [
      'an action that can no longer be given',
      'not_given_by_mandate',
      () => extend('2026-07-01', ruledBy({ actions: ['write'] })),
    ],
  ])('not to %s: %s', (_rule, code, work) => {
    const problem = problemOf(work)
    expect(problem.code).toBe(code)
    expect(problem.detail).toMatch(/\w/)
  })

  test('the longest is counted from today in Oslo', () => {
    const lateInTheEvening = new Date('2026-03-02T23:00:00.000Z')
    expect(extend('2029-03-02', CATALOGUE, lateInTheEvening).toISOString()).toBe('2029-03-02T23:00:00.000Z')
    expect(problemOf(() => extend('2029-03-02', CATALOGUE, new Date(lateInTheEvening.getTime() - 1))).more).toEqual({
      latest_until: '2029-03-01',
    })
  })
})

describe('the last day of what ends at an instant', () => {
  test.each([
    ['midnight in winter', '2026-03-02T23:00:00.000Z', '2026-03-02'],
    ['midnight in summer', '2026-07-02T22:00:00.000Z', '2026-07-02'],
    ['a millisecond after midnight', '2026-03-02T23:00:00.001Z', '2026-03-03'],
    ['the day the clocks go forward', '2026-03-29T22:00:00.000Z', '2026-03-29'],
    ['the day the clocks go back', '2026-10-25T23:00:00.000Z', '2026-10-25'],
  ])('%s', (_what, instant, day) => {
    expect(lastDay(new Date(instant))).toBe(day)
  })
})

test('a person may be let pass it on', () => {
  const wish = when({ power: { passingOn: true }, catalogue: ruledBy({ passingOn: true }) })
  expect(plan(wish)).toMatchObject({ powers: [{ service: 'nav.pension', passingOn: true }] })
})

test('a mandate can be given to an organisation', () => {
  expect(plan(when({ ola: AN_ORGANISATION }))).toMatchObject({
    powers: [{ service: 'nav.pension' }],
    acceptance: false,
  })
})
