import { syntheticIdentityNumber } from '../../standins/people.js'
import { addDays, addMonths, osloDay } from '../../src/domain/calendar.js'
import { hasValidCheckDigit, readIdentifier } from '../../src/domain/identifier.js'
import { CAPACITY_FIELDS, type PartyId } from '../../src/domain/party.js'
import type { Database } from '../../src/store/database.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { sql } from '../store/given.js'
import type { Chance } from './chance.js'

/** People and organisations of a random country, and the registers that tell of them. */

export interface Inhabitant {
  /** `person 3`: what a failure calls him, and his name in the register. */
  readonly name: string
  readonly kind: 'person' | 'organisation'
  readonly number: string
  readonly partyId: PartyId
}

/** How old the word of each register is: all services, some, or none of them still take it. */
const REGISTERS = { now: 0, hours: 8, day: 30, days: 90 } as const
/** The first so many people of a country are children. */
export const CHILDREN = 3
const AGES_OF_CHILDREN = [8, 11, 12, 13, 15, 16, 17]
const AGES = [17, 19, 40, 40, 40, 40, 80]
const HOMES = ['a', 'b']

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

/** Mostly one that is up to date. */
export function registerOf(chance: Chance): string {
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

export async function makePerson(db: Database, chance: Chance, place: number): Promise<Inhabitant> {
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

export async function makeOrganisation(db: Database, chance: Chance): Promise<Inhabitant> {
  const number = newOrganisationNumber()
  const partyId = await ensureParty(db, { scheme: 'orgnr', value: number })
  const name = 'organisation'
  const none = { familyName: null, bornOn: null, diedOn: null, protectedAddress: false, capacityLost: [] }
  const source = registerOf(chance)
  await recordPartyFacts(db, partyId, { source, name, ...none, ceased: chance.hit(5), residences: [] })
  return { name, kind: 'organisation', number, partyId }
}
