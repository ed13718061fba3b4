import { Alert, Button, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import '../giving/giving.css'
import type { components } from '../generated/api.js'
import { useActingFor, useMandatesApi, useReceivedList } from '../shell/acting-for.js'
import { ConfirmDraft } from '../shell/confirm-draft.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { lastDayOf } from '../shell/own-mandates.js'
import { PowerList, Until } from '../shell/powers.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { useMandate } from '../shell/use-mandate.js'

type Mandate = components['schemas']['MandateView']

/** R2: what one is offered, with its limits and duties, and a free choice. */
export function Accept() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  const isOpen = loaded.state !== 'here' || isOffered(loaded.value)
  return (
    <>
      <Screen key={String(isOpen)} heading={heading()} />
      <Shown loaded={loaded} again={again}>
        {(mandate) =>
          isOffered(mandate) ? <Answer mandate={mandate} onAnswered={again} /> : <Answered mandate={mandate} />
        }
      </Shown>
    </>
  )

  function heading(): string {
    if (loaded.state !== 'here' || isOffered(loaded.value)) return say('accept.heading')
    const { your_role, state, giver } = loaded.value
    const isAgreed = your_role === 'representative' && (state === 'active' || state === 'held')
    return isAgreed ? say('accept.said_yes', { name: giver.name }) : say('accept.after')
  }
}

function isOffered({ state, your_role }: Mandate): boolean {
  return state === 'offered' && your_role === 'representative'
}

function Answer({ mandate, onAnswered }: { readonly mandate: Mandate; readonly onAnswered: () => void }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { organisation } = useActingFor()
  const [search, setSearch] = useSearchParams()
  const draftId = search.get('draft')
  const { mandate_id: mandateId, giver, given_through, answer_by } = mandate
  const confirmed = useCallback(() => {
    setSearch({}, { replace: true })
    onAnswered()
  }, [setSearch, onAnswered])
  return (
    <>
      <Paragraph>
        {organisation === null
          ? say('accept.lead', { name: (given_through ?? giver).name })
          : say('organisation.offered', { giver: giver.name, name: organisation.name })}
      </Paragraph>
      <Paragraph>{say('accept.what', { name: giver.name })}</Paragraph>
      <PowerList powers={mandate.powers} mine={false} />
      <Until day={lastDayOf(mandate)} />
      {answer_by !== null && <Paragraph>{say('accept.answer_by', { time: dates.instant(answer_by) })}</Paragraph>}
      {draftId === null ? (
        <MakeText mandateId={mandateId} onMade={(draft) => setSearch({ draft }, { replace: true })} />
      ) : (
        <ConfirmDraft
          key={draftId}
          draftId={draftId}
          label={say('accept.yes')}
          again={`/godta/${mandateId}`}
          onConfirmed={confirmed}
        />
      )}
      <Decline mandate={mandate} onAnswered={onAnswered} />
    </>
  )
}

/** Asks for the text that one agrees to. */
function MakeText({ mandateId, onMade }: { readonly mandateId: string; readonly onMade: (draftId: string) => void }) {
  const { language, say } = useLanguage()
  const { refusal, send } = useSending<components['schemas']['DraftView']>()
  const mandatesApi = useMandatesApi()
  const isAsked = useRef(false)
  async function make(): Promise<void> {
    const draft = await send(() =>
      mandatesApi.POST('/mandates/{mandateId}/acceptance-drafts', {
        params: { path: { mandateId } },
        body: { language },
      }),
    )
    if (draft !== null) onMade(draft.draft_id)
  }
  useEffect(() => {
    if (isAsked.current) return
    isAsked.current = true
    void make()
  })
  if (refusal === null) return <Paragraph role="status">{say('shell.loading')}</Paragraph>
  return <Refused refusal={refusal} again={() => void make()} />
}

function Decline({ mandate, onAnswered }: { readonly mandate: Mandate; readonly onAnswered: () => void }) {
  const { say } = useLanguage()
  const { isSending, refusal, send } = useSending<Mandate>()
  const [key] = useState(() => crypto.randomUUID())
  const mandatesApi = useMandatesApi()
  async function decline(): Promise<void> {
    const { mandate_id: mandateId, version } = mandate
    const declined = await send(() =>
      mandatesApi.POST('/mandates/{mandateId}/refusal', {
        params: { path: { mandateId }, header: { 'Idempotency-Key': key, 'If-Match': `"${version}"` } },
        body: {},
      }),
    )
    if (declined !== null) onAnswered()
  }
  return (
    <>
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button variant="secondary" onClick={() => void decline()} aria-disabled={isSending}>
          {say(isSending ? 'accept.declining' : 'accept.no')}
        </Button>
      </div>
    </>
  )
}

function Answered({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const dates = useDates()
  const received = useReceivedList()
  const { name } = mandate.giver
  return (
    <>
      <Alert data-color={mandate.state === 'active' ? 'success' : 'info'}>
        <Paragraph>{whatNow()}</Paragraph>
      </Alert>
      <div className="row">
        <Link to={received}>{say('accept.to_mine')}</Link>
        <Link to="/">{say('shell.to_start')}</Link>
      </div>
    </>
  )

  function whatNow(): string {
    const { state, your_role, takes_effect_at } = mandate
    if (your_role !== 'representative') return say('accept.not_open')
    if (state === 'active') return say('receipt.active_you', { name })
    if (state === 'declined') return say('accept.declined', { name })
    if (state !== 'held' || takes_effect_at === null) return say('accept.not_open')
    return say('receipt.held_you', { time: dates.instant(takes_effect_at) })
  }
}
