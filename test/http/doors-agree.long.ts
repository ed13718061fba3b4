import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ACTIONS, type CatalogueVersion } from '../../src/domain/catalogue.js'
import type { Decision } from '../../src/domain/decide.js'
import type { Power } from '../../src/domain/mandate.js'
import type { Login } from '../../src/domain/party.js'
import { readCatalogueFiles } from '../../src/registers/catalogue-files.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { Database } from '../../src/store/database.js'
import { holdGround } from '../../src/store/hold-ground.js'
import { type StatusPlace, allotStatusEntry } from '../../src/store/status-entry-store.js'
import { readStatuses } from '../../src/store/status-list-store.js'
import { catalogueOf } from '../support/catalogue.js'
import { type PlayedService, type ProofStage, startProofStage } from '../tokens/proof-stage.js'
import { type DoorQuestion, Doors, Reference, plainPowers } from './agreeing-doors.js'
import { type Chance, chanceFrom } from './chance.js'
import { otherVersion } from './random-catalogue.js'
import { type Country, makeCountry } from './random-country.js'
import { openRegisters } from './random-inhabitants.js'
import { OBJECTS } from './random-mandates.js'

/**
 * The same facts decide whatever door the question comes through: small countries at random, each put into the database and
 * asked about at every door of the running service, held against `decide` on what `readFacts` reads. After a few countries
 * the catalogue has a new version: what was given under an earlier one is asked about under a later.
 *
 * The doors do not all speak of the same thing:
 * - Evaluation and batch answer the very question: decision, reason, basis, remedy, obligations and time are `decide`’s.
 * - A search answers with those, or the actions, whose evaluation would be a yes. For whom may I: each is asked about by
 *   handle, since handles are what it answers with. Who may for me: each with his own token and the strongest login.
 * - An exchange judges one ground, by handle, for someone whose login was checked, and gives what lies within both the
 *   ground and the question: where the question names no object, a token for one object is no answer to it. No one needs
 *   a token to act for himself.
 * - `/v1/representations` and `/v1/me` list the powers as the grounds name them, and so none that only a consent, a guardian
 *   set or a reservation for one object tells apart from the rest: what they name is a yes at evaluation, and a yes about
 *   all providers and objects is named. `/v1/me` speaks of every service and of the strongest login, and tells a child under
 *   twelve nothing.
 * - A status list tells of a mandate whether anything of it stands, whatever else hinders: where all that it gives is refused
 *   because that has ended or expired, or is frozen, it says so, and where something is a yes or not yet, that it is valid.
 * - Only a login of which we have the token opens searches over people, and grants; the word of a service opens evaluation.
 *
 * `FULLMAKT_WORLDS_SEED` and `FULLMAKT_DOOR_WORLDS` say which countries, and how many.
 */
const FIRST_SEED = Number(process.env['FULLMAKT_WORLDS_SEED'] ?? 20_261_122)
const WORLDS = Number(process.env['FULLMAKT_DOOR_WORLDS'] ?? '2')
/** How many countries there are under one version of the catalogue. */
const WORLDS_OF_VERSION = 5
const QUESTIONS = 70
const LEVELS = ['high', 'high', 'high', 'high', 'substantial', 'low'] as const

let stage: ProofStage
let admin: Database
let client: PlayedService
/** Those that have been published; the last of them is in force. */
let versions: readonly CatalogueVersion[]
/** How often each door said yes, and said no. */
const said = new Map<string, { yes: number; no: number }>()
const reasons = new Set<string>()
/** How many answers an earlier version of the catalogue made another. */
let ofEarlierVersions = 0

beforeAll(async () => {
  stage = await startProofStage()
  admin = await Database.open({ url: stage.test.superuserUrl, connections: 2 })
  const first = await readCatalogueFiles('catalogue')
  versions = [first]
  // But for one, so that there is something that it may not ask about.
  const services = first.services.map(({ id }) => id).filter((id) => id !== 'nav.family')
  client = await stage.client('all-web', services, { mayUseNumbers: true })
  await openRegisters(admin)
}, 60_000)
afterAll(async () => {
  await admin.close()
  await stage.stop()
  expect(stage.faults).toEqual([])
})

describe(`in ${WORLDS} countries from seed ${FIRST_SEED}`, () => {
  test(
    'every door gives the same answer',
    async () => {
      const chance = chanceFrom(FIRST_SEED)
      let number = 0
      await publishNext(chance)
      while (number < WORLDS) {
        await publishNext(chance)
        const last = Math.min(number + WORLDS_OF_VERSION, WORLDS)
        const visitor = async (): Promise<void> => {
          while (number < last) await new Visit(number++).toAllDoors()
        }
        await Promise.all([visitor(), visitor(), visitor()])
      }
    },
    60_000 + WORLDS * 6000,
  )

  test('and each has said both yes and no', () => {
    expect([...said.keys()].sort()).toEqual([
      'action',
      'batch',
      'evaluation',
      'exchange',
      'introspection',
      'list',
      'own',
      'resource',
      'status list',
      'subject',
    ])
    for (const [door, { yes, no }] of said) expect([door, yes > 0, no > 0]).toEqual([door, true, true])
    expect(reasons.size).toBeGreaterThan(12)
    if (WORLDS >= 30) expect(ofEarlierVersions).toBeGreaterThan(0)
  })
})

async function publishNext(chance: Chance): Promise<void> {
  const [first] = versions
  if (first === undefined) throw new Error('the files were not read')
  const next = otherVersion(first, versions.length + first.version, chance)
  expect(await publishCatalogue(admin, next)).toBe('published')
  versions = [...versions, next]
}

function inForce(): CatalogueVersion {
  const last = versions.at(-1)
  if (last === undefined) throw new Error('no catalogue has been published')
  return last
}

/** One country, and all that is asked in it. */
class Visit {
  private readonly chance: Chance
  private country!: Country
  private reference!: Reference
  private doors!: Doors

  constructor(private readonly number: number) {
    this.chance = chanceFrom(FIRST_SEED + number)
  }

  async toAllDoors(): Promise<void> {
    const all = catalogueOf(inForce(), ...versions)
    this.country = await makeCountry(admin, versions, this.chance, client.client.clientId)
    this.reference = await Reference.read(admin, this.country, all, client.client.services)
    this.doors = await Doors.open(stage, client, this.country, this.grounds())
    const questions = Array.from({ length: QUESTIONS }, () => this.question())
    for (const half of [questions.slice(0, QUESTIONS / 2), questions.slice(QUESTIONS / 2)]) {
      await Promise.all([this.batch(half), ...half.map((one) => this.everywhere(one))])
    }
    await this.lists(questions)
    await this.ownLists()
    await this.statuses()
  }

  private grounds() {
    const { inhabitants } = this.country
    const pairs = inhabitants.flatMap((actor) => inhabitants.map((principal) => ({ actor, principal })))
    return pairs.flatMap(({ actor, principal }) =>
      this.reference.between(actor, principal).facts.grounds.map(({ representationId }) => representationId),
    )
  }

  private question(): DoorQuestion {
    const { chance, country } = this
    const people = country.inhabitants.filter(({ kind }) => kind === 'person')
    const pair = chance.of(country.pairs)
    const strange = chance.hit(15)
    const actor = strange ? chance.of(people) : pair.representative
    const principal = strange ? chance.of(country.inhabitants) : chance.hit(6) ? actor : pair.principal
    const service = chance.hit(90) ? chance.of(country.services) : chance.of(inForce().services)
    const [byToken, level] = [chance.hit(70), chance.of(LEVELS)]
    const nameable = this.reference.nameable(actor, principal)
    const anything = {
      service: chance.hit(2) ? 'unheard.of' : service.id,
      action: chance.hit(92) ? chance.of(service.actions) : chance.of(ACTIONS),
      provider: chance.hit(85) ? null : chance.of(service.providers),
      object: chance.of(OBJECTS),
    }
    return {
      actor: chance.hit(3) ? null : actor,
      principal: chance.hit(4) ? null : principal,
      principalNamedBy: chance.of(['number', 'handle', 'handle']),
      power: nameable.length > 0 && chance.hit(65) ? this.near(chance.of(nameable)) : anything,
      login: { level, authenticatedAt: null, proof: byToken ? 'login_token' : 'asserted' },
    }
  }

  /** A power that a ground names, or one within it or beside it. */
  private near(power: Power): Power {
    return this.chance.hit(60) ? power : { ...power, object: this.chance.of(OBJECTS) }
  }

  private async everywhere(asked: DoorQuestion): Promise<void> {
    const answer = await this.doors.evaluate(asked)
    const decision = this.reference.decide(asked)
    if (!decision.allowed) reasons.add(decision.reason)
    if (this.reference.turnsOnEarlierVersion(asked)) ofEarlierVersions++
    this.agree('evaluation', asked, withoutIds(answer), asAnswer(decision), decision.allowed)
    await this.actions(asked)
    if (asked.login.proof !== 'login_token') return
    await Promise.all([this.principals(asked), this.representatives(asked), this.exchanges(asked)])
  }

  private async batch(asked: readonly DoorQuestion[]): Promise<void> {
    const answers = await this.doors.evaluateAll(asked)
    for (const [place, one] of asked.entries()) {
      const decision = this.reference.decide(one)
      this.agree('batch', one, withoutIds(answers[place] ?? {}), asAnswer(decision), decision.allowed)
    }
  }

  private async actions(asked: DoorQuestion): Promise<void> {
    const { subject, resource, context } = await this.doors.request(asked)
    const found = await this.doors.search('action', { subject, resource, context })
    const wanted = ACTIONS.filter(
      (action) => this.reference.decide({ ...asked, power: { ...asked.power, action } }).allowed,
    )
    this.agree('action', asked, found, [...wanted].sort(), wanted.length > 0)
  }

  /** For whom may the actor? */
  private async principals(asked: DoorQuestion): Promise<void> {
    const { subject, action, resource, context } = (await this.doors.request(asked)) as Record<string, Entity>
    const sought = { type: resource?.type, properties: resource?.properties }
    const found = await this.doors.search('resource', { subject, action, resource: sought, context }, this.limit())
    const kind = asked.principal?.kind ?? 'person'
    const wanted = this.country.inhabitants
      .filter((one) => one.kind === kind)
      .filter((principal) => this.reference.decide({ ...asked, principal, principalNamedBy: 'handle' }).allowed)
    this.agree('resource', asked, found, this.handlesOf(wanted), wanted.length > 0)
  }

  /** Who may for the principal, who has logged in himself? */
  private async representatives(asked: DoorQuestion): Promise<void> {
    if (asked.principal?.kind !== 'person') return
    const { action, resource } = (await this.doors.request(asked)) as Record<string, Entity>
    const context = { login_token: await this.doors.loginToken(asked.principal, asked.login) }
    const found = await this.doors.search(
      'subject',
      { subject: { type: 'person' }, action, resource, context },
      this.limit(),
    )
    const login: Login = { level: 'high', authenticatedAt: null, proof: 'login_token' }
    const wanted = this.country.inhabitants
      .filter(({ kind }) => kind === 'person')
      .filter((actor) => this.reference.decide({ ...asked, actor, login }).allowed)
    this.agree('subject', asked, found, this.handlesOf(wanted), wanted.length > 0)
  }

  /** A token for the power under each of the grounds between the two. */
  private async exchanges(asked: DoorQuestion): Promise<void> {
    const { actor, principal, power } = asked
    if (actor === null || principal === null || actor === principal) return
    const byHandle = { ...asked, principalNamedBy: 'handle' } as const
    const given = await Promise.all(
      this.reference.between(actor, principal).facts.grounds.map(async ({ representationId }) => {
        const powers = await this.doors.exchange(representationId, asked)
        const allowed = this.reference.decide(byHandle, representationId).allowed
        this.agree('exchange', asked, hasPower(powers, power), allowed, allowed)
        this.agree('introspection', asked, await this.doors.introspect(representationId, asked), allowed, allowed)
        for (const one of powers) {
          const narrower = this.reference.decide({ ...byHandle, power: one }, representationId)
          this.agree('exchange', { ...asked, power: one }, true, narrower.allowed, narrower.allowed)
        }
        return hasPower(powers, power)
      }),
    )
    this.agree('exchange', asked, given.includes(true), this.reference.decide(byHandle).allowed, given.includes(true))
  }

  /** For whom each actor may act at this client, logged in as he was. */
  private async lists(questions: readonly DoorQuestion[]): Promise<void> {
    const logins = new Map(
      questions.flatMap(({ actor, login }) =>
        actor === null || login.proof === 'asserted' ? [] : [[`${actor.partyId} ${login.level}`, { actor, login }]],
      ),
    )
    for (const { actor, login } of logins.values()) {
      const { representations, complete } = await this.doors.representations(actor, login)
      const about = { actor, principal: null, login, principalNamedBy: 'handle' } as const
      for (const principal of this.country.inhabitants.filter((one) => one !== actor)) {
        const listed = representations
          .filter((one) => one.principal.handle === this.doors.handles.ofParty(principal.partyId))
          .flatMap(({ powers }) => powers as unknown as readonly Power[])
        this.holds('list', { ...about, principal }, listed, this.services(), client.client.services)
      }
      this.agree('list', { ...about, power: NO_POWER }, complete, true, true)
    }
  }

  /** For whom each may act, and who may for him, in his own pages. */
  private async ownLists(): Promise<void> {
    const every = inForce().services.map(({ id }) => id)
    const people = this.country.inhabitants.filter(({ kind }) => kind === 'person')
    const lists = new Map(await Promise.all(people.map(async (one) => [one, await this.doors.own(one)] as const)))
    const login = { level: 'high', authenticatedAt: null, proof: 'login_token' } as const
    for (const [actor, own] of lists) {
      for (const principal of this.country.inhabitants.filter((one) => one !== actor)) {
        const about = { actor, principal, login, principalNamedBy: 'handle' } as const
        const listed = own?.forOthers.get(principal.name) ?? []
        if (own !== null) this.holds('own', about, listed, this.services(), every)
        const [told, seen] = [own, lists.get(principal)]
        if (told === null || seen === null || seen === undefined) continue
        this.agree('own', { ...about, power: NO_POWER }, seen.forMe.get(actor.name) ?? [], listed, listed.length > 0)
      }
    }
  }

  /** What the next status list would tell of each mandate that something was issued on. */
  private async statuses(): Promise<void> {
    const expiresAt = new Date(Date.now() + 300_000)
    const places = new Map<string, StatusPlace>()
    for (const { representationId } of this.mandates()) {
      await stage.test.database.transaction(async (tx) => {
        const print = await holdGround(tx, representationId)
        if (print === null) throw new Error('a mandate is no ground')
        const issued = { representationId, employee: null, audience: client.audience, print, expiresAt }
        places.set(representationId, await allotStatusEntry(tx, issued))
      })
    }
    const { lists } = await readStatuses(stage.test.database)
    for (const { representationId, asked, powers } of this.mandates()) {
      const place = places.get(representationId)
      const list = lists.find(({ listId }) => listId === place?.listId)
      const told = list?.set.find(({ index }) => index === place?.index)?.status ?? 0
      const wanted = statusAfter(powers.map((power) => this.reference.decide({ ...asked, power }, representationId)))
      if (wanted !== null) this.agree('status list', { ...asked, power: NO_POWER }, told, wanted, wanted === 0)
    }
  }

  /** Those that were given by the principal himself: what was passed on stands on two, and a list tells less of it. */
  private mandates() {
    const { inhabitants } = this.country
    const pairs = inhabitants.flatMap((actor) => inhabitants.map((principal) => ({ actor, principal })))
    const login = { level: 'high', authenticatedAt: null, proof: 'login_token' } as const
    return pairs.flatMap(({ actor, principal }) =>
      this.reference
        .between(actor, principal)
        .facts.grounds.filter((ground) => ground.basis === 'mandate')
        .filter(({ parent }) => parent === null)
        .map(({ representationId, powers }) => {
          const asked = { actor, principal, login, principalNamedBy: 'handle' } as const
          return { representationId, asked, powers }
        }),
    )
  }

  /** What is listed is a yes, and a yes about all providers and objects is listed. */
  private holds(
    door: string,
    about: Omit<DoorQuestion, 'power'>,
    listed: readonly (Power & { readonly basis?: string })[],
    asked: readonly string[],
    entitledTo: readonly string[],
  ): void {
    for (const { service, action, provider, object, basis } of listed) {
      const question = { ...about, power: { service, action, provider, object } }
      const { allowed, basis: decided } = this.reference.decide(question, undefined, entitledTo)
      this.agree(door, question, [true, basis ?? decided], [allowed, decided], allowed)
    }
    for (const power of plainPowers(this.reference.catalogue, asked)) {
      const { allowed } = this.reference.decide({ ...about, power }, undefined, entitledTo)
      this.agree(door, { ...about, power }, hasPower(listed, power), allowed, allowed)
    }
  }

  private services(): string[] {
    return [...new Set(this.country.services.map(({ id }) => id))]
  }

  private handlesOf(some: Country['inhabitants']): string[] {
    return some.map(({ partyId }) => this.doors.handles.ofParty(partyId)).sort()
  }

  private limit(): number | undefined {
    return this.number % 3 === 0 ? 1 : undefined
  }

  private agree(door: string, asked: DoorQuestion, got: unknown, wanted: unknown, isYes: boolean): void {
    const { yes, no } = said.get(door) ?? { yes: 0, no: 0 }
    said.set(door, isYes ? { yes: yes + 1, no } : { yes, no: no + 1 })
    if (isDeepStrictEqual(got, wanted)) return
    const question = { ...asked, actor: asked.actor?.name ?? null, principal: asked.principal?.name ?? null }
    const { facts } = this.reference.between(asked.actor, asked.principal)
    throw new Error(
      `FULLMAKT_WORLDS_SEED=${FIRST_SEED} FULLMAKT_DOOR_WORLDS=${this.number + 1}: ${door} does not agree\n${JSON.stringify({ question, got, wanted, facts }, null, 1)}`,
    )
  }
}

/** Null where something else hinders, of which a list does not tell. */
function statusAfter(decisions: readonly Decision[]): 0 | 1 | 2 | null {
  const answers = decisions.map((decision) => (decision.allowed ? 'allowed' : decision.reason))
  if (answers.some((answer) => answer === 'allowed' || answer === 'not_yet_valid')) return 0
  if (!answers.every((answer) => ['ended', 'expired', 'frozen'].includes(answer))) return null
  return answers.includes('frozen') ? 2 : 1
}

interface Entity {
  readonly type?: string
  readonly properties?: unknown
}

const NO_POWER: Power = { service: 'none', action: 'read', provider: null, object: null }

function hasPower(powers: readonly Power[], wanted: Power): boolean {
  const { service, action, provider, object } = wanted
  return powers.some(
    (one) => one.service === service && one.action === action && one.provider === provider && one.object === object,
  )
}

/** An answer as evaluation gives it, but for its id, its time and its texts. */
function withoutIds({ decision, context }: Readonly<Record<string, unknown>>): unknown {
  const { reason, basis, remedy, obligations, valid_until } = context as Readonly<Record<string, unknown>>
  return { decision, reason, basis, remedy, obligations, valid_until }
}

function asAnswer(decision: Decision): unknown {
  const refused = decision.allowed ? null : decision
  return {
    decision: decision.allowed,
    reason: refused?.reason,
    basis: decision.basis ?? undefined,
    remedy: refused?.remedy ?? undefined,
    obligations: decision.obligations.map((one) =>
      one.type === 'stale_facts' ? { type: one.type, fresh_at: one.freshAt?.toISOString() ?? null } : { ...one },
    ),
    valid_until: decision.validUntil?.toISOString(),
  }
}
