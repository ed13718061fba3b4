import { Alert, Paragraph } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Link, Navigate, useLocation, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { PersonFields, comingFrom, missingOfPerson } from '../giving/person-fields.js'
import { Step } from '../giving/step.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'

/** C3: whom one trusts, by number and family name. */
export function GiveWho() {
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
    if (Object.keys(missing).length === 0) void navigate(on ?? '/gi/hva')
  }

  // Who has asked is known.
  if (giving.answered !== null) return <Navigate to="/gi/hva" replace />
  return (
    <Step number={1} heading={say('give.who')} back="/" errors={errors} attempt={attempt} onNext={next}>
      {giving.passedOn !== null && <Alert>{say('give.passing_on_for', { name: giving.passedOn.giver })}</Alert>}
      {isNumberGone && <Alert data-color="info">{say('give.number_gone')}</Alert>}
      <Paragraph>{say('give.who_lead')}</Paragraph>
      <PersonFields errors={errors} />
      <Paragraph>
        {say('give.own_will')} <Link to="/hjelp">{say('start.unsure')}</Link>
      </Paragraph>
    </Step>
  )
}
