import { useCallback, useEffect, useState } from 'react'
import { OFFLINE, type Refusal, api, refusalOf } from '../api.js'
import type { components } from '../generated/api.js'
import { useLanguage } from './language.js'

export type ActivityLine = components['schemas']['ActivityLineView']

/** What is asked for. Another object is another question: make it with `useMemo`. */
export interface ActivityOf {
  readonly as: 'principal' | 'actor'
  /** The `ref` of the other one; null for everyone. */
  readonly with: string | null
}

export interface Activity {
  readonly lines: readonly ActivityLine[]
  readonly state: 'loading' | 'here' | 'refused'
  readonly refusal: Refusal | null
  /** Null when all has been shown. */
  readonly more: (() => void) | null
  readonly again: () => void
}

interface Page {
  readonly of: ActivityOf
  readonly lines: readonly ActivityLine[]
  readonly next: string | null
}

/** What was done, latest first, page after page. */
export function useActivity(of: ActivityOf): Activity {
  const { language } = useLanguage()
  const [page, setPage] = useState<Page | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [round, setRound] = useState<{ readonly before: string | null }>({ before: null })
  useEffect(() => setRound({ before: null }), [of, language])
  useEffect(() => {
    const asked = new AbortController()
    const { before } = round
    const query = {
      language,
      as: of.as,
      ...(of.with === null ? {} : { with: of.with }),
      ...(before === null ? {} : { before }),
    }
    api.GET('/v1/me/activity', { params: { query }, signal: asked.signal }).then(
      ({ data, error }) => {
        setRefusal(data === undefined ? refusalOf(error) : null)
        if (data === undefined) return
        setPage((known) => ({
          of,
          lines: before === null ? data.activity : [...(known?.lines ?? []), ...data.activity],
          next: data.next,
        }))
      },
      () => {
        if (!asked.signal.aborted) setRefusal(OFFLINE)
      },
    )
    return () => asked.abort()
  }, [round, of, language])
  const isHere = page !== null && page.of === of
  const next = isHere ? page.next : null
  return {
    lines: isHere ? page.lines : [],
    state: refusal !== null ? 'refused' : isHere ? 'here' : 'loading',
    refusal,
    more: next === null ? null : () => setRound({ before: next }),
    again: useCallback(() => setRound(({ before }) => ({ before })), []),
  }
}
