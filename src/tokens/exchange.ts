import { appendWithChange } from '../audit/audit-log.js'
import { approvedAs, openAct } from '../decisions/approvals.js'
import { type JudgedPower, catalogueFor, judgeGround } from '../decisions/judge-ground.js'
import type { Via } from '../domain/at-work.js'
import { nameablePowers } from '../domain/coverage.js'
import type { Power, RepresentationId } from '../domain/mandate.js'
import { type PartyId, contextOf } from '../domain/party.js'
import { hashOf } from '../login/opaque-secret.js'
import { type Act, completeAct, lockAct } from '../store/act-store.js'
import { useActorGrant } from '../store/actor-grant-store.js'
import type { Catalogues } from '../store/catalogue-store.js'
import { type Audience, type Client, findAudience } from '../store/client-store.js'
import type { Database, Transaction } from '../store/database.js'
import { type FactsAt, byId, readFacts } from '../store/facts-store.js'
import { type Represented, ensureHandles, findRepresented } from '../store/handle-store.js'
import { holdGround } from '../store/hold-ground.js'
import { type NewToken, recordToken } from '../store/issued-token-store.js'
import { allotStatusEntry } from '../store/status-entry-store.js'
import { ACTOR_GRANT_IDLE_SECONDS } from './actor-grant.js'
import {
  type DelegationClaims,
  type TokenDetail,
  delegationClaims,
  expiryOf,
  fitsInToken,
  tokenTypeOf,
} from './delegation-token.js'
import { type Exchanged, exchangeEntry, withOutcome } from './exchange-entry.js'
import { type Passed, type Refusal, passOrRefuse, tooLarge } from './exchange-refusal.js'
import { ACCESS_TOKEN_TYPE, type ExchangeRequest, readExchangeRequest } from './exchange-request.js'
import { type IdportenDetail, idportenDetail } from './idporten-detail.js'
import { OAuthError } from './oauth-error.js'
import type { SigningKeys } from './signing-keys.js'
import { statusReference } from './status-list.js'
import type { TokenForm } from './token-form.js'
import { wantedPowers } from './wanted-powers.js'

/** The answer of `/oauth/token` to a token exchange (RFC 8693 section 2.2, RFC 9396 section 7). */
export interface DelegationTokenAnswer {
  readonly access_token: string
  readonly issued_token_type: typeof ACCESS_TOKEN_TYPE
  readonly token_type: 'Bearer' | 'DPoP'
  readonly expires_in: number
  readonly scope: string
  readonly authorization_details: readonly TokenDetail[]
  /** Who the principal is, for clients with a legal basis to know the number; never for someone with a protected address. */
  readonly principal_identifier?: string
}

/** Stands where a party or a ground is not known, so that the same statements run. */
const NOBODY = '00000000-0000-0000-0000-000000000000' as PartyId & RepresentationId

/**
 * Exchanges a representation and an actor grant for a delegation token.
 *
 * All in one transaction that holds the ground and the grant: they are read, judged and logged as one, and an end waits for
 * it or is waited for. The token is signed before the commit, so none comes to be after the end of its ground was
 * answered; it leaves after the commit, so none leaves that the log does not know.
 */
export class TokenExchange {
  constructor(
    private readonly db: Database,
    private readonly catalogues: Catalogues,
    private readonly keys: SigningKeys,
    private readonly issuer: string,
  ) {}

  /**
   * @param client has proved itself with its key.
   * @param jkt thumbprint of the key that it has proved to hold, to which the token is then bound; null for none.
   * @throws OAuthError
   */
  async exchange(client: Client, form: TokenForm, jkt: string | null): Promise<DelegationTokenAnswer> {
    const request = readExchangeRequest(form, this.issuer)
    const audience = await this.audienceFor(request.audience, client, jkt)
    const answer = await this.db.transaction(async (tx) => {
      const exchanged = await this.judge(tx, client, request, audience.services)
      return this.conclude(tx, client, request, { ...exchanged, jkt, audience })
    })
    if (answer instanceof OAuthError) throw answer
    return answer
  }

  /** The audience, with those of its services that the client is registered for. */
  private async audienceFor(address: string, client: Client, jkt: string | null): Promise<Audience> {
    const audience = address === this.issuer ? null : await findAudience(this.db, address, client.clientId)
    if (audience === null) throw new OAuthError('invalid_target', 'the audience is not registered for this client')
    if (audience.kind === 'api' && jkt === null) {
      throw new OAuthError('invalid_dpop_proof', 'tokens for this audience are bound to a key: send a DPoP proof')
    }
    return { ...audience, services: audience.services.filter((service) => client.services.includes(service)) }
  }

  /** Whatever is missing, the same statements run. */
  private async judge(
    tx: Transaction,
    client: Client,
    request: ExchangeRequest,
    services: readonly string[],
  ): Promise<Omit<Exchanged, 'jkt' | 'audience'>> {
    const grantHash = hashOf(request.actorGrant)
    const grant = await useActorGrant(tx, grantHash, client.clientId, ACTOR_GRANT_IDLE_SECONDS)
    const represented = await findRepresented(tx, client.clientId, request.representationHandle)
    // Before the ground, as a completion does: else the two would wait for each other.
    if (request.act !== null) await lockAct(tx, request.act.actId)
    const worksFor = grant?.worksFor ?? null
    const link = grant === null || worksFor === null ? null : { organisation: worksFor, employee: grant.partyId }
    const print = await holdGround(tx, represented?.representationId ?? NOBODY, link)
    const work = worksFor === null ? null : byId(worksFor)
    const read = await readFacts(tx, byId(grant?.partyId ?? NOBODY), byId(represented?.principal ?? NOBODY), null, work)
    const act = request.act === null ? null : await openAct(tx, read, request.act, client.clientId)
    const facts = act === null ? read : approvedAs(read, act)

    const ground = facts.facts.grounds.find(
      ({ representationId }) => representationId === represented?.representationId,
    )
    let judged: readonly JudgedPower[] = []
    if (grant !== null && ground !== undefined) {
      const { representationId } = ground
      const catalogue = await catalogueFor(tx, this.catalogues, facts)
      const nameable = nameablePowers(ground, facts.facts, services, catalogue)
      const powers = request.act === null ? wantedPowers(request, nameable, services) : powersOf(act, services)
      const login = { level: grant.level, authenticatedAt: grant.authenticatedAt, proof: 'login_token' } as const
      judged = judgeGround(
        { representationId, powers, login, context: contextOf(worksFor), services },
        facts,
        catalogue,
      )
    }
    const { clientId } = client
    const grantName = grantHash.toString('base64url')
    return { clientId, grantName, grant, represented, print, facts, act, judged }
  }

  private async conclude(
    tx: Transaction,
    client: Client,
    request: ExchangeRequest,
    exchanged: Exchanged,
  ): Promise<DelegationTokenAnswer | OAuthError> {
    const entry = exchangeEntry(exchanged)
    const passed = passOrRefuse(exchanged)
    const claims = 'error' in passed ? passed : await this.claims(tx, client, request, exchanged, passed, entry.entryId)
    if ('error' in claims) {
      await appendWithChange(tx, withOutcome(entry, claims))
      return claims.error
    }
    if (exchanged.act !== null && (await completeAct(tx, exchanged.act.actId)) === null) {
      throw new Error('an act that was locked and open is not open')
    }
    await recordToken(tx, tokenOf(claims, exchanged))
    const number = numberFor(client, exchanged)
    const access_token = await this.keys.sign('at+jwt', claims)
    await appendWithChange(
      tx,
      withOutcome(entry, {
        issued: claims,
        numberGiven: number !== null || claims.authorization_details.some(({ type }) => type === 'idporten:fullmakt'),
      }),
    )
    return {
      access_token,
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: tokenTypeOf(claims),
      expires_in: claims.exp - claims.iat,
      scope: claims.scope,
      authorization_details: claims.authorization_details,
      ...(number === null ? {} : { principal_identifier: number }),
    }
  }

  private async claims(
    tx: Transaction,
    client: Client,
    request: ExchangeRequest,
    exchanged: Exchanged,
    { grant, represented, print, basis, powers }: Passed,
    evaluationId: string,
  ): Promise<DelegationClaims | Refusal> {
    const { clientId, facts, jkt } = exchanged
    const { audience } = exchanged.audience
    const { representationId } = represented
    const via = powers[0]?.decision.via ?? null
    const handles = await handlesFor(tx, clientId, represented, via)
    const employee = via === null ? null : grant.partyId
    const expiresAt = expiryOf(powers, facts.instant)
    const place = await allotStatusEntry(tx, { representationId, employee, audience, print, expiresAt })
    const idporten = await this.idportenFor(tx, client, exchanged, { grant, represented, powers })
    const claims = delegationClaims({
      issuer: this.issuer,
      audience,
      clientId,
      grant,
      ...handles,
      representationHandle: request.representationHandle,
      basis,
      powers,
      status: statusReference(this.issuer, place),
      evaluationId,
      instant: facts.instant,
      jkt,
      idporten,
    })
    return fitsInToken(claims) ? claims : tooLarge()
  }

  private async idportenFor(
    tx: Transaction,
    client: Client,
    { audience, facts }: Exchanged,
    { grant, represented, powers }: Pick<Passed, 'grant' | 'represented' | 'powers'>,
  ): Promise<IdportenDetail | null> {
    if (audience.details !== 'with_idporten' || !client.mayUseNumbers || grant.worksFor !== null) return null
    const { current } = await this.catalogues.at(tx, facts.catalogueVersion)
    const parties = { principal: represented.principal, representative: grant.partyId }
    return idportenDetail(tx, { ...parties, powers, services: audience.services }, current)
  }
}

/** What the client calls the principal, and the organisation in between. */
async function handlesFor(
  tx: Transaction,
  clientId: string,
  { principal, principalHandle }: Represented,
  via: Via | null,
): Promise<{ readonly principalHandle: string; readonly viaHandle: string | null }> {
  if (via === null && principalHandle !== null) return { principalHandle, viaHandle: null }
  const handles = await ensureHandles(tx, clientId, [principal, ...(via === null ? [] : [via.organisation])], [])
  return { principalHandle: handles.ofParty(principal), viaHandle: via && handles.ofParty(via.organisation) }
}

/** A token for an act is for its one power. */
function powersOf(act: Act | null, services: readonly string[]): readonly Power[] {
  if (act === null || !services.includes(act.service)) return []
  const { service, action, provider, object } = act
  return [{ service, action, provider, object }]
}

/** What is remembered of a token of these claims. */
function tokenOf({ jti, exp }: DelegationClaims, exchanged: Exchanged): NewToken {
  const { clientId, audience, represented, act } = exchanged
  if (represented === null) throw new Error('a token without a ground')
  return {
    jti,
    clientId,
    audience: audience.audience,
    representationId: represented.representationId,
    grantHash: Buffer.from(exchanged.grantName, 'base64url'),
    actId: act?.actId ?? null,
    expiresAt: new Date(exp * 1000),
  }
}

/** The principal's number, if it may be told to this client; never that of someone with a protected address. */
export function numberFor(
  client: Client,
  { represented, facts }: { represented: Pick<Represented, 'principalIdentifier'> | null; facts: FactsAt },
): string | null {
  const mayBeTold = client.mayUseNumbers && facts.facts.principal?.protectedAddress === false
  return mayBeTold ? (represented?.principalIdentifier ?? null) : null
}
