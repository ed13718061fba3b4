import { Paragraph } from '@digdir/designsystemet-react'
import { Link, Route, Routes } from 'react-router'
import { Start } from './screens/start.js'
import { Frame } from './shell/frame.js'
import { useLanguage } from './shell/language.js'

/** Every screen and its address. The service hands out these pages at the addresses of `src/http/pages.ts`. */
export function Pages() {
  return (
    <Frame>
      <Routes>
        <Route path="/" element={<Start />} />
        <Route path="*" element={<NoSuchPage />} />
      </Routes>
    </Frame>
  )
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
