import { Button, Paragraph } from '@digdir/designsystemet-react'
import type { ReactNode } from 'react'
import { Outlet, useLocation } from 'react-router'
import { OFFLINE } from '../api.js'
import { useLanguage } from './language.js'
import { Loading, Refused } from './refused.js'
import { Screen } from './screen.js'
import { loginAddress, useSession } from './session.js'

/** Stands before the screens that only someone logged in can see. What is on the screen stays when a session ends. */
export function NeedsLogin({ children = <Outlet /> }: { readonly children?: ReactNode }) {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  const session = useSession()
  if (session.state === 'unknown') return <Loading />
  if (session.state === 'unreachable') {
    return (
      <Screen heading={say('shell.title')}>
        <Refused refusal={OFFLINE} again={session.again} />
      </Screen>
    )
  }
  if (session.state === 'somebody' || session.wasSomebody) return children
  return (
    <Screen heading={say('shell.log_in_first')}>
      <Paragraph>{say('shell.log_in_first_why')}</Paragraph>
      <div>
        <Button asChild>
          <a href={loginAddress(`${pathname}${search}`, language)}>{say('shell.log_in')}</a>
        </Button>
      </div>
    </Screen>
  )
}
