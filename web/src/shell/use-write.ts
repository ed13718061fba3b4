import { useCallback, useRef, useState } from 'react'
import { OFFLINE, type Refusal, refusalOf } from '../api.js'

interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

export interface Write {
  readonly isSending: boolean
  readonly refusal: Refusal | null
  readonly forget: () => void
}

/**
 * Sends a change once, however often it is asked for. When nothing came back the next try has the same `Idempotency-Key`:
 * what did arrive the first time is answered again and not done again.
 */
export function useWrite<Wanted, T>(
  send: (wanted: Wanted, key: string) => Promise<Answer<T>>,
  done: (value: T) => void,
): [send: (wanted: Wanted) => void, Write] {
  const key = useRef<string | null>(null)
  const under = useRef(false)
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const go = async (wanted: Wanted): Promise<void> => {
    if (under.current) return
    under.current = true
    setSending(true)
    key.current ??= crypto.randomUUID()
    try {
      const { data, error, response } = await send(wanted, key.current)
      if (response.status < 500) key.current = null
      setRefusal(data === undefined ? refusalOf(error) : null)
      if (data !== undefined) done(data)
    } catch {
      setRefusal({ ...OFFLINE })
    } finally {
      under.current = false
      setSending(false)
    }
  }
  return [(wanted) => void go(wanted), { isSending, refusal, forget: useCallback(() => setRefusal(null), []) }]
}
