import { Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react'
import { type SubmitEvent, useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../api.js'
import type { components } from '../generated/api.js'
import { digitsOf } from '../giving/identity-number.js'
import { NumberAndName, missingOfPerson } from '../giving/person-fields.js'
import { Errors, type FieldErrors } from '../shell/errors.js'
import { useLanguage } from '../shell/language.js'
import { PersonName } from '../shell/person-name.js'
import { Refused } from '../shell/refused.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { useLoaded } from '../shell/use-loaded.js'
import { useWrite } from '../shell/use-write.js'

type Both = components['schemas']['TrustedContactsView']
type One = components['schemas']['TrustedContactView']
/** How it is now, and what to say of it. */
type Changed = (now: Both, message: string) => void

/** C11: who else is told of one's fullmakter, and of whose one is told oneself. */
export function TrustedContact() {
  const { say } = useLanguage()
  const [loaded, again] = useLoaded(
    useCallback((signal: AbortSignal) => api.GET('/v1/me/trusted-contact', { signal }), []),
  )
  const [last, setLast] = useState<{ readonly now: Both; readonly message: string } | null>(null)
  const told = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    // What was pressed has gone.
    if (last !== null) told.current?.focus()
  }, [last])
  const changed: Changed = (now, message) => setLast({ now, message })
  return (
    <section className="stack" aria-labelledby="trusted">
      <Heading level={2} data-size="sm" id="trusted">
        {say('notices.trusted')}
      </Heading>
      <Paragraph>{say('notices.trusted_lead')}</Paragraph>
      <p role="status" tabIndex={-1} ref={told}>
        {last?.message}
      </p>
      <Shown loaded={loaded} again={again}>
        {(first) => {
          const { trusted_contact: trusted, contact_for: trusting } = last?.now ?? first
          return (
            <>
              <Trusted key={trusted?.contact_id ?? 'no one'} trusted={trusted} changed={changed} />
              {trusting.length > 0 && <ContactFor trusting={trusting} changed={changed} />}
            </>
          )
        }}
      </Shown>
    </section>
  )
}

function Trusted({ trusted, changed }: { readonly trusted: One | null; readonly changed: Changed }) {
  const { say } = useLanguage()
  const { isSending, refusal, send } = useSending<Both>()
  const [isChoosing, setChoosing] = useState(false)
  const chooser = useRef<HTMLButtonElement>(null)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left > 0) chooser.current?.focus()
  }, [left])
  const leave = (): void => {
    setChoosing(false)
    setLeft(left + 1)
  }
  async function remove(): Promise<void> {
    const now = await send(() => api.DELETE('/v1/me/trusted-contact'))
    if (now !== null) changed(now, say('notices.trusted_removed'))
  }
  const chosen: Changed = (now, message) => {
    setChoosing(false)
    changed(now, message)
  }
  if (isChoosing) return <Choosing changed={chosen} leave={leave} />
  return (
    <>
      {trusted !== null && (
        <Paragraph>
          {say('notices.trusted_is_told')}:{' '}
          <strong>
            <PersonName person={trusted} />
          </strong>
        </Paragraph>
      )}
      {refusal !== null && <Refused refusal={refusal} />}
      <div className="row">
        <Button variant="secondary" ref={chooser} onClick={() => setChoosing(true)}>
          {say(trusted === null ? 'notices.trusted_choose' : 'notices.trusted_other')}
        </Button>
        {trusted !== null && (
          <Button variant="tertiary" data-color="danger" aria-disabled={isSending} onClick={() => void remove()}>
            {say('notices.trusted_remove', { name: trusted.name })}
          </Button>
        )}
      </div>
    </>
  )
}

/** The number is held here only, and goes with the form. */
function Choosing({ changed, leave }: { readonly changed: Changed; readonly leave: () => void }) {
  const { say } = useLanguage()
  const [number, writeNumber] = useState('')
  const [familyName, writeFamilyName] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const [name, { isSending, refusal, forget }] = useWrite(
    (body: components['schemas']['PersonByNumberShape'], key) =>
      api.POST('/v1/me/trusted-contact', { params: { header: { 'Idempotency-Key': key } }, body }),
    (now: Both) => changed(now, say('notices.trusted_named', { name: now.trusted_contact?.name ?? '' })),
  )
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    const missing = missingOfPerson(number, familyName, say)
    setErrors(missing)
    setAttempt(attempt + 1)
    if (Object.keys(missing).length > 0) forget()
    else name({ identifier: digitsOf(number), family_name: familyName.trim() })
  }
  return (
    <Card asChild>
      <form className="stack" onSubmit={submit} noValidate autoComplete="off" aria-labelledby="choosing">
        <Heading level={3} data-size="xs" id="choosing" tabIndex={-1} ref={heading}>
          {say('notices.trusted_choose')}
        </Heading>
        <Errors errors={errors} attempt={attempt} />
        <Paragraph>{say('notices.trusted_may_refuse')}</Paragraph>
        <NumberAndName {...{ errors, number, familyName, writeNumber, writeFamilyName }} />
        {refusal !== null && <Refused refusal={refusal} />}
        <div className="row">
          <Button type="submit" aria-disabled={isSending}>
            {say('notices.trusted_save')}
          </Button>
          <Button type="button" variant="tertiary" onClick={leave}>
            {say('notices.trusted_leave')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function ContactFor({ trusting, changed }: { readonly trusting: readonly One[]; readonly changed: Changed }) {
  const { say } = useLanguage()
  const { isSending, refusal, send } = useSending<Both>()
  async function layDown({ contact_id: contactId, name }: One): Promise<void> {
    const now = await send(() => api.DELETE('/v1/me/contact-for/{contactId}', { params: { path: { contactId } } }))
    if (now !== null) changed(now, say('notices.laid_down', { name }))
  }
  return (
    <>
      <Heading level={3} data-size="xs">
        {say('notices.contact_for')}
      </Heading>
      <Paragraph>{say('notices.contact_for_lead')}:</Paragraph>
      {refusal !== null && <Refused refusal={refusal} />}
      <ul className="plain stack">
        {trusting.map((one) => (
          <li key={one.contact_id} className="row">
            <strong>
              <PersonName person={one} />
            </strong>
            <Button variant="tertiary" aria-disabled={isSending} onClick={() => void layDown(one)}>
              {say('notices.lay_down', { name: one.name })}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
