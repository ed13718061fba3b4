import { Alert, Button, Paragraph, Spinner } from '@digdir/designsystemet-react'
import { useEffect, useRef } from 'react'
import type { Refusal } from '../api.js'
import { useLanguage } from './language.js'

/** What the service said no to, in its words, and what one can do. Takes the focus. */
export function Refused({ refusal, again }: { readonly refusal: Refusal; readonly again?: () => void }) {
  const { say } = useLanguage()
  const here = useRef<HTMLDivElement>(null)
  useEffect(() => here.current?.focus(), [refusal])
  const words = refusal.code === 'offline' ? say('shell.offline') : refusal.title || say('shell.something_went_wrong')
  return (
    <Alert data-color={refusal.code === 'offline' ? 'warning' : 'danger'} role="alert" tabIndex={-1} ref={here}>
      <Paragraph>{words}</Paragraph>
      {again !== undefined && (
        <Button variant="secondary" onClick={again}>
          {say('shell.try_again')}
        </Button>
      )}
    </Alert>
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
