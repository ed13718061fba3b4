import { Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { Link } from 'react-router'
import { useMandatesApi } from '../shell/acting-for.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { MandateState } from '../shell/mandate-state.js'
import { type Mandate, allMandates, isAlive, lastDayOf, otherOf } from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { PowerList } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useLoaded } from '../shell/use-loaded.js'

/** What has been and is no more, given and received. Nothing is taken off this list. */
export function Ended() {
  const { language, say } = useLanguage()
  const mandatesApi = useMandatesApi()
  const [loaded, again] = useLoaded(
    useCallback((signal: AbortSignal) => allMandates(language, signal, mandatesApi), [mandatesApi, language]),
  )
  const ended = loaded.state === 'here' ? loaded.value.filter((mandate) => !isAlive(mandate)) : []
  return (
    <Screen heading={say('mine.ended_heading')}>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && ended.length === 0 && <Paragraph>{say('mine.none_ended')}</Paragraph>}
      <ul className="plain stack">
        {ended.map((mandate) => (
          <li key={mandate.mandate_id}>
            <EndedMandate mandate={mandate} />
          </li>
        ))}
      </ul>
      <Link to="/mine">{say('mine.to_list')}</Link>
    </Screen>
  )
}

function EndedMandate({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const { day } = useDates()
  const isGiver = mandate.your_role !== 'representative'
  return (
    <Card>
      <Card.Block className="stack">
        <Heading level={2} data-size="sm">
          {say(isGiver ? 'mine.given_to' : 'mine.got_from')} <PersonName person={otherOf(mandate)} />
        </Heading>
        <MandateState mandate={mandate} />
        <PowerList powers={mandate.powers} mine={mandate.your_role === 'giver'} />
        <p className="quiet">{say('mine.was_until', { day: day(lastDayOf(mandate)) })}</p>
        <Link to={`/mine/${mandate.mandate_id}`}>{say('mine.what_happened')}</Link>
      </Card.Block>
    </Card>
  )
}
