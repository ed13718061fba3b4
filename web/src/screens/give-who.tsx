import { Alert, Button, Card, Paragraph } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Link, Navigate, useLocation, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import type { Invited } from '../giving/giving-state.js'
import { PersonFields, comingFrom, missingOfPerson } from '../giving/person-fields.js'
import { Step } from '../giving/step.js'
import { useActingFor } from '../shell/acting-for.js'
import type { FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { PersonName } from '../shell/person-name.js'

/** C3: whom one trusts, by number and family name, or by a code that the other one has used. */
export function GiveWho() {
  const { say } = useLanguage()
  const { giving, say: change, number } = useGiving()
  const navigate = useNavigate()
  const { organisation } = useActingFor()
  const { on, isNumberGone } = comingFrom(useLocation().state)
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)

  function next(): void {
    const missing = giving.invited === null ? missingOfPerson(number, giving.familyName, say) : {}
    setErrors(missing)
    setAttempt(attempt + 1)
    if (Object.keys(missing).length === 0) void navigate(on ?? '/gi/hva')
  }

  // Who has asked is known.
  if (giving.answered !== null) return <Navigate to="/gi/hva" replace />
  return (
    <Step
      number={1}
      heading={organisation === null ? say('give.who') : say('organisation.who', { name: organisation.name })}
      back="/"
      errors={errors}
      attempt={attempt}
      onNext={next}
    >
      {giving.passedOn !== null && <Alert>{say('give.passing_on_for', { name: giving.passedOn.giver })}</Alert>}
      {isNumberGone && <Alert data-color="info">{say('give.number_gone')}</Alert>}
      {giving.invited === null ? (
        <ByNumber errors={errors} />
      ) : (
        <ByCode invited={giving.invited} onOther={() => change({ type: 'write', change: { invited: null } })} />
      )}
      <Paragraph>
        {say('give.own_will')} <Link to="/hjelp">{say('start.unsure')}</Link>
      </Paragraph>
    </Step>
  )
}

function ByNumber({ errors }: { readonly errors: FieldErrors }) {
  const { say } = useLanguage()
  const { organisation } = useActingFor()
  return (
    <>
      <Paragraph>{say('give.who_lead')}</Paragraph>
      <PersonFields errors={errors} />
      {organisation === null && (
        <Paragraph>
          {say('invitation.no_number')} <Link to="/gi/kode">{say('invitation.instead')}</Link>
        </Paragraph>
      )}
    </>
  )
}

interface ByCodeProps {
  readonly invited: Invited
  readonly onOther: () => void
}

/** Who it is has been proved by a login. */
function ByCode({ invited: { name, bornYear }, onOther }: ByCodeProps) {
  const { say } = useLanguage()
  return (
    <Card className="stack">
      <Paragraph>
        <strong>
          <PersonName person={{ name, born_year: bornYear }} />
        </strong>
      </Paragraph>
      <Paragraph>{say('invitation.chosen')}</Paragraph>
      <div>
        <Button type="button" variant="secondary" onClick={onOther}>
          {say('invitation.choose_other')}
        </Button>
      </div>
    </Card>
  )
}
