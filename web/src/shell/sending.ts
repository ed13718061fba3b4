import { useRef, useState } from 'react'
import { OFFLINE, type Refusal, refusalOf } from '../api.js'

interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
}

export interface Sending<T> {
  readonly isSending: boolean
  readonly refusal: Refusal | null
  /** Sends, unless it is on its way already; the answer, or null where it was refused. */
  readonly send: (ask: () => Promise<Answer<T>>) => Promise<T | null>
  readonly forget: () => void
}

/**
 * One request at a time, however often one clicks, and what became of the last. A refusal stands until the next answer:
 * would it go when one presses again, everything would move, and a second press would hit something else.
 */
export function useSending<T>(): Sending<T> {
  const underWay = useRef(false)
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  async function send(ask: () => Promise<Answer<T>>): Promise<T | null> {
    if (underWay.current) return null
    underWay.current = true
    setSending(true)
    try {
      const { data, error } = await ask()
      setRefusal(data === undefined ? refusalOf(error) : null)
      return data ?? null
    } catch {
      // Another one each time: it is told each time.
      setRefusal({ ...OFFLINE })
      return null
    } finally {
      underWay.current = false
      setSending(false)
    }
  }
  return { isSending, refusal, send, forget: () => setRefusal(null) }
}
