import { ACTIONS, type Catalogue, type CatalogueVersion, type MandateRule } from '../../src/domain/catalogue.js'
import type { Facts } from '../../src/domain/decide.js'
import {
  GUARDIANSHIPS,
  type Ground,
  type Holder,
  RESPONSIBILITIES,
  RULINGS,
  type Ruling,
} from '../../src/domain/ground.js'
import { type GrantedPower, type ParentMandate, STORED_STATES } from '../../src/domain/mandate.js'
import { CAPACITY_FIELDS, PRIVATE, type Party, type PartyId } from '../../src/domain/party.js'
import { LAW, lawCatalogue, lawVersion } from './law-catalogue.js'
import {
  type LawSituation,
  MARI,
  OLA,
  adult,
  firm,
  given,
  givenToMari,
  grantedPension,
  id,
  jointSignatory,
  lasting,
  manager,
  mari,
  mariHolds,
  ola,
  olaHolds,
  pensionGuardian,
  ruling,
  shared,
} from './law-situation.js'
import { END, HOUR, NOON, START, at } from './situation.js'

/**
 * Worlds of all grounds, read from a row of bytes: each byte is one choice, and nought is the plainest, so that a library
 * that makes numbers smaller makes worlds simpler. The values are few and lie close together, so that rules meet.
 */
export const BYTES = 240

interface Choice {
  /** Any of these; the first for nought. */
  of<T>(values: readonly T[]): T
  /** This one two times in three. */
  mostly<T>(value: T, ...others: readonly T[]): T
  /** This one nine times in ten. */
  nearlyAlways<T>(value: T, ...others: readonly T[]): T
  /** None up to so many. */
  upTo(most: number): number
}

function choiceFrom(bytes: Uint8Array): Choice {
  let read = 0
  const byte = (): number => bytes[read++ % bytes.length] ?? 0
  const any = <T>(values: readonly T[]): T => values[byte() % values.length] as T
  return {
    of: any,
    mostly: (value, ...others) => (byte() < 170 ? value : any(others)),
    nearlyAlways: (value, ...others) => (byte() < 235 ? value : any(others)),
    upTo: (most) => byte() % (most + 1),
  }
}

const PER = 'per' as PartyId
const PROVIDER = '958935420'
const TIMES = [at(-HOUR), NOON, at(1), at(HOUR), new Date('2026-03-02T23:00:00Z'), END]
const STARTS = [null, START, ...TIMES]
const CHILD = ['2016-06-15', '2014-03-02', '2014-03-03', '2011-03-02', '2010-03-03', '2010-03-02', '2008-03-03']
const DAYS = [...CHILD, '2008-03-02', '2008-02-29', '1950-05-17', null]
const DEATHS = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-07-01']
const FRESH = [null, at(-HOUR), ...[4, 5, 6, 7, 23, 24, 25, 47, 48, 49].map((hours) => at(-hours * HOUR))]
const TASKS = LAW.services.flatMap(({ guardians }) => guardians.map(({ business, task }) => `${business}/${task}`))
const ROLES = ['DAGL', 'LEDE', 'SIGN', 'SIFE', 'POFE', 'VARA']

const mandateRule = (service: string): MandateRule | null =>
  LAW.services.find(({ id }) => id === service)?.mandate ?? null
const ruledBy = (service: string, change: Partial<MandateRule>): CatalogueVersion => {
  const rule = mandateRule(service)
  return lawVersion(2, service, { mandate: rule === null ? null : { ...rule, ...change } })
}
const VARIANTS = [
  lawVersion(2, 'nav.pension', null),
  lawVersion(2, 'nav.pension', { assurance: 'high' }),
  lawVersion(2, 'nav.pension', { mandate: null, parent: null }),
  ruledBy('nav.pension', { actions: ['write'] }),
  ruledBy('nav.pension', { passingOn: false }),
  ruledBy('health.appointments', { passingOn: true }),
]
const CATALOGUES: readonly Catalogue[] = [
  lawCatalogue({ ...LAW, version: 2 }, LAW),
  ...VARIANTS.map((current) => lawCatalogue(current, LAW)),
  ...VARIANTS.map((earlier) => lawCatalogue({ ...LAW, version: 2 }, { ...earlier, version: 1 })),
]

/** Of all rulings only a reservation takes anything from a mandate. */
const ABOUT_MANDATES: readonly Ruling['kind'][] = [...RULINGS, 'reservation', 'reservation', 'reservation']

type Kind = 'mandate' | 'parent' | 'guardian' | 'lasting_power' | 'organisation_role'
const KINDS: readonly Kind[] = [
  'mandate',
  'mandate',
  'parent',
  'parent',
  'guardian',
  'lasting_power',
  'organisation_role',
]
const SERVICES: Readonly<Record<Kind, readonly string[]>> = {
  mandate: ['nav.pension', 'nav.pension', 'nav.pension', 'health.appointments', 'land.registry', 'tax.return'],
  parent: LAW.services.map(({ id }) => id),
  guardian: ['nav.pension', 'land.registry', 'tax.return', 'tax.card', 'freg.move'],
  lasting_power: ['nav.pension', 'health.appointments', 'tax.return', 'land.registry'],
  organisation_role: ['tax.return', 'land.registry'],
}

/** Whether, and what, may be asked, about two who are mostly known to each other. */
export function worldFrom(bytes: Uint8Array): LawSituation {
  const choice = choiceFrom(bytes)
  const kind = choice.of(KINDS)
  const service = choice.nearlyAlways(choice.of(SERVICES[kind]), 'vote', 'unheard.of', 'health.record')
  const offered = LAW.services.find((one) => one.id === service)?.actions ?? ACTIONS
  const action = choice.nearlyAlways(choice.of(offered), ...ACTIONS)
  const object = choice.mostly(null, 'a', 'b')
  const herself = choice.of([false, false, false, false, false, false, false, false, false, true])
  const principal = choice.nearlyAlways(partyOf(choice, principalOf(kind, choice)), null)
  const actor = herself ? principal : choice.nearlyAlways(partyOf(choice, ola), null)
  const known = principal !== null && actor !== null && !herself
  const provider = choice.mostly(null, PROVIDER)
  const about = { service, action, provider, object }
  const grounds = Array.from({ length: choice.nearlyAlways(1, 0, 2, 3) }, (_, index) =>
    groundOf(choice, index === 0 ? kind : choice.of(KINDS), about, index),
  )
  const facts: Facts = {
    actor,
    principal,
    grounds: known ? grounds : [],
    holders: holdersOf(choice, kind === 'organisation_role' ? 'organisation_role' : 'parent'),
    rulings: principal === null ? [] : rulingsOf(choice, kind, about),
    approvedBy: [...choice.mostly([], [MARI], [MARI, PER], [OLA])],
  }
  return {
    question: {
      actor: actor?.partyId ?? null,
      principal: principal?.partyId ?? null,
      principalNamedBy: choice.of(['number', 'handle']),
      context: PRIVATE,
      power: about,
      login: {
        level: choice.nearlyAlways('high', 'substantial', 'low'),
        authenticatedAt: null,
        proof: choice.nearlyAlways('login_token', 'asserted'),
      },
      instant: choice.mostly(NOON, ...TIMES),
      entitledTo: choice.nearlyAlways([...LAW.services.map((one) => one.id), 'unheard.of'], ['vote']),
    },
    facts,
    catalogue: choice.mostly(CATALOGUES[0] as Catalogue, ...CATALOGUES),
  }
}

function principalOf(kind: Kind, choice: Choice): Party {
  if (kind === 'organisation_role') return firm
  if (kind !== 'parent') return adult
  return { ...adult, bornOn: choice.of(CHILD) }
}

function partyOf(choice: Choice, base: Party): Party {
  return {
    ...base,
    kind: choice.nearlyAlways(base.kind, 'person', 'organisation'),
    bornOn: choice.nearlyAlways(base.bornOn, ...DAYS),
    diedOn: choice.nearlyAlways<string | null>(null, ...DEATHS),
    ceased: choice.nearlyAlways(false, true),
    protectedAddress: choice.nearlyAlways(false, true),
    capacityLost: choice.nearlyAlways([], ...CAPACITY_FIELDS.map((field) => [field])),
    residences: choice.nearlyAlways(['home'], ['away'], [], ['away', 'home']),
    factsFreshAt: choice.nearlyAlways(at(-HOUR), ...FRESH),
  }
}

type Asked = LawSituation['question']['power']

function groundOf(choice: Choice, kind: Kind, asked: Asked, index: number): Ground {
  const registered = {
    representationId: id(`${kind}-${String(index + 1)}`),
    validFrom: choice.nearlyAlways(null, ...STARTS),
    validUntil: choice.nearlyAlways(null, ...STARTS),
    factsFreshAt: choice.nearlyAlways(at(-HOUR), ...FRESH),
  }
  switch (kind) {
    case 'mandate':
      return {
        ...given,
        representationId: registered.representationId,
        answerBy: choice.nearlyAlways(null, ...TIMES),
        powers: powersOf(choice, asked, false),
        parent: choice.of([false, true]) ? parentOf(choice, asked) : null,
      }
    case 'parent':
      return { ...shared, ...registered, responsibility: choice.of(RESPONSIBILITIES) }
    case 'guardian': {
      const tasks = [choice.of(TASKS), choice.of(TASKS)]
      const fitting = LAW.services.find((one) => one.id === asked.service)?.guardians ?? []
      const fit = fitting.map(({ business, task }) => `${business}/${task}`).slice(0, 1)
      return {
        ...pensionGuardian,
        ...registered,
        guardianship: choice.mostly('voksen', ...GUARDIANSHIPS),
        tasks: choice.nearlyAlways([...fit, ...tasks], tasks, []),
      }
    }
    case 'lasting_power':
      return { ...lasting, ...registered }
    case 'organisation_role':
      return { ...manager, ...registered, role: choice.mostly(choice.of(['DAGL', jointSignatory.role]), ...ROLES) }
  }
}

/** What the ground was passed on from. It mostly covers what is asked, and mostly the principal lets it be passed on. */
function parentOf(choice: Choice, asked: Asked): ParentMandate {
  return {
    ...givenToMari,
    middle: partyOf(choice, { ...mari, partyId: choice.mostly(MARI, PER) }),
    answerBy: choice.nearlyAlways(null, ...TIMES),
    powers: powersOf(choice, asked, true),
  }
}

function powersOf(choice: Choice, asked: Asked, above: boolean): readonly GrantedPower[] {
  return Array.from({ length: choice.mostly(1, 0, 2, 3) }, (_, number) => {
    const power = {
      ...grantedPension,
      powerId: `${above ? 'above' : 'power'}-${String(number)}`,
      service: choice.nearlyAlways(asked.service, 'nav.pension', 'muni.school'),
      action: choice.nearlyAlways(asked.action, 'read', 'write'),
      provider: choice.nearlyAlways(null, PROVIDER, '964338531'),
      object: choice.nearlyAlways(null, 'a', 'b'),
      catalogueVersion: choice.of([1, 2]),
    }
    const state = above ? choice.nearlyAlways('active', ...STORED_STATES) : choice.mostly('active', ...STORED_STATES)
    return {
      ...power,
      state,
      passingOn: choice.nearlyAlways(above, !above),
      validFrom: choice.nearlyAlways(state === 'held' ? at(HOUR) : START, ...TIMES),
      validUntil: choice.nearlyAlways(END, ...TIMES),
    }
  })
}

function holdersOf(choice: Choice, basis: Holder['basis']): readonly Holder[] {
  const says = basis === 'parent' ? 'felles' : 'SIFE'
  const first = { ...olaHolds, basis, says, representationId: id(`${basis}-1`) }
  const others = Array.from({ length: choice.mostly(1, 0, 2) }, (_, index) => ({
    ...mariHolds,
    basis,
    representationId: id(`other-${String(index)}`),
    representative: choice.nearlyAlways<PartyId | null>(index === 0 ? MARI : PER, null, OLA),
    says: choice.nearlyAlways(says, 'ukjent', 'mor', 'SIGN'),
    validFrom: choice.nearlyAlways(null, ...STARTS),
    validUntil: choice.nearlyAlways(null, ...STARTS),
    diedOn: choice.nearlyAlways<string | null>(null, ...DEATHS),
    residences: choice.of([['home'], [], ['away']]),
  }))
  return [{ ...first, residences: choice.of([['home'], [], ['away']]) }, ...others]
}

function rulingsOf(choice: Choice, kind: Kind, asked: Asked): readonly Ruling[] {
  const some = Array.from({ length: choice.mostly(0, 1, 2) }, (_, index) =>
    rulingOf(choice, choice.of(kind === 'mandate' ? ABOUT_MANDATES : RULINGS), asked, `r${String(index)}`),
  )
  const scope = rulingOf(choice, 'lasting_power_scope', asked, 'scope')
  const consent = rulingOf(choice, 'consent', asked, 'consent')
  const expected = kind === 'lasting_power' ? [scope] : kind === 'guardian' ? [consent] : []
  return [...choice.nearlyAlways(expected, []), ...some]
}

function rulingOf(choice: Choice, kind: Ruling['kind'], asked: Asked, rulingId: string): Ruling {
  const named = kind === 'lasting_power_scope' ? OLA : null
  return ruling(kind, {
    rulingId,
    representative: choice.mostly<PartyId | null>(named, OLA, MARI, null),
    service: choice.mostly<string | null>(asked.service, null, 'tax.card'),
    action: choice.nearlyAlways<Ruling['action']>(null, 'read', 'write'),
    object: choice.mostly<string | null>(kind === 'consent' ? asked.object : null, 'a', 'b'),
    validFrom: choice.nearlyAlways(START, ...TIMES),
    validUntil: choice.nearlyAlways<Date | null>(null, ...TIMES),
  })
}
