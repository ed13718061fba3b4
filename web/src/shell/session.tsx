import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import { LOGGED_OUT, api } from '../api.js'
import type { components } from '../generated/api.js'

type SessionView = components['schemas']['SessionView']

/** Who is logged in: `unknown` until the service has answered. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'unreachable'; readonly again: () => void }
  /** `wasSomebody` when the session ended while its pages were open. */
  | { readonly state: 'nobody'; readonly wasSomebody: boolean }
  | { readonly state: 'somebody'; readonly person: SessionView }

const Context = createContext<Session>({ state: 'unknown' })

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: 'unknown' })
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((before) => before + 1), [])
  useEffect(() => {
    const asked = new AbortController()
    api.GET('/v1/me/session', { signal: asked.signal }).then(
      ({ data, response }) => {
        if (data !== undefined) {
          if (forgetOther(data.ref)) window.location.reload()
          else setSession({ state: 'somebody', person: data })
        } else
          setSession(
            response.status === 401 ? { state: 'nobody', wasSomebody: false } : { state: 'unreachable', again },
          )
      },
      () => {
        if (!asked.signal.aborted) setSession({ state: 'unreachable', again })
      },
    )
    return () => asked.abort()
  }, [round, again])
  useEffect(() => {
    const loggedOut = (): void =>
      setSession((before) => (before.state === 'somebody' ? { state: 'nobody', wasSomebody: true } : before))
    window.addEventListener(LOGGED_OUT, loggedOut)
    return () => window.removeEventListener(LOGGED_OUT, loggedOut)
  }, [])
  return <Context value={useMemo(() => session, [session])}>{children}</Context>
}

const KEPT_FOR = 'kept-for'

/** Forgets what someone else has typed in this tab; tells whether there was someone else. */
function forgetOther(person: string): boolean {
  const before = sessionStorage.getItem(KEPT_FOR)
  const isOther = before !== null && before !== person
  if (isOther) sessionStorage.clear()
  sessionStorage.setItem(KEPT_FOR, person)
  return isOther
}

export function useSession(): Session {
  return use(Context)
}

/** Where one comes to who has logged in on the front page: whom he wants to act for, unless there is nobody but himself. */
export const AFTER_LOGIN = '/for-andre?etter=innlogging'

/** Where one logs in, and comes back to this very page. */
export function loginAddress(returnTo: string, language: string): string {
  return `/login?${new URLSearchParams({ return_to: returnTo, lang: language }).toString()}`
}
