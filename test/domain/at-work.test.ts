import { describe, expect, test } from '@jest/globals'
import { judgeOwnAffairs, judgeEmployment } from '../../src/domain/employment.js'
import type { EmploymentGround } from '../../src/domain/employment.js'
import type { Facts, Question } from '../../src/domain/decide.js'
import type { MandateGround } from '../../src/domain/mandate.js'
import { PRIVATE, type Party, type PartyId, contextOf } from '../../src/domain/party.js'
import type { Reason, Remedy } from '../../src/domain/reasons.js'
import { LAW, lawCatalogue, lawVersion } from './law-catalogue.js'
import {
  KARI,
  type LawSituation,
  MARI,
  OLA,
  adult,
  firm,
  given,
  grantedPension,
  id,
  judge,
  ola,
  pensionGuardian,
  told,
} from './law-situation.js'
import { END, HOUR, NOON, START, at } from './situation.js'

/** Ola works for a firm that lets him see pensions; Kari has let the firm see hers. */

const FIRM = 'firm' as PartyId
const office: Party = { ...firm, partyId: FIRM }
const job: EmploymentGround = {
  ...{ basis: 'employment', representationId: id('job-1'), principal: FIRM, representative: OLA },
  powers: [{ service: 'nav.pension', action: 'read', provider: null }],
  ...{ validFrom: START, validUntil: null },
}
const toFirm: MandateGround = { ...given, representative: FIRM }
const NORMAL = at(23 * HOUR)
const IN_TWO_HOURS = at(2 * HOUR)

interface Change {
  readonly jobs?: readonly EmploymentGround[]
  readonly grounds?: Facts['grounds']
  readonly organisation?: Party
  readonly question?: Partial<Question>
  readonly action?: Question['power']['action']
  readonly catalogue?: LawSituation['catalogue']
}

function atWork({ jobs, grounds, organisation, question, action, catalogue }: Change = {}): LawSituation {
  const { facts, ...situation } = told(adult, {
    ...{ grounds: grounds ?? [toFirm], action: action ?? 'read', catalogue: catalogue ?? lawCatalogue(LAW) },
    question: { context: contextOf(FIRM), ...question },
  })
  return {
    ...situation,
    facts: { ...facts, atWork: { organisation: organisation ?? office, employments: jobs ?? [job] } },
  }
}

const frozen = [{ ...grantedPension, state: 'frozen' as const }]
const passedOn = {
  ...{ representationId: id('mandate-0'), middle: { ...ola, partyId: MARI }, answerBy: null },
  powers: [{ ...grantedPension, passingOn: true }],
}
const HIGH_THEN = lawCatalogue(LAW, lawVersion(7, 'nav.pension', { assurance: 'high' }))
const underHigh: MandateGround = { ...toFirm, powers: [{ ...grantedPension, catalogueVersion: 7 }] }
const substantially = { login: { level: 'substantial', authenticatedAt: null, proof: 'login_token' } } as const

type Row = readonly [
  sentence: string,
  situation: LawSituation,
  answer: 'yes' | Reason,
  validUntil: Date | null,
  remedy?: Remedy,
]

const ROWS: readonly Row[] = [
  ['the firm may, and lets him', atWork(), 'yes', NORMAL],
  ['the employment ends first', atWork({ jobs: [{ ...job, validUntil: IN_TWO_HOURS }] }), 'yes', IN_TWO_HOURS],
  [
    'the firm has more than it lets him',
    atWork({ action: 'write', grounds: [{ ...toFirm, powers: [{ ...grantedPension, action: 'write' }] }] }),
    ...(['power_not_covered', END, 'contact_the_service'] as const),
  ],
  [
    'the firm lets him do more than it has',
    atWork({
      action: 'write',
      jobs: [{ ...job, powers: [{ service: 'nav.pension', action: 'write', provider: null }] }],
    }),
    ...(['power_not_covered', END, 'ask_for_wider_mandate'] as const),
  ],
  [
    'what the firm has is frozen, and it lets him do nothing of it',
    atWork({ grounds: [{ ...toFirm, powers: frozen }], jobs: [{ ...job, powers: [] }] }),
    ...(['frozen', END, 'ask_principal_to_thaw'] as const),
  ],
  [
    'what the firm has was passed on to it',
    atWork({ grounds: [{ ...toFirm, parent: passedOn }] }),
    ...(['no_registered_ground', null] as const),
  ],
  [
    'the firm is her guardian',
    atWork({ grounds: [{ ...pensionGuardian, representative: FIRM }] }),
    ...(['no_registered_ground', null] as const),
  ],
  [
    'he has only just begun',
    atWork({ grounds: [], jobs: [{ ...job, validFrom: NOON }] }),
    'no_registered_ground',
    null,
  ],
  [
    'he begins the next millisecond',
    atWork({ grounds: [], jobs: [{ ...job, validFrom: at(1) }] }),
    ...(['no_registered_ground', at(1)] as const),
  ],
  [
    'what the firm has was given under a higher level',
    atWork({ grounds: [underHigh], catalogue: HIGH_THEN, question: substantially }),
    ...(['step_up_required', END, 'log_in_at_higher_level'] as const),
  ],
  [
    'the same, and the employment ends before',
    atWork({
      ...{ grounds: [underHigh], catalogue: HIGH_THEN, question: substantially },
      jobs: [{ ...job, validUntil: IN_TWO_HOURS }],
    }),
    ...(['step_up_required', IN_TWO_HOURS, 'log_in_at_higher_level'] as const),
  ],
]

describe('at work for a firm that Kari has given a mandate', () => {
  test.each(ROWS.map((row) => [row[0], row] as const))('%s', (_sentence, [, situation, answer, validUntil, remedy]) => {
    const decision = judge(situation)
    expect(decision.allowed ? 'yes' : decision.reason).toBe(answer)
    expect(decision.validUntil).toEqual(validUntil)
    if (!decision.allowed && remedy !== undefined) expect(decision.remedy).toBe(remedy)
  })

  test('of two employments that give the same the first by id is named', () => {
    const other = { ...job, representationId: id('job-2') }
    for (const jobs of [
      [job, other],
      [other, job],
    ]) {
      expect(judge(atWork({ jobs })).via).toEqual({
        ...{ organisation: FIRM, basis: 'employment', representationId: 'job-1' },
      })
    }
  })

  test('privately, an employment is no ground in the firm itself', () => {
    const world = told(office, { grounds: [job], question: { principal: FIRM, context: PRIVATE } })
    expect(judge({ ...world, facts: { ...world.facts, principal: office } })).toMatchObject({
      reason: 'no_registered_ground',
    })
  })

  test.each([
    ['another firm', atWork({ organisation: { ...office, partyId: MARI } })],
    ['an employment in another firm', atWork({ jobs: [{ ...job, principal: MARI }] })],
    ['another’s employment', atWork({ jobs: [{ ...job, representative: KARI }] })],
  ])('%s is a fault of ours, never an answer', (_what, situation) => {
    expect(() => judge(situation)).toThrow('the facts are not about the parties of the question')
  })
})

test('a login is at work where it names an organisation', () => {
  expect(contextOf(FIRM)).toEqual({ kind: 'work', organisation: FIRM })
  expect(contextOf(null)).toBe(PRIVATE)
})

describe('what an employment covers', () => {
  const asked = { service: 'nav.pension', action: 'read', provider: null, object: null } as const
  const covered = { assurance: 'substantial', validUntil: null, needsConsent: false, needsOthers: false }
  const until = { ...job, validUntil: END }
  const atOne = { ...until, powers: [{ service: 'nav.pension', action: 'read', provider: 'one' } as const] }
  const refused = (reason: Reason, names: boolean, validUntil: Date | null = END) => ({ reason, names, validUntil })

  test.each([
    ['the power', job, asked, covered],
    ['the power until its end', until, asked, { ...covered, validUntil: END }],
    ['from this very millisecond on', { ...job, validFrom: NOON }, asked, covered],
    ['not before', { ...job, validFrom: at(1) }, asked, refused('not_yet_valid', true, at(1))],
    ['not after', { ...job, validUntil: NOON }, asked, refused('expired', true, null)],
    ['no other action', until, { ...asked, action: 'write' }, refused('power_not_covered', false)],
    ['no other service', until, { ...asked, service: 'tax.card' }, refused('power_not_covered', false)],
    ['one provider', atOne, { ...asked, provider: 'one' }, { ...covered, validUntil: END }],
    ['no other provider', atOne, { ...asked, provider: 'other' }, refused('provider_not_covered', false)],
    [
      'nothing that has left the catalogue',
      { ...until, powers: [{ service: 'nav.unheard-of', action: 'read', provider: null }] },
      { ...asked, service: 'nav.unheard-of' },
      refused('provider_not_covered', true),
    ],
    [
      'nothing personal',
      { ...until, powers: [{ service: 'vote', action: 'read', provider: null }] },
      { ...asked, service: 'vote' },
      refused('personal_by_law', true, null),
    ],
  ] as const satisfies readonly (readonly [string, EmploymentGround, Question['power'], object])[])(
    '%s',
    (_what, ground, power, answer) => {
      expect(judgeEmployment(ground, power, NOON, lawCatalogue(LAW))).toEqual(answer)
    },
  )

  test.each([
    ['a service that organisations use', 'tax.return', until, { ...covered, assurance: 'high', validUntil: END }],
    ['no other', 'nav.pension', until, refused('power_not_covered', true)],
    ['no other, when it is over', 'nav.pension', { ...until, validUntil: NOON }, refused('expired', true, null)],
    ['nothing that has left the catalogue', 'nav.unheard-of', until, refused('provider_not_covered', true)],
  ] as const)('of the firm’s own affairs: %s', (_what, service, ground, answer) => {
    const told = { ...ground, powers: [{ service, action: 'read', provider: null }] as const }
    expect(judgeOwnAffairs(told, { ...asked, service }, NOON, lawCatalogue(LAW))).toEqual(answer)
  })
})
