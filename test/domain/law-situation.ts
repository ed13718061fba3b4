import type { Catalogue } from '../../src/domain/catalogue.js'
import { type Decision, type Facts, type Question, decide } from '../../src/domain/decide.js'
import type {
  GuardianGround,
  Holder,
  LastingPowerGround,
  ParentGround,
  RoleGround,
  Ruling,
} from '../../src/domain/ground.js'
import type { GrantedPower, MandateGround, ParentMandate, RepresentationId } from '../../src/domain/mandate.js'
import type { Party, PartyId } from '../../src/domain/party.js'
import { LAW, lawCatalogue } from './law-catalogue.js'
import { END, FRESH_AT, NOON, START } from './situation.js'

/** Question, facts and catalogue, with grounds of any basis. */
export interface LawSituation {
  readonly question: Question
  readonly facts: Facts
  readonly catalogue: Catalogue
}

/** Ola acts, Kari is acted for. Kari is nine, where nothing else is said. */
export const KARI = 'kari' as PartyId
export const OLA = 'ola' as PartyId
export const MARI = 'mari' as PartyId

const anyone: Party = {
  partyId: KARI,
  kind: 'person',
  bornOn: '2016-06-15',
  diedOn: null,
  ceased: false,
  protectedAddress: false,
  capacityLost: [],
  residences: ['home'],
  factsFreshAt: FRESH_AT,
}
export const child: Party = anyone
export const adult: Party = { ...anyone, bornOn: '1950-05-17' }
export const firm: Party = { ...anyone, kind: 'organisation', bornOn: null, residences: [] }
export const ola: Party = { ...anyone, partyId: OLA, bornOn: '1985-11-21' }
export const mari: Party = { ...ola, partyId: MARI }

export const id = (text: string): RepresentationId => text as RepresentationId

const registered = {
  principal: KARI,
  representative: OLA,
  validFrom: null,
  validUntil: null,
  factsFreshAt: FRESH_AT,
} as const

export const alone: ParentGround = {
  ...registered,
  basis: 'parent',
  representationId: id('parent-1'),
  responsibility: 'mor',
}
export const shared: ParentGround = { ...alone, responsibility: 'felles' }
export const pensionGuardian: GuardianGround = {
  ...registered,
  basis: 'guardian',
  representationId: id('guardian-1'),
  guardianship: 'voksen',
  tasks: ['nav/pensjon'],
}
export const landGuardian: GuardianGround = {
  ...pensionGuardian,
  tasks: ['kartverket/salgAvFastEiendomBorettslagsandel'],
}
export const lasting: LastingPowerGround = { ...registered, basis: 'lasting_power', representationId: id('lasting-1') }
export const manager: RoleGround = {
  ...registered,
  basis: 'organisation_role',
  representationId: id('role-1'),
  role: 'DAGL',
}
export const jointSignatory: RoleGround = { ...manager, role: 'SIFE' }

export const grantedPension: GrantedPower = {
  powerId: 'power-1',
  service: 'nav.pension',
  action: 'read',
  provider: null,
  object: null,
  catalogueVersion: 1,
  state: 'active',
  passingOn: false,
  validFrom: START,
  validUntil: END,
}
export const given: MandateGround = {
  basis: 'mandate',
  representationId: id('mandate-1'),
  principal: KARI,
  representative: OLA,
  answerBy: null,
  powers: [grantedPension],
  parent: null,
}

/** What Kari gave Mari, and lets her pass on. */
export const givenToMari: ParentMandate = {
  representationId: id('mandate-0'),
  middle: mari,
  answerBy: null,
  powers: [{ ...grantedPension, powerId: 'power-0', passingOn: true }],
}
export const passedOn: MandateGround = { ...given, parent: givenToMari }

/** Ola as a holder, beside whom Mari may hold the same. */
export const olaHolds: Holder = {
  representationId: id('parent-1'),
  basis: 'parent',
  representative: OLA,
  says: 'felles',
  validFrom: null,
  validUntil: null,
  diedOn: null,
  residences: ['home'],
}
export const mariHolds: Holder = { ...olaHolds, representationId: id('parent-2'), representative: MARI }

export function ruling(kind: Ruling['kind'], change: Partial<Ruling> = {}): Ruling {
  return {
    rulingId: `${kind}-1`,
    kind,
    principal: KARI,
    representative: null,
    service: null,
    action: null,
    object: null,
    validFrom: START,
    validUntil: null,
    ...change,
  }
}

/** What the document of a lasting power says, as someone has registered it. */
export function scope(service: string | null, change: Partial<Ruling> = {}): Ruling {
  return ruling('lasting_power_scope', { representative: OLA, service, ...change })
}

/** What is asked, and what differs from: Ola, logged in as well as can be, asks at noon; nothing is ruled. */
export interface Told {
  readonly service?: string
  readonly action?: Question['power']['action']
  readonly object?: string
  readonly principal?: Partial<Party>
  readonly actor?: Partial<Party>
  readonly grounds?: Facts['grounds']
  readonly holders?: readonly Holder[]
  readonly rulings?: readonly Ruling[]
  readonly approvedBy?: readonly PartyId[]
  readonly question?: Partial<Question>
  readonly catalogue?: Catalogue
}

export function told(base: Party, change: Told): LawSituation {
  const principal = { ...base, ...change.principal }
  return {
    question: {
      actor: OLA,
      principal: KARI,
      principalNamedBy: 'number',
      power: {
        service: change.service ?? 'nav.pension',
        action: change.action ?? 'read',
        provider: null,
        object: change.object ?? null,
      },
      login: { level: 'high', authenticatedAt: null, proof: 'login_token' },
      instant: NOON,
      entitledTo: LAW.services.map((service) => service.id),
      ...change.question,
    },
    facts: {
      actor: { ...ola, ...change.actor },
      principal,
      grounds: change.grounds ?? [],
      holders: change.holders ?? [],
      rulings: change.rulings ?? [],
      approvedBy: change.approvedBy ?? [],
    },
    catalogue: change.catalogue ?? lawCatalogue(LAW),
  }
}

export function judge({ question, facts, catalogue }: LawSituation): Decision {
  return decide(question, facts, catalogue)
}
