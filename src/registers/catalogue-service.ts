import { ACTIONS, ASSURANCE_LEVELS, type Action, type Service } from '../domain/catalogue.js'
import {
  type GuardianTask,
  type OrganisationRole,
  guardianRule,
  lastingPowerRule,
  mandateRule,
  outside,
  parentRule,
  roleRule,
} from './catalogue-rules.js'
import { type CitizenText, actions, age, words } from './catalogue-values.js'
import {
  type Complaint,
  type Reader,
  checked,
  list,
  mapped,
  matching,
  nullable,
  oneOf,
  optional,
  record,
  yesOrNo,
} from './yaml-reader.js'

/** What the other files say that a service may refer to. */
export interface Known {
  readonly organisations: readonly string[]
  readonly riskClasses: readonly string[]
  readonly lifeAreas: readonly string[]
  readonly guardianTasks: readonly GuardianTask[]
  readonly roles: readonly OrganisationRole[]
}

export interface ReadService {
  readonly service: Service
  readonly unreadSami: readonly string[]
}

/** Two parts, `owner.topic`, lower case, words of the topic joined by hyphens. */
export const SERVICE_ID = /^[a-z]+\.[a-z]+(-[a-z]+)*$/

const optionalWords = optional<CitizenText | null>(words, null)

/** Reads one service and holds its parts against each other and against what the other files know. */
export function serviceReader(known: Known): Reader<ReadService> {
  const organisation = oneOf('organisation', known.organisations)
  const shape = record({
    id: matching(SERVICE_ID, 'a service id like nav.pension'),
    owner: organisation,
    lifeArea: oneOf('life area', known.lifeAreas),
    offeredBy: oneOf('way of offering', ['owner', 'listed']),
    providers: optional(list(organisation, String), []),
    actions,
    assurance: oneOf('level of assurance', ASSURANCE_LEVELS),
    sensitivity: oneOf('sensitivity', [1, 2, 3, 4]),
    riskClass: oneOf('risk class', known.riskClasses),
    selfFromAge: age,
    field: oneOf('field of life', ['economic', 'personal']),
    protectedAddress: oneOf('treatment of protected addresses', ['refuse', 'by_handle']),
    readOnStaleFacts: yesOrNo,
    mandate: nullable(mandateRule),
    parent: nullable(parentRule),
    guardians: list(guardianRule(known.guardianTasks), ({ business, task }) => `${business}/${task}`),
    lastingPower: optional(nullable(lastingPowerRule), null),
    roles: optional(
      list(roleRule(known.roles), ({ role }) => role),
      [],
    ),
    name: words,
    description: words,
    objectName: optionalWords,
    actionTexts: record(Object.fromEntries(ACTIONS.map((action) => [action, optionalWords]))),
  })
  return mapped(checked(shape, offering, givenActions, describedActions), finish)
}

interface Shape extends Omit<Service, 'name' | 'description' | 'objectName' | 'actionTexts'> {
  readonly name: CitizenText
  readonly description: CitizenText
  readonly objectName: CitizenText | null
  readonly actionTexts: Readonly<Record<string, CitizenText | null>>
}

function offering({ offeredBy, providers }: Shape): Complaint | null {
  if (offeredBy === 'owner' && providers.length > 0) {
    return { at: ['providers'], reason: 'only a service that is offered by "listed" has providers' }
  }
  if (offeredBy === 'listed' && providers.length === 0) return { at: ['offeredBy'], reason: 'no providers are listed' }
  return null
}

/** No rule gives an action that the service does not have. */
function givenActions(service: Shape): Complaint | null {
  const { mandate, parent, guardians, lastingPower, roles } = service
  const given: readonly (readonly [at: readonly (string | number)[], actions: readonly Action[]])[] = [
    [['mandate'], mandate?.actions ?? []],
    [['parent'], parent?.actions ?? []],
    ...guardians.map((rule, index) => [['guardians', index], rule.actions] as const),
    [['lastingPower'], lastingPower?.actions ?? []],
    ...roles.map((rule, index) => [['roles', index], rule.actions] as const),
  ]
  const isOwn = (action: Action): boolean => service.actions.includes(action)
  for (const [at, actionsGiven] of given) {
    const complaint = outside([...at, 'actions'], actionsGiven, isOwn, `not an action of ${service.id}`)
    if (complaint !== null) return complaint
  }
  return null
}

function describedActions({ id, actions: own, actionTexts }: Shape): Complaint | null {
  for (const action of ACTIONS) {
    const described = actionTexts[action] !== null
    if (described && !own.includes(action)) {
      return { at: ['actionTexts', action], reason: `text for "${action}", which is not an action of ${id}` }
    }
    if (!described && own.includes(action)) return { at: ['actionTexts'], reason: `no text for action "${action}"` }
  }
  return null
}

function finish({ actionTexts, ...shape }: Shape): ReadService {
  const described = shape.actions.map((action) => [action, actionTexts[action]] as const)
  const texts: readonly (readonly [string, CitizenText | null | undefined])[] = [
    ['name', shape.name],
    ['description', shape.description],
    ['object_name', shape.objectName],
    ...described.map(([action, found]) => [`action_texts.${action}`, found] as const),
  ]
  return {
    service: {
      ...shape,
      providers: shape.offeredBy === 'owner' ? [shape.owner] : shape.providers,
      name: shape.name.text,
      description: shape.description.text,
      objectName: shape.objectName?.text ?? null,
      actionTexts: Object.fromEntries(described.map(([action, found]) => [action, found?.text])),
    },
    unreadSami: texts.filter(([, found]) => found?.samiUnread === true).map(([path]) => `${shape.id}.${path}`),
  }
}
