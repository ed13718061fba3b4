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
import { type Giving, type Said, keepGiving, keptGiving, said } from './giving-state.js'

interface Context {
  readonly giving: Giving
  readonly say: Dispatch<Said>
  /** The number of the one who is to help: in memory only, and gone after a reload. */
  readonly number: string
  readonly writeNumber: (number: string) => void
  readonly catalogue: Loaded<components['schemas']['CatalogueView']>
  readonly askAgain: () => void
}

const GivingContext = createContext<Context | null>(null)

/** Keeps what is said in the four steps, over reloads and logins too, for each whose mandates are given by itself. */
export function GivingProvider({ children }: { readonly children: ReactNode }) {
  const organisation = useActingFor().organisation?.ref ?? null
  return (
    <GivingOf key={organisation} organisation={organisation}>
      {children}
    </GivingOf>
  )
}

interface GivingOfProps {
  readonly organisation: string | null
  readonly children: ReactNode
}

function GivingOf({ organisation, children }: GivingOfProps) {
  const { language } = useLanguage()
  const [giving, say] = useReducer(said, organisation, keptGiving)
  const [number, writeNumber] = useState('')
  const [catalogue, askAgain] = useLoaded(
    useCallback(
      (signal: AbortSignal) => api.GET('/v1/catalogue', { params: { query: { language } }, signal }),
      [language],
    ),
  )
  useEffect(() => keepGiving(giving, organisation), [giving, organisation])
  const context = useMemo(
    () => ({ giving, say, number, writeNumber, catalogue, askAgain }),
    [giving, number, catalogue, askAgain],
  )
  return <GivingContext value={context}>{children}</GivingContext>
}

export function useGiving(): Context {
  const context = use(GivingContext)
  if (context === null) throw new Error('outside of GivingProvider')
  return context
}
