import { Button, Select, SkipLink } from '@digdir/designsystemet-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { LANGUAGES, type Language, useLanguage } from './language.js'
import { loginAddress, useSession } from './session.js'

/** Each in its own words: who looks for his language does not read the one that is shown. */
const NAMES: Readonly<Record<Language, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
}

/** What stands around every screen: who is logged in, in which language, and the way out. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { say } = useLanguage()
  return (
    <>
      <SkipLink href="#content">{say('shell.skip_to_content')}</SkipLink>
      <header className="page row">
        <Link to="/">{say('shell.title')}</Link>
        <ChooseLanguage />
        <WhoIsLoggedIn />
      </header>
      <main id="content" className="page stack" tabIndex={-1}>
        {children}
      </main>
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
    >
      {LANGUAGES.map((one) => (
        <option key={one} value={one} lang={one}>
          {NAMES[one]}
        </option>
      ))}
    </Select>
  )
}

function WhoIsLoggedIn() {
  const { language, say } = useLanguage()
  const { pathname, search } = useLocation()
  const session = useSession()
  if (session.state === 'unknown') return null
  if (session.state === 'nobody') {
    return <a href={loginAddress(`${pathname}${search}`, language)}>{say('shell.log_in')}</a>
  }
  return (
    <form action="/logout" method="post" className="row">
      <span>{say('shell.logged_in_as', { name: session.person.name })}</span>
      <Button type="submit" variant="tertiary">
        {say('shell.log_out')}
      </Button>
    </form>
  )
}
