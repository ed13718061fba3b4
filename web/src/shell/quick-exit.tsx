import { Button } from '@digdir/designsystemet-react'
import { useLanguage } from './language.js'

/** A page that anyone may have open. */
const ELSEWHERE = 'https://www.yr.no/'

/** Logs out and puts another page in the place of this one: «back» leads to what was before it, and nothing is kept. */
export function QuickExit() {
  const { say } = useLanguage()
  return (
    <Button
      variant="secondary"
      data-color="danger"
      data-size="sm"
      onClick={() => {
        document.title = ELSEWHERE
        sessionStorage.clear()
        navigator.sendBeacon('/logout')
        location.replace(ELSEWHERE)
      }}
    >
      {say('shell.quick_exit')}
    </Button>
  )
}
