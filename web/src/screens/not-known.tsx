import { Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useRef, useState } from 'react'
import { Link, useLocation } from 'react-router'
import { OFFLINE, type Refusal, refusalOf } from '../api.js'
import { Contacts } from '../shell/contacts.js'
import { useDates } from '../shell/dates.js'
import { Done } from '../shell/done.js'
import { FreezeAll, canBeFrozen } from '../shell/freeze-all.js'
import { useLanguage } from '../shell/language.js'
import { changeMandate } from '../shell/mandate-changes.js'
import { type Mandate, allMandates } from '../shell/own-mandates.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import type { ActivityLine } from '../shell/use-activity.js'
import { useLoaded } from '../shell/use-loaded.js'

/** “I do not recognise this”: stop first, then ask. */
export function NotKnown() {
  const { language, say } = useLanguage()
  const { instant } = useDates()
  const line = lineIn(useLocation().state)
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => allMandates(language, signal), [language]))
  const [isFrozen, setFrozen] = useState(false)
  const { isSending, refusal, freeze } = useFreezing(() => {
    setFrozen(true)
    again()
  })
  const given = loaded.state === 'here' ? loaded.value.filter((mandate) => isConcerned(mandate, line)) : []
  const name = line?.by ?? ''
  return (
    <Screen heading={say('not-known.heading')} message={isFrozen ? <Done done="done.all_frozen" name="" /> : null}>
      {line !== null && (
        <Paragraph>
          {say('not-known.what', { name, at: instant(line.at), service: line.asked_by ?? say('activity.a_service') })}
        </Paragraph>
      )}
      <Heading level={2} data-size="sm">
        {say('not-known.stop')}
      </Heading>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && (
        <FreezeAll mandates={given} isSending={isSending} refusal={refusal} onFreeze={() => void freeze(given)} />
      )}
      <Paragraph>
        <Link to="/mine">{say('not-known.to_list')}</Link>
      </Paragraph>
      <Contacts />
    </Screen>
  )
}

/** One after the other. Those that were stopped stay so when another one cannot be. */
function useFreezing(done: () => void) {
  const keys = useRef(new Map<string, string>())
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const freeze = async (mandates: readonly Mandate[]): Promise<void> => {
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
      if (frozen > 0) done()
    } catch {
      setRefusal(OFFLINE)
    } finally {
      setSending(false)
    }
  }
  return { isSending, refusal, freeze }
}

/** Those of that person, where we know whose: names are shown, and two people may have the same one. */
function isConcerned(mandate: Mandate, line: ActivityLine | null): boolean {
  if (!canBeFrozen(mandate)) return false
  return line?.by === undefined || line.by === null || mandate.representative.name === line.by
}

function lineIn(state: unknown): ActivityLine | null {
  return typeof state === 'object' && state !== null && 'line' in state ? (state.line as ActivityLine) : null
}
