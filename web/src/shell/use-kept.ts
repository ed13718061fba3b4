import { useCallback, useState } from 'react'

/** Whether eleven digits stand together in a text, in groups or not. */
export function mayHoldNumber(text: string): boolean {
  return /\d(?:[\s.-]?\d){10}/.test(text)
}

type Kept = [text: string, keep: (text: string) => void]

/** What someone types, kept over reload and login for as long as the tab is open; but for what may be an identity number. */
export function useKept(name: string): Kept {
  const [text, keepId] = useKeptId(name)
  const [unkept, setUnkept] = useState('')
  const keep = useCallback(
    (typed: string) => {
      const isUnkept = mayHoldNumber(typed)
      keepId(isUnkept ? '' : typed)
      setUnkept(isUnkept ? typed : '')
    },
    [keepId],
  )
  return [unkept === '' ? text : unkept, keep]
}

/** Identifiers, kept as long: nobody typed them, and one in twenty random ones looks like an identity number. */
export function useKeptId(name: string): Kept {
  const [id, setId] = useState(() => sessionStorage.getItem(name) ?? '')
  const keep = useCallback(
    (made: string) => {
      if (made === '') sessionStorage.removeItem(name)
      else sessionStorage.setItem(name, made)
      setId(made)
    },
    [name],
  )
  return [id, keep]
}
