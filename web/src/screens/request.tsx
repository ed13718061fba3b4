import { Alert, Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { Link, Navigate, useLocation, useNavigate, useParams } from 'react-router'
import { api } from '../api.js'
import { dayOf, useDates } from '../shell/dates.js'
import { Done, type DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { PowerList } from '../shell/powers.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { type Request, canBeApproved, useRequest } from '../shell/use-request.js'
import { useWrite } from '../shell/use-write.js'

/** C10: who asks, for what, why and for how long, and a free choice. */
export function OneRequest() {
  const { requestId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useRequest(requestId)
  const message = Done.of(useLocation().state)
  if (loaded.state !== 'here') {
    return (
      <Screen heading={say('requests.heading')}>
        <Shown loaded={loaded} again={again}>
          {() => null}
        </Shown>
      </Screen>
    )
  }
  const request = loaded.value
  if (request.your_role === 'helper') return <Navigate to="/be-om" replace />
  return (
    <Screen heading={say('requests.asks_you', { name: request.helper.name })} message={message}>
      <Asked request={request} />
      {request.state === 'open' ? <Answers request={request} /> : <Answered request={request} onChanged={again} />}
      <Link to="/foresporsler">{say('requests.to_all')}</Link>
    </Screen>
  )
}

function Asked({ request: { helper, powers, until, message } }: { readonly request: Request }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { name, born_year: year } = helper
  return (
    <Card asChild>
      <section className="stack" aria-labelledby="asked">
        <Heading level={2} data-size="xs" id="asked">
          {say('requests.wants', { name: year === null ? name : say('shell.name_and_year', { name, year }) })}
        </Heading>
        <PowerList powers={powers} mine />
        <Paragraph>{say('requests.until', { day: dates.day(until) })}</Paragraph>
        {message !== null && <Paragraph>{say('requests.writes', { name, message })}</Paragraph>}
      </section>
    </Card>
  )
}

function Answers({ request }: { readonly request: Request }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { request_id: id, helper, lapses_at: lapsesAt } = request
  const { name } = helper
  return (
    <>
      <Paragraph>
        {say('requests.free')} {say('requests.answer_by', { day: dates.day(dayOf(lapsesAt)) })}
      </Paragraph>
      {canBeApproved(request) ? (
        <Paragraph>{say('requests.yes_why')}</Paragraph>
      ) : (
        <Alert data-color="info">{say('requests.time_over', { name })}</Alert>
      )}
      <div className="row">
        {canBeApproved(request) && (
          <Button asChild>
            <Link to={`/gi/svar/${id}`}>{say('requests.yes')}</Link>
          </Button>
        )}
        <Button asChild variant="secondary">
          <Link to={`/foresporsler/${id}/nei`}>{say('requests.decline')}</Link>
        </Button>
      </div>
      <Paragraph>
        {say('requests.wrong')} <Link to={`/foresporsler/${id}/nei?meld=ja`}>{say('requests.report')}</Link>
      </Paragraph>
      <Link to="/hjelp">{say('start.unsure')}</Link>
    </>
  )
}

function Answered({ request, onChanged }: { readonly request: Request; readonly onChanged: () => void }) {
  const { say } = useLanguage()
  const { state, reason, mandate_id: mandateId, blocked } = request
  return (
    <>
      <Alert data-color={state === 'approved' ? 'success' : 'info'}>{say(`requests.${state}`)}</Alert>
      {reason !== null && <Paragraph>{say('requests.reason_given', { reason })}</Paragraph>}
      {mandateId !== null && <Link to={`/mine/${mandateId}`}>{say('notices.see')}</Link>}
      {blocked === true && <Unblock request={request} onChanged={onChanged} />}
    </>
  )
}

function Unblock({ request, onChanged }: { readonly request: Request; readonly onChanged: () => void }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const { request_id: requestId, helper } = request
  const { name } = helper
  const [unblock, { isSending, refusal }] = useWrite<null, Request>(
    (_, key) =>
      api.POST('/v1/me/requests/{requestId}/unblocking', {
        params: { path: { requestId }, header: { 'Idempotency-Key': key } },
      }),
    () => {
      const state: DoneState = { done: 'done.unblocked', name }
      void navigate(`/foresporsler/${requestId}`, { replace: true, state })
      onChanged()
    },
  )
  return (
    <>
      <Paragraph>{say('requests.blocked', { name })}</Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button variant="secondary" aria-disabled={isSending} onClick={() => unblock(null)}>
          {say('requests.unblock', { name })}
        </Button>
      </div>
    </>
  )
}
