import { Alert, Paragraph } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { PersonFields, comingFrom, missingOfPerson } from '../giving/person-fields.js'
import { Step } from '../giving/step.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'

/** Whom one wants to help, by number and family name. Nothing is told of whether there is such a person. */
export function AskWho() {
  const { say } = useLanguage()
  const { giving, number } = useGiving()
  const navigate = useNavigate()
  const { on, isNumberGone } = comingFrom(useLocation().state)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)

  function next(): void {
    const missing = missingOfPerson(number, giving.familyName, say)
    setErrors(missing)
    setAttempt(attempt + 1)
    if (Object.keys(missing).length === 0) void navigate(on ?? '/be-om/hva')
  }

  return (
    <Step number={1} heading={say('ask.who')} back="/be-om" errors={errors} attempt={attempt} onNext={next}>
      {isNumberGone && <Alert data-color="info">{say('give.number_gone')}</Alert>}
      <Paragraph>{say('ask.who_lead')}</Paragraph>
      <PersonFields errors={errors} />
      <Paragraph data-size="sm">{say('ask.neutral')}</Paragraph>
    </Step>
  )
}
