import type { DelegationToken, User } from '../src/client.js'
import type { ExpressRequest } from '../src/express.js'

/** What a service keeps of its user. */
export interface Session {
  user: User | null
  actorGrant: string
  delegation: DelegationToken | null
}

export type SessionRequest = ExpressRequest & { readonly session: Session }
