import { useCallback, useEffect, useState } from 'react'
import { OFFLINE, type Refusal, refusalOf } from '../api.js'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'here'; readonly value: T }

interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
}

/**
 * What the service answers to a question, asked when the screen is shown and again at `again`. What is here stays on the
 * screen while it is asked for again.
 *
 * @param ask made with `useCallback`: another function is another question.
 */
export function useLoaded<T>(ask: (signal: AbortSignal) => Promise<Answer<T>>): [Loaded<T>, again: () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const asked = new AbortController()
    ask(asked.signal).then(
      ({ data, error }) =>
        setLoaded(
          data === undefined ? { state: 'refused', refusal: refusalOf(error) } : { state: 'here', value: data },
        ),
      () => {
        if (!asked.signal.aborted) setLoaded({ state: 'refused', refusal: OFFLINE })
      },
    )
    return () => asked.abort()
  }, [ask, round])
  return [loaded, useCallback(() => setRound((before) => before + 1), [])]
}
