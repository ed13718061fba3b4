import { useCallback, useState } from 'react'

/** What someone types, kept over reload and login for as long as the tab is open. Never for identity numbers. */
export function useKept(name: string): [text: string, keep: (text: string) => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? '')
  const keep = useCallback(
    (typed: string) => {
      if (typed === '') sessionStorage.removeItem(name)
      else sessionStorage.setItem(name, typed)
      setText(typed)
    },
    [name],
  )
  return [text, keep]
}
