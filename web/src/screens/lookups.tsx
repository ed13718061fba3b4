import { Button, Card, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useLoaded } from '../shell/use-loaded.js'

type Lookup = components['schemas']['LookupView']

/** C12: which services have asked about one, when, and what for. */
export function Lookups() {
  const { language, say } = useLanguage()
  const [before, setBefore] = useState<string>()
  const [loaded, again] = useLoaded(
    useCallback(
      (signal: AbortSignal) =>
        api.GET('/v1/me/lookups', {
          params: { query: { language, ...(before === undefined ? {} : { before }) } },
          signal,
        }),
      [language, before],
    ),
  )
  return (
    <Screen heading={say('lookups.heading')}>
      <Paragraph>{say('lookups.lead')}</Paragraph>
      <Shown loaded={loaded} again={again}>
        {({ lookups, next }) => (
          <>
            {lookups.length === 0 && <Paragraph>{say('lookups.none')}</Paragraph>}
            <ul className="plain stack">
              {lookups.map((lookup, index) => (
                <li key={index}>
                  <OneLookup lookup={lookup} />
                </li>
              ))}
            </ul>
            {next !== null && (
              <div>
                <Button variant="tertiary" onClick={() => setBefore(next)}>
                  {say('lookups.more')}
                </Button>
              </div>
            )}
          </>
        )}
      </Shown>
      <Link to="/hjelp">{say('lookups.strange')}</Link>
    </Screen>
  )
}

function OneLookup({ lookup: { day, kind, count, unit, organisation } }: { readonly lookup: Lookup }) {
  const { say } = useLanguage()
  const dates = useDates()
  const who = [unit, organisation?.name].filter((name) => typeof name === 'string')
  return (
    <Card>
      <Paragraph>
        <strong>{who.length === 0 ? say('lookups.unknown') : who.join(', ')}</strong>
      </Paragraph>
      <Paragraph>{say(`lookups.${kind}`)}</Paragraph>
      <Paragraph className="quiet">
        {dates.day(day)} – {count === 1 ? say('lookups.once') : say('lookups.times', { number: count })}
      </Paragraph>
    </Card>
  )
}
