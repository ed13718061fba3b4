import { Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useMemo, useState } from 'react'
import { Link, Navigate, useNavigate } from 'react-router'
import { type Refusal, api } from '../api.js'
import { useGiving } from '../giving/giving.js'
import { type CatalogueService, chosen, latestDay } from '../giving/giving-state.js'
import { lastDayChosen } from '../giving/how-long-fields.js'
import { digitsOf } from '../giving/identity-number.js'
import { powersOf } from '../giving/powers-of.js'
import { StepHeading } from '../giving/step.js'
import type { components } from '../generated/api.js'
import { dayOf, useDates } from '../shell/dates.js'
import type { Day } from '../shell/days.js'
import type { DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { PowerList, type ShownPower } from '../shell/powers.js'
import { Refused } from '../shell/refused.js'
import { Shown } from '../shell/shown.js'
import type { Request } from '../shell/use-request.js'
import { useWrite } from '../shell/use-write.js'

/** What is sent to the other one, to look over. */
export function AskLookOver() {
  const { catalogue, askAgain, giving, number } = useGiving()
  const [isSent, setSent] = useState(false)
  if (isSent) return null
  if (number === '') return <Navigate to="/be-om/hvem" replace state={{ on: '/be-om/se-over', isNumberGone: true }} />
  if (chosen(giving).length === 0) return <Navigate to="/be-om/hva" replace />
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {({ services }) => {
        const until = lastDayChosen(giving, latestDay(services, giving))
        return until === null ? (
          <Navigate to="/be-om/hvor-lenge" replace />
        ) : (
          <LookOver {...{ services, until }} onSent={() => setSent(true)} />
        )
      }}
    </Shown>
  )
}

interface LookOverProps {
  readonly services: readonly CatalogueService[]
  readonly until: Day
  readonly onSent: () => void
}

function LookOver({ services, until, onSent }: LookOverProps) {
  const { say } = useLanguage()
  const dates = useDates()
  const { giving } = useGiving()
  const shown = useMemo(() => powersOf(giving).map((power) => inWords(power, services)), [giving, services])
  const [send, { isSending, refusal }] = useAsking(until, onSent)
  const name = giving.familyName.trim()
  const why = oneLine(giving.why)
  return (
    <>
      <StepHeading number={4} heading={say('ask.look_over')} />
      <Paragraph>{say('ask.your_name')}</Paragraph>
      <Card asChild>
        <section className="stack" aria-labelledby="asked">
          <Heading level={2} data-size="xs" id="asked">
            {say('ask.to', { name })}
          </Heading>
          <PowerList powers={shown} mine={false} />
          <Paragraph>{say('requests.until', { day: dates.day(until) })}</Paragraph>
          {why !== '' && <Paragraph>{say('requests.message', { message: why })}</Paragraph>}
        </section>
      </Card>
      <nav aria-label={say('give.change')} className="row">
        <Link to="/be-om/hvem">{say('give.change_who')}</Link>
        <Link to="/be-om/hva">{say('give.change_what')}</Link>
        <Link to="/be-om/hvor-lenge">{say('ask.change_how_long')}</Link>
      </nav>
      {/* It stays while one tries again: what is below must not move under a double click. */}
      {refusal !== null && (
        <Refused refusal={refusal}>
          <WhatNow refusal={refusal} />
        </Refused>
      )}
      <div className="row">
        <Button onClick={() => send(null)} aria-disabled={isSending}>
          {say(isSending ? 'ask.sending' : 'ask.send')}
        </Button>
        <Link to="/be-om">{say('give.not_now')}</Link>
      </div>
    </>
  )
}

/** Sends it once. What was said is forgotten when it has come through, and not before. */
function useAsking(until: Day, onSent: () => void) {
  const { giving, say: change, number, writeNumber } = useGiving()
  const navigate = useNavigate()
  const familyName = giving.familyName.trim()
  const why = oneLine(giving.why)
  return useWrite<null, Request>(
    (_, key) =>
      api.POST('/v1/me/requests', {
        params: { header: { 'Idempotency-Key': key } },
        body: {
          principal: { identifier: digitsOf(number), family_name: familyName },
          powers: powersOf(giving),
          until,
          ...(why === '' ? {} : { message: why }),
        },
      }),
    () => {
      const state: DoneState = { done: 'done.asked', name: familyName }
      onSent()
      void navigate('/be-om', { replace: true, state })
      change({ type: 'begin', passedOn: null })
      writeNumber('')
    },
  )
}

function inWords(
  { service: id, action, provider, object }: components['schemas']['AskedPowerShape'],
  services: readonly CatalogueService[],
): ShownPower {
  const service = services.find((one) => one.service === id)
  const place = service?.providers.find(({ organisation }) => organisation === provider)
  return {
    ...{ service: id, service_name: service?.name ?? id, action, action_text: action },
    ...{ provider: provider ?? null, provider_name: place?.name ?? null, object: object ?? null },
  }
}

/** The other one reads it as one line. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

const ABOUT_WHO = [
  ...[
    'not_to_oneself',
    'identifier_malformed',
    'identifier_check_digits',
    'identifier_wrong_series',
    'asked_too_often',
  ],
]
const ABOUT_WHAT = [
  'unknown_service',
  'unknown_action',
  'unknown_provider',
  'not_given_by_mandate',
  'helper_not_available',
]
const ABOUT_HOW_LONG = ['period_too_long', 'end_before_start', 'no_such_day', 'message_not_allowed']

/** Why it is so, and the way on. */
function WhatNow({ refusal: { code, more } }: { readonly refusal: Refusal }) {
  const { say } = useLanguage()
  const dates = useDates()
  const againAt = more['again_at']
  return (
    <>
      {code === 'not_to_oneself' && <Paragraph>{say('ask.own_number')}</Paragraph>}
      {typeof againAt === 'string' && <Paragraph>{say('ask.again_at', { day: dates.day(dayOf(againAt)) })}</Paragraph>}
      {code === 'asked_too_often' && <Paragraph>{say('ask.in_peace')}</Paragraph>}
      {(code === 'already_asked' || code === 'too_many_open') && <Link to="/be-om">{say('ask.see_mine')}</Link>}
      {ABOUT_WHO.includes(code) && <Link to="/be-om/hvem">{say('give.change_who')}</Link>}
      {ABOUT_WHAT.includes(code) && <Link to="/be-om/hva">{say('give.change_what')}</Link>}
      {ABOUT_HOW_LONG.includes(code) && <Link to="/be-om/hvor-lenge">{say('ask.change_how_long')}</Link>}
    </>
  )
}
