import type { Day } from './calendar.js'

/** Opaque, never shown outside: outside a party is known by a number, or by a handle bound to one client. */
export type PartyId = string & { readonly brand: 'PartyId' }

/** What the registers say of a party, as far as a decision needs it. */
export interface Party {
  readonly partyId: PartyId
  readonly kind: 'person' | 'organisation'
  /** From the register, never from the number; null where the register has not told us. */
  readonly bornOn: Day | null
  readonly diedOn: Day | null
  readonly protectedAddress: boolean
  /** When the register that says this was last known to be complete; null for a party that no register has told us of. */
  readonly factsFreshAt: Date | null
}

/** The logged-in human of one request: made once from the verified login, frozen, and passed as an argument. */
export interface Actor {
  readonly partyId: PartyId
  readonly login: Login
}

/** How and when the actor logged in, and who says so. */
export interface Login {
  readonly level: 'low' | 'substantial' | 'high'
  /** Null where the asking service did not tell. */
  readonly authenticatedAt: Date | null
  /** `asserted`: the authenticated service says so. `login_token`: we have checked the identity provider's own token. */
  readonly proof: 'asserted' | 'login_token'
}
