import { Paragraph } from '@digdir/designsystemet-react'
import { Suspense, lazy } from 'react'
import { Link, Route, Routes } from 'react-router'
import { Start } from './screens/start.js'
import { Frame } from './shell/frame.js'
import { useLanguage } from './shell/language.js'

const Accept = lazy(() => import('./screens/accept.js').then(({ Accept: screen }) => ({ default: screen })))
const Acts = lazy(() => import('./screens/acts.js').then(({ Acts: screen }) => ({ default: screen })))
const Give = lazy(() => import('./screens/give.js').then(({ Give: screen }) => ({ default: screen })))

/** Every screen and its address. The service hands out these pages at the addresses of `src/http/pages.ts`. */
export function Pages() {
  return (
    <Frame>
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route path="/" element={<Start />} />
          <Route path="/gi/*" element={<Give />} />
          <Route path="/godta/:mandateId" element={<Accept />} />
          <Route path="/hendelser" element={<Acts />} />
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Suspense>
    </Frame>
  )
}

function Loading() {
  const { say } = useLanguage()
  return <Paragraph role="status">{say('shell.loading')}</Paragraph>
}

function NoSuchPage() {
  const { say } = useLanguage()
  return (
    <>
      <Paragraph>{say('shell.no_such_page')}</Paragraph>
      <Link to="/">{say('shell.to_start')}</Link>
    </>
  )
}
