import { connectFullmakt, type Fullmakt } from '@fullmakt/client'
import { Acting } from './acting.js'
import { type Login, openLogin } from './login.js'
import type { Place } from './place.js'
import { type Session, Sessions } from './sessions.js'

/** What the three examples have in common: a service with a login of its own. They differ in their framework alone. */
export class PensionService {
  readonly sessions = new Sessions()

  private constructor(
    private readonly place: Place,
    private readonly login: Login,
    private readonly fullmakt: Fullmakt,
    /** Asked by the guards, before anything is done on behalf of another. */
    readonly acting: Acting,
  ) {}

  static async open(place: Place): Promise<PensionService> {
    const { fullmakt: issuer, audience, clientId, key } = place
    const events = { onEvent: () => undefined, onFault: (error: unknown) => console.warn(error) }
    const fullmakt = connectFullmakt({ issuer, audience, client: { clientId, key }, events })
    return new PensionService(place, await openLogin(place), fullmakt, new Acting(fullmakt))
  }

  /** Begins a login: the session until then, and where the browser goes. */
  async beginLogin(): Promise<{ readonly session: Session; readonly address: string }> {
    const { address, pending } = await this.login.begin()
    return { session: this.sessions.begin({ pending }), address }
  }

  /** Ends it, asks at once for whom the user may act, and gives a session with a new id. */
  async finishLogin(session: Session, callback: string): Promise<Session> {
    this.sessions.end(session)
    if (session.pending === undefined) throw new Error('no login has begun here')
    const { user, idToken } = await this.login.finish(new URL(callback, this.place.url), session.pending)
    const { actorGrant, representations } = await this.fullmakt.representations(idToken)
    return this.sessions.begin({ acting: { user, actorGrant, representations, tokens: new Map() } })
  }

  /** Only someone from the user's own list can be chosen. Tokens for the one before are forgotten. */
  choose({ acting }: Session, handle: string): void {
    const chosen = acting?.representations.find((one) => one.handle === handle)
    if (acting === undefined || chosen === undefined) return
    acting.chosen = chosen
    acting.tokens.clear()
  }

  async logOut(session: Session): Promise<void> {
    this.sessions.end(session)
    if (session.acting !== undefined) await this.fullmakt.endSession(session.acting.actorGrant)
  }

  /** At the end of the process: what was done and not yet told of is told. */
  async close(): Promise<void> {
    await this.fullmakt.close(5_000)
  }
}
