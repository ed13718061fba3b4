import { describe, expect, test } from '@jest/globals'
import { type Decision, type Obligation, decide } from '../../src/domain/decide.js'
import type { Ruling } from '../../src/domain/ground.js'
import { REMEDY_FOR } from '../../src/domain/reasons.js'
import { ruling } from './law-situation.js'
import { parent, passed } from './passed-on-matrix.js'
import { ROWS, type Row } from './policy-matrix.js'
import {
  KARI,
  OLA,
  type Situation,
  at,
  granted,
  kari,
  mandate,
  ola,
  when,
  whenKariHerself,
  withGrounds,
} from './situation.js'
import { EVERY_SERVICE } from '../support/catalogue.js'
import type { Party, PartyId } from '../../src/domain/party.js'

const AS_ASKED: readonly Obligation[] = [{ type: 'assurance', level: 'substantial' }]

function wanted([, , answer, about, validUntil, obligations]: Row): Decision {
  const of = {
    basis: about === 'no one' ? null : about === 'self' ? ('self' as const) : ('mandate' as const),
    representationId: about === 'no one' || about === 'self' ? null : (about as typeof mandate.representationId),
    validUntil,
  }
  if (answer !== 'yes') {
    return { allowed: false, reason: answer, remedy: REMEDY_FOR[answer], ...of, obligations: obligations ?? [] }
  }
  if (of.basis === null) throw new Error('a yes has a basis')
  return { allowed: true, ...of, basis: of.basis, obligations: obligations ?? AS_ASKED }
}

const answer = ({ question, facts, catalogue }: Situation): Decision => decide(question, facts, catalogue)

describe('the policy matrix', () => {
  test.each(ROWS.map((row) => [row[0], row] as const))('%s', (_sentence, row) => {
    expect(answer(row[1])).toEqual(wanted(row))
  })

  test('every sentence stands once', () => {
    expect(new Set(ROWS.map(([sentence]) => sentence)).size).toBe(ROWS.length)
  })

  test.each(['assurance', 'introspect', 'stale_facts'] satisfies Obligation['type'][])(
    'the obligation %s has a row',
    (type) => {
      expect(
        ROWS.some(([, , given, , , obligations]) => given === 'yes' && obligations?.some((one) => one.type === type)),
      ).toBe(true)
    },
  )
})

describe('without a ground nothing is told of the principal', () => {
  const principals: readonly [who: string, principal: Party | null][] = [
    ['no one', null],
    ['someone dead', { ...kari, diedOn: '2020-01-01' }],
    ['someone who dies tomorrow', { ...kari, diedOn: '2026-03-03' }],
    ['someone with a protected address', { ...kari, protectedAddress: true }],
    ['a child', { ...kari, bornOn: '2020-01-01' }],
    ['someone no register has told of', { ...kari, bornOn: null, factsFreshAt: null }],
    ['an organisation', { ...kari, kind: 'organisation', bornOn: null }],
  ]
  const questions: readonly (readonly [how: string, situation: Situation])[] = [
    ['as in the base situation', when({ grounds: [] })],
    ['by handle', when({ grounds: [], question: { principalNamedBy: 'handle' } })],
    ['with a login too weak', when({ grounds: [], login: { level: 'low' } })],
    ['with a checked login', when({ grounds: [], login: { level: 'high', proof: 'login_token' } })],
    ['by an actor no one knows', when({ grounds: [], ola: null })],
    ['by an actor who is dead', when({ grounds: [], ola: { diedOn: '2020-01-01' } })],
    ['by an actor with a protected address', when({ grounds: [], ola: { protectedAddress: true } })],
    ...EVERY_SERVICE.map((service) => [`about ${service}`, when({ grounds: [], asked: { service } })] as const),
  ]

  test.each(questions)('%s', (_how, situation) => {
    const stranger = answer(situation)
    for (const [, principal] of principals) {
      const { question, facts, catalogue } = situation
      const other = { ...question, principal: principal?.partyId ?? null }
      expect(decide(other, { ...facts, principal }, catalogue)).toEqual(stranger)
    }
  })
})

function rulings(one: Ruling): Situation {
  return { ...when(), facts: { ...when().facts, rulings: [one] } }
}

describe('facts about others are a fault of ours, never an answer', () => {
  const per = 'party-per' as PartyId
  const faulty: readonly [what: string, situation: Situation][] = [
    ['a mandate given by another', withGrounds(when(), [{ ...mandate, principal: per }])],
    ['a mandate given to another', withGrounds(when(), [{ ...mandate, representative: per }])],
    ['a mandate the other way around', withGrounds(when(), [{ ...mandate, principal: OLA, representative: KARI }])],
    ['another’s mandate beside a right one', withGrounds(when(), [mandate, { ...mandate, principal: per }])],
    ['the facts of another principal', { ...when(), facts: { ...when().facts, principal: { ...kari, partyId: per } } }],
    ['the facts of another actor', { ...when(), facts: { ...when().facts, actor: { ...ola, partyId: per } } }],
    ['no facts of a known principal', { ...when(), facts: { ...when().facts, principal: null } }],
    ['no facts of a known actor', { ...when(), facts: { ...when().facts, actor: null } }],
    ['facts of someone when the principal is unknown', when({ question: { principal: null } })],
    ['facts of someone when the actor is unknown', when({ question: { actor: null } })],
    ['a ruling about another', rulings({ ...ruling('reservation'), principal: per })],
    [
      'a mandate that the principal passed on',
      withGrounds(when(), [{ ...passed, parent: { ...parent, middle: kari } }]),
    ],
    ['a mandate passed on to oneself', withGrounds(when(), [{ ...passed, parent: { ...parent, middle: ola } }])],
    ['a mandate from Kari to herself', withGrounds(whenKariHerself(), [mandate])],
  ]

  test.each(faulty)('%s', (_what, situation) => {
    expect(() => answer(situation)).toThrow('the facts are not about the parties of the question')
  })

  test('a power pinned to a version that was never published', () => {
    expect(() => answer(when({ granted: { catalogueVersion: 7 } }))).toThrow('catalogue version 7 was never published')
  })

  test('a service of a risk class that the catalogue does not have', () => {
    const situation = when()
    const current = { ...situation.catalogue.current, riskClasses: [] }
    const catalogue = { ...situation.catalogue, current }
    expect(() => answer({ ...situation, catalogue })).toThrow('catalogue 1: no risk class normal')
  })

  test('a future power is no yes, however it is looked at', () => {
    expect(answer(when({ granted: { ...granted, validFrom: at(1) } })).allowed).toBe(false)
  })
})
