import { Paragraph } from '@digdir/designsystemet-react'
import type { ReactNode } from 'react'
import { useLocation } from 'react-router'
import { useLanguage } from './language.js'
import { ScreenHeading } from './screen-heading.js'
import { loginAddress, useSession } from './session.js'

/** The screen for who is logged in; for others the way to log in, and back to it. */
export function SignedInOnly({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  const session = useSession()
  if (session.state === 'somebody') return children
  return (
    <>
      <ScreenHeading>{heading}</ScreenHeading>
      {session.state === 'unknown' ? (
        <Paragraph role="status">{say('shell.loading')}</Paragraph>
      ) : (
        <>
          <Paragraph>{say('shell.log_in_first')}</Paragraph>
          <a className="ds-button" href={loginAddress(`${pathname}${search}`, language)}>
            {say('shell.log_in')}
          </a>
        </>
      )}
    </>
  )
}
