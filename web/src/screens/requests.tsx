import { Button, Card, Heading, Paragraph, Tag, Textfield } from '@digdir/designsystemet-react'
import { type SubmitEvent, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { api } from '../api.js'
import { dayOf, useDates } from '../shell/dates.js'
import { Done } from '../shell/done.js'
import { useLanguage } from '../shell/language.js'
import { Refused } from '../shell/refused.js'
import { Screen } from '../shell/screen.js'
import { useSending } from '../shell/sending.js'
import { Shown } from '../shell/shown.js'
import { type Request, useRequests } from '../shell/use-request.js'

/** C10: who asks one for a fullmakt. What waits for an answer comes first. */
export function Requests() {
  const { say } = useLanguage()
  const [loaded, again] = useRequests('asked')
  return (
    <Screen heading={say('requests.heading')} message={Done.of(useLocation().state)}>
      <Shown loaded={loaded} again={again}>
        {(requests) => {
          const isOpen = ({ state }: Request): boolean => state === 'open'
          const [open, answered] = [requests.filter(isOpen), requests.filter((one) => !isOpen(one))]
          return (
            <>
              <Paragraph>{say(open.length === 0 ? 'requests.none' : 'requests.free')}</Paragraph>
              <List requests={open} level={2} />
              {answered.length > 0 && (
                <>
                  <Heading level={2} data-size="sm">
                    {say('requests.answered')}
                  </Heading>
                  <List requests={answered} level={3} />
                </>
              )}
            </>
          )
        }}
      </Shown>
      <ByCode />
      <Link to="/be-om">{say('requests.to_made')}</Link>
    </Screen>
  )
}

function List({ requests, level }: { readonly requests: readonly Request[]; readonly level: 2 | 3 }) {
  const { say } = useLanguage()
  const dates = useDates()
  if (requests.length === 0) return null
  return (
    <ul className="plain stack">
      {requests.map(({ request_id: id, helper, state, made_at: at }) => (
        <li key={id}>
          <Card asChild>
            <section className="stack" aria-labelledby={`request-${id}`}>
              <Heading level={level} data-size="xs" id={`request-${id}`}>
                {say('requests.asks_you', { name: helper.name })}
              </Heading>
              <div className="row">
                <Tag data-color={state === 'open' ? 'info' : 'neutral'}>{say(`requests.${state}`)}</Tag>
                <span className="quiet">{dates.day(dayOf(at))}</span>
              </div>
              <Link to={`/foresporsler/${id}`}>{say('requests.see', { name: helper.name })}</Link>
            </section>
          </Card>
        </li>
      ))}
    </ul>
  )
}

/** Who had a letter finds what it is about by its code. */
function ByCode() {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const [code, setCode] = useState('')
  const [isMissing, setMissing] = useState(false)
  const { isSending, refusal, send } = useSending<Request>()
  async function find(): Promise<void> {
    setMissing(code.trim() === '')
    if (code.trim() === '') return
    const request = await send(() => api.POST('/v1/me/requests/code', { body: { code } }))
    if (request !== null) await navigate(`/foresporsler/${request.request_id}`)
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void find()
  }
  return (
    <form className="stack narrow" onSubmit={submit} noValidate autoComplete="off">
      <Heading level={2} data-size="sm">
        {say('requests.letter')}
      </Heading>
      {refusal !== null && <Refused refusal={refusal} />}
      <Textfield
        label={say('requests.code')}
        description={say('requests.code_why')}
        spellCheck={false}
        autoCapitalize="characters"
        value={code}
        error={isMissing ? say('requests.code_missing') : undefined}
        onChange={({ target }) => setCode(target.value)}
      />
      <div>
        <Button type="submit" variant="secondary" aria-disabled={isSending}>
          {say('requests.code_find')}
        </Button>
      </div>
    </form>
  )
}
