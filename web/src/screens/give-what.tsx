import { Navigate } from 'react-router'
import { ChooseServices } from '../giving/choose-services.js'
import { useGiving } from '../giving/giving.js'
import { isWhoSaid } from '../giving/giving-state.js'
import { useLanguage } from '../shell/language.js'
import { Shown } from '../shell/shown.js'

/** C4: what, in the words of people and by what life is about. Nothing is chosen beforehand, and there is no «everything». */
export function GiveWhat() {
  const { say } = useLanguage()
  const { catalogue, askAgain, giving, number } = useGiving()
  if (!isWhoSaid(giving, number)) {
    return <Navigate to="/gi/hvem" replace state={{ on: '/gi/hva', isNumberGone: true }} />
  }
  const { answered } = giving
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {(value) => (
        <ChooseServices
          catalogue={value}
          heading={say('give.what')}
          lead={answered === null ? say('give.what_lead') : say('give.what_asked', { name: answered.helper })}
          back={answered === null ? '/gi/hvem' : `/foresporsler/${answered.requestId}`}
          next="/gi/hvor-lenge"
        />
      )}
    </Shown>
  )
}
