import { Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useMemo } from 'react'
import { Link, Navigate, useLocation, useNavigate } from 'react-router'
import { useActingFor } from '../shell/acting-for.js'
import { BasisWords } from '../shell/basis.js'
import { Done } from '../shell/done.js'
import { grouped } from '../shell/grouped.js'
import { useLanguage } from '../shell/language.js'
import { MandateState } from '../shell/mandate-state.js'
import {
  type Mandate,
  type OwnPower,
  type Overview,
  type Seen,
  isAlive,
  lastDayOf,
  otherOf,
  overview,
} from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { PowerList, Until } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { AFTER_LOGIN } from '../shell/session.js'
import { useFavourites } from '../shell/use-favourites.js'
import { useLoaded } from '../shell/use-loaded.js'

/** The service of the catalogue by which one handles the mandates of an organisation. */
const HANDLING = 'fullmakt.organisation'

/** R1 and R3: for whom one may act, why and until when. Right after a login it is a choice, with oneself in it. */
export function ForOthers() {
  const { language, say } = useLanguage()
  const location = useLocation()
  const state: unknown = location.state
  const isChoice = `${location.pathname}${location.search}` === AFTER_LOGIN
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => overview(language, signal), [language]))
  return (
    <Screen heading={say('for-others.heading')} message={loaded.state === 'loading' ? null : Done.of(state)}>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && <Principals overview={loaded.value} isChoice={isChoice} />}
    </Screen>
  )
}

interface Principal {
  readonly person: Seen
  readonly powers: readonly OwnPower[]
  /** Received, of any state that is not over. */
  readonly mandates: readonly Mandate[]
}

function Principals({ overview, isChoice }: { readonly overview: Overview; readonly isChoice: boolean }) {
  const { language, say } = useLanguage()
  const { choose } = useActingFor()
  const [favourites, toggle] = useFavourites()
  const principals = useMemo(() => principalsIn(overview, favourites, language), [overview, favourites, language])
  const passedOn = overview.mandates.filter((mandate) => mandate.your_role === 'given_through' && isAlive(mandate))
  if (isChoice && principals.length === 0) return <Navigate to="/" replace />
  return (
    <>
      {isChoice && (
        <div>
          <Button asChild>
            <Link to="/" onClick={() => choose(null)}>
              {say('for-others.oneself')}
            </Link>
          </Button>
        </div>
      )}
      <Paragraph>{say(principals.length === 0 ? 'for-others.nobody' : 'for-others.lead')}</Paragraph>
      <div className="row">
        <Link to="/be-om">{say('for-others.ask')}</Link>
        <Link to="/invitasjon">{say('redeem.heading')}</Link>
        <Link to="/hendelser?som=hjelper">{say('for-others.what_i_did')}</Link>
        <Link to="/mine/avsluttede">{say('mine.ended')}</Link>
      </div>
      <ul className="plain stack">
        {principals.map((principal) => (
          <li key={principal.person.ref}>
            <PrincipalCard
              principal={principal}
              isFavourite={favourites.includes(principal.person.ref)}
              toggle={() => toggle(principal.person.ref)}
            />
          </li>
        ))}
      </ul>
      {passedOn.length > 0 && (
        <section className="stack">
          <Heading level={2} data-size="sm">
            {say('for-others.passed_on')}
          </Heading>
          <ul className="plain stack">
            {passedOn.map((mandate) => (
              <li key={mandate.mandate_id}>
                <Received mandate={mandate} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface CardProps {
  readonly principal: Principal
  readonly isFavourite: boolean
  readonly toggle: () => void
}

function PrincipalCard({ principal: { person, powers, mandates }, isFavourite, toggle }: CardProps) {
  const { say } = useLanguage()
  const { chosen, choose } = useActingFor()
  const navigate = useNavigate()
  const byLaw = powers.filter(({ basis }) => basis !== 'mandate')
  const isChosen = chosen?.ref === person.ref
  const handled = powers.some(({ service }) => service === HANDLING)
  const toggleChosen = (): void => {
    choose(isChosen ? null : { ...person, handled })
    if (handled && !isChosen) void navigate('/mine')
  }
  return (
    <Card>
      <Card.Block className="stack">
        <div className="row between">
          <Heading level={2} data-size="sm">
            <PersonName person={person} />
          </Heading>
          <Button variant="tertiary" data-size="sm" aria-pressed={isFavourite} onClick={toggle}>
            <Star isFull={isFavourite} />
            {say('for-others.favourite')}
            <span className="unseen"> {person.name}</span>
          </Button>
        </div>
        {powers.length > 0 && (
          <div>
            <Button variant={isChosen ? 'secondary' : 'primary'} onClick={toggleChosen}>
              {say(isChosen ? 'for-others.stop' : 'for-others.choose', { name: person.name })}
            </Button>
          </div>
        )}
        {handled && <Paragraph>{say('for-others.handled_what', { name: person.name })}</Paragraph>}
        {isChosen && !handled && <Paragraph>{say('for-others.chosen_what', { name: person.name })}</Paragraph>}
        {mandates.map((mandate) => (
          <Received key={mandate.mandate_id} mandate={mandate} />
        ))}
        {grouped(byLaw, ({ basis }) => basis).map(([basis, some]) => (
          <section key={basis} className="stack">
            <BasisWords basis={basis} who="other" />
            {/* What comes of handling its mandates stands beside the button, in words. */}
            <PowerList powers={some.filter(({ service }) => service !== HANDLING)} mine={false} />
            <Until day={some[0]?.last_day ?? null} />
          </section>
        ))}
      </Card.Block>
    </Card>
  )
}

function Star({ isFull }: { readonly isFull: boolean }) {
  return (
    <svg aria-hidden width="20" height="20" viewBox="0 0 24 24" stroke="currentColor" strokeWidth="2" fill="none">
      <path
        d="m12 3 2.7 5.9 6.3.7-4.7 4.3 1.3 6.3L12 17l-5.6 3.2 1.3-6.3L3 9.600l6.300-.7z"
        fill={isFull ? 'currentColor' : 'none'}
      />
    </svg>
  )
}

function Received({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const address = `/mine/${mandate.mandate_id}`
  const isOffer = mandate.your_role === 'representative' && mandate.state === 'offered'
  const { name } = otherOf(mandate)
  return (
    <section className="stack">
      {mandate.your_role === 'representative' ? (
        <BasisWords basis="mandate" who="other" />
      ) : (
        <strong>{say('for-others.passed_to', { name, giver: mandate.giver.name })}</strong>
      )}
      <MandateState mandate={mandate} />
      <PowerList powers={mandate.powers.filter(isAlive)} mine={false} />
      <Until day={lastDayOf(mandate)} />
      <div className="row">
        {isOffer && (
          <Button asChild>
            <Link to={`/godta/${mandate.mandate_id}`}>{say('mandate.answer')}</Link>
          </Button>
        )}
        <Button asChild variant="secondary">
          <Link to={address}>
            {say('for-others.see')}
            <span className="unseen"> {say('mine.the_one_to', { name })}</span>
          </Link>
        </Button>
        <Button asChild variant="secondary" data-color="danger">
          <Link to={`${address}/avslutt`}>
            {say(mandate.your_role === 'representative' ? 'mandate.leave' : 'mandate.end')}
            <span className="unseen"> {say('mine.the_one_to', { name })}</span>
          </Link>
        </Button>
      </div>
    </section>
  )
}

function principalsIn(
  { mandates, representations }: Overview,
  favourites: readonly string[],
  language: string,
): Principal[] {
  const principals = new Map<string, Principal>()
  for (const { principal: person, powers } of representations.you_may_act_for) {
    principals.set(person.ref, { person, powers, mandates: [] })
  }
  for (const mandate of mandates.filter((one) => one.your_role === 'representative' && isAlive(one))) {
    const known = principals.get(mandate.giver.ref) ?? { person: mandate.giver, powers: [], mandates: [] }
    principals.set(mandate.giver.ref, { ...known, mandates: [...known.mandates, mandate] })
  }
  const order = new Intl.Collator([language, 'nb'])
  const isFavourite = ({ person }: Principal): boolean => favourites.includes(person.ref)
  return [...principals.values()].sort(
    (one, other) =>
      Number(isFavourite(other)) - Number(isFavourite(one)) || order.compare(one.person.name, other.person.name),
  )
}
