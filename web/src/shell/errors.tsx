import {
  ErrorSummary,
  ErrorSummaryHeading,
  ErrorSummaryItem,
  ErrorSummaryLink,
  ErrorSummaryList,
} from '@digdir/designsystemet-react'
import { type ComponentRef, useEffect, useRef } from 'react'
import { useLanguage } from './language.js'

/** What is missing in a form: the id of the field, and what to do. */
export type FieldErrors = Readonly<Record<string, string>>

/** Everything that is missing, each with the way to its field. Takes the focus at each attempt. */
export function Errors({ errors, attempt }: { readonly errors: FieldErrors; readonly attempt: number }) {
  const { say } = useLanguage()
  const summary = useRef<ComponentRef<typeof ErrorSummary>>(null)
  const all = Object.entries(errors)
  const isThere = all.length > 0
  useEffect(() => {
    if (isThere) summary.current?.focus()
  }, [attempt, isThere])
  if (!isThere) return null
  return (
    <ErrorSummary ref={summary} tabIndex={-1}>
      <ErrorSummaryHeading level={2} data-size="sm">
        {say('shell.something_to_mend')}
      </ErrorSummaryHeading>
      <ErrorSummaryList>
        {all.map(([field, message]) => (
          <ErrorSummaryItem key={field}>
            <ErrorSummaryLink
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault()
                document.getElementById(field)?.focus()
              }}
            >
              {message}
            </ErrorSummaryLink>
          </ErrorSummaryItem>
        ))}
      </ErrorSummaryList>
    </ErrorSummary>
  )
}
