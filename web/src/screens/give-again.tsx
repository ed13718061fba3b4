import { useEffect } from 'react'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { useGiving } from '../giving/giving.js'
import type { Choice, Mandate } from '../giving/giving-state.js'
import { useLanguage } from '../shell/language.js'
import { Screen } from '../shell/screen.js'
import { Shown } from '../shell/shown.js'
import { useMandate } from '../shell/use-mandate.js'

/** Where one begins: anew, or with what another fullmakt held (`?som=`), which one then looks over step by step. */
export function GiveAgain() {
  const [search] = useSearchParams()
  const like = search.get('som')
  return like === null ? <Anew /> : <Like mandateId={like} />
}

/** What was begun goes on, unless it was an answer to a request: that one begins at the request. */
function Anew() {
  const { giving, say: change } = useGiving()
  const isAnswer = giving.answered !== null
  useEffect(() => {
    if (isAnswer) change({ type: 'begin', passedOn: null })
  }, [isAnswer, change])
  return isAnswer ? null : <Navigate to="/gi/hvem" replace />
}

function Like({ mandateId }: { readonly mandateId: string }) {
  const { say } = useLanguage()
  const [loaded, again] = useMandate(mandateId)
  return (
    <>
      <Screen heading={say('give.who')} />
      <Shown loaded={loaded} again={again}>
        {(mandate) => <Prefill mandate={mandate} />}
      </Shown>
    </>
  )
}

function Prefill({ mandate }: { readonly mandate: Mandate }) {
  const { say: change } = useGiving()
  const navigate = useNavigate()
  useEffect(() => {
    change({ type: 'begin', passedOn: null })
    change({ type: 'write', change: { choices: choicesOf(mandate) } })
    void navigate('/gi/hvem', { replace: true })
  }, [mandate, change, navigate])
  return null
}

function choicesOf({ powers }: Mandate): Readonly<Record<string, Choice>> {
  const services = [...new Set(powers.map(({ service }) => service))]
  return Object.fromEntries(
    services.map((service) => {
      const own = powers.filter((power) => power.service === service)
      const [first] = own
      const actions = [...new Set(own.map(({ action }) => action))]
      return [
        service,
        {
          actions,
          provider: first?.provider ?? 'any',
          object: first?.object ?? '',
          passingOn: first?.passing_on === true,
        },
      ]
    }),
  )
}
