import type { Day } from './calendar.js'

/** Opaque, never shown outside: outside a party is known by a number, or by a handle bound to one client. */
export type PartyId = string & { readonly brand: 'PartyId' }

/** `unknown`: the register names a field that we do not know, so it counts for every one. */
export const CAPACITY_FIELDS = ['economic', 'personal', 'unknown'] as const
export type CapacityField = (typeof CAPACITY_FIELDS)[number]

/** What the registers say of a party, as far as a decision needs it. */
export interface Party {
  readonly partyId: PartyId
  readonly kind: 'person' | 'organisation'
  /** From the register, never from the number; null where the register has not told us. */
  readonly bornOn: Day | null
  readonly diedOn: Day | null
  /** The register has closed the number for good (`opphoert`), or struck the organisation off: nobody acts as it or for it. */
  readonly ceased: boolean
  readonly protectedAddress: boolean
  /** Fields in which a court has taken the legal capacity away (`rettsligHandleevne`). */
  readonly capacityLost: readonly CapacityField[]
  /** Opaque keys of where the person is registered as living: one, or two for a child with a shared residence. */
  readonly residences: readonly string[]
  /** When the register that says this was last known to be complete; null for a party that no register has told us of. */
  readonly factsFreshAt: Date | null
}

/** The logged-in human of one request: made once from the verified login, frozen, and passed as an argument. */
export interface Actor {
  readonly partyId: PartyId
  readonly login: Login
}

/**
 * Who handles mandates, and whose they are: the human, and the party that he does it for. He himself, or an organisation in
 * which he has a role that lets him (`mandates/acting.ts`).
 */
export interface Acting {
  readonly actor: Actor
  readonly party: PartyId
}

/** Who handles what is his own. */
export function forOneself(actor: Actor): Acting {
  return { actor, party: actor.partyId }
}

/** The organisation that he acts for; null where he acts for himself. */
export function organisationOf({ actor, party }: Acting): PartyId | null {
  return party === actor.partyId ? null : party
}

/**
 * What the person is logged in as, fixed by whoever says so of the login: himself, or someone at work for an organisation,
 * null where none is known by that name. A private login never uses what an employer has told, a work login nothing else.
 */
export type LoginContext =
  { readonly kind: 'private' } | { readonly kind: 'work'; readonly organisation: PartyId | null }

export const PRIVATE: LoginContext = { kind: 'private' }

/** The context of a login at work for this organisation; of a private one where there is none. */
export function contextOf(worksFor: PartyId | null): LoginContext {
  return worksFor === null ? PRIVATE : { kind: 'work', organisation: worksFor }
}

/** How and when the actor logged in, and who says so. */
export interface Login {
  readonly level: 'low' | 'substantial' | 'high'
  /** Null where the asking service did not tell. */
  readonly authenticatedAt: Date | null
  /** `asserted`: the authenticated service says so. `login_token`: we have checked the identity provider's own token. */
  readonly proof: 'asserted' | 'login_token'
}
