import { Link, Route, Routes } from 'react-router'
import { Start } from './screens/start.js'
import { Frame } from './shell/frame.js'
import { useLanguage } from './shell/language.js'
import { NeedsLogin } from './shell/needs-login.js'
import { screenOnDemand } from './shell/screen-on-demand.js'
import { Screen } from './shell/screen.js'

const Mine = screenOnDemand(() => import('./screens/mine.js').then(({ Mine }) => Mine))
const Ended = screenOnDemand(() => import('./screens/ended.js').then(({ Ended }) => Ended))
const Mandate = screenOnDemand(() => import('./screens/mandate.js').then(({ Mandate }) => Mandate))
const End = screenOnDemand(() => import('./screens/end.js').then(({ End }) => End))
const Narrow = screenOnDemand(() => import('./screens/narrow.js').then(({ Narrow }) => Narrow))
const ForOthers = screenOnDemand(() => import('./screens/for-others.js').then(({ ForOthers }) => ForOthers))
const Activity = screenOnDemand(() => import('./screens/activity.js').then(({ Activity }) => Activity))
const NotKnown = screenOnDemand(() => import('./screens/not-known.js').then(({ NotKnown }) => NotKnown))
const Give = screenOnDemand(() => import('./screens/give.js').then(({ Give }) => Give))
const Extend = screenOnDemand(() => import('./screens/extend.js').then(({ Extend }) => Extend))
const Accept = screenOnDemand(() => import('./screens/accept.js').then(({ Accept }) => Accept))
const Acts = screenOnDemand(() => import('./screens/acts.js').then(({ Acts }) => Acts))
const Notices = screenOnDemand(() => import('./screens/notices.js').then(({ Notices }) => Notices))
const Lookups = screenOnDemand(() => import('./screens/lookups.js').then(({ Lookups }) => Lookups))
const Ask = screenOnDemand(() => import('./screens/ask.js').then(({ Ask }) => Ask))
const Requests = screenOnDemand(() => import('./screens/requests.js').then(({ Requests }) => Requests))
const Redeem = screenOnDemand(() => import('./screens/redeem.js').then(({ Redeem }) => Redeem))
const OneRequest = screenOnDemand(() => import('./screens/request.js').then(({ OneRequest }) => OneRequest))
const DeclineRequest = screenOnDemand(() =>
  import('./screens/request-decline.js').then(({ DeclineRequest }) => DeclineRequest),
)
const Help = screenOnDemand(() => import('./screens/help.js').then(({ Help }) => Help))
const Accessibility = screenOnDemand(() =>
  import('./screens/accessibility.js').then(({ Accessibility }) => Accessibility),
)

/** Every screen and its address. The service hands out these pages at the addresses of `src/http/pages.ts`. */
export function Pages() {
  return (
    <Frame>
      <Routes>
        <Route path="/" element={<Start />} />
        <Route path="/hjelp" element={<Help />} />
        <Route path="/hjelp/tilgjengelighet" element={<Accessibility />} />
        <Route path="/invitasjon" element={<Redeem />} />
        <Route element={<NeedsLogin />}>
          <Route path="/mine" element={<Mine />} />
          <Route path="/mine/avsluttede" element={<Ended />} />
          <Route path="/mine/:mandateId" element={<Mandate />} />
          <Route path="/mine/:mandateId/avslutt" element={<End />} />
          <Route path="/mine/:mandateId/snevre-inn" element={<Narrow />} />
          <Route path="/mine/:mandateId/forleng" element={<Extend />} />
          <Route path="/gi/*" element={<Give />} />
          <Route path="/godta/handling" element={<Acts />} />
          <Route path="/godta/handling/:actId" element={<Acts />} />
          <Route path="/godta/:mandateId" element={<Accept />} />
          <Route path="/beskjeder" element={<Notices />} />
          <Route path="/innsyn" element={<Lookups />} />
          <Route path="/be-om/*" element={<Ask />} />
          <Route path="/foresporsler" element={<Requests />} />
          <Route path="/foresporsler/:requestId" element={<OneRequest />} />
          <Route path="/foresporsler/:requestId/nei" element={<DeclineRequest />} />
          <Route path="/for-andre" element={<ForOthers />} />
          <Route path="/hendelser" element={<Activity />} />
          <Route path="/hendelser/ukjent" element={<NotKnown />} />
        </Route>
        <Route path="*" element={<NoSuchPage />} />
      </Routes>
    </Frame>
  )
}

function NoSuchPage() {
  const { say } = useLanguage()
  return (
    <Screen heading={say('shell.no_such_page')}>
      <Link to="/">{say('shell.to_start')}</Link>
    </Screen>
  )
}
