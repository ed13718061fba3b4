import type { PartyId } from '../domain/party.js'
import type { NamedParty } from '../store/party-store.js'

/** The party with this id, which must be among them: who is logged in, or is party to a mandate, is known. */
export function partyIn(parties: readonly NamedParty[], partyId: PartyId): NamedParty {
  const party = parties.find((one) => one.partyId === partyId)
  if (party === undefined) throw new Error('a logged-in person is not in the register of parties')
  return party
}
