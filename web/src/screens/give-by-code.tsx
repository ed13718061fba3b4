import { Alert, Button, Card, Heading, Paragraph, Textfield } from '@digdir/designsystemet-react'
import { useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useGiving } from '../giving/giving.js'
import type { Invited } from '../giving/giving-state.js'
import { type Invitation, cancelInvitation, invite, invitedBy, useInvitations } from '../giving/invitations.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { PersonName } from '../shell/person-name.js'
import { QrCode } from '../shell/qr-code.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useKept } from '../shell/use-kept.js'
import { useWrite } from '../shell/use-write.js'

/** C3 where one does not know the number: a code for the one who is to help, and who has used it. */
export function GiveByCode() {
  const { say } = useLanguage()
  const [loaded, again] = useInvitations()
  const [told, setTold] = useState<{ readonly text: string | null; readonly round: number }>({ text: null, round: 0 })
  useEffect(() => {
    // Coming back from the telephone or the neighbour: it may have been used meanwhile.
    const seen = (): void => (document.visibilityState === 'visible' ? again() : undefined)
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [again])
  const changed = (text: string) => (): void => {
    setTold(({ round }) => ({ text, round: round + 1 }))
    again()
  }
  const look = (): void => {
    setTold(({ round }) => ({ text: null, round }))
    again()
  }
  return (
    // What is told anew takes the focus anew.
    <Screen key={told.round} heading={say('invitation.heading')} message={told.text}>
      <Paragraph>{say('invitation.lead')}</Paragraph>
      <Shown loaded={loaded} again={again}>
        {({ invitations, at }) => (
          <ul className="plain stack">
            {invitations.filter(isLive).map((one) => (
              <li key={one.invitation_id}>
                <OneInvitation invitation={one} at={at} again={look} cancelled={changed(say('invitation.cancelled'))} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <NewCode made={changed(say('invitation.made'))} />
      <Link to="/gi/hvem">{say('give.back')}</Link>
    </Screen>
  )
}

function isLive({ state }: Invitation): boolean {
  return state === 'open' || state === 'redeemed'
}

function NewCode({ made }: { readonly made: () => void }) {
  const { say } = useLanguage()
  const [label, keepLabel] = useKept('invitation label')
  const [send, { isSending, refusal }] = useWrite(
    (wanted: string, key) => invite(wanted.trim(), key),
    ({ invitation_id, code }) => {
      if (code !== null) sessionStorage.setItem(keptCode(invitation_id), code)
      keepLabel('')
      made()
    },
  )
  return (
    <Card asChild>
      <section className="stack" aria-labelledby="new-code">
        <Heading level={2} data-size="xs" id="new-code">
          {say('invitation.new')}
        </Heading>
        <Textfield
          label={say('invitation.label')}
          description={say('invitation.label_why')}
          autoComplete="off"
          maxLength={60}
          value={label}
          onChange={({ target }) => keepLabel(target.value)}
        />
        {refusal !== null && <Refused refusal={refusal} />}
        <div>
          <Button aria-disabled={isSending} onClick={() => send(label)}>
            {say('invitation.make')}
          </Button>
        </div>
      </section>
    </Card>
  )
}

interface OneProps {
  readonly invitation: Invitation
  /** When it was so. */
  readonly at: string
  readonly again: () => void
  readonly cancelled: () => void
}

function OneInvitation({ invitation, at, again, cancelled }: OneProps) {
  const { say } = useLanguage()
  const { instant } = useDates()
  const { invitation_id: id, label, expires_at: until } = invitation
  const invited = invitedBy(invitation)
  const [send, { isSending, refusal }] = useWrite(
    (invitationId: string, key) => cancelInvitation(invitationId, key),
    () => {
      sessionStorage.removeItem(keptCode(id))
      cancelled()
    },
  )
  return (
    <Card className="stack">
      <Heading level={2} data-size="xs" id={`code-${id}`}>
        {label === null ? say('invitation.one') : say('invitation.one_for', { label })}
      </Heading>
      {invited === null ? <Open invitation={invitation} at={at} again={again} /> : <Redeemed invited={invited} />}
      <Paragraph data-size="sm">
        {say(invited === null ? 'invitation.until' : 'invitation.use_until', { time: instant(until) })}
      </Paragraph>
      {refusal !== null && <Refused refusal={refusal} again={again} />}
      <div>
        <Button
          variant="tertiary"
          data-color="danger"
          aria-disabled={isSending}
          aria-describedby={`code-${id}`}
          onClick={() => send(id)}
        >
          {say('invitation.cancel')}
        </Button>
      </div>
    </Card>
  )
}

/** What the service shows once stays in this tab, so that a reload does not lose it. */
function keptCode(invitationId: string): string {
  return `code of ${invitationId}`
}

/** Not used yet: what to hand over, where this browser knows it. */
function Open({ invitation: { invitation_id: id }, at, again }: Omit<OneProps, 'cancelled'>) {
  const { say } = useLanguage()
  const { instant } = useDates()
  const code = sessionStorage.getItem(keptCode(id))
  const address = `${window.location.origin}/invitasjon`
  if (code === null) return <Paragraph>{say('invitation.shown_once')}</Paragraph>
  return (
    <>
      <p className="code">{code}</p>
      <Paragraph>{say('invitation.how', { address })}</Paragraph>
      <QrCode text={`${address}#${code}`} label={say('invitation.qr')} />
      <Paragraph>{say('invitation.then')}</Paragraph>
      <Paragraph data-size="sm" role="status">
        {say('invitation.not_used', { time: instant(at) })}
      </Paragraph>
      <div>
        <Button variant="secondary" onClick={again}>
          {say('invitation.look')}
        </Button>
      </div>
    </>
  )
}

/** Who it was, and the way on. */
function Redeemed({ invited }: { readonly invited: Invited }) {
  const { say } = useLanguage()
  const { say: change } = useGiving()
  const navigate = useNavigate()
  const { name, bornYear } = invited
  const choose = (): void => {
    change({ type: 'write', change: { invited } })
    void navigate('/gi/hva')
  }
  return (
    <>
      <Alert data-color="success">
        {say('invitation.used_by')}{' '}
        <strong>
          <PersonName person={{ name, born_year: bornYear }} />
        </strong>
      </Alert>
      <Paragraph>{say('invitation.check')}</Paragraph>
      <div>
        <Button onClick={choose}>{say('invitation.choose', { name })}</Button>
      </div>
    </>
  )
}
