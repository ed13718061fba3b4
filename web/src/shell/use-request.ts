import { useCallback } from 'react'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { today } from './dates.js'
import { type Language, useLanguage } from './language.js'
import { type Loaded, useLoaded } from './use-loaded.js'

/** Someone asks for a fullmakt. */
export type Request = components['schemas']['RequestView']

/** One request as it stands. */
export function useRequest(requestId: string): [Loaded<Request>, again: () => void] {
  const { language } = useLanguage()
  return useLoaded(
    useCallback(
      (signal: AbortSignal) =>
        api.GET('/v1/me/requests/{requestId}', { params: { path: { requestId }, query: { language } }, signal }),
      [requestId, language],
    ),
  )
}

/** Those that one has made, or those that one is asked by, latest first. */
export function useRequests(role: 'helper' | 'asked'): [Loaded<readonly Request[]>, again: () => void] {
  const { language } = useLanguage()
  return useLoaded(
    useCallback(
      async (signal: AbortSignal) => {
        const { data, error } = await allRequests(language, signal)
        return data === undefined ? { error } : { data: data.filter(({ your_role }) => your_role === role) }
      },
      [language, role],
    ),
  )
}

async function allRequests(
  language: Language,
  signal: AbortSignal,
): Promise<{ readonly data?: readonly Request[]; readonly error?: unknown }> {
  const requests: Request[] = []
  let before: string | null = null
  do {
    const query: { language: Language; before?: string } = before === null ? { language } : { language, before }
    const { data, error } = await api.GET('/v1/me/requests', { params: { query }, signal })
    if (data === undefined) return { error }
    requests.push(...data.requests)
    before = data.next
  } while (before !== null)
  return { data: requests }
}

/** Whether the one who is asked can say yes: it waits, and the time that was asked for is not over. */
export function canBeApproved({ state, your_role: role, until }: Request): boolean {
  return state === 'open' && role === 'asked' && until >= today()
}
