import {
  Button,
  Checkbox,
  ErrorSummary,
  Fieldset,
  Paragraph,
  Textfield,
  ValidationMessage,
} from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { TextName } from '../generated/text-name.js'
import { useMandatesApi } from '../shell/acting-for.js'
import { today, useDates } from '../shell/dates.js'
import type { DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { type Mandate, isAlive, lastDayOf, otherOf } from '../shell/own-mandates.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useKept, useKeptId } from '../shell/use-kept.js'
import { useMandate } from '../shell/use-mandate.js'
import { useWrite } from '../shell/use-write.js'

/** C9: takes some of it away, or lets it end sooner. */
export function Narrow() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  if (loaded.state === 'here') return <NarrowThis key={loaded.value.version} mandate={loaded.value} again={again} />
  return (
    <Screen heading={say('narrow.heading')}>
      {loaded.state === 'loading' ? <Loading /> : <Refused refusal={loaded.refusal} again={again} />}
    </Screen>
  )
}

/** Which field is wrong, and how. */
interface Fault {
  readonly field: 'powers' | 'until'
  readonly text: TextName
}

function NarrowThis({ mandate, again }: { readonly mandate: Mandate; readonly again: () => void }) {
  const { say } = useLanguage()
  const { day } = useDates()
  const navigate = useNavigate()
  const name = otherOf(mandate).name
  const powers = mandate.powers.filter(isAlive)
  const [dropped, keepDropped] = useKeptId(`narrow ${mandate.mandate_id}`)
  const [until, keepUntil] = useKept(`narrow until ${mandate.mandate_id}`)
  const [fault, setFault] = useState<Fault | null>(null)
  const off = dropped.split(' ').filter((id) => powers.some(({ power_id }) => power_id === id))
  const address = `/mine/${mandate.mandate_id}`
  const mandatesApi = useMandatesApi()
  const [send, { isSending, refusal }] = useWrite(
    (wanted: { power_id: string; until?: string }[], key) =>
      mandatesApi.POST('/mandates/{mandateId}/narrowing', {
        params: {
          path: { mandateId: mandate.mandate_id },
          header: { 'Idempotency-Key': key, 'If-Match': `"${mandate.version}"` },
        },
        body: { powers: wanted },
      }),
    () => {
      keepDropped('')
      keepUntil('')
      const done: DoneState = { done: 'done.narrowed', name }
      void navigate(address, { replace: true, state: done })
    },
  )
  const submit = (): void => {
    const found = faultOf(powers, off, until, lastDayOf(mandate))
    setFault(found)
    if (found === null) send(wantedOf(powers, off, until))
  }
  const words = ({ text }: Fault): string => say(text, { day: day(lastDayOf(mandate)) })
  const faultAt = (field: Fault['field']): string | undefined => (fault?.field === field ? words(fault) : undefined)
  return (
    <Screen heading={say('narrow.heading_to', { name })}>
      <Paragraph>{say('narrow.lead')}</Paragraph>
      {fault !== null && <Faults fault={fault} words={words(fault)} />}
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Fieldset id="powers" tabIndex={-1}>
          <Fieldset.Legend>{say('narrow.what', { name })}</Fieldset.Legend>
          {powers.map(({ power_id: id, service_name: service, action_text: action }) => (
            <Checkbox
              key={id}
              label={`${service}: ${action}`}
              checked={!off.includes(id)}
              onChange={({ target }) =>
                keepDropped((target.checked ? off.filter((one) => one !== id) : [...off, id]).join(' '))
              }
            />
          ))}
          {faultAt('powers') !== undefined && <ValidationMessage>{faultAt('powers')}</ValidationMessage>}
        </Fieldset>
        <Textfield
          id="until"
          type="date"
          label={say('narrow.until')}
          description={say('narrow.until_now', { day: day(lastDayOf(mandate)) })}
          min={today()}
          max={lastDayOf(mandate)}
          value={until}
          error={faultAt('until')}
          onChange={({ target }) => keepUntil(target.value)}
        />
        {refusal !== null && <Refused refusal={refusal} {...(refusal.code === 'offline' ? {} : { again })} />}
        <div className="row">
          <Button type="submit" loading={isSending}>
            {say('narrow.save')}
          </Button>
          <Button asChild variant="secondary">
            <Link to={address}>{say('narrow.cancel')}</Link>
          </Button>
        </div>
      </form>
    </Screen>
  )
}

function Faults({ fault, words }: { readonly fault: Fault; readonly words: string }) {
  const { say } = useLanguage()
  return (
    <ErrorSummary key={fault.text}>
      <ErrorSummary.Heading>{say('shell.something_to_mend')}</ErrorSummary.Heading>
      <ErrorSummary.List>
        <ErrorSummary.Item>
          <ErrorSummary.Link href={`#${fault.field}`}>{words}</ErrorSummary.Link>
        </ErrorSummary.Item>
      </ErrorSummary.List>
    </ErrorSummary>
  )
}

function faultOf(powers: Mandate['powers'], off: readonly string[], until: string, lastDay: string): Fault | null {
  if (off.length === powers.length) return { field: 'powers', text: 'narrow.all_gone' }
  if (off.length === 0 && until === '') return { field: 'powers', text: 'narrow.nothing_changed' }
  if (until !== '' && until < today()) return { field: 'until', text: 'narrow.has_been' }
  if (until !== '' && until >= lastDay) return { field: 'until', text: 'narrow.not_sooner' }
  return null
}

function wantedOf(
  powers: Mandate['powers'],
  off: readonly string[],
  until: string,
): { power_id: string; until?: string }[] {
  return powers.flatMap(({ power_id, last_day }) => {
    if (off.includes(power_id)) return [{ power_id }]
    return until !== '' && until < last_day ? [{ power_id, until }] : []
  })
}
