import { Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useMemo } from 'react'
import { Link, useLocation } from 'react-router'
import { useActingFor } from '../shell/acting-for.js'
import { BasisWords } from '../shell/basis.js'
import { dayOf, useDates } from '../shell/dates.js'
import { Done } from '../shell/done.js'
import { grouped } from '../shell/grouped.js'
import { useLanguage } from '../shell/language.js'
import { MandateState } from '../shell/mandate-state.js'
import { NextBirthday } from '../shell/next-birthday.js'
import {
  type Mandate,
  type OwnPower,
  type Overview,
  type Seen,
  isAlive,
  lastDayOf,
  overview,
} from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { PowerList, Until } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useLoaded } from '../shell/use-loaded.js'
import { OrganisationMandates } from './organisation-mandates.js'

/** C2: one's own, or those of the organisation that one acts for. */
export function Mine() {
  const { organisation } = useActingFor()
  return organisation === null ? <OnesOwn /> : <OrganisationMandates key={organisation.ref} name={organisation.name} />
}

/** Everyone who can do something on one’s behalf, why, what and until when. */
function OnesOwn() {
  const { language, say } = useLanguage()
  const state: unknown = useLocation().state
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => overview(language, signal), [language]))
  return (
    <Screen heading={say('mine.heading')} message={loaded.state === 'loading' ? null : Done.of(state)}>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && <Helpers overview={loaded.value} />}
    </Screen>
  )
}

interface Helper {
  readonly person: Seen
  readonly mandates: readonly Mandate[]
  readonly byLaw: readonly OwnPower[]
  readonly lastUsedAt: string | null
}

function Helpers({ overview }: { readonly overview: Overview }) {
  const { language, say } = useLanguage()
  const helpers = useMemo(() => helpersIn(overview, language), [overview, language])
  return (
    <>
      <Paragraph>{helpers.length === 0 ? say('mine.nobody') : say('mine.lead')}</Paragraph>
      <div className="row">
        <Button asChild>
          <Link to="/gi">{say('mine.give')}</Link>
        </Button>
        <Link to="/mine/avsluttede">{say('mine.ended')}</Link>
        <Link to="/foresporsler">{say('requests.heading')}</Link>
      </div>
      <ul className="plain stack">
        {helpers.map((helper) => (
          <li key={helper.person.ref}>
            <HelperCard helper={helper} />
          </li>
        ))}
      </ul>
      <NextBirthday now={overview.representations} />
    </>
  )
}

function HelperCard({ helper: { person, mandates, byLaw, lastUsedAt } }: { readonly helper: Helper }) {
  const { say } = useLanguage()
  const { day } = useDates()
  return (
    <Card>
      <Card.Block className="stack">
        <Heading level={2} data-size="sm">
          <PersonName person={person} />
        </Heading>
        {mandates.map((mandate) => (
          <GivenMandate key={mandate.mandate_id} mandate={mandate} name={person.name} />
        ))}
        {grouped(byLaw, ({ basis }) => basis).map(([basis, powers]) => (
          <section key={basis} className="stack">
            <BasisWords basis={basis} />
            <PowerList powers={powers} mine />
            <Until day={powers[0]?.last_day ?? null} />
          </section>
        ))}
        <div className="row">
          <Link to={`/hendelser?med=${person.ref}`}>{say('mine.what_he_did', { name: person.name })}</Link>
          <span className="quiet">
            {lastUsedAt === null ? say('mine.never_used') : say('mine.last_used', { day: day(dayOf(lastUsedAt)) })}
          </span>
        </div>
      </Card.Block>
    </Card>
  )
}

function GivenMandate({ mandate, name }: { readonly mandate: Mandate; readonly name: string }) {
  const { say } = useLanguage()
  const address = `/mine/${mandate.mandate_id}`
  return (
    <section className="stack">
      <BasisWords basis="mandate" />
      <MandateState mandate={mandate} />
      <PowerList powers={mandate.powers.filter(isAlive)} mine />
      <Until day={lastDayOf(mandate)} />
      <div className="row">
        <Button asChild variant="secondary">
          <Link to={address}>
            {say('mine.change')}
            <span className="unseen"> {say('mine.the_one_to', { name })}</span>
          </Link>
        </Button>
        <Button asChild variant="secondary" data-color="danger">
          <Link to={`${address}/avslutt`}>
            {say('mine.end')}
            <span className="unseen"> {say('mine.the_one_to', { name })}</span>
          </Link>
        </Button>
      </div>
    </section>
  )
}

function helpersIn({ mandates, representations }: Overview, language: string): Helper[] {
  const given = mandates.filter((mandate) => mandate.your_role === 'giver' && isAlive(mandate))
  const helpers = new Map<string, Helper>()
  for (const { representative, powers, last_used_at: lastUsedAt } of representations.may_act_for_you) {
    const byLaw = powers.filter(({ basis }) => basis !== 'mandate')
    helpers.set(representative.ref, { person: representative, mandates: [], byLaw, lastUsedAt })
  }
  for (const mandate of given) {
    const person = mandate.representative
    const known = helpers.get(person.ref) ?? { person, mandates: [], byLaw: [], lastUsedAt: null }
    helpers.set(person.ref, { ...known, mandates: [...known.mandates, mandate] })
  }
  const order = new Intl.Collator([language, 'nb'])
  return [...helpers.values()]
    .filter((helper) => helper.mandates.length > 0 || helper.byLaw.length > 0)
    .sort((one, other) => order.compare(one.person.name, other.person.name))
}
