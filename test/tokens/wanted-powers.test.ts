import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ACTIONS, type Action } from '../../src/domain/catalogue.js'
import { type GrantedPower, type Power, coversObject, coversProvider } from '../../src/domain/mandate.js'
import type { Narrowing } from '../../src/tokens/authorization-details.js'
import { scopeOf } from '../../src/tokens/exchange-request.js'
import { namedPowers, wantedPowers } from '../../src/tokens/wanted-powers.js'

const OSLO = '958935420'
const BERGEN = '964338531'
const OPEN: Narrowing = { services: null, actions: null, provider: null, object: null }

function granted(
  service: string,
  action: Action,
  provider: string | null = null,
  object: string | null = null,
): GrantedPower {
  const [validFrom, validUntil] = [new Date(0), new Date(1)]
  return {
    service,
    action,
    provider,
    object,
    powerId: 'p',
    catalogueVersion: 1,
    state: 'active',
    passingOn: false,
    validFrom,
    validUntil,
  }
}

function power(service: string, action: Action, provider: string | null = null, object: string | null = null): Power {
  return { service, action, provider, object }
}

const GROUND = [
  granted('nav.pension', 'read'),
  granted('nav.pension', 'write'),
  granted('muni.school', 'read', OSLO),
  granted('muni.school', 'read', BERGEN),
  granted('muni.building', 'write', OSLO, 'tomt 1'),
]
const SERVICES = ['nav.pension', 'muni.school', 'muni.building']

describe('what is decided on', () => {
  test('is the whole ground where nothing is named', () => {
    expect(namedPowers(GROUND, SERVICES)).toEqual([
      power('nav.pension', 'read'),
      power('nav.pension', 'write'),
      power('muni.school', 'read', OSLO),
      power('muni.school', 'read', BERGEN),
      power('muni.building', 'write', OSLO, 'tomt 1'),
    ])
  })

  test('is each power once, however often it was given', () => {
    expect(namedPowers([...GROUND, ...GROUND], ['nav.pension'])).toHaveLength(2)
  })

  test('stays within the services of the audience', () => {
    const scope = [
      { service: 'nav.pension', action: 'read' } as const,
      { service: 'tax.return', action: 'read' } as const,
    ]
    expect(wantedPowers({ scope, narrowings: null }, GROUND, ['tax.return'])).toEqual([power('tax.return', 'read')])
  })

  test('takes the limits from the ground where the request names none', () => {
    const scope = [{ service: 'muni.school', action: 'read' } as const]
    expect(wantedPowers({ scope, narrowings: null }, GROUND, SERVICES)).toEqual([
      power('muni.school', 'read', OSLO),
      power('muni.school', 'read', BERGEN),
    ])
  })

  test('asks about what the ground does not have, too, so that the decision says why not', () => {
    const scope = [{ service: 'nav.pension', action: 'sign' } as const]
    expect(wantedPowers({ scope, narrowings: null }, GROUND, SERVICES)).toEqual([power('nav.pension', 'sign')])
  })

  test.each<[string, Narrowing[], Power[]]>([
    ['to one provider', [{ ...OPEN, services: ['muni.school'], provider: OSLO }], [power('muni.school', 'read', OSLO)]],
    [
      'an unlimited power to a provider',
      [{ ...OPEN, actions: ['read'], services: ['nav.pension'], provider: OSLO }],
      [power('nav.pension', 'read', OSLO)],
    ],
    [
      'to an object',
      [{ ...OPEN, services: ['muni.building'], object: 'tomt 1' }],
      [power('muni.building', 'write', OSLO, 'tomt 1')],
    ],
    [
      'to a foreign object',
      [{ ...OPEN, services: ['muni.building'], object: 'tomt 2' }],
      [power('muni.building', 'write', null, 'tomt 2')],
    ],
    ['to an action that the ground lacks there', [{ ...OPEN, services: ['muni.school'], actions: ['write'] }], []],
    [
      'in two entries',
      [
        { ...OPEN, services: ['muni.school'], provider: BERGEN },
        { ...OPEN, actions: ['write'], services: ['nav.pension'] },
      ],
      [power('nav.pension', 'write'), power('muni.school', 'read', BERGEN)],
    ],
  ])('is narrowed %s', (_, narrowings, expected) => {
    const wanted = wantedPowers({ scope: null, narrowings }, GROUND, SERVICES)
    expect(new Set(wanted.map((one) => JSON.stringify(one)))).toEqual(
      new Set(expected.map((one) => JSON.stringify(one))),
    )
  })
})

const limit = (values: readonly string[]) => fc.constantFrom(null, ...values)
const anyPower = fc
  .tuple(fc.constantFrom(...SERVICES), fc.constantFrom(...ACTIONS), limit([OSLO, BERGEN]), limit(['a', 'b']))
  .map((parts) => granted(...parts))
const anyNarrowing: fc.Arbitrary<Narrowing> = fc.record({
  services: fc.option(fc.subarray(SERVICES, { minLength: 1 })),
  actions: fc.option(fc.subarray([...ACTIONS], { minLength: 1 })),
  provider: limit([OSLO, BERGEN]),
  object: limit(['a', 'b']),
})
const anyRequest = fc.record({
  scope: fc.option(
    fc.array(fc.record({ service: fc.constantFrom(...SERVICES), action: fc.constantFrom(...ACTIONS) }), {
      minLength: 1,
    }),
  ),
  narrowings: fc.option(fc.array(anyNarrowing, { minLength: 1, maxLength: 3 })),
})

test('a request only narrows: whatever is asked about lies within scope, within an entry and within the services', () => {
  fc.assert(
    fc.property(fc.array(anyPower), anyRequest, fc.subarray(SERVICES), (ground, request, services) => {
      for (const wanted of wantedPowers(request, ground, services)) {
        expect(services).toContain(wanted.service)
        if (request.scope !== null) expect(request.scope.map(scopeOf)).toContain(scopeOf(wanted))
        expect((request.narrowings ?? [OPEN]).some((entry) => within(wanted, entry))).toBe(true)
      }
    }),
  )
})

test('what is asked about in a service and action that the ground has, the ground covers, unless it is narrowed past it', () => {
  fc.assert(
    fc.property(fc.array(anyPower), anyRequest, (ground, request) => {
      for (const wanted of wantedPowers({ ...request, narrowings: null }, ground, SERVICES)) {
        const isNamed = ground.some((own) => scopeOf(own) === scopeOf(wanted))
        expect(ground.some((own) => covers(own, wanted))).toBe(isNamed)
      }
    }),
  )
})

function within(wanted: Power, { services, actions, provider, object }: Narrowing): boolean {
  return (
    (services?.includes(wanted.service) ?? true) &&
    (actions?.includes(wanted.action) ?? true) &&
    (provider === null || wanted.provider === provider) &&
    (object === null || wanted.object === object)
  )
}

function covers(own: Power, wanted: Power): boolean {
  return (
    own.service === wanted.service &&
    own.action === wanted.action &&
    coversProvider(own, wanted) &&
    coversObject(own, wanted)
  )
}
