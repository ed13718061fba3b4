import { v7 as timeOrderedId } from 'uuid'
import type { SyntheticMandateCase, SyntheticPerson } from '../standins/people.js'
import { addDays, addMonths, osloDay, startOfDay } from '../src/domain/calendar.js'
import { type Action, type CatalogueVersion, findService } from '../src/domain/catalogue.js'
import { readIdentifier } from '../src/domain/identifier.js'
import type { PartyId } from '../src/domain/party.js'
import type { Database, Transaction } from '../src/store/database.js'
import { type Moment, insertChange, insertMandate } from '../src/store/mandate-store.js'
import { confirmRegisterFresh, ensureParty, findParty, recordPartyFacts } from '../src/store/party-store.js'
import { madeConfirmation } from './made-evidence.js'

/** The name under which facts of the synthetic people are kept. */
export const SYNTHETIC_REGISTER = 'synthetic'

/** Tells our registers of a synthetic person. */
export async function recordPerson(db: Database, person: SyntheticPerson): Promise<PartyId> {
  const identifier = readIdentifier(person.identityNumber, 'synthetic')
  if (typeof identifier === 'string') throw new Error(`${person.id} has no synthetic number: ${identifier}`)
  const partyId = await ensureParty(db, identifier)
  await recordPartyFacts(db, partyId, {
    source: SYNTHETIC_REGISTER,
    name: `${person.givenName} ${person.familyName}`,
    familyName: person.familyName,
    bornOn: person.bornOn,
    diedOn: person.diedOn,
    ceased: false,
    protectedAddress: person.protectedAddress,
    capacityLost: [],
    residences: [],
  })
  return partyId
}

/** Says now, and every minute from now on, that the synthetic register is up to date. Returns what stops it. */
export async function keepRegisterFresh(db: Database): Promise<() => void> {
  await confirmRegisterFresh(db, SYNTHETIC_REGISTER)
  const timer = setInterval(() => void confirmRegisterFresh(db, SYNTHETIC_REGISTER).catch(() => undefined), 60_000)
  return () => clearInterval(timer)
}

/**
 * Gives the mandates of the cases, each as if it had been given in the pages some time ago. A case between two who have
 * had a mandate before, or whose people the register does not know, is left out: testers may have changed it.
 */
export async function giveMandates(
  db: Database,
  cases: readonly SyntheticMandateCase[],
  catalogue: CatalogueVersion,
): Promise<void> {
  for (const one of cases) {
    const principal = await partyOf(db, one.principal)
    const representative = await partyOf(db, one.representative)
    const known = await db.query(
      {
        name: 'dev_known_mandate',
        text: `select from mandate_power where principal = $1 and representative = $2 and service_id = $3 limit 1`,
      },
      [principal, representative, one.service],
    )
    if (known.length === 0) {
      await db.transaction((tx) => giveOne(tx, one, principal, representative, catalogue))
    }
  }
}

async function partyOf(db: Database, identityNumber: string): Promise<PartyId> {
  const identifier = readIdentifier(identityNumber, 'synthetic')
  const partyId = typeof identifier === 'string' ? null : await findParty(db, identifier)
  if (partyId === null) throw new Error('a mandate case names someone whom the register does not know')
  return partyId
}

async function giveOne(
  tx: Transaction,
  { service: serviceId, actions, situation }: SyntheticMandateCase,
  principal: PartyId,
  representative: PartyId,
  catalogue: CatalogueVersion,
): Promise<void> {
  const service = findService(catalogue, serviceId)
  if (service === undefined) throw new Error(`the catalogue has no ${serviceId}`)
  const now = new Date()
  const today = osloDay(now)
  const begins = situation === 'starts_next_month' ? addMonths(today, 1) : addDays(today, -90)
  const ends = situation === 'expires_tomorrow' ? addDays(today, 2) : addMonths(today, 9)
  const validUntil = startOfDay(ends)
  const mandateId = timeOrderedId()
  const powers = actions.map((action) => ({
    powerId: timeOrderedId(),
    service: serviceId,
    action: action as Action,
    provider: null,
    object: null,
    passingOn: false,
    validFrom: startOfDay(begins),
    validUntil,
  }))
  const text = `${service.name.nb}: ${actions.join(', ')}`
  await insertMandate(tx, {
    mandateId,
    principal,
    representative,
    through: null,
    state: situation === 'offered' ? 'offered' : 'active',
    answerBy: situation === 'offered' ? new Date(now.getTime() + 20 * 86_400_000) : null,
    givenAt: momentOf(new Date(now.getTime() - 10 * 86_400_000)),
    confirmed: await madeConfirmation(tx, principal, text, catalogue.version),
    powers,
  })
  if (situation !== 'frozen' && situation !== 'ended_yesterday') return
  const state = situation === 'frozen' ? 'frozen' : 'ended'
  await insertChange(
    tx,
    {
      mandateId,
      change: state,
      madeBy: principal,
      madeAt: momentOf(new Date(now.getTime() - 86_400_000)),
      reason: null,
      confirmed: null,
    },
    powers.map(({ powerId }) => ({ powerId, state, validUntil })),
  )
}

function momentOf(instant: Date): Moment {
  return instant.toISOString() as Moment
}
