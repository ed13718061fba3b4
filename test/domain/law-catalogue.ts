import { readFileSync } from 'node:fs'
import type {
  Action,
  Basis,
  Catalogue,
  CatalogueVersion,
  GuardianRule,
  LegalSource,
  MandateRule,
  ParentRule,
  RiskClass,
  RoleRule,
  Service,
} from '../../src/domain/catalogue.js'

/** What a file in `conformance/` says of a catalogue: only what a decision turns on; what is left out is none. */
interface PlainCatalogue {
  readonly version: number
  readonly riskClasses: readonly RiskClass[]
  readonly services: readonly PlainService[]
  readonly personalByLaw: readonly {
    readonly id: string
    readonly bases: readonly Basis[]
    readonly services: readonly string[]
    readonly actions: readonly Action[]
  }[]
}

type PlainService = Pick<
  Service,
  'id' | 'actions' | 'assurance' | 'riskClass' | 'selfFromAge' | 'field' | 'protectedAddress' | 'readOnStaleFacts'
> & {
  readonly mandate?: Pick<MandateRule, 'actions' | 'principalFromAge' | 'representativeFromAge'> & {
    readonly passingOn?: boolean
  }
  readonly parent?: Partial<ParentRule> & Pick<ParentRule, 'actions' | 'untilAge'>
  readonly guardians?: readonly {
    readonly task: string
    readonly actions: readonly Action[]
    readonly consentForAct?: boolean
  }[]
  readonly lastingPower?: { readonly actions: readonly Action[] }
  readonly roles?: readonly (Pick<RoleRule, 'role' | 'actions'> & { readonly joint?: boolean })[]
}

const SOURCE: LegalSource = { source: 'conformance', mark: { kind: 'proposed' } }
const OWNER = '889640782'
const TEXT = { nb: '-', nn: '-', en: '-', se: '-' }

/** A catalogue of `conformance/`, as `decide` wants it. */
export function readPlainCatalogue(file: string): CatalogueVersion {
  const plain = JSON.parse(readFileSync(file, 'utf8')) as PlainCatalogue
  return {
    version: plain.version,
    organisations: [{ orgnr: OWNER, name: '-' }],
    riskClasses: plain.riskClasses,
    lifeAreas: [{ id: 'life', name: TEXT }],
    services: plain.services.map(serviceOf),
    personalByLaw: plain.personalByLaw.map((rule) => ({ ...SOURCE, text: TEXT, ...rule })),
    unreadSami: [],
  }
}

function serviceOf({ mandate, parent, guardians, lastingPower, roles, ...plain }: PlainService): Service {
  return {
    owner: OWNER,
    lifeArea: 'life',
    offeredBy: 'owner',
    providers: [OWNER],
    sensitivity: 3,
    name: TEXT,
    description: TEXT,
    objectName: null,
    actionTexts: {},
    ...plain,
    mandate:
      mandate === undefined
        ? null
        : { ...SOURCE, acceptance: false, defaultMonths: 12, maximumMonths: 36, passingOn: false, ...mandate },
    parent:
      parent === undefined
        ? null
        : { ...SOURCE, reduced: null, bothParents: [], consentForAct: [], coResidence: false, ...parent },
    guardians: (guardians ?? []).map(guardianOf),
    lastingPower: lastingPower === undefined ? null : { ...SOURCE, ...lastingPower },
    roles: (roles ?? []).map((role) => ({ ...SOURCE, joint: false, ...role })),
  }
}

function guardianOf({ task, ...rule }: NonNullable<PlainService['guardians']>[number]): GuardianRule {
  const [business = '', name = ''] = task.split('/')
  return { ...SOURCE, business, task: name, consentForAct: false, ...rule }
}

export const LAW = readPlainCatalogue('conformance/catalogue.json')

/** The catalogue under another number, one service changed, or gone when `change` is null. */
export function lawVersion(version: number, id: string, change: Partial<Service> | null): CatalogueVersion {
  const services = LAW.services.flatMap((one) =>
    one.id !== id ? [one] : change === null ? [] : [{ ...one, ...change }],
  )
  return { ...LAW, version, services }
}

/** The first version is in force; any of the others can be pinned to. */
export function lawCatalogue(current: CatalogueVersion, ...others: readonly CatalogueVersion[]): Catalogue {
  return {
    current,
    version(number) {
      const found = [current, ...others].find(({ version }) => version === number)
      if (found === undefined) throw new Error(`catalogue version ${number} was never published`)
      return found
    },
  }
}
