import type { Day } from './calendar.js'
import type { WantedPower } from './giving.js'
import { type Power, coversObject, coversProvider } from './mandate.js'
import { Problem } from './problem.js'

/** What a helper asks to be given: these powers from now on, until this day and no longer, and never to pass on. */
export interface AskedPowers {
  readonly powers: readonly Power[]
  readonly until: Day
}

/** A power that is asked for, as the wish it would be if it were given as asked. */
export function wishFor({ service, action, provider, object }: Omit<Power, 'action'> & { action: string }, until: Day) {
  return { service, action, provider, object, from: null, until, passingOn: false } satisfies WantedPower
}

/**
 * What the one who was asked wants to give: the same or less. A power without a last day gets the one that was asked for.
 *
 * @throws Problem `wider_than_asked` for another power, a wider one, a longer one, or one that may be passed on.
 */
export function withinAsked(wanted: readonly WantedPower[], asked: AskedPowers): WantedPower[] {
  return wanted.map((power) => {
    const covered = asked.powers.some(({ action, ...limits }) => {
      const [one, other] = [
        { action, ...limits },
        { ...power, action },
      ]
      const isSame = one.service === power.service && action === power.action
      return isSame && coversProvider(one, other) && coversObject(one, other)
    })
    const until = power.until ?? asked.until
    if (!covered || power.passingOn || until > asked.until) {
      throw new Problem('wider_than_asked', 'this is more than was asked for', {
        service: power.service,
        action: power.action,
      })
    }
    return { ...power, until }
  })
}
