import { weigh } from './ability.js'
import { type Action, type Catalogue, type Service, findService } from './catalogue.js'
import type { Covered, NotCovered } from './coverage.js'
import { type RegisterGround, type Ruling, inForce, nextBoundary } from './ground.js'
import { LEGAL_RULES } from './legal-rules.js'
import type { Power } from './mandate.js'
import type { Reason } from './reasons.js'

/** What one rule of the catalogue gives the holder of a ground. */
interface Gives {
  readonly actions: readonly Action[]
  /** Of these: for which the act needs the consent of the Statsforvalter, and which need all who hold the ground. */
  readonly consentFor: readonly Action[]
  readonly othersFor: readonly Action[]
  /** The one object that it is limited to. */
  readonly object: string | null
}

/**
 * Tells whether a ground by law covers the power at that instant. It follows the current catalogue, since nobody gave it
 * with an older text before him. Of several rules that give the power, the one that asks for least covers it.
 */
export function judgeByLaw(
  ground: RegisterGround,
  asked: Power,
  instant: Date,
  rulings: readonly Ruling[],
  catalogue: Catalogue,
): Covered | NotCovered {
  const service = findService(catalogue.current, asked.service)
  const gives = service === undefined ? [] : givenIn(service, ground, rulings, instant)
  const about = gives.filter(({ actions }) => actions.includes(asked.action))
  const fitting = about.filter(({ object }) => object === null || object === asked.object)
  const given = fitting.flatMap(({ actions }) => actions.map((action) => ({ service: asked.service, action })))
  const weighed = weigh(ground, given, asked, catalogue.current)
  // First, as for a mandate: it stays so whatever becomes of the ground.
  if (weighed === 'personal') return { reason: 'personal_by_law', names: true, validUntil: null }
  const refused = (reason: Reason): NotCovered => ({
    reason,
    names: fitting.length > 0,
    validUntil: nextBoundary([ground, ...scopeOf(ground, rulings)], instant),
  })
  if (ground.validFrom !== null && ground.validFrom > instant) return refused('not_yet_valid')
  if (ground.validUntil !== null && ground.validUntil <= instant) return refused('expired')
  const unknown = unknownIn(ground, rulings)
  if (unknown !== null) return refused(unknown)

  if (weighed === 'not_given' || service === undefined) {
    return refused(about.length > 0 ? 'object_not_covered' : 'power_not_covered')
  }
  const [easiest] = fitting
    .map(({ consentFor, othersFor }) => ({
      needsConsent: consentFor.includes(asked.action),
      needsOthers: othersFor.includes(asked.action),
    }))
    .sort((a, b) => weight(a) - weight(b))
  if (easiest === undefined) throw new Error('a power was given by no rule')
  return {
    assurance: service.assurance,
    validUntil: nextBoundary([ground, ...scopeOf(ground, rulings)], instant),
    ...easiest,
  }
}

/** The powers that the ground could give in a service, whatever stands in the way of them now. */
export function lawPowers(ground: RegisterGround, service: Service, rulings: readonly Ruling[]): Power[] {
  return givenIn(service, ground, rulings, null)
    .flatMap(({ actions, object }) => actions.map((action) => ({ action, object })))
    .map((power) => ({ service: service.id, provider: null, ...power }))
}

/** What the register leaves open, so that nothing follows from the ground. */
function unknownIn(ground: RegisterGround, rulings: readonly Ruling[]): Reason | null {
  if (ground.basis === 'parent' && ground.responsibility === 'ukjent') return 'parental_responsibility_unknown'
  if (ground.basis === 'lasting_power' && scopeOf(ground, rulings).length === 0) return 'scope_unknown'
  return null
}

/** @param instant null: whatever the time. */
function givenIn(
  service: Service,
  ground: RegisterGround,
  rulings: readonly Ruling[],
  instant: Date | null,
): readonly Gives[] {
  switch (ground.basis) {
    case 'parent': {
      const { parent } = service
      if (parent === null) return []
      return [
        { actions: parent.actions, consentFor: parent.consentForAct, othersFor: parent.bothParents, object: null },
      ]
    }
    case 'guardian':
      if (ground.guardianship === 'forvaltningUtenforVergemaal') return []
      return service.guardians
        .filter(({ business, task }) => ground.tasks.includes(`${business}/${task}`))
        .map(({ actions, consentForAct }) => ({
          actions,
          consentFor: consentForAct ? LEGAL_RULES.actsOfConsent.value : [],
          othersFor: [],
          object: null,
        }))
    case 'lasting_power':
      return scopeOf(ground, rulings)
        .filter((scope) => scope.service === null || scope.service === service.id)
        .filter((scope) => instant === null || inForce(scope, instant))
        .map(({ action, object }) => ({
          actions: (service.lastingPower?.actions ?? []).filter((one) => action === null || action === one),
          consentFor: [],
          othersFor: [],
          object,
        }))
    case 'organisation_role':
      return service.roles
        .filter(({ role }) => role === ground.role)
        .map(({ actions, joint }) => ({ actions, consentFor: [], othersFor: joint ? actions : [], object: null }))
  }
}

/** What has been registered of the document that a lasting power was confirmed by. */
function scopeOf(ground: RegisterGround, rulings: readonly Ruling[]): readonly Ruling[] {
  if (ground.basis !== 'lasting_power') return []
  return rulings.filter(
    ({ kind, representative }) => kind === 'lasting_power_scope' && representative === ground.representative,
  )
}

function weight({ needsConsent, needsOthers }: Pick<Covered, 'needsConsent' | 'needsOthers'>): number {
  return Number(needsConsent) + Number(needsOthers)
}
