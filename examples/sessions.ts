import { randomBytes } from 'node:crypto'
import type { ActingUser } from './acting.js'
import type { PendingLogin } from './login.js'

export interface Session {
  readonly id: string
  pending?: PendingLogin
  acting?: ActingUser
}

/** The service's own sessions, by the cookie `service_session`. A real service keeps them where all its instances see them. */
export class Sessions {
  private readonly open = new Map<string, Session>()

  /** The session of a request, by its `Cookie` header. */
  find(cookies: string | undefined): Session | undefined {
    const id = /(?:^|; )service_session=([\w-]+)/.exec(cookies ?? '')?.[1]
    return id === undefined ? undefined : this.open.get(id)
  }

  /** A session with an id that nobody has seen. Each login begins one, so that no one is put into another's. */
  begin(session: Omit<Session, 'id'>): Session {
    const begun = { id: randomBytes(32).toString('base64url'), ...session }
    this.open.set(begun.id, begun)
    return begun
  }

  end({ id }: Session): void {
    this.open.delete(id)
  }
}

/** The `Set-Cookie` header for it. On https `Secure` comes in front. */
export function cookieOf({ id }: Session): string {
  return `service_session=${id}; Path=/; HttpOnly; SameSite=Lax`
}
