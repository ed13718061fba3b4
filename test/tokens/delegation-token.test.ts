import { describe, expect, test } from '@jest/globals'
import type { Action } from '../../src/domain/catalogue.js'
import type { Obligation } from '../../src/domain/decide.js'
import type { PartyId } from '../../src/domain/party.js'
import {
  type AllowedPower,
  type Delegation,
  delegationClaims,
  fitsInToken,
  outlives,
  representationsIn,
} from '../../src/tokens/delegation-token.js'

const INSTANT = new Date('2026-11-21T12:00:00.400Z')
const SECOND = Math.floor(INSTANT.getTime() / 1000)

function at(fromNow: number): Date {
  return new Date(INSTANT.getTime() + fromNow * 1000)
}

interface Wanted {
  readonly service?: string
  readonly action?: Action
  readonly provider?: string | null
  readonly object?: string | null
  readonly groundEnd?: Date | null
  readonly validUntil?: Date | null
  readonly obligations?: readonly Obligation[]
}

function allowed(wanted: Wanted = {}): AllowedPower {
  const { service = 'nav.pension', action = 'read', provider = null, object = null } = wanted
  const {
    groundEnd = at(86_400),
    validUntil = at(3_600),
    obligations = [{ type: 'assurance', level: 'high' }],
  } = wanted
  const decision = { allowed: true, basis: 'mandate', representationId: null, obligations, validUntil } as const
  return { power: { service, action, provider, object }, decision, groundEnd }
}

const STATUS = { status_list: { idx: 412_873, uri: 'https://fullmakt.example.no/statuslists/1' } }

function delegation(powers: readonly AllowedPower[]): Delegation {
  return {
    issuer: 'https://fullmakt.example.no',
    audience: 'https://nav-web.example.no',
    clientId: 'nav-web',
    grant: {
      partyId: 'a-party' as PartyId,
      worksFor: null,
      issuer: 'https://idporten.no',
      subject: 'pairwise',
      acr: 'idporten-loa-high',
      level: 'high',
      authenticatedAt: at(-120),
    },
    principalHandle: 'p_1',
    viaHandle: null,
    representationHandle: 'r_1',
    basis: 'mandate',
    powers,
    status: STATUS,
    evaluationId: 'an-entry',
    instant: INSTANT,
    jkt: null,
    idporten: null,
  }
}

test('the claims, one by one', () => {
  const powers = [allowed({ action: 'write' }), allowed()]
  const { jti, ...claims } = delegationClaims(delegation(powers))
  expect(jti).toMatch(/^[0-9a-f-]{36}$/)
  expect(claims).toEqual({
    iss: 'https://fullmakt.example.no',
    aud: 'https://nav-web.example.no',
    sub: 'p_1',
    client_id: 'nav-web',
    iat: SECOND,
    exp: SECOND + 300,
    act: { iss: 'https://idporten.no', sub: 'pairwise', sub_profile: 'user' },
    acr: 'idporten-loa-high',
    auth_time: SECOND - 120,
    scope: 'nav.pension.read nav.pension.write',
    authorization_details: [
      {
        type: 'https://fullmakt.example.no/rar/representation',
        locations: ['https://nav-web.example.no'],
        actions: ['read', 'write'],
        datatypes: ['nav.pension'],
        identifier: 'r_1',
        granted_by: { method: 'delegated' },
        basis: 'mandate',
        valid_until: '2026-11-22T12:00:00.400Z',
        may_delegate: false,
      },
    ],
    status: STATUS,
    evaluation_id: 'an-entry',
  })
})

describe('a token lives', () => {
  test.each<[string, Wanted[], number]>([
    ['300 seconds at most', [{}], 300],
    ['until the ground ends', [{ groundEnd: at(100) }], 100],
    ['until the answer could change', [{ validUntil: at(50) }], 50],
    ['until the first of its powers ends', [{}, { action: 'write', groundEnd: at(7) }], 7],
    ['300 seconds where time alone changes nothing', [{ validUntil: null }], 300],
    [
      '300 seconds where the ground has no end either, as when old facts are read',
      [{ groundEnd: null, validUntil: null }],
      300,
    ],
    ['for whole seconds, rounded down', [{ validUntil: at(9.9) }], 10],
  ])('%s', (_, powers, life) => {
    const { iat, exp } = delegationClaims(delegation(powers.map(allowed)))
    expect(exp - iat).toBe(life)
    expect(exp * 1000).toBeLessThanOrEqual(
      Math.min(...powers.map(({ validUntil }) => (validUntil ?? at(300)).getTime())),
    )
  })

  test('or not at all: a power that ends within this second goes into none', () => {
    expect(outlives(allowed({ groundEnd: null, validUntil: null }), INSTANT)).toBe(true)
    expect(outlives(allowed({ validUntil: at(0.5) }), INSTANT)).toBe(false)
    expect(outlives(allowed({ groundEnd: at(0.5) }), INSTANT)).toBe(false)
    expect(outlives(allowed({ validUntil: at(0.6) }), INSTANT)).toBe(true)
  })
})

describe('authorization_details', () => {
  test('have an entry for each service, provider and object, so that none lets more be done than was granted', () => {
    const powers = [
      allowed(),
      allowed({ service: 'muni.school', provider: '958935420' }),
      allowed({ service: 'muni.school', provider: '964338531', action: 'communicate' }),
      allowed({ service: 'muni.building', provider: '958935420', object: 'tomt 1', action: 'write' }),
    ]
    const claims = delegationClaims(delegation(powers))
    const [details, { scope }] = [representationsIn(claims), claims]
    expect(
      details.map(({ datatypes, actions, provider, object }) => ({ datatypes, actions, provider, object })),
    ).toEqual([
      { datatypes: ['nav.pension'], actions: ['read'] },
      { datatypes: ['muni.school'], actions: ['read'], provider: '958935420' },
      { datatypes: ['muni.school'], actions: ['communicate'], provider: '964338531' },
      { datatypes: ['muni.building'], actions: ['write'], provider: '958935420', object: 'tomt 1' },
    ])
    expect(scope).toBe('muni.building.write muni.school.communicate muni.school.read nav.pension.read')
    expect(new Set(details.map(({ identifier }) => identifier))).toEqual(new Set(['r_1']))
  })

  test('tell when the first of their powers ends', () => {
    const powers = [allowed({ groundEnd: at(500) }), allowed({ action: 'write', groundEnd: at(400) })]
    const details = representationsIn(delegationClaims(delegation(powers)))
    expect(details[0]?.valid_until).toBe(at(400).toISOString())
  })

  test('tell what the service must see to, beyond the login level', () => {
    const obligations = [{ type: 'assurance', level: 'high' }, { type: 'introspect' }] as const
    const powers = [allowed({ obligations }), allowed({ service: 'x' })]
    const details = representationsIn(delegationClaims(delegation(powers)))
    expect(details.map((detail) => detail.obligations)).toEqual([['introspect'], undefined])
  })
})

test('what fits is read by every verifier, and more is not issued', () => {
  const many = (count: number) =>
    delegationClaims(delegation(Array.from({ length: count }, (_, index) => allowed({ object: `sak ${index}` }))))
  expect(fitsInToken(many(20))).toBe(true)
  expect(fitsInToken(many(60))).toBe(false)
  const fitting = Array.from({ length: 60 }, (_, count) => many(count + 1))
    .filter(fitsInToken)
    .at(-1)
  const token = Buffer.byteLength(Buffer.from(JSON.stringify(fitting)).toString('base64url'))
  // Header with a kid of 43 characters, signature and two dots.
  expect(token + 118 + 86 + 2).toBeLessThan(16_384)
})
