import {
  BASES,
  type Catalogue,
  type CatalogueVersion,
  type LegalSource,
  type MandateRule,
  type ParentRule,
  type PersonalByLaw,
  type Service,
  type Text,
} from '../../src/domain/catalogue.js'

/** A small catalogue made by hand: one service for each thing that a rule can turn on. */

export const NAV = '889640782'
export const OSLO = '958935420'
export const BERGEN = '964338531'
export const KARTVERKET = '971040238'

const SOURCE: LegalSource = { source: 'made for tests', mark: { kind: 'proposed' } }

function inAll(text: string): Text {
  return { nb: text, nn: text, en: text, se: text }
}

const MANDATE: MandateRule = {
  ...SOURCE,
  actions: ['read', 'communicate', 'write'],
  principalFromAge: 18,
  representativeFromAge: 18,
  acceptance: false,
  defaultMonths: 12,
  maximumMonths: 36,
  passingOn: false,
}

const PARENT: ParentRule = {
  ...SOURCE,
  actions: ['read'],
  untilAge: 18,
  reduced: null,
  bothParents: [],
  consentForAct: [],
  coResidence: false,
}

/** What no guardian, parent, lasting power or role gives anything in. */
const NOTHING_BY_LAW = { parent: null, guardians: [], lastingPower: null, roles: [] } as const

/** A guardian's and a lasting power's; no child has a pension here. */
const PENSION: Service = {
  id: 'nav.pension',
  owner: NAV,
  lifeArea: 'life',
  offeredBy: 'owner',
  providers: [NAV],
  actions: ['read', 'communicate', 'write'],
  assurance: 'substantial',
  sensitivity: 3,
  riskClass: 'normal',
  selfFromAge: 16,
  field: 'economic',
  protectedAddress: 'by_handle',
  readOnStaleFacts: true,
  mandate: MANDATE,
  parent: null,
  guardians: [
    {
      ...SOURCE,
      business: 'nav',
      task: 'pensjon',
      actions: ['read', 'communicate', 'write'],
      consentForAct: false,
    },
  ],
  lastingPower: { ...SOURCE, actions: ['read', 'communicate', 'write'] },
  roles: [],
  name: inAll('Pension'),
  description: inAll('What is paid and when.'),
  objectName: null,
  actionTexts: {
    read: inAll('see your pension'),
    communicate: inAll('write to NAV'),
    write: inAll('apply for a pension'),
  },
}

/** Each municipality runs its own. Both parents sign; no child's age narrows it before 18. */
const SCHOOL: Service = {
  ...PENSION,
  ...NOTHING_BY_LAW,
  id: 'muni.school',
  owner: OSLO,
  offeredBy: 'listed',
  providers: [OSLO, BERGEN],
  actions: ['read', 'communicate', 'write', 'sign'],
  riskClass: 'low',
  selfFromAge: 15,
  field: 'personal',
  protectedAddress: 'refuse',
  name: inAll('School'),
  mandate: { ...MANDATE, principalFromAge: 15, defaultMonths: 6, maximumMonths: 12 },
  parent: { ...PARENT, actions: ['read', 'communicate', 'write', 'sign'], bothParents: ['sign'] },
  guardians: [
    {
      ...SOURCE,
      business: 'kommune',
      task: 'skoleOgUtdanning',
      actions: ['read', 'communicate', 'write'],
      consentForAct: false,
    },
  ],
  actionTexts: { ...PENSION.actionTexts, sign: inAll('sign for the school') },
}

/**
 * The highest risk class; consents are the person's own, or a child's parents'. Someone responsible must live with the
 * child, from 12 on parents only write, and from 16 on they are out of it.
 */
const JOURNAL: Service = {
  ...PENSION,
  ...NOTHING_BY_LAW,
  id: 'health.journal',
  actions: ['read', 'write', 'consent'],
  assurance: 'high',
  sensitivity: 4,
  riskClass: 'highest',
  field: 'personal',
  protectedAddress: 'refuse',
  readOnStaleFacts: false,
  name: inAll('Medical record'),
  mandate: { ...MANDATE, actions: ['read', 'write'], principalFromAge: 16, acceptance: true },
  parent: {
    ...PARENT,
    actions: ['read', 'write', 'consent'],
    untilAge: 16,
    reduced: { fromAge: 12, actions: ['write'] },
    coResidence: true,
  },
  actionTexts: { read: inAll('see your record'), write: inAll('write in your record'), consent: inAll('consent') },
}

/** Real property: every basis has it, what parents and guardians sign needs consent, and a company's signature is shared. */
const LAND: Service = {
  ...PENSION,
  id: 'land.registry',
  owner: KARTVERKET,
  providers: [KARTVERKET],
  actions: ['read', 'write', 'sign'],
  name: inAll('Property'),
  mandate: { ...MANDATE, actions: ['read', 'write', 'sign'] },
  parent: { ...PARENT, actions: ['read', 'write', 'sign'], bothParents: ['sign'], consentForAct: ['sign'] },
  guardians: [
    {
      ...SOURCE,
      business: 'kartverket',
      task: 'endringAvEiendom',
      actions: ['read', 'write', 'sign'],
      consentForAct: true,
    },
  ],
  lastingPower: { ...SOURCE, actions: ['read', 'write', 'sign'] },
  roles: [
    { ...SOURCE, role: 'DAGL', actions: ['read', 'write'], joint: false },
    { ...SOURCE, role: 'SIGN', actions: ['sign'], joint: false },
    { ...SOURCE, role: 'SIFE', actions: ['sign'], joint: true },
  ],
  actionTexts: { read: inAll('see your property'), write: inAll('send in deeds'), sign: inAll('sign deeds') },
}

/** Cannot be given to anyone. */
const MOVE: Service = {
  ...PENSION,
  ...NOTHING_BY_LAW,
  id: 'freg.move',
  actions: ['write'],
  field: 'personal',
  mandate: null,
  name: inAll('Moving'),
}

/** A matter that the law keeps personal, offered by a careless owner who also lets it be given away. */
const VOTE: Service = { ...PENSION, ...NOTHING_BY_LAW, id: 'vote', name: inAll('Voting') }

/** Names that a library for permissions reads as wildcards. */
const ALL: Service = { ...PENSION, ...NOTHING_BY_LAW, id: 'all', name: inAll('Everything') }
const MANAGE: Service = { ...PENSION, ...NOTHING_BY_LAW, id: 'manage', name: inAll('Manage') }

const PERSONAL_VOTE: PersonalByLaw = {
  ...SOURCE,
  id: 'vote',
  bases: BASES,
  services: ['vote'],
  actions: ['read', 'communicate', 'write', 'sign', 'receive', 'consent'],
  text: inAll('No one votes for another.'),
}

const PERSONAL_CONSENT: PersonalByLaw = {
  ...PERSONAL_VOTE,
  id: 'health-consents',
  bases: ['mandate', 'guardian', 'lasting_power'],
  services: ['health.journal'],
  actions: ['consent'],
  text: inAll('Consents are given in person.'),
}

/** Only heirs are kept from this one: it says nothing of mandates. */
const PERSONAL_FOR_ESTATES: PersonalByLaw = {
  ...PERSONAL_VOTE,
  id: 'pension-estates',
  bases: ['estate'],
  services: ['nav.pension'],
}

export const CATALOGUE: CatalogueVersion = {
  version: 1,
  organisations: [
    { orgnr: NAV, name: 'NAV' },
    { orgnr: OSLO, name: 'Oslo kommune' },
    { orgnr: BERGEN, name: 'Bergen kommune' },
    { orgnr: KARTVERKET, name: 'Kartverket' },
  ],
  riskClasses: [
    { id: 'low', freshnessMinutes: 2880, proof: 'asserted', introspect: false, coolingOffHours: 0 },
    { id: 'normal', freshnessMinutes: 1440, proof: 'asserted', introspect: false, coolingOffHours: 0 },
    { id: 'highest', freshnessMinutes: 360, proof: 'login_token', introspect: true, coolingOffHours: 24 },
  ],
  lifeAreas: [{ id: 'life', name: inAll('Life') }],
  services: [PENSION, SCHOOL, JOURNAL, LAND, MOVE, VOTE, ALL, MANAGE],
  personalByLaw: [PERSONAL_VOTE, PERSONAL_CONSENT, PERSONAL_FOR_ESTATES],
  unreadSami: [],
}

export const EVERY_SERVICE: readonly string[] = CATALOGUE.services.map(({ id }) => id)

/** The service as the catalogue has it. */
export function service(id: string): Service {
  const found = CATALOGUE.services.find((one) => one.id === id)
  if (found === undefined) throw new Error(`the test catalogue has no ${id}`)
  return found
}

/** What a mandate for this service follows. */
export function mandateRule(id: string): MandateRule {
  const { mandate } = service(id)
  if (mandate === null) throw new Error(`${id} is not given by mandate`)
  return mandate
}

/** The same catalogue under another number, one service changed, or gone when `change` is null. */
export function versionWith(version: number, id: string, change: Partial<Service> | null): CatalogueVersion {
  const services = CATALOGUE.services.flatMap((one) =>
    one.id !== id ? [one] : change === null ? [] : [{ ...one, ...change }],
  )
  return { ...CATALOGUE, version, services }
}

/** The first version is in force; any of the others can be pinned to. */
export function catalogueOf(current: CatalogueVersion, ...others: readonly CatalogueVersion[]): Catalogue {
  const versions = new Map([current, ...others].map((version) => [version.version, version]))
  return {
    current,
    version(number) {
      const version = versions.get(number)
      if (version === undefined) throw new Error(`catalogue version ${number} was never published`)
      return version
    },
  }
}
