import { Alert, Button } from '@digdir/designsystemet-react'
import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { type MandatesApi, ORGANISATION_LOST, mandatesApi } from '../api.js'
import type { components } from '../generated/api.js'
import { useLanguage } from './language.js'
import { useSession } from './session.js'

/** Whom one has chosen to act for, by the name that only the viewer knows him by. */
export interface ActingFor extends Readonly<components['schemas']['SeenPartyView']> {
  /** Whether it is an organisation whose mandates one handles: then the pages show those. */
  readonly handled: boolean
}

interface Choice {
  readonly chosen: ActingFor | null
  /** The one whose mandates the pages show; null while they show one's own. */
  readonly organisation: ActingFor | null
  /** Whom one acted for until a moment ago, where the service put an end to it. */
  readonly lost: ActingFor | null
  readonly choose: (party: ActingFor | null) => void
}

const KEPT = 'acting-for'
const Context = createContext<Choice>({ chosen: null, organisation: null, lost: null, choose: () => undefined })

export function ActingForProvider({ children }: { readonly children: ReactNode }) {
  const [chosen, setChosen] = useState<ActingFor | null>(kept)
  const [lost, setLost] = useState<ActingFor | null>(null)
  const choose = useCallback((party: ActingFor | null) => {
    if (party === null) sessionStorage.removeItem(KEPT)
    else sessionStorage.setItem(KEPT, JSON.stringify(party))
    setChosen(party)
    setLost(null)
  }, [])
  const lose = useCallback(() => {
    const party = kept()
    choose(null)
    setLost(party)
  }, [choose])
  const session = useSession()
  const isNobody = session.state === 'nobody' && !session.wasSomebody
  useEffect(() => {
    if (isNobody && kept() !== null) lose()
  }, [isNobody, lose])
  const navigate = useNavigate()
  useEffect(() => {
    const switchBack = (event: Event): void => {
      // One may act for another by now.
      if ((event as CustomEvent<string>).detail !== kept()?.ref) return
      lose()
      // What stood on the page was the organisation's.
      void navigate('/for-andre')
    }
    window.addEventListener(ORGANISATION_LOST, switchBack)
    return () => window.removeEventListener(ORGANISATION_LOST, switchBack)
  }, [lose, navigate])
  const choice = useMemo(
    () => ({ chosen, organisation: chosen?.handled === true ? chosen : null, lost, choose }),
    [chosen, lost, choose],
  )
  return <Context value={choice}>{children}</Context>
}

export function useActingFor(): Choice {
  return use(Context)
}

/** The doors to the mandates that the pages show now: one's own, or the organisation's. */
export function useMandatesApi(): MandatesApi {
  const { organisation } = useActingFor()
  const ref = organisation?.ref ?? null
  return useMemo(() => mandatesApi(ref), [ref])
}

/** Where what was received is listed: an organisation has all of its own in one place. */
export function useReceivedList(): '/mine' | '/for-andre' {
  return useActingFor().organisation === null ? '/for-andre' : '/mine'
}

function kept(): ActingFor | null {
  const text = sessionStorage.getItem(KEPT)
  return text === null ? null : (JSON.parse(text) as ActingFor)
}

/** On every screen while someone is chosen. */
export function ActingForBanner() {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const { chosen, organisation, choose } = useActingFor()
  const { pathname } = useLocation()
  if (chosen === null) return null
  const { name, born_year: year } = chosen
  const who = year === null ? name : say('shell.name_and_year', { name, year })
  const stop = (): void => {
    choose(null)
    // What stood on the page was the organisation's.
    if (organisation !== null) void navigate('/mine', { state: { done: 'done.oneself_again', name } })
  }
  return (
    <aside className="acting" aria-label={say('shell.acting_for_label')}>
      <div className="page row">
        <svg aria-hidden width="20" height="20" viewBox="0 0 24 24" stroke="currentColor" strokeWidth="2" fill="none">
          <path d="M4 8h15m-4-4 4 4-4 4M20 16H5m4-4-4 4 4 4" />
        </svg>
        <strong>{say('shell.acting_for', { who })}</strong>
        {!isOfChosen(pathname, organisation !== null) && <span>{say('shell.page_is_own')}</span>}
        <span className="row">
          <Link to="/for-andre">{say('shell.switch')}</Link>
          <Button variant="tertiary" data-size="sm" onClick={stop}>
            {say('shell.stop_acting')}
          </Button>
        </span>
      </div>
    </aside>
  )
}

/** Every other page shows what is one's own, whoever one acts for: of an organisation there are its mandates. */
function isOfChosen(pathname: string, isOrganisation: boolean): boolean {
  if (!isOrganisation) return pathname === '/for-andre'
  return /^\/($|mine|gi(\/|$)|godta\/(?!handling))/.test(pathname)
}

/** Says that one acts for nobody any more, where the service put an end to it. Takes the focus. */
export function NoLongerActing() {
  const { say } = useLanguage()
  const { lost, choose } = useActingFor()
  const here = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (lost !== null) here.current?.focus()
  }, [lost])
  const session = useSession()
  if (lost === null) return null
  return (
    <Alert data-color="warning" role="alert" tabIndex={-1} ref={here} className="stack">
      <p>{say('shell.no_longer_acting', { name: lost.name })}</p>
      {session.state === 'somebody' && (
        <div className="row">
          <Link to="/mine" onClick={() => choose(null)}>
            {say('shell.to_mine')}
          </Link>
          <Link to="/for-andre" onClick={() => choose(null)}>
            {say('shell.to_for_others')}
          </Link>
        </div>
      )}
    </Alert>
  )
}
