import { useCallback, useState } from 'react'

const KEPT = 'favourites'

/** Whom one wants to see first, by the names that only this viewer has for them. Kept in this browser and nowhere else. */
export function useFavourites(): [favourites: readonly string[], toggle: (ref: string) => void] {
  const [favourites, setFavourites] = useState<readonly string[]>(kept)
  const toggle = useCallback(
    (ref: string) =>
      setFavourites((before) => {
        const after = before.includes(ref) ? before.filter((one) => one !== ref) : [...before, ref]
        localStorage.setItem(KEPT, after.join(' '))
        return after
      }),
    [],
  )
  return [favourites, toggle]
}

function kept(): readonly string[] {
  return (localStorage.getItem(KEPT) ?? '').split(' ').filter((ref) => ref !== '')
}
