import { Button, Card, Heading, Paragraph, Tag } from '@digdir/designsystemet-react'
import { Link, useLocation, useNavigate } from 'react-router'
import { api } from '../api.js'
import { dayOf, useDates } from '../shell/dates.js'
import { Done, type DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { PowerList } from '../shell/powers.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { type Request, useRequests } from '../shell/use-request.js'
import { useWrite } from '../shell/use-write.js'

/** Where asking begins, and what has become of what one has asked for. */
export function AskStart() {
  const { say } = useLanguage()
  const [loaded, again] = useRequests('helper')
  return (
    <Screen heading={say('ask.heading')} message={Done.of(useLocation().state)}>
      <Paragraph>{say('ask.lead')}</Paragraph>
      <div className="row">
        <Button asChild>
          <Link to="/be-om/hvem">{say('ask.begin')}</Link>
        </Button>
        <Link to="/foresporsler">{say('ask.to_received')}</Link>
      </div>
      <Heading level={2} data-size="sm">
        {say('ask.mine')}
      </Heading>
      <Shown loaded={loaded} again={again}>
        {(requests) =>
          requests.length === 0 ? (
            <Paragraph>{say('ask.none')}</Paragraph>
          ) : (
            <ul className="plain stack">
              {requests.map((request) => (
                <li key={request.request_id}>
                  <OneRequest request={request} onChanged={again} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Screen>
  )
}

interface OneProps {
  readonly request: Request
  readonly onChanged: () => void
}

function OneRequest({ request, onChanged }: OneProps) {
  const { say } = useLanguage()
  const dates = useDates()
  const id = `request-${request.request_id}`
  const { state, asked_name: name, powers, until, message, reason, mandate_id: mandateId } = request
  return (
    <Card asChild>
      <section className="stack" aria-labelledby={id}>
        <Heading level={3} data-size="xs" id={id}>
          {say('requests.you_ask', { name: name ?? '' })}
        </Heading>
        <div className="row">
          <Tag data-color={state === 'approved' ? 'success' : state === 'open' ? 'info' : 'neutral'}>
            {say(`requests.${state}`)}
          </Tag>
          {state === 'open' && (
            <span className="quiet">{say('ask.waits_until', { day: dates.day(dayOf(request.lapses_at)) })}</span>
          )}
        </div>
        <PowerList powers={powers} mine={false} />
        <Paragraph>{say('requests.until', { day: dates.day(until) })}</Paragraph>
        {message !== null && <Paragraph>{say('requests.message', { message })}</Paragraph>}
        {reason !== null && <Paragraph>{say('requests.reason_given', { reason })}</Paragraph>}
        {mandateId !== null && <Link to={`/mine/${mandateId}`}>{say('notices.see')}</Link>}
        {state === 'open' && <Letter request={request} onChanged={onChanged} labelledBy={id} />}
        {state === 'open' && <Withdraw request={request} onChanged={onChanged} labelledBy={id} />}
      </section>
    </Card>
  )
}

interface ActionProps extends OneProps {
  readonly labelledBy: string
}

/** A letter on paper, for someone without a screen: ordered once, and then only told of. */
function Letter({ request, onChanged, labelledBy }: ActionProps) {
  const { say } = useLanguage()
  const dates = useDates()
  const tell = useTelling('done.letter_ordered', request, onChanged)
  const [order, { isSending, refusal }] = useWrite<null, Request>(
    (_, key) =>
      api.POST('/v1/me/requests/{requestId}/letter', {
        params: { path: { requestId: request.request_id }, header: { 'Idempotency-Key': key } },
      }),
    tell,
  )
  const { letter_ordered_at: orderedAt } = request
  if (orderedAt !== null)
    return <Paragraph>{say('ask.letter_ordered', { day: dates.day(dayOf(orderedAt)) })}</Paragraph>
  return (
    <>
      <Paragraph data-size="sm">{say('ask.letter_why')}</Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button variant="secondary" aria-disabled={isSending} aria-describedby={labelledBy} onClick={() => order(null)}>
          {say('ask.letter')}
        </Button>
      </div>
    </>
  )
}

function Withdraw({ request, onChanged, labelledBy }: ActionProps) {
  const { say } = useLanguage()
  const tell = useTelling('done.request_withdrawn', request, onChanged)
  const [withdraw, { isSending, refusal }] = useWrite<null, Request>(
    (_, key) =>
      api.POST('/v1/me/requests/{requestId}/withdrawal', {
        params: { path: { requestId: request.request_id }, header: { 'Idempotency-Key': key } },
      }),
    tell,
  )
  return (
    <>
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button
          variant="tertiary"
          aria-disabled={isSending}
          aria-describedby={labelledBy}
          onClick={() => withdraw(null)}
        >
          {say('requests.withdraw')}
        </Button>
      </div>
    </>
  )
}

/** Tells of it at the top, where the focus goes, since what was pressed goes away. */
function useTelling(done: DoneState['done'], { asked_name: name }: Request, onChanged: () => void): () => void {
  const navigate = useNavigate()
  return () => {
    const state: DoneState = { done, name: name ?? '' }
    void navigate('/be-om', { replace: true, state })
    onChanged()
  }
}
