import '@digdir/designsystemet-css'
import '@digdir/designsystemet-css/theme.css'
import '@fontsource/inter/latin-400.css'
import '@fontsource/inter/latin-500.css'
import '@fontsource/inter/latin-600.css'
import '@fontsource/inter/latin-ext-400.css'
import '@fontsource/inter/latin-ext-500.css'
import '@fontsource/inter/latin-ext-600.css'
import './pages.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { Pages } from './pages.js'
import { LanguageProvider } from './shell/language.js'
import { ActingForProvider } from './shell/acting-for.js'
import { SessionProvider } from './shell/session.js'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no place for its content')
createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <LanguageProvider>
        <SessionProvider>
          <ActingForProvider>
            <Pages />
          </ActingForProvider>
        </SessionProvider>
      </LanguageProvider>
    </BrowserRouter>
  </StrictMode>,
)
