import { Alert, Button, Paragraph } from '@digdir/designsystemet-react'
import { Link, useNavigate, useParams } from 'react-router'
import { useGiving } from '../giving/giving.js'
import type { Mandate, PassedOn } from '../giving/giving-state.js'
import { useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useMandate } from '../shell/use-mandate.js'

/** Where a helper begins to pass on what he was given, if the giver has allowed it. */
export function PassOn() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  return (
    <>
      <Screen heading={say('give.pass_on_heading')} />
      <Shown loaded={loaded} again={again}>
        {(mandate) => <Begin mandate={mandate} />}
      </Shown>
    </>
  )
}

function Begin({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const { say: change, writeNumber } = useGiving()
  const navigate = useNavigate()
  const passedOn = whatCanBePassedOn(mandate)
  if (passedOn === null) {
    return (
      <>
        <Alert data-color="info">
          <Paragraph>{say('give.pass_on_not', { name: mandate.giver.name })}</Paragraph>
        </Alert>
        <Link to="/for-andre">{say('give.back')}</Link>
      </>
    )
  }
  const begin = (): void => {
    change({ type: 'begin', passedOn })
    writeNumber('')
    void navigate('/gi/hvem')
  }
  return (
    <>
      <Paragraph>{say('give.pass_on_lead', { name: mandate.giver.name })}</Paragraph>
      <div className="row">
        <Button onClick={begin}>{say('give.next')}</Button>
        <Link to="/for-andre">{say('give.back')}</Link>
      </div>
    </>
  )
}

/** Null where the giver has allowed nothing of it, or it is not in force. */
function whatCanBePassedOn({ mandate_id, your_role, giver, powers }: Mandate): PassedOn | null {
  const open = powers.filter(({ passing_on, state }) => passing_on && state === 'active')
  const lastDay = open.map(({ last_day }) => last_day).sort()[0]
  if (your_role !== 'representative' || lastDay === undefined) return null
  return { mandateId: mandate_id, giver: giver.name, lastDay, powers: open }
}
