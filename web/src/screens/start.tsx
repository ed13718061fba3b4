import { Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { Link } from 'react-router'
import { api } from '../api.js'
import { useActingFor, useMandatesApi } from '../shell/acting-for.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { type Mandate, allMandates } from '../shell/own-mandates.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSession } from '../shell/session.js'
import { useLoaded } from '../shell/use-loaded.js'
import { useRequests } from '../shell/use-request.js'

/** C1: what waits for an answer, one sentence and three doors. */
export function Start() {
  const { say } = useLanguage()
  const session = useSession()
  return (
    <Screen heading={say('start.heading')}>
      {session.state === 'somebody' && <Waiting />}
      <Paragraph data-size="lg">{say('start.lead')}</Paragraph>
      <nav className="doors" aria-label={say('start.doors')}>
        <Door to="/gi" name={say('start.give')} what={say('start.give_what')} />
        <Door to="/be-om" name={say('start.ask')} what={say('start.ask_what')} />
        <Door to="/mine" name={say('start.see')} what={say('start.see_what')} />
      </nav>
      <Paragraph>
        <Link to="/invitasjon">{say('redeem.link')}</Link>
      </Paragraph>
      <Paragraph>
        <Link to="/hjelp">{say('start.unsure')}</Link>
      </Paragraph>
    </Screen>
  )
}

function Door({ to, name, what }: { readonly to: string; readonly name: string; readonly what: string }) {
  return (
    <Card asChild>
      <Link to={to}>
        <strong>{name}</strong>
        <span>{what}</span>
      </Link>
    </Card>
  )
}

/** What others wait for: requests to answer, offers to accept, and acts to agree to. */
function Waiting() {
  const { language, say } = useLanguage()
  const { day } = useDates()
  const { organisation } = useActingFor()
  const mandatesApi = useMandatesApi()
  const [mandates, askMandates] = useLoaded(
    useCallback((signal: AbortSignal) => allMandates(language, signal, mandatesApi), [mandatesApi, language]),
  )
  const [requests, askRequests] = useRequests('asked')
  const [acts, askActs] = useLoaded(
    useCallback(
      (signal: AbortSignal) => api.GET('/v1/me/acts', { params: { query: { language } }, signal }),
      [language],
    ),
  )
  const offers = mandates.state === 'here' ? mandates.value.filter(isOffer) : []
  const isOneself = organisation === null
  const asked = requests.state === 'here' && isOneself ? requests.value.filter(({ state }) => state === 'open') : []
  const toAgree = acts.state === 'here' && isOneself ? acts.value.acts : []
  // That nothing waits is not said by saying nothing where we do not know.
  if (mandates.state === 'refused') return <Refused refusal={mandates.refusal} again={askMandates} />
  if (requests.state === 'refused') return <Refused refusal={requests.refusal} again={askRequests} />
  if (acts.state === 'refused') return <Refused refusal={acts.refusal} again={askActs} />
  if (asked.length + offers.length + toAgree.length === 0) return null
  return (
    <section className="stack">
      <Heading level={2} data-size="sm">
        {say('start.waiting')}
      </Heading>
      <ul className="plain stack">
        {asked.map(({ request_id: id, helper, lapses_at: until }) => (
          <li key={id}>
            <Link to={`/foresporsler/${id}`}>{say('requests.asks_you', { name: helper.name })}</Link>{' '}
            <span className="quiet">{say('start.can_answer_by', { day: day(until.slice(0, 10)) })}</span>
          </li>
        ))}
        {offers.map(({ mandate_id: id, giver, answer_by: until }) => (
          <li key={id}>
            <Link to={`/godta/${id}`}>{say('start.offer', { name: giver.name })}</Link>{' '}
            {until !== null && (
              <span className="quiet">{say('start.answer_by', { day: day(until.slice(0, 10)) })}</span>
            )}
          </li>
        ))}
        {toAgree.map(({ act_id: id, opened_by: by, service_name: service }) => (
          <li key={id}>
            <Link to={`/godta/handling/${id}`}>{say('start.act', { name: by?.name ?? '', service })}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function isOffer({ your_role: role, state }: Mandate): boolean {
  return role === 'representative' && state === 'offered'
}
