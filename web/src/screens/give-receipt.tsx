import { Alert, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { Link, useParams } from 'react-router'
import { api } from '../api.js'
import type { Mandate } from '../giving/giving-state.js'
import { dayInWords, momentInWords } from '../shell/days.js'
import { type Language, type Say, useLanguage } from '../shell/language.js'
import { ScreenHeading } from '../shell/screen-heading.js'
import { Shown } from '../shell/shown.js'
import { useLoaded } from '../shell/use-loaded.js'

/** C7: what was given, under which number, what happens now, and how to end it. */
export function GiveReceipt() {
  const { mandateId = '' } = useParams()
  const { language, say } = useLanguage()
  const [loaded, again] = useLoaded(
    useCallback(
      // Asked again in another language.
      (signal: AbortSignal) =>
        api.GET('/v1/me/mandates/{mandateId}', {
          params: { path: { mandateId } },
          headers: { 'Accept-Language': language },
          signal,
        }),
      [mandateId, language],
    ),
  )
  return (
    <>
      <ScreenHeading>{say('receipt.heading')}</ScreenHeading>
      <Shown loaded={loaded} again={again}>
        {(mandate) => <Receipt mandate={mandate} />}
      </Shown>
    </>
  )
}

function Receipt({ mandate }: { readonly mandate: Mandate }) {
  const { language, say } = useLanguage()
  const { name } = mandate.representative
  return (
    <>
      <Alert data-color={mandate.state === 'active' ? 'success' : 'info'}>
        <Paragraph>{whatHappensNow(mandate, say, language)}</Paragraph>
      </Alert>
      <Heading level={2} data-size="xs">
        {say('receipt.may', { name })}
      </Heading>
      <ul className="giving-list">
        {mandate.powers.map(({ power_id, action_text, provider_name, last_day }) => (
          <li key={power_id}>
            {[action_text, provider_name].filter((part) => part !== null).join(', ')}
            {' – '}
            {say('give.until', { day: dayInWords(last_day, language) })}
          </li>
        ))}
      </ul>
      <Paragraph>{say('receipt.both_told', { name })}</Paragraph>
      <Paragraph>{say('receipt.how_to_end')}</Paragraph>
      <Paragraph data-size="sm">
        {say('receipt.number')} <code className="giving-number">{mandate.mandate_id}</code>
      </Paragraph>
      <div className="row">
        <Link to="/mine">{say('start.see')}</Link>
        <Link to="/">{say('shell.to_start')}</Link>
      </div>
    </>
  )
}

function whatHappensNow({ state, representative, answer_by, takes_effect_at }: Mandate, say: Say, language: Language) {
  const { name } = representative
  if (state === 'offered' && answer_by !== null) {
    return say('receipt.offered', { name, time: momentInWords(answer_by, language) })
  }
  if (state === 'held' && takes_effect_at !== null) {
    return say('receipt.held', { name, time: momentInWords(takes_effect_at, language) })
  }
  return state === 'active' ? say('receipt.active', { name }) : say('receipt.other')
}
