import { Alert, Heading, Paragraph } from '@digdir/designsystemet-react'
import { Link, useParams } from 'react-router'
import type { Mandate } from '../giving/giving-state.js'
import { placeOfMandates } from '../api.js'
import { useActingFor } from '../shell/acting-for.js'
import { useDates } from '../shell/dates.js'
import { type Say, useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useMandate } from '../shell/use-mandate.js'

/** C7: what was given, under which number, what happens now, and how to end it. */
export function GiveReceipt() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  return (
    <>
      <Screen heading={say('receipt.heading')} />
      <Shown loaded={loaded} again={again}>
        {(mandate) => <Receipt mandate={mandate} />}
      </Shown>
    </>
  )
}

function Receipt({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { organisation } = useActingFor()
  const { name } = mandate.representative
  return (
    <>
      <Alert data-color={mandate.state === 'active' ? 'success' : 'info'}>
        <Paragraph>{whatHappensNow(mandate, say, dates.instant)}</Paragraph>
      </Alert>
      <Heading level={2} data-size="xs">
        {say(mandate.state === 'active' ? 'receipt.may' : 'receipt.may_then', { name })}
      </Heading>
      <ul className="giving-list">
        {mandate.powers.map(({ power_id, action_text, provider_name, last_day, passing_on }) => (
          <li key={power_id}>
            {[action_text, provider_name].filter((part) => part !== null).join(', ')}
            {' – '}
            {say('give.until', { day: dates.day(last_day) })}
            {passing_on && ` (${say('powers.passing_on')})`}
          </li>
        ))}
      </ul>
      {organisation === null && <Paragraph>{say('receipt.both_told', { name })}</Paragraph>}
      <Paragraph>{say('receipt.how_to_end')}</Paragraph>
      <Paragraph data-size="sm">
        {say('receipt.number')} <code className="giving-number">{mandate.mandate_id}</code>
      </Paragraph>
      <a href={`${placeOfMandates(organisation?.ref ?? null)}/mandates/${mandate.mandate_id}/receipt.pdf`}>
        {say('receipt.pdf')}
      </a>
      <div className="row">
        <Link to="/mine">{say('start.see')}</Link>
        <Link to="/">{say('shell.to_start')}</Link>
      </div>
    </>
  )
}

function whatHappensNow(
  { state, representative, answer_by, takes_effect_at }: Mandate,
  say: Say,
  inWords: (instant: string) => string,
) {
  const { name } = representative
  if (state === 'offered' && answer_by !== null) {
    return say('receipt.offered', { name, time: inWords(answer_by) })
  }
  if (state === 'held' && takes_effect_at !== null) {
    return say('receipt.held', { name, time: inWords(takes_effect_at) })
  }
  return state === 'active' ? say('receipt.active', { name }) : say('receipt.other')
}
