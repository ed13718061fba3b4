import { Button, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import type { components } from '../generated/api.js'
import { MONTHS, type Mandate } from '../giving/giving-state.js'
import '../giving/giving.css'
import { HowLongFields, type Period, lastDayChosen } from '../giving/how-long-fields.js'
import { useMandatesApi } from '../shell/acting-for.js'
import { ConfirmDraft } from '../shell/confirm-draft.js'
import { today, useDates } from '../shell/dates.js'
import { type Day, lastOfMonths } from '../shell/days.js'
import { Errors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { useKept } from '../shell/use-kept.js'
import { useMandate } from '../shell/use-mandate.js'

/** A fullmakt is made to last longer: a new last day, and the whole text anew. Never silently. */
export function Extend() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [search] = useSearchParams()
  const draftId = search.get('draft')
  const navigate = useNavigate()
  const kept = useKeptPeriod(mandateId)
  const { forget } = kept
  const confirmed = useCallback(
    (id: string) => {
      forget()
      void navigate(`/mine/${id}`, { replace: true })
    },
    [forget, navigate],
  )
  return (
    <>
      <Screen heading={say('extend.heading')} />
      {draftId === null ? (
        <ChooseEnd mandateId={mandateId} kept={kept} />
      ) : (
        <ConfirmDraft
          draftId={draftId}
          label={say('extend.confirm')}
          again={`/mine/${mandateId}/forleng`}
          onConfirmed={confirmed}
        >
          <Link to={`/mine/${mandateId}/forleng`}>{say('give.change_how_long')}</Link>
        </ConfirmDraft>
      )}
    </>
  )
}

interface KeptPeriod {
  readonly period: Period
  readonly change: (change: Partial<Period>) => void
  readonly forget: () => void
}

/** What was chosen, over reload, login and back. */
function useKeptPeriod(mandateId: string): KeptPeriod {
  const [howLong, keepHowLong] = useKept(`extend how long ${mandateId}`)
  const [ownDay, keepOwnDay] = useKept(`extend until ${mandateId}`)
  return {
    period: {
      howLong: howLong === 'own' ? 'own' : (MONTHS.find((months) => String(months) === howLong) ?? 12),
      ownDay,
    },
    change: (change) => {
      if (change.howLong !== undefined) keepHowLong(String(change.howLong))
      if (change.ownDay !== undefined) keepOwnDay(change.ownDay)
    },
    forget: useCallback(() => {
      keepHowLong('')
      keepOwnDay('')
    }, [keepHowLong, keepOwnDay]),
  }
}

function ChooseEnd({ mandateId, kept }: { readonly mandateId: string; readonly kept: KeptPeriod }) {
  const [loaded, again] = useMandate(mandateId)
  return (
    <Shown loaded={loaded} again={again}>
      {(mandate) => <NewEnd mandate={mandate} kept={kept} />}
    </Shown>
  )
}

/** The service knows the limit of each power; the pages offer what every service allows at the least. */
const MOST_MONTHS = 36

function NewEnd({ mandate, kept }: { readonly mandate: Mandate; readonly kept: KeptPeriod }) {
  const { language, say } = useLanguage()
  const dates = useDates()
  const navigate = useNavigate()
  const { isSending, refusal, send } = useSending<components['schemas']['DraftView']>()
  const mandatesApi = useMandatesApi()
  const { period, change } = kept
  const [attempt, setAttempt] = useState(0)
  const [error, setError] = useState<string>()
  const { mandate_id: mandateId, representative, powers } = mandate
  const after: Day = powers.map(({ last_day }) => last_day).sort()[0] ?? today()
  const latest = lastOfMonths(today(), MOST_MONTHS)

  async function next(): Promise<void> {
    const until = lastDayChosen(period, latest, after)
    setError(
      until === null ? say('give.day_wrong_after', { after: dates.day(after), day: dates.day(latest) }) : undefined,
    )
    setAttempt(attempt + 1)
    if (until === null) return
    const draft = await send(() =>
      mandatesApi.POST('/mandates/{mandateId}/extension-drafts', {
        params: { path: { mandateId } },
        body: { until, language },
      }),
    )
    if (draft !== null) void navigate(`/mine/${mandateId}/forleng?draft=${draft.draft_id}`)
  }

  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void next()
      }}
    >
      <Errors errors={error === undefined ? {} : { 'own-day': error }} attempt={attempt} />
      <Paragraph>{say('extend.lead', { name: representative.name, day: dates.day(after) })}</Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      <HowLongFields period={period} latest={latest} after={after} error={error} onChange={change} />
      <div className="row">
        <Button type="submit" aria-disabled={isSending}>
          {say(isSending ? 'give.making' : 'give.next')}
        </Button>
        <Link to="/mine">{say('give.back')}</Link>
      </div>
    </form>
  )
}
