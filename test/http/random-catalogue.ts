import {
  ACTIONS,
  ASSURANCE_LEVELS,
  type Action,
  type CatalogueVersion,
  type MandateRule,
  type Service,
} from '../../src/domain/catalogue.js'
import type { Chance } from './chance.js'

/**
 * Another version of the catalogue: half its services differ in one thing that a mandate turns on, so that what was given
 * under one version is asked about under another.
 */
export function otherVersion(catalogue: CatalogueVersion, version: number, chance: Chance): CatalogueVersion {
  const services = catalogue.services.flatMap((service) =>
    chance.hit(50) ? chance.of(CHANGES)(service, chance) : [service],
  )
  return { ...catalogue, version, services }
}

/** None: the service is gone. */
type Change = (service: Service, chance: Chance) => readonly Service[]

const more: Change = (service, chance) => {
  const action = chance.of(ACTIONS.filter((one) => service.mandate?.actions.includes(one) !== true))
  const offered = withAction(service.actions, action)
  const text = service.actionTexts[action] ?? service.name
  const grown = { ...service, actions: offered, actionTexts: { ...service.actionTexts, [action]: text } }
  return ruled(grown, ({ actions }) => ({ actions: withAction(actions, action) }))
}
const less: Change = (service, chance) => {
  const gone = chance.of(service.mandate?.actions ?? service.actions)
  return ruled(service, ({ actions }) => ({ actions: actions.filter((action) => action !== gone) }))
}
const noMandate: Change = (service) => [{ ...service, mandate: null }]
const passingOn: Change = (service) => ruled(service, (rule) => ({ passingOn: !rule.passingOn }))
const otherLevel: Change = (service, chance) => [
  { ...service, assurance: chance.of(ASSURANCE_LEVELS.filter((level) => level !== service.assurance)) },
]
const gone: Change = () => []

const CHANGES: readonly Change[] = [
  more,
  more,
  less,
  less,
  otherLevel,
  otherLevel,
  otherLevel,
  passingOn,
  noMandate,
  gone,
]

function withAction(actions: readonly Action[], action: Action): readonly Action[] {
  return actions.includes(action) ? actions : [...actions, action]
}

function ruled(service: Service, change: (rule: MandateRule) => Partial<MandateRule>): readonly Service[] {
  const { mandate } = service
  return [{ ...service, mandate: mandate === null ? null : { ...mandate, ...change(mandate) } }]
}
