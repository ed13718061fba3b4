import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import type { AuditLog } from '../audit/audit-log.js'
import { agreedIn } from '../decisions/approvals.js'
import { type JudgedPower, catalogueFor, judgeGround } from '../decisions/judge-ground.js'
import { ACTIONS, type Basis } from '../domain/catalogue.js'
import type { Power, RepresentationId } from '../domain/mandate.js'
import { type PartyId, contextOf } from '../domain/party.js'
import { findAct } from '../store/act-store.js'
import type { Catalogues } from '../store/catalogue-store.js'
import type { Client } from '../store/client-store.js'
import type { Database } from '../store/database.js'
import { type FactsAt, byId, readFacts } from '../store/facts-store.js'
import { type IssuedToken, findIssuedToken } from '../store/issued-token-store.js'
import {
  type AllowedPower,
  type DelegationClaims,
  detailsOf,
  outlives,
  representationsIn,
  tokenTypeOf,
} from './delegation-token.js'
import { numberFor } from './exchange.js'
import { answerOf, loginOf } from './exchange-entry.js'
import { readDelegationToken } from './read-delegation-token.js'
import type { SigningKeys } from './signing-keys.js'

/** Of a token that holds now (RFC 7662 section 2.2): its claims, the details as they are now. */
export interface ActiveToken extends DelegationClaims {
  readonly active: true
  readonly token_type: 'Bearer' | 'DPoP'
  /** Who the principal is, for clients with a legal basis to know the number; never for someone with a protected address. */
  readonly principal_identifier?: string
}

/** Of any other, and of one that is not the asker's business: nothing. */
export interface InactiveToken {
  readonly active: false
}

const INACTIVE: InactiveToken = { active: false }

/** Why a token that we signed is not active, as the log tells it and no one else. */
type RefusedFor = 'not_for_this_client' | 'revoked' | 'actor_grant' | 'powers'

/** What a token is judged by. */
interface Introspected {
  readonly clientId: string
  readonly claims: DelegationClaims
  /** Null where none is out for an audience of this client. */
  readonly issued: IssuedToken | null
  readonly facts: FactsAt
  readonly judged: readonly JudgedPower[]
}

/** Stands where a party is not known, so that the same statements run. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as PartyId

/**
 * Tells a service whether a delegation token that it was sent still holds (RFC 7662).
 *
 * Not only what the token says: its powers are judged anew, on the very ground and for the very login it was issued on,
 * by the facts of this moment. All of them must still be given, for whoever checks the token alone sees all of them.
 */
export class Introspection {
  constructor(
    private readonly db: Database,
    private readonly log: AuditLog,
    private readonly catalogues: Catalogues,
    private readonly keys: SigningKeys,
    private readonly issuer: string,
  ) {}

  /**
   * Only the client whose audience the token is for is told anything. The answer leaves after its entry in the log is
   * durable; what we have not signed, or what has run out, is no question and has none.
   *
   * @param client has proved itself with its key.
   */
  async introspect(client: Client, token: string): Promise<ActiveToken | InactiveToken> {
    const claims = await readDelegationToken(this.keys, this.issuer, token)
    if (claims === null) return INACTIVE
    const introspected = await this.judge(client, claims)
    const outcome = outcomeOf(introspected)
    if ('refused' in outcome) {
      await this.log.append(entryOf(introspected, { active: false, refused: outcome.refused, number_given: false }))
      return INACTIVE
    }
    const represented = introspected.issued?.represented ?? null
    const number = numberFor(client, { represented, facts: introspected.facts })
    await this.log.append(entryOf(introspected, { active: true, refused: null, number_given: number !== null }))
    return {
      active: true,
      ...claims,
      token_type: tokenTypeOf(claims),
      authorization_details: [
        ...this.detailsNow(claims, outcome.basis, outcome.powers),
        ...(number === null ? [] : claims.authorization_details.filter(({ type }) => type === 'idporten:fullmakt')),
      ],
      ...(number === null ? {} : { principal_identifier: number }),
    }
  }

  private async judge(client: Client, claims: DelegationClaims): Promise<Introspected> {
    const { clientId } = client
    const issued = await findIssuedToken(this.db, claims.jti, clientId)
    const { represented, grant, actId } = issued ?? { represented: null, grant: null, actId: null }
    const [actor, principal] = [grant?.partyId ?? NOBODY, represented?.principal ?? NOBODY]
    const worksFor = grant?.worksFor ?? null
    const work = worksFor === null ? null : byId(worksFor)
    const read = await readFacts(this.db, byId(actor), byId(principal), null, work)
    const act = actId === null ? null : await findAct(this.db, actId)
    const facts = act === null ? read : agreedIn(read, act)
    if (issued === null || grant === null) return { clientId, claims, issued, facts, judged: [] }

    const representationId: RepresentationId = issued.represented.representationId
    const services = issued.services.filter((service) => client.services.includes(service))
    const login = { level: grant.level, authenticatedAt: grant.authenticatedAt, proof: 'login_token' } as const
    const catalogue = await catalogueFor(this.db, this.catalogues, facts)
    const asked = { representationId, powers: powersIn(claims), login, context: contextOf(worksFor), services }
    const judged = judgeGround(asked, facts, catalogue)
    return { clientId, claims, issued, facts, judged }
  }

  private detailsNow(
    claims: DelegationClaims,
    basis: Basis,
    powers: readonly AllowedPower[],
  ): DelegationClaims['authorization_details'] {
    const representationHandle = representationsIn(claims)[0]?.identifier ?? ''
    return detailsOf({ issuer: this.issuer, audience: claims.aud, representationHandle, basis, powers })
  }
}

type Outcome = { readonly refused: RefusedFor } | { readonly basis: Basis; readonly powers: readonly AllowedPower[] }

function outcomeOf({ issued, judged, facts }: Introspected): Outcome {
  if (issued === null) return { refused: 'not_for_this_client' }
  if (issued.isRevoked) return { refused: 'revoked' }
  if (issued.grant === null) return { refused: 'actor_grant' }
  const powers = judged.filter((power): power is AllowedPower => outlives(power, facts.instant))
  const basis = powers[0]?.decision.basis
  if (basis === undefined || basis === null || basis === 'self' || powers.length < judged.length) {
    return { refused: 'powers' }
  }
  return { basis, powers }
}

/** The powers that the token gives, each once. */
function powersIn(claims: DelegationClaims): readonly Power[] {
  return representationsIn(claims).flatMap(({ datatypes, actions, provider, object }) =>
    datatypes.flatMap((service) =>
      ACTIONS.filter((action) => actions.includes(action)).map((action) => ({
        service,
        action,
        provider: provider ?? null,
        object: object ?? null,
      })),
    ),
  )
}

function entryOf(
  { clientId, claims, issued, facts, judged }: Introspected,
  outcome: { readonly active: boolean; readonly refused: RefusedFor | null; readonly number_given: boolean },
): AuditEntry {
  const grant = issued?.grant ?? null
  return auditEntry({
    kind: 'introspection',
    occurredAt: facts.instant,
    actor: grant?.partyId ?? null,
    principal: issued?.represented.principal ?? null,
    clientId,
    content: {
      audience: issued?.audience ?? null,
      representation: issued?.represented.representationId ?? null,
      token: claims.jti,
      login: grant === null ? null : loginOf(grant),
      catalogue_version: facts.catalogueVersion,
      act: issued?.actId ?? null,
      powers: judged.map(answerOf),
      ...outcome,
    },
  })
}
