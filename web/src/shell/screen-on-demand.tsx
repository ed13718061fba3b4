import { type ComponentType, useEffect, useState } from 'react'
import { OFFLINE } from '../api.js'
import { useLanguage } from './language.js'
import { Loading, Refused } from './refused.js'
import { Screen } from './screen.js'

/**
 * A screen that comes when one goes to it, and says so where it does not. Not `React.lazy`: that shows what has come no
 * sooner than 300 ms after it began to wait.
 */
export function screenOnDemand(load: () => Promise<ComponentType>): ComponentType {
  let arrived: { readonly Content: ComponentType } | null = null

  return function OnDemand() {
    const { say } = useLanguage()
    const [screen, setScreen] = useState(arrived)
    const [isLost, setLost] = useState(false)
    useEffect(() => {
      if (screen !== null) return
      load().then(
        (Content) => {
          arrived = { Content }
          setScreen(arrived)
        },
        () => setLost(true),
      )
    }, [screen])
    if (screen !== null) return <screen.Content />
    if (!isLost) return <Loading />
    return (
      <Screen heading={say('shell.title')}>
        <Refused refusal={OFFLINE} again={() => window.location.reload()} />
      </Screen>
    )
  }
}
