import type { Action, GuardianRule, LastingPowerRule, MandateRule, ParentRule, RoleRule } from '../domain/catalogue.js'
import { actions, age, legal, someActions } from './catalogue-values.js'
import {
  type Complaint,
  type Reader,
  checked,
  mapped,
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

/** One role of Enhetsregisteret. */
export interface OrganisationRole {
  /** The register's code, e.g. `DAGL`. */
  readonly role: string
  /** What the register calls it, in Norwegian. */
  readonly name: string
  /** Whether those who hold it act in common only. */
  readonly joint: boolean
}

const months = whole(1, 60)

export const mandateRule: Reader<MandateRule> = checked(
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
  ({ actions: given }) => outside(['actions'], given, isNoConsent, 'beyond any mandate'),
)

/** An action that no parent has cannot be reduced to, need both parents or need consent. */
export const parentRule: Reader<ParentRule> = checked(
  record({
    actions,
    untilAge: whole(1, 18),
    reduced: optional<ParentRule['reduced']>(record({ fromAge: whole(1, 17), actions }), null),
    bothParents: someActions(),
    consentForAct: optional(someActions(), []),
    coResidence: optional(yesOrNo, false),
    ...legal,
  }),
  reducedRightly,
  ({ actions: given, reduced, bothParents, consentForAct }) => {
    const isGiven = (action: Action): boolean => given.includes(action)
    return (
      outside(['reduced', 'actions'], reduced?.actions ?? [], isGiven, 'not given to a parent') ??
      outside(['bothParents'], bothParents, isGiven, 'not given to a parent') ??
      outside(['consentForAct'], consentForAct, isGiven, 'not given to a parent')
    )
  },
)

/** A band that takes nothing away, or begins where all ends, would be a slip of the pen. */
function reducedRightly({ actions: given, untilAge, reduced }: ParentRule): Complaint | null {
  if (reduced === null) return null
  if (reduced.fromAge >= untilAge) {
    return {
      at: ['reduced', 'fromAge'],
      reason: `from_age ${reduced.fromAge} must be less than until_age ${untilAge}`,
    }
  }
  const takesNothing = given.every((action) => reduced.actions.includes(action))
  return takesNothing ? { at: ['reduced', 'actions'], reason: 'nothing is reduced: every action remains' } : null
}

/** The task must be one of the register's, and one that still gives something; whether it needs consent is told there. */
export function guardianRule(tasks: readonly GuardianTask[]): Reader<GuardianRule> {
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

export const lastingPowerRule: Reader<LastingPowerRule> = checked(record({ actions, ...legal }), ({ actions: given }) =>
  outside(['actions'], given, isNoConsent, 'beyond any lasting power'),
)

/** Whoever signs in common never signs alone: the file must say so where it gives such a role anything. */
export function roleRule(roles: readonly OrganisationRole[]): Reader<RoleRule> {
  const role: Reader<string> = (place) => {
    const code = text(place)
    return roles.some((each) => each.role === code) ? code : refuse(place, `unknown role "${code}"`)
  }
  return checked(
    record({ role, actions, joint: optional(yesOrNo, false), ...legal }),
    ({ role: code, joint }): Complaint | null =>
      !joint && roles.some((each) => each.role === code && each.joint)
        ? { at: ['joint'], reason: `role "${code}" acts in common only: joint must be true` }
        : null,
  )
}

/** Complains of the first action that does not fit. */
export function outside(
  at: readonly (string | number)[],
  given: readonly Action[],
  fits: (action: Action) => boolean,
  why: string,
): Complaint | null {
  const index = given.findIndex((action) => !fits(action))
  return index < 0 ? null : { at: [...at, index], reason: `action "${String(given[index])}" is ${why}` }
}

function isNoConsent(action: Action): boolean {
  return action !== 'consent'
}
