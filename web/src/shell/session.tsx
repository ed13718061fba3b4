import { type ReactNode, createContext, use, useEffect, useMemo, useState } from 'react'
import { api } from '../api.js'
import type { components } from '../generated/api.js'

type SessionView = components['schemas']['SessionView']

/** Who is logged in: `unknown` until the service has answered, and when it does not. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'nobody' }
  | { readonly state: 'somebody'; readonly person: SessionView }

const Context = createContext<Session>({ state: 'unknown' })

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: 'unknown' })
  useEffect(() => {
    const asked = new AbortController()
    void api
      .GET('/v1/me/session', { signal: asked.signal })
      .then(({ data }) => setSession(data === undefined ? { state: 'nobody' } : { state: 'somebody', person: data }))
      .catch(() => undefined)
    return () => asked.abort()
  }, [])
  return <Context value={useMemo(() => session, [session])}>{children}</Context>
}

export function useSession(): Session {
  return use(Context)
}

/** Where one logs in, and comes back to this very page. */
export function loginAddress(returnTo: string, language: string): string {
  return `/login?${new URLSearchParams({ return_to: returnTo, lang: language }).toString()}`
}
