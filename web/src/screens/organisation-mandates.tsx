import { Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { Link, useLocation } from 'react-router'
import type { TextName } from '../generated/text-name.js'
import { useMandatesApi } from '../shell/acting-for.js'
import { Done } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { MandateState } from '../shell/mandate-state.js'
import { type Mandate, allMandates, isAlive, lastDayOf, otherOf } from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { PowerList, Until } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useLoaded } from '../shell/use-loaded.js'

/** What the organisation that one acts for has given and received. */
export function OrganisationMandates({ name }: { readonly name: string }) {
  const { language, say } = useLanguage()
  const state: unknown = useLocation().state
  const mandatesApi = useMandatesApi()
  const [loaded, again] = useLoaded(
    useCallback((signal: AbortSignal) => allMandates(language, signal, mandatesApi), [mandatesApi, language]),
  )
  const alive = loaded.state === 'here' ? loaded.value.filter(isAlive) : []
  return (
    <Screen
      heading={say('organisation.heading', { name })}
      message={loaded.state === 'loading' ? null : Done.of(state)}
    >
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && (
        <>
          <Paragraph>{say('organisation.lead', { name })}</Paragraph>
          <div className="row">
            <Button asChild>
              <Link to="/gi">{say('organisation.give', { name })}</Link>
            </Button>
            <Link to="/mine/avsluttede">{say('mine.ended')}</Link>
          </div>
          <Mandates title="organisation.given" none="organisation.none_given" mandates={alive.filter(isGiven)} />
          <Mandates
            title="organisation.received"
            none="organisation.none_received"
            mandates={alive.filter((mandate) => !isGiven(mandate))}
          />
        </>
      )}
    </Screen>
  )
}

function isGiven({ your_role: role }: Mandate): boolean {
  return role === 'giver'
}

interface MandatesProps {
  readonly title: TextName
  readonly none: TextName
  readonly mandates: readonly Mandate[]
}

function Mandates({ title, none, mandates }: MandatesProps) {
  const { language, say } = useLanguage()
  const order = new Intl.Collator([language, 'nb'])
  const sorted = [...mandates].sort((one, other) => order.compare(otherOf(one).name, otherOf(other).name))
  return (
    <section className="stack">
      <Heading level={2} data-size="sm">
        {say(title)}
      </Heading>
      {sorted.length === 0 && <Paragraph>{say(none)}</Paragraph>}
      <ul className="plain stack">
        {sorted.map((mandate) => (
          <li key={mandate.mandate_id}>
            <MandateCard mandate={mandate} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function MandateCard({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const address = `/mine/${mandate.mandate_id}`
  const other = otherOf(mandate)
  const isReceived = !isGiven(mandate)
  return (
    <Card>
      <Card.Block className="stack">
        <Heading level={3} data-size="xs">
          <PersonName person={other} />
        </Heading>
        <MandateState mandate={mandate} />
        <PowerList powers={mandate.powers.filter(isAlive)} mine={false} />
        <Until day={lastDayOf(mandate)} />
        <div className="row">
          {isReceived && mandate.state === 'offered' && (
            <Button asChild>
              <Link to={`/godta/${mandate.mandate_id}`}>{say('mandate.answer')}</Link>
            </Button>
          )}
          <Button asChild variant="secondary">
            <Link to={address}>
              {say(isReceived ? 'for-others.see' : 'mine.change')}
              <span className="unseen"> {say('mine.the_one_to', { name: other.name })}</span>
            </Link>
          </Button>
          <Button asChild variant="secondary" data-color="danger">
            <Link to={`${address}/avslutt`}>
              {say(isReceived ? 'mandate.leave' : 'mine.end')}
              <span className="unseen"> {say('mine.the_one_to', { name: other.name })}</span>
            </Link>
          </Button>
        </div>
      </Card.Block>
    </Card>
  )
}
