import {
  ACTIONS,
  ASSURANCE_LEVELS,
  type Action,
  type GuardianRule,
  type MandateRule,
  type ParentRule,
  type Service,
} from '../domain/catalogue.js'
import { type CitizenText, actions, age, legal, someActions, words } from './catalogue-values.js'
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
  refuse,
  text,
  whole,
  yesOrNo,
} from './yaml-reader.js'

/** One task of a guardian in the population register, named `virksomhet/oppgave`. */
export interface GuardianTask {
  readonly task: string
  readonly consentForAct: boolean
  /** No longer given out, still met with, gives nothing. */
  readonly expired: boolean
}

/** What the other files say that a service may refer to. */
export interface Known {
  readonly organisations: readonly string[]
  readonly riskClasses: readonly string[]
  readonly guardianTasks: readonly GuardianTask[]
}

export interface ReadService {
  readonly service: Service
  readonly unreadSami: readonly string[]
}

/** Two parts, `owner.topic`, lower case, words of the topic joined by hyphens. */
export const SERVICE_ID = /^[a-z]+\.[a-z]+(-[a-z]+)*$/

const months = whole(1, 60)

const mandateRule: Reader<MandateRule> = checked(
  record({
    actions,
    principalFromAge: age,
    representativeFromAge: whole(18, 25),
    acceptance: yesOrNo,
    defaultMonths: months,
    maximumMonths: months,
    passingOn: yesOrNo,
    ...legal,
  }),
  ({ defaultMonths, maximumMonths }) =>
    defaultMonths > maximumMonths
      ? { at: ['defaultMonths'], reason: `default_months ${defaultMonths} exceeds maximum_months ${maximumMonths}` }
      : null,
  ({ actions: given }) => outside(['actions'], given, (action) => action !== 'consent', 'beyond any mandate'),
)

const parentRule: Reader<ParentRule> = checked(
  record({ actions, untilAge: whole(1, 18), bothParents: someActions(), ...legal }),
  (rule) =>
    outside(['bothParents'], rule.bothParents, (action) => rule.actions.includes(action), 'not given to a parent'),
)

function guardianRule(tasks: readonly GuardianTask[]): Reader<GuardianRule> {
  const task: Reader<GuardianTask> = (place) => {
    const name = text(place)
    const found = tasks.find((each) => each.task === name) ?? refuse(place, `unknown guardian task "${name}"`)
    return found.expired ? refuse(place, `guardian task "${name}" has expired and gives nothing`) : found
  }
  return mapped(record({ task, actions, ...legal }), ({ task: { task: name, consentForAct }, ...rule }) => {
    const [business = '', oppgave = ''] = name.split('/')
    return { business, task: oppgave, consentForAct, ...rule }
  })
}

/** Reads one service and holds its parts against each other and against what the other files know. */
export function serviceReader(known: Known): Reader<ReadService> {
  const organisation = oneOf('organisation', known.organisations)
  const shape = record({
    id: matching(SERVICE_ID, 'a service id like nav.pension'),
    owner: organisation,
    offeredBy: oneOf('way of offering', ['owner', 'listed']),
    providers: optional(list(organisation, String), []),
    actions,
    assurance: oneOf('level of assurance', ASSURANCE_LEVELS),
    sensitivity: oneOf('sensitivity', [1, 2, 3, 4]),
    riskClass: oneOf('risk class', known.riskClasses),
    selfFromAge: age,
    protectedAddress: oneOf('treatment of protected addresses', ['refuse', 'by_handle']),
    readOnStaleFacts: yesOrNo,
    mandate: nullable(mandateRule),
    parent: nullable(parentRule),
    guardians: list(guardianRule(known.guardianTasks), ({ business, task }) => `${business}/${task}`),
    name: words,
    description: words,
    actionTexts: record(Object.fromEntries(ACTIONS.map((action) => [action, optionalWords]))),
  })
  return mapped(checked(shape, offering, givenActions, guardedActions, describedActions), finish)
}

const optionalWords = optional<CitizenText | null>(words, null)

interface Shape extends Omit<Service, 'name' | 'description' | 'actionTexts'> {
  readonly name: CitizenText
  readonly description: CitizenText
  readonly actionTexts: Readonly<Record<string, CitizenText | null>>
}

function offering({ offeredBy, providers }: Shape): Complaint | null {
  if (offeredBy === 'owner' && providers.length > 0) {
    return { at: ['providers'], reason: 'only a service that is offered by "listed" has providers' }
  }
  if (offeredBy === 'listed' && providers.length === 0) return { at: ['offeredBy'], reason: 'no providers are listed' }
  return null
}

function givenActions(service: Shape): Complaint | null {
  const { id, mandate, parent } = service
  return (
    outside(['mandate', 'actions'], mandate?.actions ?? [], isActionOf(service), `not an action of ${id}`) ??
    outside(['parent', 'actions'], parent?.actions ?? [], isActionOf(service), `not an action of ${id}`)
  )
}

function guardedActions(service: Shape): Complaint | null {
  for (const [index, rule] of service.guardians.entries()) {
    const at = ['guardians', index, 'actions']
    const complaint = outside(at, rule.actions, isActionOf(service), `not an action of ${service.id}`)
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

function isActionOf(service: Shape): (action: Action) => boolean {
  return (action) => service.actions.includes(action)
}

/** Complains of the first action that does not fit. */
function outside(
  at: readonly (string | number)[],
  given: readonly Action[],
  fits: (action: Action) => boolean,
  why: string,
): Complaint | null {
  const index = given.findIndex((action) => !fits(action))
  return index < 0 ? null : { at: [...at, index], reason: `action "${String(given[index])}" is ${why}` }
}

function finish({ actionTexts, ...shape }: Shape): ReadService {
  const described = shape.actions.map((action) => [action, actionTexts[action]] as const)
  const texts: readonly (readonly [string, CitizenText | null | undefined])[] = [
    ['name', shape.name],
    ['description', shape.description],
    ...described.map(([action, found]) => [`action_texts.${action}`, found] as const),
  ]
  return {
    service: {
      ...shape,
      providers: shape.offeredBy === 'owner' ? [shape.owner] : shape.providers,
      name: shape.name.text,
      description: shape.description.text,
      actionTexts: Object.fromEntries(described.map(([action, found]) => [action, found?.text])),
    },
    unreadSami: texts.filter(([, found]) => found?.samiUnread === true).map(([path]) => `${shape.id}.${path}`),
  }
}
