import { Alert, Paragraph, Textfield } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { digitsOf, hasCheckDigits } from '../giving/identity-number.js'
import { Step } from '../giving/step.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'

/** C3: whom one trusts, by number and family name. */
export function GiveWho() {
  const { say } = useLanguage()
  const { giving, say: change, number, writeNumber } = useGiving()
  const navigate = useNavigate()
  const { on, isNumberGone } = stateOf(useLocation().state)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)

  function next(): void {
    const missing: FieldErrors = {
      ...(hasCheckDigits(digitsOf(number)) ? {} : { number: say('give.number_wrong') }),
      ...(giving.familyName.trim() === '' ? { 'family-name': say('give.family_name_missing') } : {}),
    }
    setErrors(missing)
    setAttempt(attempt + 1)
    if (Object.keys(missing).length === 0) void navigate(on ?? '/gi/hva')
  }

  return (
    <Step number={1} heading={say('give.who')} back="/" errors={errors} attempt={attempt} onNext={next}>
      {giving.passedOn !== null && <Alert>{say('give.passing_on_for', { name: giving.passedOn.giver })}</Alert>}
      {isNumberGone && <Alert data-color="info">{say('give.number_gone')}</Alert>}
      <Paragraph>{say('give.who_lead')}</Paragraph>
      <Textfield
        id="number"
        label={say('give.number')}
        description={say('give.number_why')}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        value={number}
        error={errors['number']}
        onChange={({ target }) => writeNumber(target.value)}
      />
      <Textfield
        id="family-name"
        label={say('give.family_name')}
        description={say('give.family_name_why')}
        autoComplete="off"
        spellCheck={false}
        value={giving.familyName}
        error={errors['family-name']}
        onChange={({ target }) => change({ type: 'write', change: { familyName: target.value } })}
      />
      <Paragraph>
        {say('give.own_will')} <Link to="/hjelp">{say('start.unsure')}</Link>
      </Paragraph>
    </Step>
  )
}

interface ComingFrom {
  /** Where to go on when the number has been written again. */
  readonly on?: string
  readonly isNumberGone?: boolean
}

function stateOf(state: unknown): ComingFrom {
  return typeof state === 'object' && state !== null ? state : {}
}
