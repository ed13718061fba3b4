import { judgeChain } from '../domain/at-work.js'
import type { Catalogue } from '../domain/catalogue.js'
import { type Decision, type Facts, type Question, decide } from '../domain/decide.js'
import { judgeCoverage } from '../domain/coverage.js'
import type { Power, RepresentationId } from '../domain/mandate.js'
import type { Login, LoginContext } from '../domain/party.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Queryable } from '../store/database.js'
import type { FactsAt } from '../store/facts-store.js'

/** What may be done under one ground, asked about several powers at one instant. */
export interface GroundQuestion {
  readonly representationId: RepresentationId
  readonly powers: readonly Power[]
  readonly login: Login
  readonly context: LoginContext
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
    const question: Question = {
      actor: rest.actor?.partyId ?? null,
      principal: rest.principal?.partyId ?? null,
      principalNamedBy: 'handle',
      power,
      login: asked.login,
      context: asked.context,
      instant: facts.instant,
      entitledTo: asked.services,
    }
    const decision = decide(question, { ...rest, grounds }, catalogue)
    return { power, decision, groundEnd: endOfGround(question, { ...rest, grounds }, decision, catalogue) }
  })
}

/** A work login for the organisation of these facts, known or not. */
export function atWorkFor({ atWork }: Facts): LoginContext {
  return { kind: 'work', organisation: atWork?.organisation.partyId ?? null }
}

/** Of a chain, the end of the link that ends first. */
function endOfGround(question: Question, facts: Facts, { via }: Decision, catalogue: Catalogue): Date | null {
  const { atWork, grounds } = facts
  const [ground] = grounds
  if (ground === undefined) return null
  const employment = atWork?.employments.find(({ representationId }) => representationId === via?.representationId)
  const coverage =
    atWork === undefined || employment === undefined
      ? judgeCoverage(ground, question.power, question.instant, facts, catalogue)
      : judgeChain({ ...atWork, employment, ground }, question, facts, catalogue)
  return 'assurance' in coverage ? coverage.validUntil : null
}
