import { Paragraph } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router'
import { useGiving } from '../giving/giving.js'
import { StepHeading } from '../giving/step.js'
import { ConfirmDraft } from '../shell/confirm-draft.js'
import { useLanguage } from '../shell/language.js'

/** C6: the exact text, the way back to each step, and one button that names the person. */
export function GiveLookOver() {
  const { say } = useLanguage()
  const { giving, say: change, writeNumber } = useGiving()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const draftId = search.get('draft')
  const confirmed = useCallback(
    (mandateId: string) => {
      change({ type: 'begin', passedOn: null })
      writeNumber('')
      void navigate(`/gi/kvittering/${mandateId}`, { replace: true })
    },
    [change, writeNumber, navigate],
  )
  if (draftId === null) return <Navigate to="/gi/hvor-lenge" replace />
  return (
    <>
      <StepHeading number={4} heading={say('give.look_over')} />
      <Paragraph>{say('give.look_over_lead')}</Paragraph>
      <nav aria-label={say('give.change')} className="row">
        {giving.answered === null && <Link to="/gi/hvem">{say('give.change_who')}</Link>}
        <Link to="/gi/hva">{say('give.change_what')}</Link>
        <Link to="/gi/hvor-lenge">{say('give.change_how_long')}</Link>
      </nav>
      <ConfirmDraft
        draftId={draftId}
        label={say('give.confirm')}
        labelFor={(name) => say('give.confirm_for', { name })}
        again="/gi/hvor-lenge"
        onConfirmed={confirmed}
      >
        <Link to="/">{say('give.not_now')}</Link>
      </ConfirmDraft>
      <Paragraph>
        <Link to="/hjelp">{say('start.unsure')}</Link>
      </Paragraph>
    </>
  )
}
