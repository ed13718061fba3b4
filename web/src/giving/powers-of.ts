import type { components } from '../generated/api.js'
import { type Giving, boundsOf, chosen, mayLimit } from './giving-state.js'

type AskedPower = components['schemas']['AskedPowerShape']

/** What was chosen, as the service takes it: all that is given or asked for, but for the time. */
export function powersOf(giving: Giving): AskedPower[] {
  const bounds = boundsOf(giving)
  return chosen(giving).flatMap(([service, { actions, provider, object }]) =>
    actions.map((action) => {
      const bound = bounds?.find((power) => power.service === service && power.action === action)
      const isOpen = mayLimit(giving, service)
      const at = bound?.provider ?? (isOpen && provider !== 'any' ? provider : '')
      const about = bound?.object ?? (isOpen ? object.trim() : '')
      return {
        ...{ service, action },
        ...(at === '' ? {} : { provider: at }),
        ...(about === '' ? {} : { object: about }),
      }
    }),
  )
}
