import {
  type CedarValueJson,
  type Context,
  type EntityJson,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { ASSURANCE_LEVELS, type Service } from '../../../src/domain/catalogue.js'
import type { Ground, Holder, Ruling } from '../../../src/domain/ground.js'
import type { GrantedPower } from '../../../src/domain/mandate.js'
import type { Party } from '../../../src/domain/party.js'
import { REASONS } from '../../../src/domain/reasons.js'
import type { LawSituation } from '../law-situation.js'
import { ABOVE, FORBIDS, HOLDERS, POWERS, RULED, policies } from './policies.js'

const SET = 'fullmakt'

/** Hands the policies over, once. */
export function readPolicies(): void {
  const answer = preparsePolicySet(SET, { staticPolicies: policies() })
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
}

/** `yes`, or the reason of the no: what Cedar says of each ground, and of several answers the closest to a yes. */
export function judgeInCedar(world: LawSituation): string {
  const { question, facts } = world
  const service = world.catalogue.current.services.find(({ id }) => id === question.power.service)
  const isSelf = question.actor === question.principal
  const grounds = isSelf || facts.principal === null ? [] : facts.grounds
  if (grounds.length === 0) return ask(world, service, null)
  const answers = grounds.map((ground) => ({
    answer: ask(world, service, ground),
    names: names(world, service, ground),
  }))
  if (answers.some(({ answer }) => answer === 'yes')) return 'yes'
  const ranked = answers.map(({ answer, names }) => ({ answer, near: nearness(answer, names) }))
  return ranked.reduce((best, one) => (one.near > best.near ? one : best)).answer
}

/** A ground that names the power comes closer than one that does not, and then whatever is asked last. */
function nearness(answer: string, names: boolean): number {
  const stage = answer === 'step_up_required' ? 'personal_by_law' : answer
  return (names || stage === 'personal_by_law' ? REASONS.length : 0) + REASONS.findIndex((reason) => reason === stage)
}

function names({ question, facts }: LawSituation, service: Service | undefined, ground: Ground): boolean {
  const { power, instant } = question
  const fits = (one: { readonly object: string | null }): boolean => one.object === null || one.object === power.object
  switch (ground.basis) {
    case 'mandate':
      return ground.powers.some(
        (one) =>
          one.service === power.service &&
          one.action === power.action &&
          fits(one) &&
          (one.provider === null || one.provider === power.provider),
      )
    case 'parent':
      return service?.parent?.actions.includes(power.action) ?? false
    case 'guardian':
      return (
        ground.guardianship !== 'forvaltningUtenforVergemaal' &&
        tasksOf(service, power.action).some((task) => ground.tasks.includes(task))
      )
    case 'organisation_role':
      return service?.roles.some(({ role, actions }) => role === ground.role && actions.includes(power.action)) ?? false
    case 'lasting_power':
      return facts.rulings.some(
        (one) =>
          one.kind === 'lasting_power_scope' &&
          one.representative === ground.representative &&
          one.validFrom <= instant &&
          (one.validUntil === null || instant < one.validUntil) &&
          [null, power.service].includes(one.service) &&
          [null, power.action].includes(one.action) &&
          fits(one) &&
          (service?.lastingPower?.actions.includes(power.action) ?? false),
      )
  }
}

function ask(world: LawSituation, service: Service | undefined, ground: Ground | null): string {
  const { actor, principal } = world.facts
  const isSelf = world.question.actor === world.question.principal
  const me = { type: 'Party', id: 'actor' }
  const them = isSelf ? me : { type: 'Party', id: 'principal' }
  const answer = statefulIsAuthorized({
    preparsedPolicySetId: SET,
    principal: me,
    action: { type: 'Action', id: 'ask' },
    resource: them,
    context: contextOf(world, service, ground),
    entities: isSelf ? [entity(me, actor)] : [entity(me, actor), entity(them, principal)],
  })
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('\n'))
  const { decision, diagnostics } = answer.response
  const hits = diagnostics.reason.map(Number)
  const reason = FORBIDS.find(({ rank }) => hits.includes(rank))?.reason
  const unheard = service === undefined
  if (!unheard && diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors))
  return decision === 'allow' ? 'yes' : (reason ?? 'denied for no reason')
}

type Plain = Record<string, CedarValueJson>

/** A record without what is not known. */
function record(members: Readonly<Record<string, CedarValueJson | undefined>>): Plain {
  const known: Plain = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined && value !== null) known[name] = value
  return known
}

const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short' })
const days = new Map<number, number>()

function dayOf(instant: Date): number {
  const time = instant.getTime()
  const day = days.get(time) ?? dayNumber(DAY.format(instant))
  days.set(time, day)
  return day
}

function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''))
}

const WINTER = 60 * 60_000

/** Deaths in these worlds fall in winter time or at the first of July. */
function startOf(day: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  return dayOf(new Date(utc - 2 * WINTER)) === dayNumber(day) ? utc - 2 * WINTER : utc - WINTER
}

function entity(uid: EntityJson['uid'], party: Party | null): EntityJson {
  return { uid, attrs: partyOf(party), parents: [] }
}

function partyOf(party: Party | null): Plain {
  return record({
    id: party?.partyId,
    person: party?.kind === 'person',
    born: party?.bornOn === null || party === null ? undefined : dayNumber(party.bornOn),
    died: party?.diedOn === null || party === null ? undefined : dayNumber(party.diedOn),
    ceased: party?.ceased ?? false,
    protected: party?.protectedAddress ?? false,
    lost: [...(party?.capacityLost ?? [])],
    homes: [...(party?.residences ?? [])],
    fresh: party?.factsFreshAt?.getTime(),
  })
}

function contextOf(world: LawSituation, service: Service | undefined, ground: Ground | null): Context {
  const { question, facts, catalogue } = world
  const { power, login, instant } = question
  const mandate = ground?.basis === 'mandate' ? ground : null
  const above = mandate?.parent ?? null
  const hasHolders = ground?.basis === 'parent' || ground?.basis === 'organisation_role'
  return record({
    now: instant.getTime(),
    today: dayOf(instant),
    action: power.action,
    provider: power.provider ?? undefined,
    object: power.object ?? undefined,
    me: question.actor ?? '-',
    byHandle: question.principalNamedBy === 'handle',
    level: ASSURANCE_LEVELS.indexOf(login.level),
    proved: login.proof === 'login_token',
    entitled: only(question.entitledTo, power.service),
    approvedBy: [...facts.approvedBy],
    personal: catalogue.current.personalByLaw
      .filter(({ services, actions }) => services.includes(power.service) && actions.includes(power.action))
      .flatMap(({ bases }) => [...bases]),
    service: service === undefined ? undefined : serviceOf(world, service, ground),
    ground: ground === null ? undefined : groundOf(ground),
    middle: above === null ? undefined : partyOf(above.middle),
    ...inPlaces(POWERS, mandate?.powers ?? [], (one) => powerOf(world, one, mandate?.answerBy)),
    ...inPlaces(ABOVE, above?.powers ?? [], (one) => powerOf(world, one, above?.answerBy)),
    ...(hasHolders ? inPlaces(HOLDERS, facts.holders, holderOf) : {}),
    ...(ground === null ? {} : inPlaces(RULED, facts.rulings, rulingOf)),
  })
}

function inPlaces<T>(places: readonly string[], some: readonly T[], of: (one: T) => Plain): Plain {
  if (some.length > places.length) throw new Error(`no place for ${some.length} of them`)
  return Object.fromEntries(some.map((one, index) => [places[index] ?? '', of(one)]))
}

function serviceOf({ question, catalogue }: LawSituation, service: Service, ground: Ground | null): Plain {
  const risk = catalogue.current.riskClasses.find(({ id }) => id === service.riskClass)
  return record({
    id: service.id,
    actions: only(service.actions, question.power.action),
    level: ASSURANCE_LEVELS.indexOf(service.assurance),
    needsProof: risk?.proof === 'login_token',
    freshness: (risk?.freshnessMinutes ?? 0) * 60_000,
    selfFrom: service.selfFromAge,
    field: service.field,
    byHandle: service.protectedAddress === 'by_handle',
    readStale: service.readOnStaleFacts,
    ...(ground === null ? {} : givenIn(service, ground.basis, question.power.action)),
  })
}

/** What the service says of this basis. */
function givenIn(service: Service, basis: Ground['basis'], action: string): Plain {
  const { mandate, parent, lastingPower, guardians } = service
  switch (basis) {
    case 'mandate':
      if (mandate === null) return {}
      return {
        mandate: {
          actions: only(mandate.actions, action),
          passingOn: mandate.passingOn,
          principalFrom: mandate.principalFromAge,
          representativeFrom: mandate.representativeFromAge,
        },
      }
    case 'parent':
      if (parent === null) return {}
      return {
        parent: record({
          actions: only(parent.actions, action),
          until: parent.untilAge,
          reducedFrom: parent.reduced?.fromAge,
          remains: only(parent.reduced?.actions ?? [], action),
          both: only(parent.bothParents, action),
          consent: only(parent.consentForAct, action),
          together: parent.coResidence,
        }),
      }
    case 'guardian': {
      const without = { ...service, guardians: guardians.filter(({ consentForAct }) => !consentForAct) }
      return { tasks: tasksOf(service, action), tasksWithoutConsent: tasksOf(without, action) }
    }
    case 'lasting_power':
      return lastingPower === null ? {} : { lasting: only(lastingPower.actions, action) }
    case 'organisation_role': {
      const roles = service.roles.filter(({ actions }) => actions.some((one) => one === action))
      return {
        roles: roles.map(({ role }) => role),
        joint: roles.filter(({ joint }) => joint).map(({ role }) => role),
      }
    }
  }
}

/** Of a set only what is asked about: Cedar's time goes into reading what it is given. */
function only(set: readonly string[], asked: string): string[] {
  return set.filter((one) => one === asked)
}

/** The guardian tasks that give this action. */
function tasksOf(service: Service | undefined, action: string): string[] {
  const giving = (service?.guardians ?? []).filter(({ actions }) => actions.some((one) => one === action))
  return giving.map(({ business, task }) => `${business}/${task}`)
}

function groundOf(ground: Ground): Plain {
  if (ground.basis === 'mandate') {
    return { basis: ground.basis, id: ground.representationId }
  }
  return record({
    basis: ground.basis,
    id: ground.representationId,
    from: ground.validFrom?.getTime(),
    until: ground.validUntil?.getTime(),
    fresh: ground.factsFreshAt?.getTime(),
    responsibility: ground.basis === 'parent' ? ground.responsibility : undefined,
    guardianship: ground.basis === 'guardian' ? ground.guardianship : undefined,
    tasks: ground.basis === 'guardian' ? [...ground.tasks] : undefined,
    role: ground.basis === 'organisation_role' ? ground.role : undefined,
  })
}

function powerOf({ catalogue }: LawSituation, power: GrantedPower, answerBy: Date | null | undefined): Plain {
  const pinned = catalogue.version(power.catalogueVersion).services.find(({ id }) => id === power.service)
  return record({
    service: power.service,
    action: power.action,
    provider: power.provider ?? undefined,
    object: power.object ?? undefined,
    state: power.state,
    answerBy: answerBy?.getTime(),
    passingOn: power.passingOn,
    from: power.validFrom.getTime(),
    until: power.validUntil.getTime(),
    pinned: pinned?.mandate === null || pinned === undefined ? undefined : only(pinned.mandate.actions, power.action),
    pinnedPassingOn: pinned?.mandate?.passingOn,
    level: pinned === undefined ? undefined : ASSURANCE_LEVELS.indexOf(pinned.assurance),
  })
}

function holderOf(holder: Holder): Plain {
  return record({
    id: holder.representationId,
    basis: holder.basis,
    says: holder.says,
    who: holder.representative ?? undefined,
    from: holder.validFrom?.getTime(),
    until: holder.validUntil?.getTime(),
    died: holder.diedOn === null ? undefined : dayNumber(holder.diedOn),
    diedAt: holder.diedOn === null ? undefined : startOf(holder.diedOn),
    homes: [...holder.residences],
  })
}

function rulingOf(ruling: Ruling): Plain {
  return record({
    kind: ruling.kind,
    who: ruling.representative ?? undefined,
    service: ruling.service ?? undefined,
    action: ruling.action ?? undefined,
    object: ruling.object ?? undefined,
    from: ruling.validFrom.getTime(),
    until: ruling.validUntil?.getTime(),
  })
}
