import {
  type Power,
  remoteKeys,
  remoteStatuses,
  type StatusSource,
  TokenRefused,
  type User,
  type VerifiedToken,
  verify,
} from '@fullmakt/client'
import { type Fullmakt, NoToken, type Representation } from './fullmakt.js'
import type { Place } from './place.js'

/** Someone who is logged in, and whom he or she acts for. */
export interface ActingUser {
  readonly user: User
  readonly actorGrant: string
  readonly representations: readonly Representation[]
  chosen?: Representation
  /** The last token for each scope, used until Fullmakt or its own end says no. */
  readonly tokens: Map<string, string>
}

/** Nobody is acted for here, or not for this: 403. */
export class MayNot extends Error {}

/**
 * Makes sure, for each request anew, that the user may do this for the one who was chosen. The token of the last request
 * is checked here, on this machine; when it is over it is renewed by an exchange, which asks Fullmakt. So a session goes
 * on for as long as the actor grant does, and ends within seconds of what it stands on.
 */
export class Acting {
  private readonly keys
  private readonly statuses

  constructor(
    private readonly place: Place,
    private readonly fullmakt: Fullmakt,
    statuses?: StatusSource,
  ) {
    this.keys = remoteKeys(new URL('/jwks', place.fullmakt))
    this.statuses = statuses ?? remoteStatuses(place.fullmakt, this.keys)
  }

  /** For what can be undone: the last token will do. */
  async forReading(acting: ActingUser, service: string): Promise<VerifiedToken> {
    const power: Power = { service, action: 'read', provider: null, object: null }
    const last = acting.tokens.get(scopeOf(power))
    if (last === undefined) return this.anew(acting, power)
    try {
      return await this.check(last, acting.user, power)
    } catch (error) {
      // Whatever was wrong with the old token, a new one tells how things stand.
      if (error instanceof TokenRefused) return this.anew(acting, power)
      throw error
    }
  }

  /** For what cannot be undone: a token of this moment. */
  forSending(acting: ActingUser, service: string): Promise<VerifiedToken> {
    return this.anew(acting, { service, action: 'write', provider: null, object: null })
  }

  private async anew(acting: ActingUser, power: Power): Promise<VerifiedToken> {
    if (acting.chosen === undefined) throw new MayNot('nobody is acted for')
    const scope = scopeOf(power)
    acting.tokens.delete(scope)
    try {
      const token = await this.fullmakt.exchange(acting.chosen.handle, acting.actorGrant, scope)
      const verified = await this.check(token, acting.user, power)
      acting.tokens.set(scope, token)
      return verified
    } catch (error) {
      if (error instanceof NoToken || error instanceof TokenRefused) throw new MayNot(error.message, { cause: error })
      throw error
    }
  }

  private check(token: string, user: User, power: Power): Promise<VerifiedToken> {
    return verify(token, {
      keys: this.keys,
      statuses: this.statuses,
      issuer: this.place.fullmakt,
      audience: this.place.audience,
      now: new Date(),
      power,
      user,
      proof: null,
      introspect: null,
      minimumAssurance: 'substantial',
    })
  }
}

function scopeOf({ service, action }: Power): string {
  return `${service}.${action}`
}
