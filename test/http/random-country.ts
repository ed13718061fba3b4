import { randomUUID } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import { syntheticIdentityNumber } from '../../standins/people.js'
import { addDays, addMonths, osloDay } from '../../src/domain/calendar.js'
import { type Action, type CatalogueVersion, type Service } from '../../src/domain/catalogue.js'
import { GUARDIANSHIPS, RESPONSIBILITIES, RULINGS } from '../../src/domain/ground.js'
import { hasValidCheckDigit, readIdentifier } from '../../src/domain/identifier.js'
import { STORED_STATES, type StoredState } from '../../src/domain/mandate.js'
import { CAPACITY_FIELDS, type PartyId } from '../../src/domain/party.js'
import type { Database } from '../../src/store/database.js'
import {
  type Moment,
  type NewMandate,
  insertChange,
  insertMandate,
  lockMandate,
} from '../../src/store/mandate-store.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { insertRuling } from '../../src/store/ruling-store.js'
import { sql } from '../store/given.js'
import { tellRelation } from '../support/relations.js'

/**
 * A few people and an organisation, and anything between them, made from one number and put into a real database. The values
 * are few, so that rules meet; every time is days away from now, so that nothing changes while it is asked about.
 */

/** What is chosen at random follows from the seed alone. */
export interface Chance {
  below(end: number): number
  of<T>(values: readonly T[]): T
  /** True so many times in a hundred. */
  hit(percent: number): boolean
}

/** Mulberry32. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return { below, of: (values) => values[below(values.length)] as (typeof values)[number], hit: (p) => below(100) < p }
}

export interface Inhabitant {
  /** `person 3`: what a failure calls him, and his name in the register. */
  readonly name: string
  readonly kind: 'person' | 'organisation'
  readonly number: string
  readonly partyId: PartyId
}

export interface Country {
  readonly inhabitants: readonly Inhabitant[]
  /** Between which there was, is or will be something. */
  readonly pairs: readonly Pair[]
  /** The services that most of it is about. */
  readonly services: readonly Service[]
  readonly organisation: Inhabitant
}

export interface Pair {
  readonly principal: Inhabitant
  readonly representative: Inhabitant
}

const PEOPLE = 8
const HOUR = 3_600_000
/** How old the word of each register is: all services, some, or none of them still take it. */
const REGISTERS = { now: 0, hours: 8, day: 30, days: 90 } as const
const CHILDREN = 3
const AGES_OF_CHILDREN = [8, 11, 12, 13, 15, 16, 17]
const AGES = [17, 19, 40, 40, 40, 40, 80]
const HOMES = ['a', 'b']
export const OBJECTS = [null, null, null, 'sak-1', 'sak-2']
const ROLES = ['DAGL', 'DAGL', 'SIGN', 'SIFE', 'SIFE', 'LEDE', 'VARA']

/** Tells the database of registers that are up to date and of some that are not. */
export async function openRegisters(db: Database): Promise<void> {
  for (const [source, hours] of Object.entries(REGISTERS)) {
    await sql(
      db,
      `insert into register_freshness (source, fresh_at) values ($1, clock_timestamp() - make_interval(hours => $2))`,
      [`random-${source}`, hours],
    )
  }
}

/** @param client that may make rulings. */
export async function makeCountry(db: Database, catalogue: CatalogueVersion, chance: Chance, client: string) {
  // Those for which others count come up more often: several must agree, or someone must live with the child.
  const shared = catalogue.services.filter(
    ({ parent, roles }) => parent?.coResidence === true || roles.length > 0 || (parent?.bothParents ?? []).length > 0,
  )
  const services = Array.from({ length: 4 }, () => chance.of(chance.hit(50) ? shared : catalogue.services))
  const people: Inhabitant[] = []
  for (let place = 0; place < PEOPLE; place++) people.push(await makePerson(db, chance, place))
  const organisation = await makeOrganisation(db, chance)
  const inhabitants = [...people, organisation]
  const pairs: Pair[] = []
  const made: Making = { db, catalogue, chance, client, services, people, organisation, pairs, mandates: [] }
  for (let number = 0; number < 20; number++) await makeGround(made)
  for (let number = 0; number < 5; number++) await makeRuling(made)
  return { inhabitants, pairs, services, organisation } satisfies Country
}

interface Making {
  readonly db: Database
  readonly catalogue: CatalogueVersion
  readonly chance: Chance
  readonly client: string
  readonly services: readonly Service[]
  readonly people: readonly Inhabitant[]
  readonly organisation: Inhabitant
  readonly pairs: Pair[]
  /** Given by the principals themselves: each can be passed on from. */
  readonly mandates: Mandate[]
}

interface Mandate extends Pair {
  readonly mandateId: string
  readonly powers: readonly GivenPower[]
}

type GivenPower = NewMandate['powers'][number] & { readonly state: StoredState }

function registerOf(chance: Chance): string {
  return `random-${chance.hit(85) ? 'now' : chance.of(Object.keys(REGISTERS))}`
}

let numbers = 0

/** Valid, and another each time. It tells nothing of the one who bears it. */
function newNumber(): string {
  for (;;) {
    numbers++
    const number = syntheticIdentityNumber(addDays('1950-01-01', numbers >> 3), 100 + (numbers % 8) * 20)
    if (number !== null && typeof readIdentifier(number, 'synthetic') !== 'string') return number
  }
}

function newOrganisationNumber(): string {
  for (;;) {
    numbers++
    const number = String(310_000_000 + numbers)
    if (hasValidCheckDigit(number)) return number
  }
}

async function makePerson(db: Database, chance: Chance, place: number): Promise<Inhabitant> {
  const number = newNumber()
  const identifier = readIdentifier(number, 'synthetic')
  if (typeof identifier === 'string') throw new Error('no number was made')
  const partyId = await ensureParty(db, identifier)
  const today = osloDay(new Date())
  const name = `person ${place}`
  await recordPartyFacts(db, partyId, {
    source: registerOf(chance),
    name,
    familyName: name,
    bornOn: chance.hit(3)
      ? null
      : addDays(addMonths(today, -12 * chance.of(place < CHILDREN ? AGES_OF_CHILDREN : AGES)), -20 - chance.below(200)),
    diedOn: chance.hit(4) ? addDays(today, chance.of([-30, 30])) : null,
    ceased: chance.hit(2),
    protectedAddress: chance.hit(8),
    capacityLost: chance.hit(6) ? [chance.of(CAPACITY_FIELDS)] : [],
    residences: chance.hit(80) ? [chance.of(HOMES)] : [],
  })
  return { name, kind: 'person', number, partyId }
}

async function makeOrganisation(db: Database, chance: Chance): Promise<Inhabitant> {
  const number = newOrganisationNumber()
  const partyId = await ensureParty(db, { scheme: 'orgnr', value: number })
  const name = 'organisation'
  const none = { familyName: null, bornOn: null, diedOn: null, protectedAddress: false, capacityLost: [] }
  const source = registerOf(chance)
  await recordPartyFacts(db, partyId, { source, name, ...none, ceased: chance.hit(5), residences: [] })
  return { name, kind: 'organisation', number, partyId }
}

async function makeGround(made: Making): Promise<void> {
  const { chance, people, organisation, pairs } = made
  const kind = chance.of(['mandate', 'mandate', 'parent', 'parent', 'guardian', 'lasting_power', 'organisation_role'])
  const [children, adults] = [people.slice(0, CHILDREN), people.slice(CHILDREN)]
  const usual = kind === 'organisation_role' ? [organisation] : kind === 'parent' ? children : adults
  const principal = kind === 'organisation_role' || chance.hit(85) ? chance.of(usual) : chance.of(people)
  const others = (some: readonly Inhabitant[]): Inhabitant[] => some.filter((one) => one !== principal)
  const representative = chance.of(others(chance.hit(92) ? adults : people))
  // Again and again between the same two: several grounds of one pair must not be taken for each other.
  const pair = kind !== 'organisation_role' && pairs.length > 0 && chance.hit(30) ? chance.of(pairs) : null
  const between = pair?.principal.kind === 'person' ? pair : { principal, representative }
  const above = kind === 'mandate' && made.mandates.length > 0 && chance.hit(30) ? chance.of(made.mandates) : null
  if (above !== null) return passOn(made, above)
  pairs.push(between)
  if (kind === 'mandate') return giveMandate(made, between)
  const anonymous = (kind === 'parent' || kind === 'organisation_role') && chance.hit(6)
  await tellRelation(made.db, {
    principal: between.principal.partyId,
    representative: anonymous ? null : between.representative.partyId,
    basis: kind as 'parent',
    says: saidOf(kind, chance),
    tasks: kind === 'guardian' ? Array.from({ length: 3 }, () => taskFor(made)) : [],
    ...periodOf(chance),
    source: registerOf(chance),
  })
  if (kind === 'lasting_power' && chance.hit(80)) await registerScope(made, between)
}

function saidOf(kind: string, chance: Chance): string {
  switch (kind) {
    case 'parent':
      return chance.hit(50) ? 'felles' : chance.of(RESPONSIBILITIES)
    case 'guardian':
      return chance.of(GUARDIANSHIPS)
    default:
      return kind === 'organisation_role' ? chance.of(ROLES) : ''
  }
}

/** Mostly without an end, sometimes over, sometimes to come. */
function periodOf(chance: Chance): { from?: string; until?: string } {
  const days = (count: number): string => inDays(count).toISOString()
  if (chance.hit(75)) return chance.hit(50) ? {} : { from: days(-90), until: days(90) }
  return chance.hit(50) ? { from: days(-90), until: days(-5) } : { from: days(5) }
}

function taskFor({ chance, services, catalogue }: Making): string {
  const some = (chance.hit(75) ? services : catalogue.services).flatMap(({ guardians }) => guardians)
  const rule = some.length === 0 ? { business: 'nav', task: 'pensjon' } : chance.of(some)
  return `${rule.business}/${rule.task}`
}

const twins = new Set<string>()

async function giveMandate(made: Making, pair: Pair): Promise<void> {
  const powers = Array.from({ length: 1 + made.chance.below(4) }, () => newPower(made))
  const mandateId = await putMandate(made, pair, null, powers)
  if (mandateId !== null) made.mandates.push({ ...pair, mandateId, powers })
}

/** What the representative has, or some of it, or something else, to a third person. */
async function passOn(made: Making, above: Mandate): Promise<void> {
  const { chance, people, pairs } = made
  const pair = {
    principal: above.principal,
    representative: chance.of(people.filter((one) => one !== above.principal && one !== above.representative)),
  }
  pairs.push(pair)
  const powers = above.powers.map((power) =>
    chance.hit(80)
      ? { ...power, powerId: timeOrderedId(), state: stateOf(chance), object: power.object ?? chance.of(OBJECTS) }
      : newPower(made),
  )
  const through = { parent: above.mandateId, middle: above.representative.partyId }
  const within = powers.map((power) => ({ ...power, passingOn: false }))
  await putMandate(made, pair, through, within)
}

function newPower({ chance, services, catalogue }: Making): GivenPower {
  const service = chance.hit(85) ? chance.of(services) : chance.of(catalogue.services)
  const offered = (service.mandate?.actions ?? service.actions).filter((action) => action !== 'consent')
  const [from, until] = chance.hit(80) ? [-30, 60] : chance.of(PERIODS)
  return {
    powerId: timeOrderedId(),
    service: service.id,
    action: chance.hit(90) && offered.length > 0 ? chance.of(offered) : chance.of(['read', 'write', 'sign']),
    provider: chance.hit(80) ? null : chance.of(service.providers),
    object: chance.of(OBJECTS),
    validFrom: inDays(from),
    validUntil: inDays(until),
    passingOn: chance.hit(60),
    state: stateOf(chance),
  }
}

function stateOf(chance: Chance): StoredState {
  return chance.hit(75) ? 'active' : chance.of(STORED_STATES)
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 24 * HOUR)
}

/** Null where all of it has been given before, which no one can do twice. */
async function putMandate(
  { db, chance, catalogue }: Making,
  { principal, representative }: Pair,
  through: NewMandate['through'],
  wanted: readonly GivenPower[],
): Promise<string | null> {
  const powers = wanted.filter(({ service, action, provider, object }) => {
    const giver = through?.middle ?? principal.partyId
    const key = [principal.partyId, giver, representative.partyId, service, action, provider, object].join()
    if (twins.has(key)) return false
    twins.add(key)
    return true
  })
  if (powers.length === 0) return null
  const mandateId = timeOrderedId()
  const given = {
    ...{ mandateId, principal: principal.partyId, representative: representative.partyId, through },
    state: 'active',
    answerBy: chance.hit(80) ? null : inDays(chance.of([-3, 3])),
    givenAt: inDays(-30).toISOString() as Moment,
    confirmed: { language: 'nb', text: '-', textHash: Buffer.alloc(32), catalogueVersion: catalogue.version },
    powers,
  } as const
  await db.transaction((tx) => insertMandate(tx, given))
  await db.transaction(async (tx) => {
    const locked = await lockMandate(tx, mandateId)
    if (locked === null) throw new Error('no mandate was made')
    const made = { mandateId, change: 'frozen', madeBy: principal.partyId, madeAt: locked.moment } as const
    await insertChange(tx, { ...made, reason: null, confirmed: null }, powers)
  })
  return mandateId
}

const PERIODS = [[-90, -5] as const, [5, 60] as const]

async function registerScope(made: Making, { principal, representative }: Pair): Promise<void> {
  const reach = reachOf(made)
  const service = reach.service ?? made.chance.of(made.services).id
  await rule(made, 'lasting_power_scope', principal, representative, { ...reach, service })
}

async function makeRuling(made: Making): Promise<void> {
  const { chance, pairs, people } = made
  const kind = chance.of(RULINGS)
  const { principal, representative } = chance.of(pairs)
  const about = chance.hit(60) ? representative : chance.of(people)
  const named = kind === 'set_guardian' || kind === 'lasting_power_scope' || chance.hit(40)
  const reach = reachOf(made)
  const whole = kind === 'consent' || kind === 'lasting_power_scope'
  const service = whole ? (reach.service ?? chance.of(made.services).id) : reach.service
  const act = { action: reach.action ?? 'sign', object: reach.object ?? 'sak-1' } as const
  await rule(made, kind, principal, named ? about : null, { ...reach, service, ...(kind === 'consent' ? act : {}) })
}

interface Reach {
  readonly service: string | null
  readonly action: Action | null
  readonly object: string | null
}

function reachOf({ chance, services }: Making): Reach {
  const service = chance.of(services)
  return {
    service: chance.hit(75) ? service.id : null,
    action: chance.hit(70) ? null : chance.of(service.actions),
    object: chance.of(OBJECTS),
  }
}

async function rule(
  { db, chance, client }: Making,
  kind: (typeof RULINGS)[number],
  principal: Inhabitant,
  representative: Inhabitant | null,
  reach: Reach,
): Promise<void> {
  const { from, until } = periodOf(chance)
  await db.transaction((tx) =>
    insertRuling(tx, {
      ...{ rulingId: randomUUID(), kind, principal: principal.partyId, ...reach },
      representative: representative?.partyId ?? null,
      ...{ madeBy: { client }, reference: randomUUID() },
      validFrom: from === undefined ? null : new Date(from),
      validUntil: until === undefined ? null : new Date(until),
    }),
  )
}
