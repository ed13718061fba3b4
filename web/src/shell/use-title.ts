import { useEffect } from 'react'
import { useLanguage } from './language.js'

/** Names the browser's tab after the screen, and moves the focus to its beginning when one comes to it. */
export function useTitle(heading: string): void {
  const { say } = useLanguage()
  useEffect(() => {
    document.title = `${heading} – ${say('shell.title')}`
  }, [heading, say])
}
