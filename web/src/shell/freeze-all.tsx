import { Button, Paragraph } from '@digdir/designsystemet-react'
import { Link } from 'react-router'
import type { Refusal } from '../api.js'
import { useLanguage } from './language.js'
import { type Mandate, isOwn } from './own-mandates.js'
import { Refused } from './refused.js'

interface Props {
  /** Those that would be stopped. */
  readonly mandates: readonly Mandate[]
  readonly isSending: boolean
  readonly refusal: Refusal | null
  readonly onFreeze: () => void
}

/** What would be stopped for the time being, and the button that does it. */
export function FreezeAll({ mandates, isSending, refusal, onFreeze }: Props) {
  const { say } = useLanguage()
  if (mandates.length === 0) return <Paragraph>{say('help.nothing_to_freeze')}</Paragraph>
  return (
    <div className="stack">
      <Paragraph>{say('help.freeze_what')}</Paragraph>
      <ul>
        {mandates.map(({ mandate_id: id, representative, powers }) => (
          <li key={id}>
            {representative.name}: {[...new Set(powers.map((power) => power.service_name))].join(', ')}
          </li>
        ))}
      </ul>
      <Paragraph>
        {say('help.freeze_quiet')} <Link to="/mine">{say('help.frozen_see')}</Link>
      </Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button data-color="danger" loading={isSending} onClick={onFreeze}>
          {say('help.freeze_all')}
        </Button>
      </div>
    </div>
  )
}

/** One's own to stop, and in force or to come. */
export function canBeFrozen(mandate: Mandate): boolean {
  return isOwn(mandate) && ['active', 'not_yet_valid', 'held'].includes(mandate.state)
}
