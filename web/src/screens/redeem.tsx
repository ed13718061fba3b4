import { Alert, Button, Paragraph, Textfield } from '@digdir/designsystemet-react'
import { type SubmitEvent, useCallback, useEffect, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { Errors, type FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { NeedsLogin } from '../shell/needs-login.js'
import { PersonName } from '../shell/person-name.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { useKept, useKeptId } from '../shell/use-kept.js'

type Redeemed = components['schemas']['RedeemedView']
type Inviter = Redeemed['inviter']

const ADDRESS = '/invitasjon'

/**
 * Where someone uses the code that he was given. A QR code brings it behind `#`, which no server sees: it is taken out of
 * the address at once, and outlasts the login.
 */
export function Redeem() {
  const location = useLocation()
  const { hash } = location
  const navigate = useNavigate()
  const kept = useKeptCode()
  const { write } = kept
  useEffect(() => {
    if (hash === '') return
    write(hash.slice(1))
    void navigate(ADDRESS, { replace: true })
  }, [hash, write, navigate])
  const inviter = inviterIn(location.state)
  return <NeedsLogin>{inviter === null ? <UseCode {...kept} /> : <CodeUsed inviter={inviter} />}</NeedsLogin>
}

interface KeptCode {
  readonly code: string
  /** One for each code, also after a reload: what was done with it and not heard of is answered again. */
  readonly intent: string
  readonly write: (code: string) => void
}

function useKeptCode(): KeptCode {
  const [code, keepCode] = useKept('invitation code')
  const [intent, keepIntent] = useKeptId('invitation intent')
  const write = useCallback(
    (typed: string) => {
      keepCode(typed)
      keepIntent(typed === '' ? '' : crypto.randomUUID())
    },
    [keepCode, keepIntent],
  )
  return { code, intent, write }
}

function UseCode({ code, intent, write }: KeptCode) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const { isSending, refusal, send } = useSending<Redeemed>()
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  async function redeem(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setAttempt(attempt + 1)
    setErrors(code.trim() === '' ? { code: say('redeem.missing') } : {})
    if (code.trim() === '') return
    const params = { header: { 'Idempotency-Key': intent } }
    const redeemed = await send(() => api.POST('/v1/me/invitations/redemption', { params, body: { code } }))
    if (redeemed === null) return
    write('')
    await navigate(ADDRESS, { replace: true, state: { inviter: redeemed.inviter } })
  }
  return (
    <Screen heading={say('redeem.heading')}>
      <Paragraph>{say('redeem.lead')}</Paragraph>
      <form className="stack" onSubmit={(event) => void redeem(event)} noValidate autoComplete="off">
        <Errors errors={errors} attempt={attempt} />
        {refusal !== null && (
          <Refused refusal={refusal}>
            {refusal.code === 'code_not_valid' && <Paragraph>{say('redeem.ask_for_new')}</Paragraph>}
            {refusal.code === 'too_many_requests' && <Paragraph>{say('redeem.wait')}</Paragraph>}
          </Refused>
        )}
        <Textfield
          id="code"
          className="narrow"
          label={say('redeem.code')}
          description={say('redeem.code_why')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={60}
          value={code}
          error={errors['code']}
          onChange={({ target }) => write(target.value)}
        />
        <Paragraph>{say('redeem.what_is_seen')}</Paragraph>
        <div>
          <Button type="submit" aria-disabled={isSending}>
            {say('redeem.use')}
          </Button>
        </div>
      </form>
    </Screen>
  )
}

/** Whose code it was, and that nothing has been given yet. */
function CodeUsed({ inviter }: { readonly inviter: Inviter }) {
  const { say } = useLanguage()
  const { name } = inviter
  return (
    <Screen
      heading={say('redeem.used_heading')}
      message={
        <>
          {say('redeem.from')}{' '}
          <strong>
            <PersonName person={inviter} />
          </strong>
        </>
      }
    >
      <Paragraph>{say('redeem.then', { name })}</Paragraph>
      <Alert data-color="info">{say('redeem.not_you', { name })}</Alert>
      <Link to={ADDRESS}>{say('redeem.another')}</Link>
      <Link to="/for-andre">{say('shell.to_for_others')}</Link>
    </Screen>
  )
}

/** What came with the address, which outlasts a reload. */
function inviterIn(state: unknown): Inviter | null {
  return typeof state === 'object' && state !== null && 'inviter' in state ? (state.inviter as Inviter) : null
}
