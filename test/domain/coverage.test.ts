import { describe, expect, test } from '@jest/globals'
import { judgeCoverage, nameablePowers } from '../../src/domain/coverage.js'
import type { Action } from '../../src/domain/catalogue.js'
import type { EmployeePower, EmploymentGround } from '../../src/domain/employment.js'
import type { Ground, Ruling } from '../../src/domain/ground.js'
import { catalogueOf, versionWith } from '../support/catalogue.js'
import { LAW, lawCatalogue } from './law-catalogue.js'
import {
  MARI,
  OLA,
  adult,
  alone,
  given,
  grantedPension,
  jointSignatory,
  landGuardian,
  lasting,
  manager,
  pensionGuardian,
  ruling,
  scope,
} from './law-situation.js'
import { HOUR, NOON, SEE_PENSION, at, mandate } from './situation.js'

const PENSION = ['nav.pension']
const EVERYTHING_OF_PENSION = ['nav.pension read', 'nav.pension communicate', 'nav.pension write']

type Row = readonly [
  sentence: string,
  ground: Ground,
  services: readonly string[],
  rulings: readonly Ruling[],
  /** Service and action, then provider and object where there are any. */
  powers: readonly string[],
]

const ROWS: readonly Row[] = [
  ['a mandate names its powers', given, PENSION, [], ['nav.pension read']],
  ['a mandate that has ended names them still', ended(), PENSION, [], ['nav.pension read']],
  ['a mandate names nothing of other services', given, ['tax.card'], [], []],
  ['a mandate names nothing where no service is asked about', given, [], [], []],
  [
    'a mandate names what is limited as it is limited, and what was given twice once',
    {
      ...given,
      powers: [
        grantedPension,
        { ...grantedPension, powerId: 'power-2', provider: '889640782' },
        { ...grantedPension, powerId: 'power-3', object: 'a' },
        { ...grantedPension, powerId: 'power-4', object: 'a', validFrom: at(HOUR) },
      ],
    },
    PENSION,
    [],
    ['nav.pension read', 'nav.pension read 889640782', 'nav.pension read a'],
  ],
  ['a parent names all that parents do', alone, PENSION, [], EVERYTHING_OF_PENSION],
  [
    'a parent, in the services that are asked about and there',
    alone,
    ['nav.unheard-of', 'health.record', 'health.consents'],
    [],
    ['health.record read', 'health.consents consent'],
  ],
  ['a parent, in a service that has left the catalogue', alone, ['nav.unheard-of'], [], []],
  ['a guardian names what his tasks give', pensionGuardian, ['nav.pension', 'tax.card'], [], EVERYTHING_OF_PENSION],
  [
    'a guardian of another task',
    landGuardian,
    ['nav.pension', 'land.registry'],
    [],
    ['land.registry read', 'land.registry write', 'land.registry sign'],
  ],
  [
    'a role names what it gives',
    manager,
    ['tax.return'],
    [],
    ['tax.return read', 'tax.return write', 'tax.return sign'],
  ],
  ['a role in common too', jointSignatory, ['land.registry'], [], ['land.registry sign']],
  ['a lasting power without a scope names nothing', lasting, PENSION, [], []],
  ['a lasting power names what its scope names', lasting, PENSION, [scope('nav.pension')], EVERYTHING_OF_PENSION],
  [
    'a lasting power, whatever the time of its scope',
    lasting,
    PENSION,
    [scope('nav.pension', { validFrom: at(HOUR) })],
    EVERYTHING_OF_PENSION,
  ],
  [
    'a lasting power for one object',
    lasting,
    PENSION,
    [scope('nav.pension', { action: 'read', object: 'a' })],
    ['nav.pension read a'],
  ],
  ['a lasting power whose scope is another’s', lasting, PENSION, [scope(null, { representative: MARI })], []],
  ['a lasting power beside another ruling', lasting, PENSION, [ruling('consent', { representative: OLA })], []],
  [
    'a lasting power whose scope names no service',
    lasting,
    ['tax.card', 'muni.school'],
    [scope(null)],
    ['tax.card read', 'tax.card write'],
  ],
  ['a lasting power, in a service that it cannot give', lasting, ['muni.school'], [scope('muni.school')], []],
]

function ended(): Ground {
  return { ...given, powers: [{ ...grantedPension, state: 'ended' }] }
}

describe('the powers that a ground could cover', () => {
  test.each(ROWS)('%s', (_sentence, ground, services, rulings, powers) => {
    const named = nameablePowers(ground, { rulings }, services, lawCatalogue(LAW))
    expect(
      named.map((power) =>
        Object.values({ ...inOrder, ...power })
          .filter((part) => part !== null)
          .join(' '),
      ),
    ).toEqual(powers)
  })
})

const inOrder = { service: null, action: null, provider: null, object: null }

describe('where a firm has a power everywhere, and lets someone use it at one provider', () => {
  const at = (service: string, action: Action, provider: string | null): EmployeePower => ({
    service,
    action,
    provider,
  })
  const firm = { ...adult, partyId: MARI, kind: 'organisation' } as const

  test.each([
    ['he has it there too', given, at('nav.pension', 'read', 'one'), ['one']],
    ['not another action', given, at('nav.pension', 'write', 'one'), []],
    ['not another service', given, at('tax.card', 'read', 'one'), []],
    ['not once more where he may use it everywhere', given, at('nav.pension', 'read', null), []],
    [
      'not where the firm has it at one itself',
      { ...given, powers: [{ ...grantedPension, provider: 'two' }] },
      at('nav.pension', 'read', 'one'),
      [],
    ],
  ] as const)('%s', (_sentence, ground, power, more) => {
    const job: EmploymentGround = {
      ...{ basis: 'employment', representationId: given.representationId, principal: MARI, representative: OLA },
      ...{ powers: [power], validFrom: NOON, validUntil: null },
    }
    const facts = { rulings: [], atWork: { organisation: firm, employments: [job] } }
    const named = nameablePowers(ground, facts, PENSION, lawCatalogue(LAW)).map(({ provider }) => provider)
    expect(named).toEqual([ground.powers[0]?.provider ?? null, ...more])
    expect(nameablePowers(job, { rulings: [] }, [power.service], lawCatalogue(LAW))).toEqual([
      { ...power, object: null },
    ])
  })
})

describe('a power of a service that has left the catalogue', () => {
  const catalogue = catalogueOf(versionWith(2, 'nav.pension', null), versionWith(1, 'nav.pension', {}))

  test('is withdrawn from a mandate', () => {
    expect(judgeCoverage(mandate, SEE_PENSION, NOON, { rulings: [] }, catalogue)).toMatchObject({
      reason: 'power_withdrawn',
    })
  })

  test('is covered by no ground by law', () => {
    expect(judgeCoverage(pensionGuardian, SEE_PENSION, NOON, { rulings: [] }, catalogue)).toMatchObject({
      reason: 'power_not_covered',
    })
  })
})
