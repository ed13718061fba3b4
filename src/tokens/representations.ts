import type { Json } from '../domain/json.js'
import { type GroundQuestion, type JudgedPower, catalogueFor, judgeGround } from '../decisions/judge-ground.js'
import type { Action, Basis } from '../domain/catalogue.js'
import { nameablePowers } from '../domain/coverage.js'
import type { RepresentationId } from '../domain/mandate.js'
import type { Login, LoginContext, PartyId } from '../domain/party.js'
import type { VerifiedLogin } from '../login/login-token.js'
import type { Queryable } from '../store/database.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Candidate, Candidates } from '../store/grounds-store.js'
import type { Handles } from '../store/handle-store.js'
import { answerOf } from './exchange-entry.js'
import { scopeOf } from './exchange-request.js'

/** A ground that the person has, with the answer to each of its powers. */
export interface JudgedRepresentation {
  readonly representationId: RepresentationId
  readonly principal: PartyId
  readonly basis: Basis
  /** The organisation through which the person has it; null where he has it himself. */
  readonly via: PartyId | null
  readonly name: string
  readonly bornYear: number | null
  readonly judged: readonly JudgedPower[]
  /** What the log tells of it. */
  readonly entry: Json
}

/** Someone for whom the person may act, as the service sees it: by handles, without numbers. */
export interface ListedRepresentation {
  readonly handle: string
  readonly principal: { readonly handle: string; readonly name: string; readonly born_year: number | null }
  readonly basis: Basis
  /** The organisation through which he may, where there is one. */
  readonly via?: { readonly handle: string; readonly basis: 'employment' }
  readonly powers: readonly ListedPower[]
}

export interface ListedPower {
  readonly service: string
  readonly action: Action
  readonly provider: string | null
  readonly object: string | null
  readonly scope: string
  /** When the ground stops covering it; null where no end is set. */
  readonly valid_until: string | null
}

/** Asks of each power that each ground names in these services: allowed now, for someone who logged in like this? */
export async function judgeCandidates(
  db: Queryable,
  catalogues: Catalogues,
  { candidates }: Candidates,
  { level, authenticatedAt, context }: VerifiedLogin & { readonly context: LoginContext },
  services: readonly string[],
): Promise<readonly JudgedRepresentation[]> {
  const login: Login = { level, authenticatedAt, proof: 'login_token' }
  const judged = await Promise.all(
    candidates.map((candidate) => judgeCandidate(db, catalogues, candidate, { login, context, services })),
  )
  return judged.flat()
}

async function judgeCandidate(
  db: Queryable,
  catalogues: Catalogues,
  { name, facts }: Candidate,
  asking: Pick<GroundQuestion, 'login' | 'context' | 'services'>,
): Promise<readonly JudgedRepresentation[]> {
  const catalogue = await catalogueFor(db, catalogues, facts)
  const bornOn = facts.facts.principal?.bornOn ?? null
  return facts.facts.grounds.map((ground) => {
    const { representationId, principal, basis } = ground
    const powers = nameablePowers(ground, facts.facts, asking.services, catalogue)
    const judged = judgeGround({ representationId, powers, ...asking }, facts, catalogue)
    const via = judged.find(({ decision }) => decision.via !== undefined)?.decision.via?.organisation ?? null
    const entry = { representation: representationId, principal, powers: judged.map(answerOf) }
    const bornYear = bornOn === null ? null : Number(bornOn.slice(0, 4))
    return { representationId, principal, basis, via, name, bornYear, judged, entry }
  })
}

/** Whether the ground gives anything here and now. */
export function givesSomething({ judged }: JudgedRepresentation): boolean {
  return judged.some(({ decision }) => decision.allowed)
}

/** What the service sees of it: the powers that were allowed. */
export function listed(representation: JudgedRepresentation, handles: Handles): ListedRepresentation {
  const { representationId, principal, basis, via, name, bornYear, judged } = representation
  return {
    handle: handles.ofRepresentation(representationId),
    principal: { handle: handles.ofParty(principal), name, born_year: bornYear },
    basis,
    ...(via === null ? {} : { via: { handle: handles.ofParty(via), basis: 'employment' } }),
    powers: judged.flatMap(listedPower),
  }
}

function listedPower({ power, decision, groundEnd }: JudgedPower): ListedPower[] {
  if (!decision.allowed) return []
  return [{ ...power, scope: scopeOf(power), valid_until: groundEnd?.toISOString() ?? null }]
}
