import { Button, Paragraph } from '@digdir/designsystemet-react'
import type { ReactNode, SubmitEvent } from 'react'
import { Link } from 'react-router'
import { type FieldErrors, Errors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'

interface StepProps {
  readonly number: 1 | 2 | 3
  readonly heading: string
  readonly back: string
  readonly errors: FieldErrors
  readonly attempt: number
  readonly isSending?: boolean
  readonly onNext: () => void
  readonly children: ReactNode
}

/** One step of giving: which one it is, what is missing in it, and the way on and back. */
export function Step({ number, heading, back, errors, attempt, isSending = false, onNext, children }: StepProps) {
  const { say } = useLanguage()
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    onNext()
  }
  return (
    <form className="stack" onSubmit={submit} noValidate autoComplete="off">
      <StepHeading number={number} heading={heading} />
      <Errors errors={errors} attempt={attempt} />
      {children}
      <div className="row giving-ways">
        <Button type="submit" aria-disabled={isSending}>
          {say(isSending ? 'give.making' : 'give.next')}
        </Button>
        <Link to={back}>{say('give.back')}</Link>
      </div>
    </form>
  )
}

export function StepHeading({ number, heading }: { readonly number: number; readonly heading: string }) {
  const { say } = useLanguage()
  return (
    <div>
      <Paragraph data-size="sm">{say('give.step', { number })}</Paragraph>
      <Screen heading={heading} />
    </div>
  )
}
