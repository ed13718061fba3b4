import { Button, Paragraph } from '@digdir/designsystemet-react'
import { useRef, useState } from 'react'
import { OFFLINE, type Refusal, refusalOf } from '../api.js'
import { useLanguage } from './language.js'
import { changeMandate } from './mandate-changes.js'
import type { Mandate } from './own-mandates.js'
import { Refused } from './refused.js'

interface Props {
  /** Those that one has given and that can be frozen. */
  readonly mandates: readonly Mandate[]
  readonly done: (count: number) => void
}

/** Stops them all for the time being. Those that were stopped stay so when another one cannot be. */
export function FreezeAll({ mandates, done }: Props) {
  const { say } = useLanguage()
  const keys = useRef(new Map<string, string>())
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const freeze = async (): Promise<void> => {
    setSending(true)
    setRefusal(null)
    let frozen = 0
    try {
      for (const mandate of mandates) {
        const intent = `${mandate.mandate_id} ${mandate.version}`
        const key = keys.current.get(intent) ?? crypto.randomUUID()
        keys.current.set(intent, key)
        const { data, error } = await changeMandate(mandate, 'freeze', '', key)
        if (data === undefined) setRefusal(refusalOf(error))
        else frozen += 1
      }
      if (frozen > 0) done(frozen)
    } catch {
      setRefusal(OFFLINE)
    } finally {
      setSending(false)
    }
  }
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
      {refusal !== null && <Refused refusal={refusal} />}
      <div>
        <Button data-color="danger" loading={isSending} onClick={() => void freeze()}>
          {say('help.freeze_all')}
        </Button>
      </div>
    </div>
  )
}
