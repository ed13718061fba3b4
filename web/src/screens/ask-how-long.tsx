import { Textarea, Field, FieldDescription, Label, ValidationMessage } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Navigate, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { type CatalogueService, chosen, latestDay } from '../giving/giving-state.js'
import { HowLongFields, lastDayChosen } from '../giving/how-long-fields.js'
import { Step } from '../giving/step.js'
import { useDates } from '../shell/dates.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { Shown } from '../shell/shown.js'
import { mayHoldNumber } from '../shell/use-kept.js'

/** Until when, and what one says to the other. */
export function AskHowLong() {
  const { catalogue, askAgain, giving, number } = useGiving()
  if (number === '') {
    return <Navigate to="/be-om/hvem" replace state={{ on: '/be-om/hvor-lenge', isNumberGone: true }} />
  }
  if (chosen(giving).length === 0) return <Navigate to="/be-om/hva" replace />
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {({ services }) => <HowLong services={services} />}
    </Shown>
  )
}

const LONGEST_WHY = 300

function HowLong({ services }: { readonly services: readonly CatalogueService[] }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { giving, say: change } = useGiving()
  const navigate = useNavigate()
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  const latest = latestDay(services, giving)

  function next(): void {
    const missing: FieldErrors = {
      ...(lastDayChosen(giving, latest) === null
        ? { 'own-day': say('give.day_wrong', { day: dates.day(latest) }) }
        : {}),
      ...(mayHoldNumber(giving.why) ? { why: say('ask.why_number') } : {}),
    }
    setErrors(missing)
    setAttempt(attempt + 1)
    if (Object.keys(missing).length === 0) void navigate('/be-om/se-over')
  }

  return (
    <Step number={3} heading={say('ask.how_long')} back="/be-om/hva" errors={errors} attempt={attempt} onNext={next}>
      <HowLongFields
        period={giving}
        latest={latest}
        error={errors['own-day']}
        description={say('ask.how_long_why')}
        onChange={(period) => change({ type: 'write', change: period })}
      />
      <Field>
        <Label htmlFor="why">{say('ask.why')}</Label>
        <FieldDescription>{say('ask.why_why')}</FieldDescription>
        <Textarea
          id="why"
          rows={3}
          maxLength={LONGEST_WHY}
          aria-invalid={errors['why'] !== undefined}
          value={giving.why}
          onChange={({ target }) => change({ type: 'write', change: { why: target.value } })}
        />
        {errors['why'] !== undefined && <ValidationMessage>{errors['why']}</ValidationMessage>}
      </Field>
    </Step>
  )
}
