import { Details, Tag } from '@digdir/designsystemet-react'
import type { TextName } from '../generated/text-name.js'
import { daysUntil, useDates } from './dates.js'
import { grouped } from './grouped.js'
import { useLanguage } from './language.js'

/** A power as every answer of the service tells of it. */
export interface ShownPower {
  readonly service: string
  readonly service_name: string
  readonly action: string
  readonly action_text: string
  readonly provider: string | null
  readonly provider_name?: string | null
  readonly object: string | null
  /** Whether the representative may pass it on; of what no one gave, nothing is said. */
  readonly passing_on?: boolean
}

const ACTIONS = ['read', 'communicate', 'write', 'sign', 'receive', 'consent'] as const

/** What may be done, in one word. */
export function actionName(action: string): TextName {
  const known = ACTIONS.find((one) => one === action)
  return known === undefined ? 'powers.other' : `actions.${known}`
}

/**
 * What may be done, service by service. The catalogue's sentences speak to the one on whose behalf it is done: for anyone
 * else there is a word for each action.
 */
export function PowerList({ powers, mine }: { readonly powers: readonly ShownPower[]; readonly mine: boolean }) {
  const { say } = useLanguage()
  const places = grouped(powers, (power) => [power.service, power.provider, power.object].join('\n'))
  const list = (
    <ul className="plain stack">
      {places.map(([place, [first, ...others]]) =>
        first === undefined ? null : (
          <li key={place}>
            <strong>{first.service_name}</strong>
            {first.provider !== null && `, ${first.provider_name ?? first.provider}`}
            {first.object !== null && `, ${say('powers.only_object', { object: first.object })}`}
            <ul>
              {[first, ...others].map((power) => (
                <li key={power.action}>
                  {mine ? power.action_text : say(actionName(power.action))}
                  {power.passing_on === true && ` (${say('powers.passing_on')})`}
                </li>
              ))}
            </ul>
          </li>
        ),
      )}
    </ul>
  )
  if (places.length <= MOST_PLACES) return list
  return (
    <Details>
      <Details.Summary>{say('powers.how_many', { count: places.length })}</Details.Summary>
      <Details.Content>{list}</Details.Content>
    </Details>
  )
}

/** Longer lists, which only the law makes, unfold. */
const MOST_PLACES = 6
const SOON_DAYS = 30

/** Until when, in words, and how soon that is. `null` where no end is set. */
export function Until({ day: lastDay }: { readonly day: string | null }) {
  const { say } = useLanguage()
  const { day } = useDates()
  if (lastDay === null) return <span>{say('powers.no_end')}</span>
  const days = daysUntil(lastDay)
  return (
    <span className="row">
      {say('powers.until', { day: day(lastDay) })}
      {days >= 0 && days <= SOON_DAYS && (
        <Tag data-color="warning">
          {days === 0
            ? say('powers.ends_today')
            : days === 1
              ? say('powers.ends_tomorrow')
              : say('powers.ends_soon', { days })}
        </Tag>
      )}
    </span>
  )
}
