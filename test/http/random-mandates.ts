import { v7 as timeOrderedId } from 'uuid'
import { madeConfirmation } from '../../dev/made-evidence.js'
import { type CatalogueVersion, type Service, findService } from '../../src/domain/catalogue.js'
import { STORED_STATES, type StoredState } from '../../src/domain/mandate.js'
import type { Database } from '../../src/store/database.js'
import {
  type Moment,
  type NewMandate,
  insertChange,
  insertMandate,
  lockMandate,
} from '../../src/store/mandate-store.js'
import type { Chance } from './chance.js'
import type { Inhabitant } from './random-inhabitants.js'

/** What people of a random country have given each other, and passed on. */

export interface Pair {
  readonly principal: Inhabitant
  readonly representative: Inhabitant
}

export interface Giving {
  readonly db: Database
  readonly chance: Chance
  /** The last of them is in force; any can have been when something was given. */
  readonly versions: readonly CatalogueVersion[]
  /** The services that most of it is about. */
  readonly services: readonly Service[]
  readonly people: readonly Inhabitant[]
  /** Given by the principals themselves: each can be passed on from. */
  readonly mandates: Mandate[]
}

interface Mandate extends Pair {
  readonly mandateId: string
  readonly powers: readonly GivenPower[]
}

type GivenPower = NewMandate['powers'][number] & { readonly state: StoredState }

export const OBJECTS = [null, null, null, 'sak-1', 'sak-2']
const DAY = 24 * 3_600_000

export function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY)
}

export async function giveMandate(made: Giving, pair: Pair): Promise<void> {
  const version = versionThen(made)
  const powers = Array.from({ length: 1 + made.chance.below(4) }, () => newPower(made, version))
  const mandateId = await putMandate(made, pair, null, version, powers)
  if (mandateId !== null) made.mandates.push({ ...pair, mandateId, powers })
}

/** What a representative has, or some of it, or something else, to a third person. Null where nothing has been given yet. */
export async function passOn(made: Giving): Promise<Pair | null> {
  const { chance, people, mandates } = made
  if (mandates.length === 0) return null
  const above = chance.of(mandates)
  const version = versionThen(made)
  const third = chance.of(people.filter((one) => one !== above.principal && one !== above.representative))
  const pair = { principal: above.principal, representative: third }
  const powers = above.powers.map((power) =>
    chance.hit(80)
      ? { ...power, powerId: timeOrderedId(), state: stateOf(chance), object: power.object ?? chance.of(OBJECTS) }
      : newPower(made, version),
  )
  const through = { parent: above.mandateId, middle: above.representative.partyId }
  const within = powers.map((power) => ({ ...power, passingOn: false }))
  await putMandate(made, pair, through, version, within)
  return pair
}

function versionThen({ chance, versions }: Giving): CatalogueVersion {
  const inForce = versions.at(-1)
  return inForce !== undefined && chance.hit(20) ? inForce : chance.of(versions)
}

function newPower({ chance, services }: Giving, version: CatalogueVersion): GivenPower {
  const usual = findService(version, chance.of(services).id)
  const service = usual !== undefined && chance.hit(85) ? usual : chance.of(version.services)
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
    passingOn: chance.hit(80),
    state: stateOf(chance),
  }
}

const PERIODS = [[-90, -5] as const, [5, 60] as const]

function stateOf(chance: Chance): StoredState {
  return chance.hit(75) ? 'active' : chance.of(STORED_STATES)
}

const twins = new Set<string>()

/** Null where all of it has been given before, which no one can do twice, or was no service then. */
async function putMandate(
  { db, chance }: Giving,
  { principal, representative }: Pair,
  through: NewMandate['through'],
  version: CatalogueVersion,
  wanted: readonly GivenPower[],
): Promise<string | null> {
  const powers = wanted.filter(({ service, action, provider, object }) => {
    const giver = through?.middle ?? principal.partyId
    const key = [principal.partyId, giver, representative.partyId, service, action, provider, object].join()
    if (findService(version, service) === undefined || twins.has(key)) return false
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
    confirmed: await madeConfirmation(db, through?.middle ?? principal.partyId, '-', version.version),
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
