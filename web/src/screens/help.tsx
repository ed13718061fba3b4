import { Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { Contacts } from '../shell/contacts.js'
import { Done } from '../shell/done.js'
import { FreezeAll, canBeFrozen } from '../shell/freeze-all.js'
import { useLanguage } from '../shell/language.js'
import { allMandates } from '../shell/own-mandates.js'
import { QuickExit } from '../shell/quick-exit.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSession } from '../shell/session.js'
import { useLoaded } from '../shell/use-loaded.js'
import { useWrite } from '../shell/use-write.js'

type FrozenAll = components['schemas']['FrozenAllView']

/** C13. The browser’s history calls it what it calls the front page: no one who looks there sees that help was sought. */
export function Help() {
  const { say } = useLanguage()
  const session = useSession()
  const [frozen, setFrozen] = useState<FrozenAll | null>(null)
  return (
    <Screen
      heading={say('help.heading')}
      title={say('start.heading')}
      message={frozen && <WhatIsFrozen frozen={frozen} />}
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
          <StopAll done={setFrozen} />
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

function StopAll({ done }: { readonly done: (frozen: FrozenAll) => void }) {
  const { language } = useLanguage()
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => allMandates(language, signal), [language]))
  const [send, { isSending, refusal }] = useWrite(
    (_wanted: null, key) => api.POST('/v1/me/freeze-all', { params: { header: { 'Idempotency-Key': key } } }),
    (frozen) => {
      again()
      done(frozen)
    },
  )
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'refused') return <Refused refusal={loaded.refusal} again={again} />
  const mandates = loaded.value.filter(canBeFrozen)
  return <FreezeAll mandates={mandates} isSending={isSending} refusal={refusal} onFreeze={() => send(null)} />
}

/** What was stopped, and what that does not stop. */
function WhatIsFrozen({ frozen: { frozen, already_frozen, still_offered, by_law } }: { readonly frozen: FrozenAll }) {
  const { say } = useLanguage()
  return (
    <div className="stack">
      <Done done="done.all_frozen" name="" />
      <ul>
        <li>{frozen === 1 ? say('help.frozen_one') : say('help.frozen_now', { frozen })}</li>
        {already_frozen > 0 && <li>{say('help.frozen_before', { already: already_frozen })}</li>}
        {still_offered > 0 && <li>{say('help.frozen_not_offers', { offers: still_offered })}</li>}
        {by_law > 0 && <li>{say('help.frozen_not_by_law')}</li>}
      </ul>
      <Link to="/mine">{say('help.frozen_see')}</Link>
    </div>
  )
}
