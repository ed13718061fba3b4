import {
  Button,
  Card,
  Fieldset,
  FieldsetDescription,
  FieldsetLegend,
  Heading,
  Paragraph,
  Radio,
  Tag,
} from '@digdir/designsystemet-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api.js'
import '../giving/giving.css'
import type { components } from '../generated/api.js'
import { useDates } from '../shell/dates.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { useLoaded } from '../shell/use-loaded.js'
import { TrustedContact } from './trusted-contact.js'

type Notice = components['schemas']['NoticeView']
type NoticePage = components['schemas']['NoticePageView']
type Unread = components['schemas']['UnreadView']
type Contact = components['schemas']['ContactView']
type Settings = components['schemas']['NoticeSettingsView']

/** C11: what one has been told, and where it reaches one outside of these pages. */
export function Notices() {
  const { language, say } = useLanguage()
  const [before, setBefore] = useState<string>()
  const [loaded, again] = useLoaded(
    useCallback(
      (signal: AbortSignal) =>
        api.GET('/v1/me/notices', {
          params: { query: { language, ...(before === undefined ? {} : { before }) } },
          signal,
        }),
      [language, before],
    ),
  )
  return (
    <Screen heading={say('notices.heading')}>
      <Shown loaded={loaded} again={again}>
        {(page) => <Inbox page={page} onRead={again} onOlder={setBefore} />}
      </Shown>
      <ContactAndSettings />
      <TrustedContact />
    </Screen>
  )
}

interface InboxProps {
  readonly page: NoticePage
  readonly onRead: () => void
  readonly onOlder: (before: string) => void
}

function Inbox({ page: { notices, unread, next }, onRead, onOlder }: InboxProps) {
  const { say } = useLanguage()
  const { refusal, send } = useSending<Unread>()
  const told = useRef<HTMLParagraphElement>(null)
  async function read(noticeId: string | null): Promise<void> {
    const answer = await send(() =>
      noticeId === null
        ? api.POST('/v1/me/notices/read-all')
        : api.POST('/v1/me/notices/{noticeId}/read', { params: { path: { noticeId } } }),
    )
    if (answer === null) return
    onRead()
    // The button that was pressed goes away.
    told.current?.focus()
  }
  if (notices.length === 0) return <Paragraph>{say('notices.none')}</Paragraph>
  return (
    <>
      <Paragraph role="status" tabIndex={-1} ref={told}>
        {unread === 0 ? say('notices.all_read') : say('notices.unread', { number: unread })}
      </Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      {unread > 0 && (
        <div>
          <Button variant="secondary" onClick={() => void read(null)}>
            {say('notices.read_all')}
          </Button>
        </div>
      )}
      <ul className="plain stack">
        {notices.map((notice) => (
          <li key={notice.notice_id}>
            <OneNotice notice={notice} onRead={() => void read(notice.notice_id)} />
          </li>
        ))}
      </ul>
      {next !== null && (
        <div>
          <Button variant="tertiary" onClick={() => onOlder(next)}>
            {say('notices.more')}
          </Button>
        </div>
      )}
    </>
  )
}

function OneNotice({ notice, onRead }: { readonly notice: Notice; readonly onRead: () => void }) {
  const { say } = useLanguage()
  const dates = useDates()
  const isNew = notice.read_at === null
  const id = `notice-${notice.notice_id}`
  return (
    <Card className="stack giving-tight">
      <div className="row">
        {isNew && <Tag data-color="info">{say('notices.new')}</Tag>}
        <span className="quiet">{dates.instant(notice.at)}</span>
      </div>
      <Paragraph id={id}>{notice.text}</Paragraph>
      <div className="row">
        {notice.mandate_id !== null && (
          <Link to={`/mine/${notice.mandate_id}`} aria-describedby={id}>
            {say('notices.see')}
          </Link>
        )}
        {notice.kind === 'invitation_redeemed' && (
          <Link to="/gi/kode" aria-describedby={id}>
            {say('notices.see_code')}
          </Link>
        )}
        {notice.kind === 'request_received' && (
          <Link to={`/foresporsler/${notice.subject}`} aria-describedby={id}>
            {say('notices.see_request')}
          </Link>
        )}
        {isNew && (
          <Button variant="tertiary" data-size="sm" onClick={onRead} aria-describedby={id}>
            {say('notices.read')}
          </Button>
        )}
      </div>
    </Card>
  )
}

function ContactAndSettings() {
  const { say } = useLanguage()
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => api.GET('/v1/me/contact', { signal }), []))
  return (
    <section className="stack" aria-labelledby="settings">
      <Heading level={2} data-size="sm" id="settings">
        {say('notices.settings')}
      </Heading>
      <Paragraph>{say('notices.settings_lead')}</Paragraph>
      <Shown loaded={loaded} again={again}>
        {(contact) => (
          <>
            <Reached contact={contact} />
            <FirstUse chosen={contact.settings.first_use} />
          </>
        )}
      </Shown>
    </section>
  )
}

function Reached({ contact: { email, mobile } }: { readonly contact: Contact }) {
  const { say } = useLanguage()
  const channels = [
    ...(email === null ? [] : [{ ...email, words: say('notices.email', { masked: email.masked }) }]),
    ...(mobile === null ? [] : [{ ...mobile, words: say('notices.mobile', { masked: mobile.masked }) }]),
  ]
  if (channels.length === 0) return <Paragraph>{say('notices.no_contact')}</Paragraph>
  return (
    <div>
      <ul className="giving-list">
        {channels.map(({ words, used_for_notices }) => (
          <li key={words}>{used_for_notices ? words : `${words}. ${say('notices.not_used')}`}</li>
        ))}
      </ul>
      <Paragraph data-size="sm">{say('notices.where_from')}</Paragraph>
    </div>
  )
}

const DIGESTS = ['each', 'weekly', 'never'] as const

function FirstUse({ chosen }: { readonly chosen: Settings['first_use'] }) {
  const { say } = useLanguage()
  const { refusal, send } = useSending<Settings>()
  const [choice, setChoice] = useState(chosen)
  const [isSaved, setSaved] = useState(false)
  useEffect(() => setChoice(chosen), [chosen])
  async function choose(first_use: Settings['first_use']): Promise<void> {
    const before = choice
    setChoice(first_use)
    setSaved(false)
    const saved = await send(() =>
      api.PUT('/v1/me/notice-settings', {
        params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: { first_use },
      }),
    )
    if (saved === null) setChoice(before)
    else setSaved(true)
  }
  return (
    <>
      <Fieldset>
        <FieldsetLegend>{say('notices.first_use')}</FieldsetLegend>
        <FieldsetDescription>{say('notices.always')}</FieldsetDescription>
        {DIGESTS.map((digest) => (
          <Radio
            key={digest}
            name="first-use"
            label={say(`notices.${digest}`)}
            value={digest}
            checked={choice === digest}
            onChange={() => void choose(digest)}
          />
        ))}
      </Fieldset>
      {refusal !== null && <Refused refusal={refusal} />}
      <p role="status">{isSaved && say('notices.saved')}</p>
    </>
  )
}
