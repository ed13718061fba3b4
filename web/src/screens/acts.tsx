import { Alert, Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useRef, useState } from 'react'
import { Link } from 'react-router'
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

type Act = components['schemas']['WaitingActBody']
type ActAnswer = components['schemas']['ActAnswerBody']

/** What others have begun and one must agree to: what, who else, until when. */
export function Acts() {
  const { language, say } = useLanguage()
  const [answered, setAnswered] = useState<string | null>(null)
  const told = useRef<HTMLDivElement>(null)
  const [loaded, again] = useLoaded(
    useCallback(
      (signal: AbortSignal) => api.GET('/v1/me/acts', { params: { query: { language } }, signal }),
      [language],
    ),
  )
  const onAnswered = (answer: string): void => {
    setAnswered(answer)
    again()
    // What was answered leaves the list: the focus goes to what became of it.
    requestAnimationFrame(() => told.current?.focus())
  }
  return (
    <>
      <Screen heading={say('acts.heading')} />
      <div role="status" tabIndex={-1} ref={told}>
        {answered !== null && (
          <Alert data-color={answered === 'approved' ? 'success' : 'info'}>
            {say(answered === 'approved' ? 'acts.approved' : 'acts.refused')}
          </Alert>
        )}
      </div>
      <Shown loaded={loaded} again={again}>
        {({ acts }) => (
          <>
            <Paragraph>{say(acts.length === 0 ? 'acts.none' : 'acts.lead')}</Paragraph>
            {acts.map((act) => (
              <ActCard key={act.act_id} act={act} onAnswered={onAnswered} />
            ))}
            {acts.length === 0 && <Link to="/">{say('shell.to_start')}</Link>}
          </>
        )}
      </Shown>
    </>
  )
}

function ActCard({ act, onAnswered }: { readonly act: Act; readonly onAnswered: (answer: string) => void }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { isSending, refusal, send } = useSending<ActAnswer>()
  const [keys] = useState(() => ({ approval: crypto.randomUUID(), refusal: crypto.randomUUID() }))
  const id = `act-${act.act_id}`
  const isOver = new Date(act.expires_at) <= new Date()

  async function answer(what: 'approval' | 'refusal'): Promise<void> {
    const given = await send(() =>
      api.POST(`/v1/me/acts/{actId}/${what}`, {
        params: { path: { actId: act.act_id }, header: { 'Idempotency-Key': keys[what] } },
        body: { content_hash: act.content_hash },
      }),
    )
    if (given !== null) onAnswered(given.answer)
  }

  return (
    <Card asChild>
      <section className="stack" aria-labelledby={id}>
        <Heading level={2} data-size="xs" id={id}>
          {say('acts.for', { opener: act.opened_by.name, principal: act.principal.name })}
        </Heading>
        <Paragraph>{say('acts.service', { service: act.service_name })}</Paragraph>
        <div>
          <Paragraph>{say('acts.what')}</Paragraph>
          <blockquote className="acts-text">{act.text}</blockquote>
        </div>
        <Paragraph>{say('acts.others', { opener: act.opened_by.name })}</Paragraph>
        {act.others.map(({ name, approved }) => (
          <Paragraph key={name}>{say(approved ? 'acts.other_yes' : 'acts.other_waiting', { name })}</Paragraph>
        ))}
        <Paragraph>
          {isOver ? say('acts.expired') : say('acts.until', { time: dates.instant(act.expires_at) })}
        </Paragraph>
        {refusal !== null && <Refused refusal={refusal} />}
        {!isOver && (
          <div className="row">
            <Button onClick={() => void answer('approval')} aria-disabled={isSending} aria-describedby={id}>
              {say(isSending ? 'acts.sending' : 'acts.yes')}
            </Button>
            <Button
              variant="secondary"
              onClick={() => void answer('refusal')}
              aria-disabled={isSending}
              aria-describedby={id}
            >
              {say('acts.no')}
            </Button>
          </div>
        )}
      </section>
    </Card>
  )
}
