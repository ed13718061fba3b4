import { Alert, Heading } from '@digdir/designsystemet-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { useTitle } from './use-title.js'

interface Props {
  readonly heading: string
  /** What the browser's tab and history call it, where that must be something else. */
  readonly title?: string
  /** What has just been done. It is what one reads first. */
  readonly message?: ReactNode
  readonly children?: ReactNode
}

/** One screen: its heading, and the focus on it for whoever comes from another one. */
export function Screen({ heading, title = heading, message, children }: Props) {
  useTitle(title)
  const { key } = useLocation()
  const first = useRef<HTMLHeadingElement>(null)
  const told = useRef<HTMLDivElement>(null)
  const isTold = message !== undefined && message !== null
  useEffect(() => {
    if (isTold) told.current?.focus()
    else if (key !== 'default') first.current?.focus()
  }, [key, isTold])
  return (
    <>
      <Heading level={1} data-size="lg" tabIndex={-1} ref={first}>
        {heading}
      </Heading>
      {isTold && (
        <Alert data-color="success" role="status" tabIndex={-1} ref={told}>
          {message}
        </Alert>
      )}
      {children}
    </>
  )
}
