import {
  CallFailed,
  type Fullmakt,
  type Power,
  type Representation,
  TokenRefused,
  type User,
  type VerifiedToken,
} from '@fullmakt/client'

/** Someone who is logged in, and whom he or she acts for. */
export interface ActingUser {
  readonly user: User
  readonly actorGrant: string
  readonly representations: readonly Representation[]
  chosen?: Representation
  /** The last token for each action, used until Fullmakt or its own end says no. */
  readonly tokens: Map<string, string>
}

/** Nobody is acted for here, or not for this: 403. */
export class MayNot extends Error {}

/** What Fullmakt answers where grant and ground give nothing, or not this. Anything else is a fault. */
const GIVES_NOTHING: readonly string[] = ['invalid_request', 'invalid_scope']

/**
 * Makes sure, for each request anew, that the user may do this for the one who was chosen. The token of the last request
 * is checked here, on this machine; when it is over it is renewed by an exchange, which asks Fullmakt. So a session goes
 * on for as long as the actor grant does, and ends within a second of what it stands on.
 */
export class Acting {
  constructor(private readonly fullmakt: Fullmakt) {}

  /** For what can be undone: the last token will do. */
  async forReading(acting: ActingUser, service: string): Promise<VerifiedToken> {
    const power: Power = { service, action: 'read', provider: null, object: null }
    const last = acting.tokens.get(power.action)
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

  /** When it is done: the one represented sees it at Fullmakt. */
  done(represented: VerifiedToken): void {
    this.fullmakt.report(represented, { outcome: 'done' })
  }

  private async anew(acting: ActingUser, power: Power): Promise<VerifiedToken> {
    const { user, actorGrant, chosen, tokens } = acting
    if (chosen === undefined) throw new MayNot('nobody is acted for')
    tokens.delete(power.action)
    try {
      const { handle } = chosen
      const { token } = await this.fullmakt.exchange({ handle, actorGrant, powers: [power], proofKey: null, act: null })
      const verified = await this.check(token, user, power)
      tokens.set(power.action, token)
      return verified
    } catch (error) {
      const isNo = error instanceof CallFailed && GIVES_NOTHING.includes(error.code)
      if (isNo || error instanceof TokenRefused) throw new MayNot(error.message, { cause: error })
      throw error
    }
  }

  private check(token: string, user: User, power: Power): Promise<VerifiedToken> {
    return this.fullmakt.verify(token, { power, user, proof: null, minimumAssurance: 'substantial' })
  }
}
