import { Alert, Button, Paragraph, Spinner } from '@digdir/designsystemet-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import type { Refusal } from '../api.js'
import { useActingFor } from './acting-for.js'
import { useLanguage } from './language.js'
import { loginAddress } from './session.js'

interface RefusedProps {
  readonly refusal: Refusal
  readonly again?: (() => void) | undefined
  /** What to do next, where the refusal itself does not say. */
  readonly children?: ReactNode
}

/** Why something did not happen, in the reader's language, and what to do next. Takes the focus. */
export function Refused({ refusal, again, children }: RefusedProps) {
  const { say } = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [refusal])
  return (
    <Alert data-color="warning" ref={place} tabIndex={-1} role="alert" className="stack">
      <Paragraph>{useWhy(refusal)}</Paragraph>
      {children}
      <LogInAgain refusal={refusal} />
      <PerhapsOneself refusal={refusal} />
      {again !== undefined && (
        <Button variant="secondary" onClick={again}>
          {say('shell.try_again')}
        </Button>
      )}
    </Alert>
  )
}

/** The refusal's own words, or ours where nothing came back. */
export function useWhy({ code, title }: Refusal): string {
  const { say } = useLanguage()
  if (code === 'offline') return say('shell.offline')
  return title === '' ? say('shell.something_went_wrong') : title
}

/** A session goes on; only the level is too low. Who is logged out reads so at the top of the page. */
function LogInAgain({ refusal }: { readonly refusal: Refusal }) {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  if (refusal.code !== 'login_level_too_low') return null
  const address = loginAddress(`${pathname}${search}`, language)
  return <a href={`${address}&level=high`}>{say('shell.log_in_again')}</a>
}

/** What is one's own is not found while one acts for an organisation: an address from a notice, say. */
function PerhapsOneself({ refusal }: { readonly refusal: Refusal }) {
  const { say } = useLanguage()
  const { organisation, choose } = useActingFor()
  if (refusal.code !== 'no_such_mandate' || organisation === null) return null
  return (
    <>
      <Paragraph>{say('shell.perhaps_own', { name: organisation.name })}</Paragraph>
      <Button variant="secondary" onClick={() => choose(null)}>
        {say('shell.be_oneself')}
      </Button>
    </>
  )
}

export function Loading() {
  const { say } = useLanguage()
  return (
    <p className="row" role="status">
      <Spinner aria-hidden data-size="sm" />
      {say('shell.loading')}
    </p>
  )
}
