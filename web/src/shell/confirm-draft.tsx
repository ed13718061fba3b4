import { Alert, Button, Card, Paragraph } from '@digdir/designsystemet-react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'react-router'
import type { components } from '../generated/api.js'
import { useMandatesApi } from './acting-for.js'
import { useDates } from './dates.js'
import { useLanguage } from './language.js'
import { Refused } from './refused.js'
import { useSending } from './sending.js'
import { Shown } from './shown.js'
import { useLoaded } from './use-loaded.js'

type Draft = components['schemas']['DraftView']
type Mandate = components['schemas']['MandateView']

interface ConfirmDraftProps {
  readonly draftId: string
  /** What stands on the button, where the draft names no one. */
  readonly label: string
  /** The same, with the name of the one who is given it. */
  readonly labelFor?: (name: string) => string
  /** Where a new text is made when this one has become too old. */
  readonly again: string
  readonly onConfirmed: (mandateId: string) => void
  /** What else can be done. */
  readonly children?: ReactNode
}

/**
 * The one place where someone agrees to a text: it is shown to the letter, a login answers it, and it is sent, once
 * however often one clicks. Coming back from the login it is sent by itself, and by hand where that fails.
 */
export function ConfirmDraft(props: ConfirmDraftProps) {
  const { draftId, again, onConfirmed } = props
  const { say } = useLanguage()
  const mandatesApi = useMandatesApi()
  const [loaded, ask] = useLoaded(
    useCallback(
      (signal: AbortSignal) => mandatesApi.GET('/mandates/drafts/{draftId}', { params: { path: { draftId } }, signal }),
      [mandatesApi, draftId],
    ),
  )
  const refusal = loaded.state === 'refused' ? loaded.refusal : null
  const confirmedAs = refusal?.code === 'draft_used' ? refusal.more['mandate_id'] : undefined
  useEffect(() => {
    if (typeof confirmedAs === 'string') onConfirmed(confirmedAs)
  }, [confirmedAs, onConfirmed])
  if (refusal !== null && OVER.includes(refusal.code)) {
    return (
      <Refused refusal={refusal}>
        <Link to={again}>{say('confirm.new_text')}</Link>
      </Refused>
    )
  }
  return (
    <Shown loaded={loaded} again={ask}>
      {(draft) => <Agree draft={draft} {...props} />}
    </Shown>
  )
}

/** What can only be mended by a new text. */
const OVER = ['draft_expired', 'no_such_draft', 'text_changed', 'version_conflict', 'not_in_this_state']

function Agree({
  draft,
  label,
  labelFor,
  again,
  onConfirmed,
  children,
}: ConfirmDraftProps & { readonly draft: Draft }) {
  const { say } = useLanguage()
  const dates = useDates()
  const { isSending, refusal, send } = useSending<Mandate>()
  const leaving = useLeaving(draft)
  const mandatesApi = useMandatesApi()
  const [search] = useSearchParams()
  const [needsLogin, setNeedsLogin] = useState(!draft.evidence)
  const isSent = useRef(false)

  const confirm = useCallback(async () => {
    const mandate = await send(() =>
      mandatesApi.POST('/mandates/drafts/{draftId}/confirmation', {
        // One intent has one key, over all that may happen to the page: confirming twice is confirming once.
        params: { path: { draftId: draft.draft_id }, header: { 'Idempotency-Key': draft.draft_id } },
        body: { text_hash: draft.text_hash },
      }),
    )
    if (mandate !== null) onConfirmed(mandate.mandate_id)
  }, [mandatesApi, draft, onConfirmed, send])
  useEffect(() => {
    if (!draft.evidence || isSent.current) return
    isSent.current = true
    void confirm()
  }, [draft, confirm])
  useEffect(() => {
    if (refusal?.code === 'evidence_missing') setNeedsLogin(true)
  }, [refusal])

  const isBusy = isSending || leaving.isSending
  const failed = refusal ?? leaving.refusal
  const outcome = search.get('confirmation')
  const told = useRef<HTMLDivElement>(null)
  useEffect(() => told.current?.focus(), [outcome])
  return (
    <>
      {failed === null && (outcome === 'cancelled' || outcome === 'failed') && (
        <Alert data-color="info" role="status" tabIndex={-1} ref={told}>
          {say(`confirm.${outcome}`)}
        </Alert>
      )}
      <DraftText draft={draft} />
      <Paragraph data-size="sm">{say(needsLogin ? loginSentence(draft.level) : 'confirm.logged_in')}</Paragraph>
      <Paragraph data-size="sm">{say('confirm.until', { time: dates.instant(draft.expires_at) })}</Paragraph>
      {failed !== null && (
        <Refused refusal={failed}>
          {OVER.includes(failed.code) && <Link to={again}>{say('confirm.new_text')}</Link>}
        </Refused>
      )}
      <div className="row">
        <Button onClick={() => void (needsLogin ? leaving.leave() : confirm())} aria-disabled={isBusy}>
          {isBusy
            ? say('confirm.sending')
            : draft.representative === null
              ? label
              : (labelFor?.(draft.representative) ?? label)}
        </Button>
        {children}
      </div>
    </>
  )
}

function loginSentence(level: string): 'confirm.login_high' | 'confirm.login' {
  return level === 'high' ? 'confirm.login_high' : 'confirm.login'
}

function DraftText({ draft: { text, language } }: { readonly draft: Draft }) {
  const { say } = useLanguage()
  const [title, ...paragraphs] = text.split('\n')
  return (
    <Card asChild>
      <section className="stack confirm-text" lang={language} aria-label={say('confirm.text')}>
        <Paragraph>
          <strong>{title}</strong>
        </Paragraph>
        {paragraphs.map((paragraph, index) => (
          <Paragraph key={index}>{paragraph}</Paragraph>
        ))}
      </section>
    </Card>
  )
}

/**
 * Goes to the login that answers the text, once it is sure that there is a way out: a browser that finds none would leave
 * the page for one of its own.
 */
function useLeaving({ draft_id, confirm_with }: Draft) {
  const { pathname } = useLocation()
  const { isSending, refusal, send } = useSending<Draft>()
  const mandatesApi = useMandatesApi()
  const returnTo = `${pathname}?draft=${draft_id}`
  async function leave(): Promise<void> {
    const draft = await send(() =>
      mandatesApi.GET('/mandates/drafts/{draftId}', { params: { path: { draftId: draft_id } } }),
    )
    if (draft !== null) window.location.assign(`${confirm_with}&return_to=${encodeURIComponent(returnTo)}`)
  }
  return { isSending, refusal, leave }
}
