import { useCallback, useState } from 'react'

/** Whether eleven digits stand together in a text, in groups or not. */
export function mayHoldNumber(text: string): boolean {
  return /\d(?:[\s.-]?\d){10}/.test(text)
}

/** What someone types, kept over reload and login for as long as the tab is open; but for what may be an identity number. */
export function useKept(name: string): [text: string, keep: (text: string) => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? '')
  const keep = useCallback(
    (typed: string) => {
      if (typed === '' || mayHoldNumber(typed)) sessionStorage.removeItem(name)
      else sessionStorage.setItem(name, typed)
      setText(typed)
    },
    [name],
  )
  return [text, keep]
}
