import type {
  Catalogue,
  CatalogueVersion,
  LegalSource,
  MandateRule,
  PersonalByLaw,
  Service,
  Text,
} from '../../src/domain/catalogue.js'

/** A small catalogue made by hand: one service for each thing that a rule can turn on. */

export const NAV = '889640782'
export const OSLO = '958935420'
export const BERGEN = '964338531'

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

const PENSION: Service = {
  id: 'nav.pension',
  owner: NAV,
  offeredBy: 'owner',
  providers: [NAV],
  actions: ['read', 'communicate', 'write'],
  assurance: 'substantial',
  sensitivity: 3,
  riskClass: 'normal',
  selfFromAge: 16,
  protectedAddress: 'by_handle',
  readOnStaleFacts: true,
  mandate: MANDATE,
  parent: null,
  guardians: [],
  name: inAll('Pension'),
  description: inAll('What is paid and when.'),
  actionTexts: {
    read: inAll('see your pension'),
    communicate: inAll('write to NAV'),
    write: inAll('apply for a pension'),
  },
}

/** Each municipality runs its own. */
const SCHOOL: Service = {
  ...PENSION,
  id: 'muni.school',
  owner: OSLO,
  offeredBy: 'listed',
  providers: [OSLO, BERGEN],
  riskClass: 'low',
  selfFromAge: 15,
  protectedAddress: 'refuse',
  name: inAll('School'),
  mandate: { ...MANDATE, principalFromAge: 15, defaultMonths: 6, maximumMonths: 12 },
}

/** The highest risk class; consents are the person's own. */
const JOURNAL: Service = {
  ...PENSION,
  id: 'health.journal',
  actions: ['read', 'write', 'consent'],
  assurance: 'high',
  sensitivity: 4,
  riskClass: 'highest',
  protectedAddress: 'refuse',
  readOnStaleFacts: false,
  name: inAll('Medical record'),
  mandate: { ...MANDATE, actions: ['read', 'write'], principalFromAge: 16, acceptance: true },
  actionTexts: { read: inAll('see your record'), write: inAll('write in your record'), consent: inAll('consent') },
}

/** Cannot be given to anyone. */
const MOVE: Service = { ...PENSION, id: 'freg.move', actions: ['write'], mandate: null, name: inAll('Moving') }

/** A matter that the law keeps personal, offered by a careless owner who also lets it be given away. */
const VOTE: Service = { ...PENSION, id: 'vote', name: inAll('Voting') }

/** Names that a library for permissions reads as wildcards. */
const ALL: Service = { ...PENSION, id: 'all', name: inAll('Everything') }
const MANAGE: Service = { ...PENSION, id: 'manage', name: inAll('Manage') }

const PERSONAL_VOTE: PersonalByLaw = {
  ...SOURCE,
  id: 'vote',
  bases: ['mandate', 'guardian', 'lasting_power'],
  services: ['vote'],
  actions: ['read', 'communicate', 'write', 'sign', 'receive', 'consent'],
  text: inAll('No one votes for another.'),
}

const PERSONAL_CONSENT: PersonalByLaw = {
  ...PERSONAL_VOTE,
  id: 'health-consents',
  services: ['health.journal'],
  actions: ['consent'],
  text: inAll('Consents are given in person.'),
}

/** Only guardians are kept from this one: it says nothing of mandates. */
const PERSONAL_FOR_GUARDIANS: PersonalByLaw = {
  ...PERSONAL_VOTE,
  id: 'pension-guardians',
  bases: ['guardian'],
  services: ['nav.pension'],
}

export const CATALOGUE: CatalogueVersion = {
  version: 1,
  organisations: [
    { orgnr: NAV, name: 'NAV' },
    { orgnr: OSLO, name: 'Oslo kommune' },
    { orgnr: BERGEN, name: 'Bergen kommune' },
  ],
  riskClasses: [
    { id: 'low', freshnessMinutes: 2880, proof: 'asserted', introspect: false },
    { id: 'normal', freshnessMinutes: 1440, proof: 'asserted', introspect: false },
    { id: 'highest', freshnessMinutes: 360, proof: 'login_token', introspect: true },
  ],
  services: [PENSION, SCHOOL, JOURNAL, MOVE, VOTE, ALL, MANAGE],
  personalByLaw: [PERSONAL_VOTE, PERSONAL_CONSENT, PERSONAL_FOR_GUARDIANS],
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
