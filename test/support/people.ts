import { addMonths, osloDay } from '../../src/domain/calendar.js'
import { readIdentifier } from '../../src/domain/identifier.js'
import type { PartyId } from '../../src/domain/party.js'
import { findParty } from '../../src/store/party-store.js'
import type { TestService } from './service.js'

/** Someone made for a test, whom the register and the stand-in ID-porten know. */
export interface Someone {
  readonly id: string
  readonly number: string
  readonly partyId: PartyId
}

export async function someone(parts: TestService, bornOn: string, givenName = 'Prøve'): Promise<Someone> {
  const { id, identityNumber } = await parts.people.add({ givenName, familyName: 'Person', bornOn })
  if (identityNumber === null) throw new Error('no one was made')
  return { id, number: identityNumber, partyId: await partyOfPerson(parts, identityNumber) }
}

/** Whose number this is. */
export async function partyOfPerson({ database }: Pick<TestService, 'database'>, number: string): Promise<PartyId> {
  const identifier = readIdentifier(number, 'synthetic')
  const partyId = typeof identifier === 'string' ? null : await findParty(database, identifier)
  if (partyId === null) throw new Error('no one has this number')
  return partyId
}

/** Born so many years ago yesterday or a month before: of that age all of today. */
export function yearsAgo(years: number): string {
  return addMonths(osloDay(new Date()), -12 * years - 1)
}
