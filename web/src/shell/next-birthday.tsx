import { Heading } from '@digdir/designsystemet-react'
import { useCallback } from 'react'
import { api } from '../api.js'
import { today, useDates } from './dates.js'
import { useLanguage } from './language.js'
import type { OwnPower, Representations } from './own-mandates.js'
import { actionName } from './powers.js'
import { useSession } from './session.js'
import { useLoaded } from './use-loaded.js'

/** At these the law changes what others may do for a minor. */
const AGES = [15, 16, 18] as const

/** For a minor: what the next birthdays change, as the service itself decides it. Nothing for someone of age. */
export function NextBirthday({ now }: { readonly now: Representations }) {
  const session = useSession()
  const bornOn = session.state === 'somebody' ? session.person.born_on : null
  const coming = AGES.map((age) => ({ age, day: birthday(bornOn ?? '', age) })).filter(({ day }) => day > today())
  if (bornOn === null || coming.length === 0) return null
  return coming.map(({ age, day }) => <AtAge key={age} age={age} day={day} now={now} />)
}

/** What someone of that day of birth may or not from that day on; a leap day’s child grows older on 1 March. */
function birthday(bornOn: string, age: number): string {
  const time = new Date(`${bornOn}T00:00:00Z`)
  if (Number.isNaN(time.getTime())) return ''
  time.setUTCFullYear(time.getUTCFullYear() + age)
  return time.toISOString().slice(0, 10)
}

function AtAge({ age, day, now }: { readonly age: number; readonly day: string; readonly now: Representations }) {
  const { language, say } = useLanguage()
  const dates = useDates()
  const ask = useCallback(
    (signal: AbortSignal) =>
      api.GET('/v1/me/representations', { params: { query: { language, at: `${day}T12:00:00Z` } }, signal }),
    [language, day],
  )
  const [then] = useLoaded(ask)
  if (then.state !== 'here') return null
  const lost = missing(now, then.value)
  if (lost.length === 0) return null
  return (
    <section className="stack">
      <Heading level={2} data-size="sm">
        {say('mine.when_you_are', { age, day: dates.day(day) })}
      </Heading>
      <ul>
        {lost.map(({ name, power }) => (
          <li key={`${name} ${power.service} ${power.action}`}>
            {say('mine.can_no_longer', { name, service: power.service_name, action: say(actionName(power.action)) })}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the law lets others do now and not then. Mandates end by their own dates, which stand beside them. */
function missing(now: Representations, then: Representations): { readonly name: string; readonly power: OwnPower }[] {
  const remaining = new Set(
    then.may_act_for_you.flatMap(({ representative, powers }) =>
      powers.map((power) => keyOf(representative.ref, power)),
    ),
  )
  return now.may_act_for_you.flatMap(({ representative, powers }) =>
    powers
      .filter((power) => power.basis !== 'mandate' && !remaining.has(keyOf(representative.ref, power)))
      .map((power) => ({ name: representative.name, power })),
  )
}

function keyOf(ref: string, { service, action, provider, object, basis }: OwnPower): string {
  return JSON.stringify([ref, service, action, provider, object, basis])
}
