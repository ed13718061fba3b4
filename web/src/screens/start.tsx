import { Heading, Paragraph } from '@digdir/designsystemet-react'
import { Link } from 'react-router'
import { useLanguage } from '../shell/language.js'
import { useTitle } from '../shell/use-title.js'

/** C1: one sentence and three doors. */
export function Start() {
  const { say } = useLanguage()
  useTitle(say('start.heading'))
  return (
    <>
      <Heading level={1} data-size="lg">
        {say('start.heading')}
      </Heading>
      <Paragraph data-size="lg">{say('start.lead')}</Paragraph>
      <nav className="stack">
        <Link to="/gi">{say('start.give')}</Link>
        <Link to="/be-om">{say('start.ask')}</Link>
        <Link to="/mine">{say('start.see')}</Link>
        <Link to="/hjelp">{say('start.unsure')}</Link>
      </nav>
    </>
  )
}
