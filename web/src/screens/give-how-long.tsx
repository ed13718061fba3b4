import { Paragraph } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Link, Navigate } from 'react-router'
import type { Refusal } from '../api.js'
import { useGiving } from '../giving/giving.js'
import { chosen, isWhoSaid, latestDay } from '../giving/giving-state.js'
import { HowLongFields, lastDayChosen } from '../giving/how-long-fields.js'
import { useDraftMaking } from '../giving/make-draft.js'
import { Step } from '../giving/step.js'
import type { components } from '../generated/api.js'
import { useDates } from '../shell/dates.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Shown } from '../shell/shown.js'

type Catalogue = components['schemas']['CatalogueView']

/** C5: until when. One last day for all that is given. */
export function GiveHowLong() {
  const { catalogue, askAgain, giving, number } = useGiving()
  if (!isWhoSaid(giving, number)) {
    return <Navigate to="/gi/hvem" replace state={{ on: '/gi/hvor-lenge', isNumberGone: true }} />
  }
  if (chosen(giving).length === 0) return <Navigate to="/gi/hva" replace />
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {(value) => <HowLong catalogue={value} />}
    </Shown>
  )
}

function HowLong({ catalogue }: { readonly catalogue: Catalogue }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { giving, say: change } = useGiving()
  const { isSending, refusal, makeDraft } = useDraftMaking()
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  const latest = latestDay(catalogue.services, giving)

  function next(): void {
    const last = lastDayChosen(giving, latest)
    setErrors(last === null ? { 'own-day': say('give.day_wrong', { day: dates.day(latest) }) } : {})
    setAttempt(attempt + 1)
    if (last !== null) void makeDraft(last)
  }

  return (
    <Step
      number={3}
      heading={say('give.how_long')}
      back="/gi/hva"
      errors={errors}
      attempt={attempt}
      isSending={isSending}
      onNext={next}
    >
      {refusal !== null && (
        <Refused refusal={refusal}>
          <WhereToMend refusal={refusal} />
        </Refused>
      )}
      <HowLongFields
        period={giving}
        latest={latest}
        error={errors['own-day']}
        onChange={(period) => change({ type: 'write', change: period })}
      />
    </Step>
  )
}

const ABOUT_REQUEST = ['no_such_request', 'not_in_this_state', 'not_to_oneself', 'representative_not_available']
const ABOUT_WHO = [
  ...['not_to_oneself', 'not_to_the_principal', 'representative_not_available', 'not_given_to_organisations'],
  ...['identifier_malformed', 'identifier_check_digits', 'identifier_wrong_series', 'no_such_invitation'],
]
const ABOUT_WHAT = [
  ...['unknown_service', 'unknown_action', 'unknown_provider', 'not_given_by_mandate', 'principal_too_young'],
  ...['not_given_by_organisations', 'not_given_for_organisation'],
  ...['principal_without_capacity', 'not_to_be_passed_on', 'wider_than_parent', 'wider_than_asked', 'same_power_twice'],
]

/** The way to the step in which it can be mended. */
function WhereToMend({ refusal: { code, more } }: { readonly refusal: Refusal }) {
  const { say } = useLanguage()
  const { answered } = useGiving().giving
  const [first] = Array.isArray(more['extend_instead']) ? (more['extend_instead'] as unknown[]) : []
  if (code === 'overlapping_mandate' && typeof first === 'string') {
    return <Link to={`/mine/${first}/forleng`}>{say('give.extend_instead')}</Link>
  }
  if (answered !== null && ABOUT_REQUEST.includes(code)) {
    return <Link to={`/foresporsler/${answered.requestId}`}>{say('notices.see_request')}</Link>
  }
  if (ABOUT_WHO.includes(code)) return <Link to="/gi/hvem">{say('give.change_who')}</Link>
  if (ABOUT_WHAT.includes(code)) return <Link to="/gi/hva">{say('give.change_what')}</Link>
  if (code === 'login_level_too_low') return <Paragraph>{say('give.number_again')}</Paragraph>
  return null
}
