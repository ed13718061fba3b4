import { Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Link, useLocation } from 'react-router'
import { Contacts } from '../shell/contacts.js'
import { useDates } from '../shell/dates.js'
import { Done } from '../shell/done.js'
import { FreezeAll } from '../shell/freeze-all.js'
import { useLanguage } from '../shell/language.js'
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
  const [frozen, setFrozen] = useState<number | null>(null)
  const given = loaded.state === 'here' ? loaded.value.filter((mandate) => isConcerned(mandate, line)) : []
  const name = line?.by ?? ''
  return (
    <Screen
      heading={say('not-known.heading')}
      message={frozen === null ? null : <Done done="done.all_frozen" name="" />}
    >
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
        <FreezeAll
          mandates={given}
          done={(count) => {
            setFrozen(count)
            again()
          }}
        />
      )}
      <Paragraph>
        <Link to="/mine">{say('not-known.to_list')}</Link>
      </Paragraph>
      <Contacts />
    </Screen>
  )
}

/** Those of that person, where we know whose: names are shown, and two people may have the same one. */
function isConcerned({ your_role, state, representative }: Mandate, line: ActivityLine | null): boolean {
  if (your_role !== 'giver' || !['active', 'not_yet_valid', 'held'].includes(state)) return false
  return line?.by === undefined || line.by === null || representative.name === line.by
}

function lineIn(state: unknown): ActivityLine | null {
  return typeof state === 'object' && state !== null && 'line' in state ? (state.line as ActivityLine) : null
}
