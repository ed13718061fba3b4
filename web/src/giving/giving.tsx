import {
  type Dispatch,
  type ReactNode,
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useState,
} from 'react'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { useActingFor } from '../shell/acting-for.js'
import { useLanguage } from '../shell/language.js'
import { type Loaded, useLoaded } from '../shell/use-loaded.js'
import { type Giving, type Purpose, type Said, keepGiving, keptGiving, said } from './giving-state.js'

interface Context {
  readonly purpose: Purpose
  readonly giving: Giving
  readonly say: Dispatch<Said>
  /** The number of the other one: in memory only, and gone after a reload. */
  readonly number: string
  readonly writeNumber: (number: string) => void
  readonly catalogue: Loaded<components['schemas']['CatalogueView']>
  readonly askAgain: () => void
}

const GivingContext = createContext<Context | null>(null)

interface GivingProps {
  readonly purpose: Purpose
  readonly children: ReactNode
}

/**
 * Keeps what is said in the four steps, over reloads and logins too. What is given for an organisation is never mixed with
 * what is one's own; one asks for oneself only.
 */
export function GivingProvider({ purpose, children }: GivingProps) {
  const { organisation } = useActingFor()
  const place = organisation === null || purpose === 'asking' ? purpose : `${purpose} ${organisation.ref}`
  return (
    <GivingKept key={place} {...{ purpose, place }}>
      {children}
    </GivingKept>
  )
}

interface GivingKeptProps extends GivingProps {
  readonly place: string
}

function GivingKept({ purpose, place, children }: GivingKeptProps) {
  const { language } = useLanguage()
  const [giving, say] = useReducer(said, place, keptGiving)
  const [number, writeNumber] = useState('')
  const [catalogue, askAgain] = useLoaded(
    useCallback(
      (signal: AbortSignal) => api.GET('/v1/catalogue', { params: { query: { language } }, signal }),
      [language],
    ),
  )
  useEffect(() => keepGiving(place, giving), [place, giving])
  const context = useMemo(
    () => ({ purpose, giving, say, number, writeNumber, catalogue, askAgain }),
    [purpose, giving, number, catalogue, askAgain],
  )
  return <GivingContext value={context}>{children}</GivingContext>
}

export function useGiving(): Context {
  const context = use(GivingContext)
  if (context === null) throw new Error('outside of GivingProvider')
  return context
}
