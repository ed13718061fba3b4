import { Heading } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { api } from '../api.js'
import { today, useDates } from './dates.js'
import { useLanguage } from './language.js'
import type { OwnPower, Representations } from './own-mandates.js'
import { PowerList } from './powers.js'
import { useSession } from './session.js'
import { useLoaded } from './use-loaded.js'

/** At these the law changes what others may do for a minor. */
const AGES = [15, 16, 18] as const

/** For a minor: what the next birthday that changes anything changes, as the service itself decides it. */
export function NextBirthday({ now }: { readonly now: Representations }) {
  const session = useSession()
  const bornOn = session.state === 'somebody' ? session.person.born_on : null
  const isMinor = bornOn !== null && birthday(bornOn, 18) > today()
  return isMinor && <WhatChanges bornOn={bornOn} now={now} />
}

/** The day from which someone of that day of birth is so old; a leap day’s child is so on 1 March. */
function birthday(bornOn: string, age: number): string {
  const time = new Date(`${bornOn}T00:00:00Z`)
  time.setUTCFullYear(time.getUTCFullYear() + age)
  return time.toISOString().slice(0, 10)
}

interface Change {
  readonly age: number
  readonly day: string
  readonly lost: readonly Lost[]
}

/** What one person will no longer be able to do. */
interface Lost {
  readonly name: string
  readonly powers: readonly OwnPower[]
  readonly isAll: boolean
}

function WhatChanges({ bornOn, now }: { readonly bornOn: string; readonly now: Representations }) {
  const { language, say } = useLanguage()
  const dates = useDates()
  const ask = useCallback(
    async (signal: AbortSignal): Promise<{ data: Change | null } | { error: unknown }> => {
      for (const age of AGES) {
        const day = birthday(bornOn, age)
        if (day <= today()) continue
        const query = { language, at: `${day}T12:00:00Z` }
        const { data, error } = await api.GET('/v1/me/representations', { params: { query }, signal })
        if (data === undefined) return { error }
        const lost = lostBetween(now, data)
        if (lost.length > 0) return { data: { age, day, lost } }
      }
      return { data: null }
    },
    [bornOn, now, language],
  )
  const [change] = useLoaded(ask)
  if (change.state !== 'here' || change.value === null) return null
  const { age, day, lost } = change.value
  return (
    <section className="stack">
      <Heading level={2} data-size="sm">
        {say('mine.when_you_are', { age, day: dates.day(day) })}
      </Heading>
      {lost.map(({ name, powers, isAll }) =>
        isAll ? (
          <p key={name}>{say('mine.can_nothing', { name })}</p>
        ) : (
          <div key={name}>
            <p>{say('mine.can_no_longer', { name })}</p>
            <PowerList powers={powers} mine />
          </div>
        ),
      )}
    </section>
  )
}

/** What the law lets others do now and not then. Mandates end by their own dates, which stand beside them. */
function lostBetween(now: Representations, then: Representations): Lost[] {
  const remaining = new Set(
    then.may_act_for_you.flatMap(({ representative, powers }) =>
      powers.map((power) => keyOf(representative.ref, power)),
    ),
  )
  return now.may_act_for_you.flatMap(({ representative: { ref, name }, powers: all }) => {
    const byLaw = all.filter(({ basis }) => basis !== 'mandate')
    const powers = byLaw.filter((power) => !remaining.has(keyOf(ref, power)))
    return powers.length === 0 ? [] : [{ name, powers, isAll: powers.length === all.length }]
  })
}

function keyOf(ref: string, { service, action, provider, object, basis }: OwnPower): string {
  return JSON.stringify([ref, service, action, provider, object, basis])
}
