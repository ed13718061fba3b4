import { Paragraph } from '@digdir/designsystemet-react'
import { Link } from 'react-router'
import { useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'

/** What the pages are built to, what is known to be missing, and to whom one says so. */
export function Accessibility() {
  const { say } = useLanguage()
  return (
    <Screen heading={say('accessibility.heading')}>
      <Paragraph>{say('accessibility.built_to')}</Paragraph>
      <Paragraph>{say('accessibility.tested')}</Paragraph>
      <Paragraph>
        {say('accessibility.simple')} <a href="/uten-skript">{say('shell.to_simple')}</a>
      </Paragraph>
      <Paragraph>{say('accessibility.sami')}</Paragraph>
      <Paragraph>{say('accessibility.tell')}</Paragraph>
      <Link to="/">{say('shell.to_start')}</Link>
    </Screen>
  )
}
