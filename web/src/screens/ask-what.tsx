import { Navigate } from 'react-router'
import { ChooseServices } from '../giving/choose-services.js'
import { useGiving } from '../giving/giving.js'
import { useLanguage } from '../shell/language.js'
import { Shown } from '../shell/shown.js'

/** What one wants to help with. */
export function AskWhat() {
  const { say } = useLanguage()
  const { catalogue, askAgain, number } = useGiving()
  if (number === '') return <Navigate to="/be-om/hvem" replace state={{ on: '/be-om/hva', isNumberGone: true }} />
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {(value) => (
        <ChooseServices
          catalogue={value}
          heading={say('ask.what')}
          lead={say('ask.what_lead')}
          back="/be-om/hvem"
          next="/be-om/hvor-lenge"
        />
      )}
    </Shown>
  )
}
