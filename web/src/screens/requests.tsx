import { Button, Card, Heading, Paragraph, Tag } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { api } from '../api.js'
import '../giving/giving.css'
import type { components } from '../generated/api.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { useLoaded } from '../shell/use-loaded.js'

type Request = components['schemas']['RequestView']

/** C10: who asks one for a fullmakt, for what and why, and what one has asked others for. */
export function Requests() {
  const { language, say } = useLanguage()
  const [message, setMessage] = useState<string>()
  const [loaded, again] = useLoaded(
    useCallback(
      (signal: AbortSignal) => api.GET('/v1/me/requests', { params: { query: { language } }, signal }),
      [language],
    ),
  )
  const onAnswered = (): void => {
    setMessage(say('requests.done'))
    again()
  }
  return (
    <Screen heading={say('requests.heading')} message={message}>
      <Shown loaded={loaded} again={again}>
        {({ requests }) =>
          requests.length === 0 ? (
            <Paragraph>{say('requests.none')}</Paragraph>
          ) : (
            requests.map((request) => <OneRequest key={request.request_id} request={request} onAnswered={onAnswered} />)
          )
        }
      </Shown>
    </Screen>
  )
}

function OneRequest({ request, onAnswered }: { readonly request: Request; readonly onAnswered: () => void }) {
  const { say } = useLanguage()
  const dates = useDates()
  const isMine = request.your_role === 'helper'
  const id = `request-${request.request_id}`
  return (
    <Card asChild>
      <section className="stack" aria-labelledby={id}>
        <Heading level={2} data-size="xs" id={id}>
          {isMine
            ? say('requests.you_ask', { name: request.asked_name ?? '' })
            : say('requests.asks_you', { name: request.helper.name })}
        </Heading>
        <div>
          <Tag data-color="info">{say(`requests.${request.state}`)}</Tag>
        </div>
        <ul className="giving-list">
          {request.powers.map(({ service, service_name, action, action_text }) => (
            <li key={`${service} ${action}`}>
              {service_name}: {action_text}
            </li>
          ))}
        </ul>
        <Paragraph>{say('requests.until', { day: dates.day(request.until) })}</Paragraph>
        {request.message !== null && <Paragraph>{say('requests.message', { message: request.message })}</Paragraph>}
        {request.state === 'open' && <Answers request={request} labelledBy={id} onAnswered={onAnswered} />}
      </section>
    </Card>
  )
}

interface AnswersProps {
  readonly request: Request
  readonly labelledBy: string
  readonly onAnswered: () => void
}

function Answers({ request, labelledBy, onAnswered }: AnswersProps) {
  const { say } = useLanguage()
  const { isSending, refusal, send } = useSending<unknown>()
  const [keys] = useState(() => [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const)
  const path = { requestId: request.request_id }

  async function decline(block: boolean): Promise<void> {
    const header = { 'Idempotency-Key': keys[block ? 1 : 0] }
    const answer = await send(() =>
      api.POST('/v1/me/requests/{requestId}/refusal', { params: { path, header }, body: block ? { block } : {} }),
    )
    if (answer !== null) onAnswered()
  }
  async function withdraw(): Promise<void> {
    const header = { 'Idempotency-Key': keys[2] }
    const answer = await send(() => api.POST('/v1/me/requests/{requestId}/withdrawal', { params: { path, header } }))
    if (answer !== null) onAnswered()
  }

  const button = { 'aria-disabled': isSending, 'aria-describedby': labelledBy, variant: 'secondary' } as const
  return (
    <>
      {refusal !== null && !isSending && <Refused refusal={refusal} />}
      {request.your_role === 'helper' ? (
        <div>
          <Button {...button} onClick={() => void withdraw()}>
            {say('requests.withdraw')}
          </Button>
        </div>
      ) : (
        <>
          <Paragraph>{say('requests.free')}</Paragraph>
          <div className="row">
            <Button {...button} onClick={() => void decline(false)}>
              {say('requests.decline')}
            </Button>
            <Button {...button} onClick={() => void decline(true)}>
              {say('requests.block')}
            </Button>
          </div>
        </>
      )}
    </>
  )
}
