import { Button, Checkbox, Details, Paragraph, Textarea } from '@digdir/designsystemet-react'
import { Link, useNavigate, useParams } from 'react-router'
import type { TextName } from '../generated/text-name.js'
import { useMandatesApi, useReceivedList } from '../shell/acting-for.js'
import type { DoneState } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { endMandate } from '../shell/mandate-changes.js'
import { type Mandate, isAlive, otherOf } from '../shell/own-mandates.js'
import { PowerList } from '../shell/powers.js'
import { Loading, Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useKept } from '../shell/use-kept.js'
import { useMandate } from '../shell/use-mandate.js'
import { useWrite } from '../shell/use-write.js'

const MOST_LETTERS = 500

/** C9 and R5: the second and last click on the way out. */
export function End() {
  const { mandateId = '' } = useParams()
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  if (loaded.state === 'here') return <EndThis mandate={loaded.value} again={again} />
  return (
    <Screen heading={say('end.heading')}>
      {loaded.state === 'loading' ? <Loading /> : <Refused refusal={loaded.refusal} again={again} />}
    </Screen>
  )
}

function EndThis({ mandate, again }: { readonly mandate: Mandate; readonly again: () => void }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const [reason, keepReason] = useKept(`end ${mandate.mandate_id}`)
  const [quiet, keepQuiet] = useKept(`end quietly ${mandate.mandate_id}`)
  const name = otherOf(mandate).name
  const isGiver = mandate.your_role === 'giver'
  const received = useReceivedList()
  const list = isGiver ? '/mine' : received
  const mandatesApi = useMandatesApi()
  const [send, { isSending, refusal }] = useWrite(
    (why: string, key) => endMandate(mandate, { reason: why.trim(), quiet: quiet !== '' }, key, mandatesApi),
    () => {
      keepReason('')
      keepQuiet('')
      const done: DoneState = { ...doneOf(mandate), ...(quiet === '' ? {} : { done: 'done.ended_quietly' }), name }
      void navigate(list, { replace: true, state: done })
    },
  )
  if (!isAlive(mandate)) {
    return (
      <Screen heading={say('end.already', { name })}>
        <Paragraph>{say('end.already_what')}</Paragraph>
        <Link to={list}>{say('mandate.back')}</Link>
      </Screen>
    )
  }
  return (
    <Screen heading={say(headingOf(mandate), { name })}>
      <Paragraph>{say(isGiver ? 'end.what' : 'end.what_you', { name })}</Paragraph>
      <PowerList powers={mandate.powers.filter(isAlive)} mine={isGiver} />
      <Paragraph>{say('end.at_once')}</Paragraph>
      <Details defaultOpen={reason !== ''}>
        <Details.Summary>{say('end.tell_why')}</Details.Summary>
        <Details.Content>
          <Textarea
            aria-label={say('end.why')}
            aria-describedby="why-seen"
            maxLength={MOST_LETTERS}
            value={reason}
            onChange={({ target }) => keepReason(target.value.replaceAll('\n', ' '))}
          />
          <Paragraph id="why-seen" data-size="sm">
            {say('end.why_seen', { name })}
          </Paragraph>
        </Details.Content>
      </Details>
      {mandate.your_role !== 'representative' && (
        <Details defaultOpen={quiet !== ''}>
          <Details.Summary>{say('end.quiet_heading', { name })}</Details.Summary>
          <Details.Content className="stack">
            <Paragraph>{say('end.quiet_what', { name })}</Paragraph>
            <Checkbox
              label={say('end.quiet', { name })}
              checked={quiet !== ''}
              onChange={({ target }) => keepQuiet(target.checked ? 'quiet' : '')}
            />
            <Paragraph>
              <Link to="/hjelp">{say('shell.to_help')}</Link>
            </Paragraph>
          </Details.Content>
        </Details>
      )}
      {refusal !== null && <Refused refusal={refusal} {...(refusal.code === 'offline' ? {} : { again })} />}
      <div className="row">
        <Button data-color="danger" loading={isSending} onClick={() => send(reason)}>
          {say('end.yes')}
        </Button>
        <Button asChild variant="secondary">
          <Link to={list}>{say('end.no')}</Link>
        </Button>
      </div>
    </Screen>
  )
}

function headingOf({ your_role: role, state }: Mandate): TextName {
  if (role === 'representative') return state === 'offered' ? 'end.heading_decline' : 'end.heading_leave'
  if (state === 'held') return 'end.heading_held'
  return state === 'offered' ? 'end.heading_offer' : 'end.heading_end'
}

function doneOf({ your_role: role, state, mandate_id: id }: Mandate): Pick<DoneState, 'done' | 'giveAgain'> {
  if (role === 'representative') return { done: state === 'offered' ? 'done.declined' : 'done.left' }
  const done = state === 'offered' ? 'done.taken_back' : 'done.ended'
  return role === 'giver' ? { done, giveAgain: `/gi?som=${id}` } : { done }
}
