/**
 * The catalogue: which services there are, what can be done in each, and who may be given what.
 *
 * A version never changes once it is published; a change is a new version. Files in `catalogue/` are read by
 * `registers/catalogue-files.ts` into these shapes and published into the database, whence every instance reads them.
 */

export const LANGUAGES = ['nb', 'nn', 'en', 'se'] as const
export type Language = (typeof LANGUAGES)[number]

/** One text in all languages. A Sámi text that no speaker has read yet is listed in `CatalogueVersion.unreadSami`. */
export type Text = Readonly<Record<Language, string>>

export const ACTIONS = ['read', 'communicate', 'write', 'sign', 'receive', 'consent'] as const
export type Action = (typeof ACTIONS)[number]

/** Why a representative may act. `mandate` is given by the principal; the others follow from law or office. */
export const BASES = [
  'mandate',
  'parent',
  'guardian',
  'lasting_power',
  'organisation_role',
  'employment',
  'estate',
] as const
export type Basis = (typeof BASES)[number]

/** Ordered: a later level satisfies an earlier one. Names after the eIDAS levels of assurance. */
export const ASSURANCE_LEVELS = ['low', 'substantial', 'high'] as const
export type AssuranceLevel = (typeof ASSURANCE_LEVELS)[number]

/** Tells whether a login at `actual` is good enough where `required` is asked for. */
export function satisfies(actual: AssuranceLevel, required: AssuranceLevel): boolean {
  return ASSURANCE_LEVELS.indexOf(actual) >= ASSURANCE_LEVELS.indexOf(required)
}

export function stricter(a: AssuranceLevel, b: AssuranceLevel): AssuranceLevel {
  return satisfies(a, b) ? a : b
}

/** Where a legal rule comes from, and whether someone with the authority to do so has confirmed our reading of it. */
export interface LegalSource {
  readonly source: string
  readonly mark:
    { readonly kind: 'proposed' } | { readonly kind: 'confirmed'; readonly by: string; readonly on: string }
}

/** How much harm a wrong answer could do, and hence how fresh the facts and how strong the proof of login must be. */
export interface RiskClass {
  readonly id: string
  /** Facts older than this many minutes are too old for an answer. */
  readonly freshnessMinutes: number
  /** `asserted`: the service's word for the login level is enough. `login_token`: the user's own token must be sent. */
  readonly proof: 'asserted' | 'login_token'
  /** Services of the highest class ask us about each token instead of trusting a status list. */
  readonly introspect: boolean
  /**
   * How many hours what was given waits before it takes effect; 0 where it does not. What waits is given and accepted with a
   * new login at the highest level.
   */
  readonly coolingOffHours: number
}

/** What services are about, as people think of it: «Bolig og eiendom». */
export interface LifeArea {
  readonly id: string
  readonly name: Text
}

export interface Organisation {
  /** Organisation number, nine digits. */
  readonly orgnr: string
  readonly name: string
}

/** What a principal may give away of a service, by mandate. */
export interface MandateRule extends LegalSource {
  readonly actions: readonly Action[]
  /** Least age in whole years of the one who gives, on the Europe/Oslo calendar. */
  readonly principalFromAge: number
  readonly representativeFromAge: number
  /** Whether the representative must accept before the mandate takes effect. */
  readonly acceptance: boolean
  readonly defaultMonths: number
  readonly maximumMonths: number
  /** Whether the principal may let the representative pass the power on (one level). */
  readonly passingOn: boolean
}

/** What a holder of parental responsibility may do, until the child reaches `untilAge`. */
export interface ParentRule extends LegalSource {
  readonly actions: readonly Action[]
  readonly untilAge: number
  /** From this age of the child on only these actions remain; null where all do until `untilAge`. */
  readonly reduced: { readonly fromAge: number; readonly actions: readonly Action[] } | null
  /** Actions that need every holder of parental responsibility. */
  readonly bothParents: readonly Action[]
  /** Actions for which the act itself needs the consent of the Statsforvalter. */
  readonly consentForAct: readonly Action[]
  /** Whether at least one of those responsible must be registered as living where the child does. */
  readonly coResidence: boolean
}

/** What a role in Enhetsregisteret gives in a service for organisations. */
export interface RoleRule extends LegalSource {
  /** The register's code, e.g. `DAGL`. */
  readonly role: string
  readonly actions: readonly Action[]
  /** Whether all who hold the role must agree (`SIFE`, `POFE`: in common). */
  readonly joint: boolean
}

/** One guardian task of the population register (vergeTjenestevirksomhet / vergeTjenesteoppgave) and what it gives. */
export interface GuardianRule extends LegalSource {
  readonly business: string
  readonly task: string
  readonly actions: readonly Action[]
  /** Whether the act itself needs the consent of the Statsforvalter. */
  readonly consentForAct: boolean
}

/** What a confirmed lasting power can give where its document says so. */
export interface LastingPowerRule extends LegalSource {
  readonly actions: readonly Action[]
}

export interface Service {
  /** `owner.topic`, lower case, e.g. `nav.pension`. Also the first part of the OAuth scope `nav.pension.read`. */
  readonly id: string
  readonly owner: string
  /** Under which heading the pages show it. */
  readonly lifeArea: string
  /**
   * `owner`: only the owner offers it. `listed`: the organisations in `providers` offer the same service each for
   * itself (every municipality a school), and a power may be limited to one of them.
   */
  readonly offeredBy: 'owner' | 'listed'
  /** Organisation numbers; the owner alone when `offeredBy` is `owner`. */
  readonly providers: readonly string[]
  readonly actions: readonly Action[]
  readonly assurance: AssuranceLevel
  /** 1 (open) to 4 (health, children, crime). */
  readonly sensitivity: 1 | 2 | 3 | 4
  readonly riskClass: string
  /** Least age in whole years at which a person uses the service alone. */
  readonly selfFromAge: number
  /** In which field of life it lies: capacity is lost by field. Health is personal, and decided by other rules too. */
  readonly field: 'economic' | 'personal'
  /** `refuse`: no one acts for or as someone with a protected address. `by_handle`: help is possible, by handle only. */
  readonly protectedAddress: 'refuse' | 'by_handle'
  /** Whether reading may go on with the obligation `stale_facts` when facts are older than the risk class allows. */
  readonly readOnStaleFacts: boolean
  /** Null where the service cannot be given by mandate. */
  readonly mandate: MandateRule | null
  readonly parent: ParentRule | null
  readonly guardians: readonly GuardianRule[]
  /** Whether a confirmed lasting power whose registered scope names the service counts, and for what. */
  readonly lastingPower: LastingPowerRule | null
  /** What roles in an organisation give; empty where organisations do not use the service. */
  readonly roles: readonly RoleRule[]
  readonly name: Text
  /** One or two sentences a citizen understands. */
  readonly description: Text
  /** What to call the one thing a power can be limited to, e.g. «saksnummeret»; null where the service has none such. */
  readonly objectName: Text | null
  /** For each action of the service: what the helper can do, as the end of «… kan …», e.g. «se pensjonen din hos NAV». */
  readonly actionTexts: Readonly<Partial<Record<Action, Text>>>
}

/** What a basis can never cover, whatever was given. `services` may name matters that no service offers, e.g. `vote`. */
export interface PersonalByLaw extends LegalSource {
  readonly id: string
  readonly bases: readonly Basis[]
  readonly services: readonly string[]
  readonly actions: readonly Action[]
  readonly text: Text
}

export interface CatalogueVersion {
  readonly version: number
  readonly organisations: readonly Organisation[]
  readonly riskClasses: readonly RiskClass[]
  readonly lifeAreas: readonly LifeArea[]
  readonly services: readonly Service[]
  readonly personalByLaw: readonly PersonalByLaw[]
  /** Paths like `nav.pension.name` whose Sámi text no speaker has read yet. */
  readonly unreadSami: readonly string[]
}

/** The current version and, for pinned powers, any earlier one. */
export interface Catalogue {
  readonly current: CatalogueVersion
  /** Throws when the version was never published: a power cannot be pinned to such a one. */
  version(number: number): CatalogueVersion
}

export function findService(version: CatalogueVersion, id: string): Service | undefined {
  return version.services.find((service) => service.id === id)
}
