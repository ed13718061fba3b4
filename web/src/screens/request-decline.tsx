import { Button, Checkbox, Field, FieldDescription, Label, Paragraph, Textarea } from '@digdir/designsystemet-react'
import { type SubmitEvent, useState } from 'react'
import { Link, Navigate, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../api.js'
import type { DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useKept } from '../shell/use-kept.js'
import { type Request, useRequest } from '../shell/use-request.js'
import { useWrite } from '../shell/use-write.js'

/** C10: saying no, with a reason or without, for now or for good, and telling those who look after the service. */
export function DeclineRequest() {
  const { requestId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useRequest(requestId)
  const name = loaded.state === 'here' ? loaded.value.helper.name : null
  return (
    <Screen heading={name === null ? say('requests.decline') : say('requests.no_to', { name })}>
      <Shown loaded={loaded} again={again}>
        {(request) =>
          request.state === 'open' && request.your_role === 'asked' ? (
            <No request={request} />
          ) : (
            <Navigate to={`/foresporsler/${requestId}`} replace />
          )
        }
      </Shown>
    </Screen>
  )
}

const LONGEST_REASON = 500

function No({ request: { request_id: requestId, helper } }: { readonly request: Request }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const { name } = helper
  const [search] = useSearchParams()
  const isReported = search.get('meld') === 'ja'
  const [reason, keepReason] = useKept(`no-${requestId}`)
  const [block, setBlock] = useState(isReported)
  const [report, setReport] = useState(isReported)
  const [decline, { isSending, refusal }] = useWrite<null, Request>(
    (_, key) =>
      api.POST('/v1/me/requests/{requestId}/refusal', {
        params: { path: { requestId }, header: { 'Idempotency-Key': key } },
        body: { ...(reason.trim() === '' ? {} : { reason: reason.trim().replaceAll(/\s+/g, ' ') }), block, report },
      }),
    () => {
      keepReason('')
      const state: DoneState = { done: report ? 'done.reported' : 'done.said_no', name }
      void navigate('/foresporsler', { replace: true, state })
    },
  )
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    decline(null)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate autoComplete="off">
      <Paragraph>{say('requests.no_lead')}</Paragraph>
      <Field>
        <Label htmlFor="reason">{say('requests.reason')}</Label>
        <FieldDescription>{say(block ? 'requests.reason_unseen' : 'requests.reason_seen', { name })}</FieldDescription>
        <Textarea
          id="reason"
          rows={3}
          maxLength={LONGEST_REASON}
          value={reason}
          onChange={({ target }) => keepReason(target.value)}
        />
      </Field>
      <Checkbox
        label={say('requests.block', { name })}
        description={say('requests.block_why', { name })}
        checked={block}
        onChange={({ target }) => setBlock(target.checked)}
      />
      <Checkbox
        label={say('requests.report_label')}
        description={say('requests.report_why', { name })}
        checked={report}
        onChange={({ target }) => setReport(target.checked)}
      />
      {refusal !== null && <Refused refusal={refusal} />}
      <div className="row">
        <Button type="submit" aria-disabled={isSending}>
          {say(isSending ? 'ask.sending' : 'requests.send_no')}
        </Button>
        <Link to={`/foresporsler/${requestId}`}>{say('give.back')}</Link>
      </div>
    </form>
  )
}
