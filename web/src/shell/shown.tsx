import type { ReactNode } from 'react'
import { Loading, Refused } from './refused.js'
import type { Loaded } from './use-loaded.js'

interface ShownProps<T> {
  readonly loaded: Loaded<T>
  readonly again: () => void
  readonly children: (value: T) => ReactNode
}

/** What was loaded; until then, that it is on its way, or why it does not come. */
export function Shown<T>({ loaded, again, children }: ShownProps<T>) {
  if (loaded.state === 'here') return children(loaded.value)
  if (loaded.state === 'refused') return <Refused refusal={loaded.refusal} again={again} />
  return <Loading />
}
