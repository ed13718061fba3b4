import { Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Contacts } from '../shell/contacts.js'
import { Done } from '../shell/done.js'
import { FreezeAll } from '../shell/freeze-all.js'
import { useLanguage } from '../shell/language.js'
import { allMandates } from '../shell/own-mandates.js'
import { QuickExit } from '../shell/quick-exit.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSession } from '../shell/session.js'
import { useLoaded } from '../shell/use-loaded.js'

/** C13. The browser’s history calls it what it calls the front page: no one who looks there sees that help was sought. */
export function Help() {
  const { say } = useLanguage()
  const session = useSession()
  const [frozen, setFrozen] = useState(false)
  return (
    <Screen
      heading={say('help.heading')}
      title={say('start.heading')}
      message={frozen ? <Done done="done.all_frozen" name="" /> : null}
    >
      <Paragraph data-size="lg">{say('help.lead')}</Paragraph>
      <section className="stack">
        <Heading level={2} data-size="sm">
          {say('help.leave')}
        </Heading>
        <Paragraph>{say('help.leave_what')}</Paragraph>
        <div>
          <QuickExit />
        </div>
      </section>
      {session.state === 'somebody' && (
        <section className="stack">
          <Heading level={2} data-size="sm">
            {say('help.stop')}
          </Heading>
          <StopAll done={() => setFrozen(true)} />
        </section>
      )}
      <section className="stack">
        <Heading level={2} data-size="sm">
          {say('help.know')}
        </Heading>
        <ul>
          <li>{say('help.never_login')}</li>
          <li>{say('help.never_hurry')}</li>
          <li>{say('help.always_end')}</li>
        </ul>
      </section>
      <Contacts />
    </Screen>
  )
}

function StopAll({ done }: { readonly done: () => void }) {
  const { language } = useLanguage()
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => allMandates(language, signal), [language]))
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'refused') return <Refused refusal={loaded.refusal} again={again} />
  const stoppable = loaded.value.filter(
    ({ your_role: role, state }) => role === 'giver' && ['active', 'not_yet_valid', 'held'].includes(state),
  )
  return (
    <FreezeAll
      mandates={stoppable}
      done={() => {
        again()
        done()
      }}
    />
  )
}
