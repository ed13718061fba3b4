import { Button } from '@digdir/designsystemet-react'
import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { components } from '../generated/api.js'
import { useLanguage } from './language.js'
import { useSession } from './session.js'

/** Whom one has chosen to act for, by the name that only the viewer knows him by. */
export type ActingFor = components['schemas']['SeenPartyView']

interface Choice {
  readonly chosen: ActingFor | null
  readonly choose: (party: ActingFor | null) => void
}

const KEPT = 'acting-for'
const Context = createContext<Choice>({ chosen: null, choose: () => undefined })

export function ActingForProvider({ children }: { readonly children: ReactNode }) {
  const [chosen, setChosen] = useState<ActingFor | null>(kept)
  const choose = useCallback((party: ActingFor | null) => {
    if (party === null) sessionStorage.removeItem(KEPT)
    else sessionStorage.setItem(KEPT, JSON.stringify(party))
    setChosen(party)
  }, [])
  const session = useSession()
  const isNobody = session.state === 'nobody' && !session.wasSomebody
  useEffect(() => {
    if (isNobody) choose(null)
  }, [isNobody, choose])
  return <Context value={useMemo(() => ({ chosen, choose }), [chosen, choose])}>{children}</Context>
}

export function useActingFor(): Choice {
  return use(Context)
}

function kept(): ActingFor | null {
  const text = sessionStorage.getItem(KEPT)
  return text === null ? null : (JSON.parse(text) as ActingFor)
}

/** On every screen while someone is chosen. */
export function ActingForBanner() {
  const { say } = useLanguage()
  const { chosen, choose } = useActingFor()
  if (chosen === null) return null
  const { name, born_year: year } = chosen
  const who = year === null ? name : say('shell.name_and_year', { name, year })
  return (
    <aside className="acting" aria-label={say('shell.acting_for_label')}>
      <div className="page row">
        <span aria-hidden>⇄</span>
        <strong>{say('shell.acting_for', { who })}</strong>
        <span className="row">
          <Link to="/for-andre">{say('shell.switch')}</Link>
          <Button variant="tertiary" data-size="sm" onClick={() => choose(null)}>
            {say('shell.stop_acting')}
          </Button>
        </span>
      </div>
    </aside>
  )
}
