import { Alert, Button, Select, SkipLink } from '@digdir/designsystemet-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, NavLink, useLocation } from 'react-router'
import type { TextName } from '../generated/text-name.js'
import { ActingForBanner, NoLongerActing, useActingFor } from './acting-for.js'
import { LANGUAGES, type Language, useLanguage } from './language.js'
import { QuickExit } from './quick-exit.js'
import { AFTER_LOGIN, loginAddress, useSession } from './session.js'

/** Each in its own words: who looks for his language does not read the one that is shown. */
const NAMES: Readonly<Record<Language, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
}

/** Where one goes from anywhere, once logged in. */
const PLACES: readonly (readonly [address: string, name: TextName])[] = [
  ['/mine', 'shell.to_mine'],
  ['/for-andre', 'shell.to_for_others'],
  ['/hendelser', 'shell.to_activity'],
  ['/beskjeder', 'notices.heading'],
]

/** What stands around every screen: who is logged in, in which language, and the way out. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { say } = useLanguage()
  const session = useSession()
  const { organisation } = useActingFor()
  return (
    <>
      <SkipLink href="#content">{say('shell.skip_to_content')}</SkipLink>
      <header className="bar">
        <div className="page row">
          <Link to="/" className="title">
            {say('shell.title')}
          </Link>
          <ChooseLanguage />
          {session.state === 'nobody' && <LogIn />}
          <QuickExit />
        </div>
        {session.state === 'somebody' && <WhoIsLoggedIn name={session.person.name} />}
        {session.state === 'somebody' && (
          <nav className="page row" aria-label={say('shell.places')}>
            {PLACES.map(([address, name]) => (
              <NavLink key={address} to={address} end>
                {say(organisation !== null && address === '/mine' ? 'organisation.place' : name)}
              </NavLink>
            ))}
          </nav>
        )}
      </header>
      <ActingForBanner />
      <main id="content" className="page stack" tabIndex={-1}>
        <SessionEnded />
        <NoLongerActing />
        {children}
      </main>
      <footer className="bar">
        <div className="page row">
          <Link to="/hjelp">{say('shell.to_help')}</Link>
          <Link to="/hjelp/tilgjengelighet">{say('shell.to_accessibility')}</Link>
          <a href="/uten-skript">{say('shell.to_simple')}</a>
        </div>
      </footer>
    </>
  )
}

function ChooseLanguage() {
  const { language, say, speak } = useLanguage()
  return (
    <Select
      aria-label={say('shell.choose_language')}
      value={language}
      onChange={({ target }) => speak(target.value as Language)}
      width="auto"
      data-size="sm"
    >
      {LANGUAGES.map((one) => (
        <option key={one} value={one} lang={one}>
          {NAMES[one]}
        </option>
      ))}
    </Select>
  )
}

function LogIn() {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  const returnTo = pathname === '/' ? AFTER_LOGIN : `${pathname}${search}`
  return <a href={loginAddress(returnTo, language)}>{say('shell.log_in')}</a>
}

function WhoIsLoggedIn({ name }: { readonly name: string }) {
  const { say } = useLanguage()
  return (
    <form action="/logout" method="post" className="page row" onSubmit={() => sessionStorage.clear()}>
      <span>{say('shell.logged_in_as', { name })}</span>
      <Button type="submit" variant="tertiary" data-size="sm">
        {say('shell.log_out')}
      </Button>
    </form>
  )
}

/** The session ended while the page was open: what stands on it stays until one has logged in again. */
function SessionEnded() {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  const session = useSession()
  const here = useRef<HTMLDivElement>(null)
  const hasEnded = session.state === 'nobody' && session.wasSomebody
  useEffect(() => {
    if (hasEnded) here.current?.focus()
  }, [hasEnded])
  if (!hasEnded) return null
  return (
    <Alert data-color="warning" role="alert" tabIndex={-1} ref={here}>
      <p>{say('shell.session_ended')}</p>
      <a href={loginAddress(`${pathname}${search}`, language)}>{say('shell.log_in_again')}</a>
    </Alert>
  )
}
