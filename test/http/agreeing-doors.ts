import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Action, type Catalogue, findService } from '../../src/domain/catalogue.js'
import { nameablePowers } from '../../src/domain/coverage.js'
import { type Decision, type Facts, decide } from '../../src/domain/decide.js'
import type { Power, RepresentationId } from '../../src/domain/mandate.js'
import { type Login, PRIVATE, type PartyId } from '../../src/domain/party.js'
import { hashOf, newSecret } from '../../src/login/opaque-secret.js'
import type { Database } from '../../src/store/database.js'
import { type FactsAt, readFactsOfPairs } from '../../src/store/facts-store.js'
import { type Handles, ensureHandles } from '../../src/store/handle-store.js'
import { recordToken } from '../../src/store/issued-token-store.js'
import { startSession } from '../../src/store/session-store.js'
import { delegationClaims } from '../../src/tokens/delegation-token.js'
import { SigningKeys } from '../../src/tokens/signing-keys.js'
import {
  type Listing,
  type PlayedService,
  type ProofStage,
  exchangeForm,
  postJson,
  postToken,
  proofOf,
  serviceToken,
} from '../tokens/proof-stage.js'
import type { Country } from './random-country.js'
import type { Inhabitant } from './random-inhabitants.js'

/** A question, as it can be put at every door that takes it. */
export interface DoorQuestion {
  /** Null: someone of whom no register has told. */
  readonly actor: Inhabitant | null
  readonly principal: Inhabitant | null
  readonly principalNamedBy: 'number' | 'handle'
  readonly power: Power
  readonly login: Login
}

/** A valid number that no one bears. */
const NO_ONE = '13814990170'
const NOBODY = '00000000-0000-0000-0000-000000000000' as PartyId
export const ACR = { low: 'idporten-loa-low', substantial: 'idporten-loa-substantial', high: 'idporten-loa-high' }

type Members = Readonly<Record<string, unknown>>

const UNLIMITED = { obligations: [], validUntil: null } as const

/** What `decide` says on facts that `readFacts` has read: what all doors are held against. */
export class Reference {
  private constructor(
    private readonly facts: ReadonlyMap<string, FactsAt>,
    readonly catalogue: Catalogue,
    readonly services: readonly string[],
  ) {}

  static async read(db: Database, { inhabitants }: Country, catalogue: Catalogue, services: readonly string[]) {
    const ids = [...inhabitants.map(({ partyId }) => partyId), NOBODY]
    const pairs = ids.flatMap((actor) => ids.map((principal) => ({ actor, principal })))
    const named = (partyId: PartyId) => ({ by: 'party' as const, partyId })
    const asked = pairs.map(({ actor, principal }) => ({ actor: named(actor), principal: named(principal) }))
    const read = await readFactsOfPairs(
      db,
      asked.map((pair) => ({ ...pair, worksFor: null, clientId: null })),
    )
    const facts = new Map(pairs.map(({ actor, principal }, place) => [`${actor} ${principal}`, read[place] as FactsAt]))
    return new Reference(facts, catalogue, services)
  }

  between(actor: Inhabitant | null, principal: Inhabitant | null): FactsAt {
    const found = this.facts.get(`${actor?.partyId ?? NOBODY} ${principal?.partyId ?? NOBODY}`)
    if (found === undefined) throw new Error('no facts were read of the two')
    return found
  }

  /** @param ground this ground alone; all of them when left out. */
  decide(
    asked: DoorQuestion,
    ground?: RepresentationId,
    services = this.services,
    catalogue = this.catalogue,
  ): Decision {
    const { facts, instant } = this.between(asked.actor, asked.principal)
    const grounds = facts.grounds.filter(({ representationId }) => (ground ?? representationId) === representationId)
    const known: Facts = { ...facts, grounds }
    const { power, login, principalNamedBy } = asked
    const parties = { actor: facts.actor?.partyId ?? null, principal: facts.principal?.partyId ?? null }
    const question = { ...parties, principalNamedBy, context: PRIVATE, power, login, instant, entitledTo: services }
    return decide(question, known, catalogue)
  }

  /** Whether the answer would be another if all that was given had been given under the version in force. */
  turnsOnEarlierVersion(asked: DoorQuestion): boolean {
    const { current } = this.catalogue
    const today = this.decide(asked, undefined, this.services, { current, version: () => current })
    return !isDeepStrictEqual(this.decide(asked), today)
  }

  /** The powers that a list of all the grounds between the two may name. */
  nameable(actor: Inhabitant, principal: Inhabitant, services = this.services): Power[] {
    const { facts } = this.between(actor, principal)
    return facts.grounds.flatMap((ground) => nameablePowers(ground, facts, services, this.catalogue))
  }
}

/** All doors of the service, as one relying service with several logged-in users, and as those people themselves. */
export class Doors {
  private constructor(
    private readonly stage: ProofStage,
    private readonly client: PlayedService,
    private readonly token: string,
    readonly handles: Handles,
    readonly handlesOfNone: string,
  ) {}

  private readonly loginTokens = new Map<string, Promise<string>>()
  private readonly listings = new Map<string, Promise<Listing>>()
  private readonly sessions = new Map<PartyId, Promise<string>>()

  static async open(stage: ProofStage, client: PlayedService, country: Country, grounds: readonly RepresentationId[]) {
    const parties = country.inhabitants.map(({ partyId }) => partyId)
    const handles = await ensureHandles(stage.test.database, client.client.clientId, parties, grounds)
    const token = await serviceToken(stage, client)
    return new Doors(stage, client, token, handles, `p_${randomBytes(16).toString('base64url')}`)
  }

  /** The AuthZEN request of this question. */
  async request(asked: DoorQuestion): Promise<Members> {
    const { actor, principal, power, login } = asked
    const { service, provider, object } = power
    const properties = { service, ...(provider === null ? {} : { provider }), ...(object === null ? {} : { object }) }
    const byToken = login.proof === 'login_token'
    return {
      subject: { type: 'person', id: this.nameOf(actor, byToken || actor?.kind === 'person' ? 'number' : 'handle') },
      action: { name: power.action },
      resource: {
        type: principal?.kind ?? 'person',
        id: this.nameOf(principal, asked.principalNamedBy),
        properties,
      },
      context: byToken ? { login_token: await this.loginToken(actor, login) } : { acr: ACR[login.level] },
    }
  }

  async evaluate(asked: DoorQuestion): Promise<Members> {
    return this.post('/access/v1/evaluation', await this.request(asked))
  }

  async evaluateAll(asked: readonly DoorQuestion[]): Promise<readonly Members[]> {
    const evaluations = await Promise.all(asked.map((one) => this.request(one)))
    const { evaluations: answers } = await this.post('/access/v1/evaluations', { evaluations })
    return answers as readonly Members[]
  }

  /** All results of a search, page by page: names of actions, or handles. */
  async search(searched: 'subject' | 'resource' | 'action', body: Members, limit?: number): Promise<string[]> {
    const results: string[] = []
    for (let token: string | undefined; token !== '';) {
      const page = { ...(token === undefined ? {} : { token }), ...(limit === undefined ? {} : { limit }) }
      const answer = await this.post(`/access/v1/search/${searched}`, { ...body, page })
      for (const one of answer['results'] as { id?: string; name?: string }[]) results.push(one.id ?? one.name ?? '')
      token = (answer['page'] as { next_token: string }).next_token
    }
    return results.sort()
  }

  /** The actor grant of this login, and for whom the person may act here. */
  representations(actor: Inhabitant, login: Login): Promise<Listing> {
    return remembered(this.listings, `${actor.partyId} ${login.level}`, async () => {
      const login_token = await this.loginToken(actor, login)
      const login_token_type = 'urn:ietf:params:oauth:token-type:id_token'
      return (await this.post('/v1/representations', { login_token, login_token_type })) as unknown as Listing
    })
  }

  /** The powers in the token that this ground gives for the power asked for; none when it is refused. */
  async exchange(ground: RepresentationId, asked: DoorQuestion): Promise<Power[]> {
    const { actor, power } = asked
    if (actor === null) throw new Error('someone unknown has no actor grant')
    const { service, action, provider, object } = power
    const detail = {
      ...{ type: `${this.stage.url}/rar/representation`, datatypes: [service], actions: [action] },
      ...(provider === null ? {} : { provider }),
      ...(object === null ? {} : { object }),
    }
    const { actor_grant: actorGrant } = await this.representations(actor, asked.login)
    const held = { handle: this.handles.ofRepresentation(ground), actorGrant }
    const narrowed = { authorization_details: JSON.stringify([detail]) }
    const answer = await postToken(this.stage.url, await exchangeForm(this.stage, this.client, held, narrowed))
    if (answer.status === 400) return []
    if (answer.status !== 200) throw new Error(`an exchange was answered ${answer.status}: ${answer.text}`)
    return powersIn(answer.body['authorization_details'] as readonly Members[])
  }

  /** Whether introspection takes a token for this very power on this ground, whenever and however that was issued. */
  async introspect(ground: RepresentationId, asked: DoorQuestion): Promise<boolean> {
    const { actor, principal, power } = asked
    if (actor === null || principal === null) throw new Error('someone unknown has no token')
    const { clientId } = this.client.client
    const { actor_grant: actorGrant } = await this.representations(actor, asked.login)
    const decision = { allowed: true, basis: 'mandate', representationId: ground, ...UNLIMITED } as const
    const grant = { ...actor, issuer: this.stage.provider.issuer, subject: 'x', acr: ACR.high, level: 'high' } as const
    const claims = delegationClaims({
      ...{ issuer: this.stage.url, audience: this.client.audience, clientId, basis: 'mandate' },
      grant: { ...grant, worksFor: null, authenticatedAt: new Date() },
      powers: [{ power, decision, groundEnd: null }],
      principalHandle: this.handles.ofParty(principal.partyId),
      viaHandle: null,
      representationHandle: this.handles.ofRepresentation(ground),
      ...{ evaluationId: 'x', instant: new Date(), jkt: null, idporten: null },
      status: { status_list: { idx: 0, uri: `${this.stage.url}/statuslists/1` } },
    })
    const { jti, exp, aud: audience } = claims
    const issued = { grantHash: hashOf(actorGrant), actId: null, expiresAt: new Date(exp * 1000) }
    await this.stage.test.database.transaction((tx) =>
      recordToken(tx, { jti, clientId, audience, representationId: ground, ...issued }),
    )
    const token = await this.stage.service.app.get(SigningKeys).sign('at+jwt', claims)
    const form = { token, ...(await proofOf(this.stage, this.client)) }
    return (await postToken(this.stage.url, form, {}, 'introspect')).body['active'] === true
  }

  /** `/v1/me/representations` of the person, logged in as well as can be; null when it is not for one so young. */
  async own(person: Inhabitant): Promise<OwnLists | null> {
    const cookie = `__Host-fullmakt=${await this.session(person)}`
    const response = await fetch(`${this.stage.url}/v1/me/representations`, { headers: { cookie } })
    const body = (await response.json()) as Members
    if (response.status === 422 && body['code'] === 'principal_too_young') return null
    if (response.status !== 200) throw new Error(`/v1/me/representations answered ${response.status}`)
    return {
      forOthers: listOf(body['you_may_act_for'], 'principal'),
      forMe: listOf(body['may_act_for_you'], 'representative'),
    }
  }

  async loginToken(actor: Inhabitant | null, { level }: Pick<Login, 'level'>): Promise<string> {
    const number = actor?.number ?? NO_ONE
    return remembered(this.loginTokens, `${number} ${level}`, () =>
      this.stage.idToken(this.client, { id: number, number, partyId: actor?.partyId ?? NOBODY }, { acr: ACR[level] }),
    )
  }

  nameOf(one: Inhabitant | null, by: 'number' | 'handle'): string {
    if (one === null) return by === 'number' ? NO_ONE : this.handlesOfNone
    return by === 'number' ? one.number : this.handles.ofParty(one.partyId)
  }

  /** A session as a login leaves it, without the login. */
  private session({ partyId }: Inhabitant): Promise<string> {
    return remembered(this.sessions, partyId, async () => {
      const secret = newSecret()
      await this.stage.test.database.transaction((tx) =>
        startSession(tx, {
          ...{ sessionHash: hashOf(secret), partyId, issuer: this.stage.provider.issuer, subject: secret },
          ...{ providerSession: null, acr: ACR.high, level: 'high', authenticatedAt: new Date() },
          ...{ idToken: 'none', language: 'nb' },
        }),
      )
      return secret
    })
  }

  private async post(path: string, body: Members): Promise<Members> {
    const answer = await postJson(`${this.stage.url}${path}`, this.token, body)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
}

/** Of each other party, by name: the powers, and on which basis. */
export type OwnList = ReadonlyMap<string, readonly (Power & { readonly basis: string })[]>
export interface OwnLists {
  readonly forOthers: OwnList
  readonly forMe: OwnList
}

function listOf(list: unknown, other: 'principal' | 'representative'): OwnList {
  const entries = list as {
    readonly powers: readonly (Power & { basis: string })[]
    readonly [other: string]: unknown
  }[]
  return new Map(
    entries.map((entry) => [
      (entry[other] as { name: string }).name,
      entry.powers.map(({ service, action, provider, object, basis }) => ({
        service,
        action,
        provider,
        object,
        basis,
      })),
    ]),
  )
}

function powersIn(details: readonly Members[]): Power[] {
  return details.flatMap(({ datatypes, actions, provider, object }) =>
    (datatypes as string[]).flatMap((service) =>
      (actions as Action[]).map((action) => ({
        ...{ service, action },
        ...{ provider: (provider as string | undefined) ?? null, object: (object as string | undefined) ?? null },
      })),
    ),
  )
}

function remembered<Key, Value>(known: Map<Key, Promise<Value>>, key: Key, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** Every power without provider and object in these services. */
export function plainPowers({ current }: Catalogue, services: readonly string[]): Power[] {
  return services.flatMap((service) =>
    (findService(current, service)?.actions ?? []).map((action) => ({ service, action, provider: null, object: null })),
  )
}
