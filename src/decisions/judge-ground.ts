import type { Catalogue } from '../domain/catalogue.js'
import { type Decision, decide } from '../domain/decide.js'
import { judgeCoverage } from '../domain/coverage.js'
import type { Power, RepresentationId } from '../domain/mandate.js'
import type { Login } from '../domain/party.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import type { FactsAt } from '../store/facts-store.js'

/** What may be done under one ground, asked about several powers at one instant. */
export interface GroundQuestion {
  readonly representationId: RepresentationId
  readonly powers: readonly Power[]
  readonly login: Login
  /** The services that count: those of the client, or of the one audience. */
  readonly services: readonly string[]
}

export interface JudgedPower {
  readonly power: Power
  readonly decision: Decision
  /** When the ground itself stops covering the power; null where no end is set, or where it does not cover it. */
  readonly groundEnd: Date | null
}

/** The catalogue that these facts are to be judged by: the version in force then, and those the powers are pinned to. */
export function catalogueFor(
  db: Queryable,
  catalogues: Catalogues,
  { facts, catalogueVersion }: FactsAt,
): Promise<Catalogue> {
  const pinned = facts.grounds.flatMap((ground) =>
    ground.basis === 'mandate'
      ? [...ground.powers, ...(ground.parent?.powers ?? [])].map((power) => power.catalogueVersion)
      : [],
  )
  return catalogues.at(db, catalogueVersion, pinned)
}

/**
 * Runs `decide` for each power on this ground alone: a token stands on one ground, so that another one, which may last
 * longer, must not answer in its place. Facts are read once, so all the answers are of one instant.
 *
 * The principal is named by handle, and the login is one whose token we have checked.
 */
export function judgeGround(asked: GroundQuestion, facts: FactsAt, catalogue: Catalogue): readonly JudgedPower[] {
  const { grounds: all, ...rest } = facts.facts
  const grounds = all.filter(({ representationId }) => representationId === asked.representationId)
  return asked.powers.map((power) => {
    const question = {
      actor: rest.actor?.partyId ?? null,
      principal: rest.principal?.partyId ?? null,
      principalNamedBy: 'handle',
      power,
      login: asked.login,
      instant: facts.instant,
      entitledTo: asked.services,
    } as const
    const decision = decide(question, { ...rest, grounds }, catalogue)
    const [ground] = grounds
    const coverage = ground === undefined ? null : judgeCoverage(ground, power, facts.instant, facts.facts, catalogue)
    return { power, decision, groundEnd: coverage !== null && 'assurance' in coverage ? coverage.validUntil : null }
  })
}
