import { Button, Card, Field, Label, Paragraph, Select } from '@digdir/designsystemet-react'
import { useCallback, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { type Overview, type Seen, otherOf, overview } from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { actionName } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { type ActivityLine, type ActivityOf, useActivity } from '../shell/use-activity.js'
import { useLoaded } from '../shell/use-loaded.js'

const SHOWN = ['all', 'done', 'changes'] as const
type Shown = (typeof SHOWN)[number]

/** C8 and R3: what others did on one’s behalf, and what one did oneself on behalf of others. What is shown stands in the address. */
export function Activity() {
  const { language, say } = useLanguage()
  const [search, setSearch] = useSearchParams()
  const who = search.get('med')
  const as = search.get('som') === 'hjelper' ? 'actor' : 'principal'
  const of = useMemo((): ActivityOf => ({ as, with: who }), [as, who])
  const [people] = useLoaded(useCallback((signal: AbortSignal) => overview(language, signal), [language]))
  const others = people.state === 'here' ? peopleIn(people.value, as, language) : []
  const change = (name: string, value: string): void =>
    setSearch((before) => {
      const after = new URLSearchParams(before)
      if (value === '') after.delete(name)
      else after.set(name, value)
      return after
    })
  const chosen = others.find(({ ref }) => ref === who)
  const heading =
    as === 'actor'
      ? say('activity.heading_own')
      : chosen === undefined
        ? say('activity.heading')
        : say('activity.heading_of', { name: chosen.name })
  return (
    <Screen heading={heading}>
      <nav className="row" aria-label={say('activity.whose')}>
        <Link to="/hendelser" aria-current={as === 'principal' ? 'page' : undefined}>
          {say('activity.for_me')}
        </Link>
        <Link to="/hendelser?som=hjelper" aria-current={as === 'actor' ? 'page' : undefined}>
          {say('activity.by_me')}
        </Link>
        <Link to="/innsyn">{say('lookups.heading')}</Link>
      </nav>
      <Paragraph>{say('activity.lead')}</Paragraph>
      {others.length > 0 && (
        <Field className="narrow">
          <Label>{say('activity.who')}</Label>
          <Select value={who ?? ''} onChange={({ target }) => change('med', target.value)}>
            <option value="">{say('activity.everyone')}</option>
            {others.map((person) => (
              <option key={person.ref} value={person.ref}>
                <PersonName person={person} />
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Lines of={of} />
    </Screen>
  )
}

/** Everyone there is or has been something with, in the order of the language. */
function peopleIn({ mandates, representations }: Overview, as: ActivityOf['as'], language: string): Seen[] {
  const isMine = as === 'principal'
  const people = [
    ...mandates.filter(({ your_role }) => (your_role === 'giver') === isMine).map(otherOf),
    ...(isMine
      ? representations.may_act_for_you.map(({ representative }) => representative)
      : representations.you_may_act_for.map(({ principal }) => principal)),
  ]
  const order = new Intl.Collator([language, 'nb'])
  return [...new Map(people.map((person) => [person.ref, person])).values()].sort((one, other) =>
    order.compare(one.name, other.name),
  )
}

function Lines({ of }: { readonly of: ActivityOf }) {
  const { say } = useLanguage()
  const { lines, state, refusal, more, again } = useActivity(of)
  const [shown, setShown] = useState<Shown>('all')
  const kept = lines.filter((line) => isShown(line, shown))
  return (
    <>
      <Field className="narrow">
        <Label>{say('activity.what')}</Label>
        <Select value={shown} onChange={({ target }) => setShown(target.value as Shown)}>
          {SHOWN.map((one) => (
            <option key={one} value={one}>
              {say(`activity.show_${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {state === 'loading' && <Loading />}
      {refusal !== null && <Refused refusal={refusal} again={again} />}
      {state === 'here' && kept.length === 0 && <Paragraph>{say('activity.nothing')}</Paragraph>}
      <ol className="plain stack">
        {kept.map((line) => (
          <li key={line.entry_id}>
            <Line line={line} as={of.as} />
          </li>
        ))}
      </ol>
      {more !== null && (
        <div>
          <Button variant="secondary" onClick={more}>
            {say('activity.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function isShown({ kind, uses }: ActivityLine, shown: Shown): boolean {
  if (shown === 'done') return uses !== null && uses.done > 0
  return shown === 'all' || kind.startsWith('mandate_')
}

function Line({ line, as }: { readonly line: ActivityLine; readonly as: ActivityOf['as'] }) {
  const { say } = useLanguage()
  const { instant } = useDates()
  const { by, by_you: isOwn, powers } = line
  return (
    <Card>
      <Card.Block className="stack">
        <span className="quiet">{instant(line.at)}</span>
        <strong>{useSentence(line)}</strong>
        {powers.length > 0 && (
          <ul>
            {powers.map(({ service, service_name, action, provider }) => (
              <li key={[service, action, provider].join(' ')}>
                {service_name}: {say(actionName(action))}
              </li>
            ))}
          </ul>
        )}
        {line.uses !== null && <Uses uses={line.uses} />}
        {line.reason !== null && <q>{line.reason}</q>}
        {as === 'principal' && by !== null && !isOwn && (
          <Link to={`/hendelser/ukjent?hendelse=${line.entry_id}`} state={{ line }}>
            {say('activity.not_known')}
          </Link>
        )}
      </Card.Block>
    </Card>
  )
}

const ASKED = ['evaluation', 'exchange', 'introspection'] as const
const TOLD = [
  'search',
  'token_revoked',
  'representations_listed',
  'actor_grant_ended',
  'mandate_given',
  'mandate_accepted',
  'mandate_declined',
  'mandate_narrowed',
  'mandate_extended',
  'mandate_frozen',
  'mandate_thawed',
  'mandate_ended',
  'mandate_cancelled',
  'act_opened',
  'act_approved',
  'act_refused',
  'act_completed',
  'employment_told',
  'employment_ended',
  'trusted_contact_named',
  'trusted_contact_ended',
] as const

function useSentence({ kind, allowed, by, by_you: isOwn, for: whom, asked_by: service }: ActivityLine): string {
  const { say } = useLanguage()
  const given = {
    who: isOwn ? say('activity.you') : (by ?? say('activity.someone')),
    whom: whom ?? say('activity.someone_else'),
    service: service ?? say('activity.a_service'),
  }
  const asked = ASKED.find((one) => one === kind)
  if (asked !== undefined) {
    const answer = allowed === true ? 'yes' : 'no'
    return say(isOwn ? `activity.own_${asked}_${answer}` : `activity.${asked}_${answer}`, given)
  }
  const told = TOLD.find((one) => one === kind)
  return told === undefined ? say('activity.other', given) : say(`activity.${told}`, given)
}

function Uses({ uses }: { readonly uses: NonNullable<ActivityLine['uses']> }) {
  const { say } = useLanguage()
  const { instant } = useDates()
  if (uses.latest.length === 0) return <p className="quiet">{say('activity.no_use_told')}</p>
  return (
    <div>
      <p>{say('activity.what_was_done')}</p>
      <ul>
        {uses.latest.map((use) => (
          <li key={`${use.at} ${use.service} ${use.action} ${use.reference ?? ''}`}>
            {instant(use.at)}: {use.service_name}, {say(actionName(use.action))} (
            {say(use.outcome === 'done' ? 'activity.outcome_done' : 'activity.outcome_not_done')})
            {use.reference !== null && `, ${say('activity.reference', { reference: use.reference })}`}
          </li>
        ))}
      </ul>
    </div>
  )
}
