import { Alert, Button, Details, Heading, Paragraph } from '@digdir/designsystemet-react'
import { useCallback, useState } from 'react'
import { Link, useLocation, useParams } from 'react-router'
import { placeOfMandates } from '../api.js'
import type { components } from '../generated/api.js'
import type { TextName } from '../generated/text-name.js'
import { useActingFor, useMandatesApi, useReceivedList } from '../shell/acting-for.js'
import { useDates } from '../shell/dates.js'
import { Done, type DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { type StopOrGo, changeMandate } from '../shell/mandate-changes.js'
import { MandateState, isSameDevice } from '../shell/mandate-state.js'
import { type Mandate as MandateView, isAlive, isOwn, lastDayOf, otherOf } from '../shell/own-mandates.js'
import { PersonName } from '../shell/person-name.js'
import { PowerList, Until } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useLoaded } from '../shell/use-loaded.js'
import { useMandate } from '../shell/use-mandate.js'
import { useWrite } from '../shell/use-write.js'

/** One mandate: what it says, what can be done about it, and everything that ever happened to it. */
export function Mandate() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const state: unknown = useLocation().state
  const [loaded, again] = useMandate(mandateId)
  const received = useReceivedList()
  const { organisation } = useActingFor()
  const [done, setDone] = useState<DoneState | null>(null)
  if (loaded.state !== 'here') {
    return (
      <Screen heading={say('mandate.heading')}>
        {loaded.state === 'loading' ? <Loading /> : <Refused refusal={loaded.refusal} again={again} />}
      </Screen>
    )
  }
  const mandate = loaded.value
  const other = otherOf(mandate)
  const changed = (change: StopOrGo): void => {
    setDone({ done: change === 'freeze' ? 'done.frozen' : 'done.thawed', name: other.name })
    again()
  }
  return (
    <Screen
      heading={say(headingOf(mandate), { name: other.name })}
      message={done ? <Done {...done} /> : Done.of(state)}
    >
      <MandateState mandate={mandate} />
      <Cautions mandate={mandate} />
      <WhoAndWhom mandate={mandate} />
      <PowerList
        powers={isAlive(mandate) ? mandate.powers.filter(isAlive) : mandate.powers}
        mine={mandate.your_role === 'giver'}
      />
      <Until day={lastDayOf(mandate)} />
      {isAlive(mandate) && <WhatToDo mandate={mandate} changed={changed} again={again} />}
      {mandate.your_role === 'giver' && (
        <a href={`${placeOfMandates(organisation?.ref ?? null)}/mandates/${mandate.mandate_id}/receipt.pdf`}>
          {say('receipt.pdf')}
        </a>
      )}
      <History key={mandate.version} mandate={mandate} />
      <Paragraph className="quiet">{say('mandate.number', { number: mandate.mandate_id })}</Paragraph>
      <Link to={mandate.your_role === 'giver' ? '/mine' : received}>{say('mandate.back')}</Link>
    </Screen>
  )
}

function headingOf({ your_role: role }: MandateView): TextName {
  if (role === 'giver') return 'mandate.heading_giver'
  return role === 'representative' ? 'mandate.heading_helper' : 'mandate.heading_through'
}

function WhoAndWhom({ mandate }: { readonly mandate: MandateView }) {
  const { say } = useLanguage()
  return (
    <dl className="pairs">
      <dt>{say('mandate.from')}</dt>
      <dd>
        <PersonName person={mandate.giver} />
      </dd>
      {mandate.given_through !== null && (
        <>
          <dt>{say('mandate.through')}</dt>
          <dd>
            <PersonName person={mandate.given_through} />
          </dd>
        </>
      )}
      <dt>{say('mandate.to')}</dt>
      <dd>
        <PersonName person={mandate.representative} />
      </dd>
    </dl>
  )
}

/** Why it is held back, and what the giver should know of how it was accepted. */
function Cautions({ mandate }: { readonly mandate: MandateView }) {
  const { say } = useLanguage()
  const { takes_effect_at: from, representative } = mandate
  const isWarned = isSameDevice(mandate) && mandate.your_role !== 'representative' && isAlive(mandate)
  return (
    <>
      {from !== null && (
        <Alert data-color="info" className="stack">
          <Heading level={2} data-size="xs">
            {say('mandate.held_heading')}
          </Heading>
          <Paragraph>{say(isSameDevice(mandate) ? 'mandate.held_same_device' : 'mandate.held_highest')}</Paragraph>
          <Paragraph>{say('mandate.held_cancel_any_time')}</Paragraph>
        </Alert>
      )}
      {isWarned && (
        <Alert data-color="warning" className="stack">
          <Heading level={2} data-size="xs">
            {say('mandate.same_device')}
          </Heading>
          <Paragraph>{say('mandate.same_device_what', { name: representative.name })}</Paragraph>
          <Link to="/hjelp">{say('shell.to_help')}</Link>
        </Alert>
      )}
    </>
  )
}

interface ToDo {
  readonly mandate: MandateView
  readonly changed: (change: StopOrGo) => void
  readonly again: () => void
}

function WhatToDo({ mandate, changed, again }: ToDo) {
  const { say } = useLanguage()
  const address = `/mine/${mandate.mandate_id}`
  const isHelper = mandate.your_role === 'representative'
  const isMine = isOwn(mandate)
  return (
    <>
      <div className="row">
        {isHelper && mandate.state === 'offered' && (
          <Button asChild>
            <Link to={`/godta/${mandate.mandate_id}`}>{say('mandate.answer')}</Link>
          </Button>
        )}
        {isHelper && mandate.powers.some(({ passing_on, state }) => passing_on && state === 'active') && (
          <Button asChild variant="secondary">
            <Link to={`/gi/videre/${mandate.mandate_id}`}>{say('give.pass_on_heading')}</Link>
          </Button>
        )}
        {isMine && mandate.state !== 'offered' && (
          <>
            {mandate.state !== 'held' && (
              <Button asChild variant="secondary">
                <Link to={`${address}/forleng`}>{say('mandate.extend')}</Link>
              </Button>
            )}
            <Button asChild variant="secondary">
              <Link to={`${address}/snevre-inn`}>{say('mandate.narrow')}</Link>
            </Button>
          </>
        )}
        <Button asChild variant="secondary" data-color="danger">
          <Link to={`${address}/avslutt`}>
            {say(isHelper ? 'mandate.leave' : mandate.state === 'held' ? 'mandate.cancel' : 'mandate.end')}
          </Link>
        </Button>
      </div>
      {isMine && ['active', 'not_yet_valid', 'frozen'].includes(mandate.state) && (
        <Freeze mandate={mandate} changed={changed} again={again} />
      )}
    </>
  )
}

function Freeze({ mandate, changed, again }: ToDo) {
  const { say } = useLanguage()
  const change = mandate.state === 'frozen' ? 'thaw' : 'freeze'
  const mandatesApi = useMandatesApi()
  const [send, { isSending, refusal }] = useWrite(
    (wanted: StopOrGo, key) => changeMandate(mandate, wanted, '', key, mandatesApi),
    () => changed(change),
  )
  return (
    <section className="stack">
      <Heading level={2} data-size="xs">
        {say(change === 'freeze' ? 'mandate.freeze_heading' : 'mandate.thaw_heading')}
      </Heading>
      <Paragraph>{say(change === 'freeze' ? 'mandate.freeze_what' : 'mandate.thaw_what')}</Paragraph>
      {refusal !== null && <Refused refusal={refusal} {...(refusal.code === 'version_conflict' ? { again } : {})} />}
      <div>
        <Button variant="secondary" loading={isSending} onClick={() => send(change)}>
          {say(change === 'freeze' ? 'mandate.freeze' : 'mandate.thaw')}
        </Button>
      </div>
    </section>
  )
}

type Version = components['schemas']['VersionView']

const CHANGES = [
  'given',
  'accepted',
  'declined',
  'narrowed',
  'extended',
  'frozen',
  'thawed',
  'ended',
  'cancelled',
] as const

function History({ mandate }: { readonly mandate: MandateView }) {
  const { language, say } = useLanguage()
  const { mandate_id: mandateId } = mandate
  const mandatesApi = useMandatesApi()
  const ask = useCallback(
    (signal: AbortSignal) =>
      mandatesApi.GET('/mandates/{mandateId}/versions', {
        params: { path: { mandateId }, query: { language } },
        signal,
      }),
    [mandatesApi, mandateId, language],
  )
  const [loaded, again] = useLoaded(ask)
  return (
    <section className="stack">
      <Heading level={2} data-size="xs">
        {say('mandate.history')}
      </Heading>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'refused' && <Refused refusal={loaded.refusal} again={again} />}
      {loaded.state === 'here' && (
        <ol className="stack">
          {loaded.value.versions.map((one) => (
            <li key={one.version}>
              <VersionLine version={one} other={otherOf(mandate).name} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function VersionLine({ version, other }: { readonly version: Version; readonly other: string }) {
  const { say } = useLanguage()
  const { instant } = useDates()
  const change = CHANGES.find((one) => one === version.change) ?? 'ended'
  return (
    <div className="stack">
      <span>
        {instant(version.made_at)}:{' '}
        {version.made_by_you && version.signed_by === null
          ? say(`mandate.you_${change}`)
          : say(`mandate.other_${change}`, { name: version.signed_by ?? other })}
      </span>
      {version.signed_by !== null && <span>{say('mandate.signed_by', { name: version.signed_by })}</span>}
      {version.reason !== null && <q>{version.reason}</q>}
      {version.text !== null && (
        <Details>
          <Details.Summary>{say('mandate.text')}</Details.Summary>
          <Details.Content>
            <p className="confirmed-text" lang={version.language ?? undefined}>
              {version.text}
            </p>
          </Details.Content>
        </Details>
      )}
    </div>
  )
}
