import { v7 as timeOrderedId } from 'uuid'
import { madeConfirmation } from '../../dev/made-evidence.js'
import type { Power } from '../../src/domain/mandate.js'
import type { PartyId } from '../../src/domain/party.js'
import { publishCatalogue } from '../../src/store/catalogue-store.js'
import { type Database, type Queryable, type Transaction, statement } from '../../src/store/database.js'
import {
  type Change,
  type ConfirmedText,
  type NewMandate,
  type Through,
  clock,
  insertChange,
  insertMandate,
  lockMandate,
} from '../../src/store/mandate-store.js'
import { confirmRegisterFresh, ensureParty, recordPartyFacts } from '../../src/store/party-store.js'
import { CATALOGUE } from '../support/catalogue.js'

/** What the tests of the store begin with. */

export const REGISTER = 'folkeregisteret'
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A catalogue and a register that has just told. */
export async function furnish(db: Database): Promise<void> {
  await publishCatalogue(db, CATALOGUE)
  await confirmRegisterFresh(db, REGISTER)
}

let people = 0

/** Someone new, of whom the register has told. */
export async function newPerson(db: Database, name = 'Kari'): Promise<PartyId> {
  const partyId = await ensureParty(db, { scheme: 'eidas', value: `NO/NO/${process.pid}-${++people}` })
  await recordPartyFacts(db, partyId, {
    source: REGISTER,
    name: `${name} Nordmann`,
    familyName: 'Nordmann',
    bornOn: '1950-05-17',
    diedOn: null,
    protectedAddress: false,
    ceased: false,
    capacityLost: [],
    residences: [],
  })
  return partyId
}

/** What a change that gives something is confirmed with; null for the others. */
export function confirmedFor(db: Queryable, change: Change, by: PartyId): Promise<ConfirmedText | null> {
  const gives = change === 'given' || change === 'accepted' || change === 'extended'
  return gives ? madeConfirmation(db, by, 'Kari gir Ola fullmakt.', 1) : Promise.resolve(null)
}

export const SEE_PENSION: Power = { service: 'nav.pension', action: 'read', provider: null, object: null }

export interface Wish {
  readonly principal: PartyId
  readonly representative: PartyId
  readonly state?: NewMandate['state']
  readonly answerBy?: Date | null
  /** By default one power, to see a pension. */
  readonly powers?: readonly (Partial<Power> & { readonly passingOn?: boolean })[]
  readonly through?: Through
  /** By default from an hour ago until thirty days from now. */
  readonly validFrom?: Date
  readonly validUntil?: Date
}

export interface Given {
  readonly mandateId: string
  readonly powerIds: readonly string[]
}

/** Gives a mandate, in a transaction of its own. */
export async function give(db: Database, wish: Wish): Promise<Given> {
  const given = await newMandate(db, wish)
  await db.transaction((tx) => insertMandate(tx, given))
  return { mandateId: given.mandateId, powerIds: given.powers.map(({ powerId }) => powerId) }
}

/** A mandate that is about to be given. */
export async function newMandate(db: Queryable, wish: Wish): Promise<NewMandate> {
  const { moment, instant } = await clock(db)
  const validFrom = wish.validFrom ?? new Date(instant.getTime() - HOUR)
  const validUntil = wish.validUntil ?? new Date(instant.getTime() + 30 * DAY)
  return {
    mandateId: timeOrderedId(),
    principal: wish.principal,
    representative: wish.representative,
    through: wish.through ?? null,
    state: wish.state ?? 'active',
    answerBy: wish.answerBy ?? null,
    givenAt: moment,
    confirmed: await madeConfirmation(db, wish.through?.middle ?? wish.principal, 'Kari gir Ola fullmakt.', 1),
    powers: (wish.powers ?? [{}]).map((power) => ({
      ...SEE_PENSION,
      passingOn: false,
      ...power,
      powerId: timeOrderedId(),
      validFrom,
      validUntil,
    })),
  }
}

/** Runs one SQL text as it stands. */
export function sql<Row>(db: Queryable, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return db.query(statement('', text), values)
}

/**
 * Lets `first` do its work, then starts `second`, then commits the first: whatever the second one needs of the first it
 * has to wait for. Tells what the second one gave.
 */
export async function overtaken<T>(
  db: Database,
  first: (tx: Transaction) => Promise<unknown>,
  second: () => Promise<T>,
): Promise<T> {
  let started: Promise<T> | undefined
  await db.transaction(async (tx) => {
    await first(tx)
    started = second()
    await sql(tx, 'select pg_sleep(0.1)')
  })
  if (started === undefined) throw new Error('the second was not started')
  return started
}

/** Turns every power of the mandate to this state, in the open transaction. */
export async function turn(tx: Transaction, mandateId: string, change: 'frozen' | 'ended'): Promise<void> {
  const locked = await lockMandate(tx, mandateId)
  if (locked === null) throw new Error('there is no such mandate')
  const powers = locked.powers.map(({ powerId, validUntil }) => ({ powerId, validUntil, state: change }))
  const made = { mandateId, change, madeBy: locked.principal, madeAt: locked.moment, reason: null, confirmed: null }
  await insertChange(tx, made, powers)
}
