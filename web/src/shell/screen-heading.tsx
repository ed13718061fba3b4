import { Heading } from '@digdir/designsystemet-react'
import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { useTitle } from './use-title.js'

/** A screen's heading: names the tab, and takes the focus when one comes from another screen. */
export function ScreenHeading({ children }: { readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()
  const isFirst = useRef(key === 'default')
  useTitle(children)
  useEffect(() => {
    if (!isFirst.current) heading.current?.focus()
  }, [])
  return (
    <Heading level={1} data-size="lg" tabIndex={-1} ref={heading}>
      {children}
    </Heading>
  )
}
