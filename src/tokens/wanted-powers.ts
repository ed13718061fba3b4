import type { Power } from '../domain/mandate.js'
import { type Narrowing } from './authorization-details.js'
import type { ExchangeRequest, ScopedAction } from './exchange-request.js'

const NOT_NARROWED: Narrowing = { services: null, actions: null, provider: null, object: null }

/** More than any ground has; a request for more is cut here, and the answer says what was granted. */
const MOST_POWERS = 500

/**
 * The powers to decide on, each once: what the request names, or else all that the ground names. Where the request names
 * no provider or object, the power is asked about as the ground limits it. What the ground does not have is asked about
 * all the same, so that the decision says why not.
 *
 * @param services those of the audience
 */
export function wantedPowers(
  request: Pick<ExchangeRequest, 'scope' | 'narrowings'>,
  granted: readonly Power[],
  services: readonly string[],
): readonly Power[] {
  const wanted = new Map<string, Power>()
  const pairs = request.scope ?? granted
  for (const pair of pairs.filter(({ service }) => services.includes(service))) {
    for (const narrowing of request.narrowings ?? [NOT_NARROWED]) {
      if (!includes(narrowing, pair)) continue
      for (const power of limited(pair, granted, narrowing)) wanted.set(keyOf(power), power)
    }
  }
  return [...wanted.values()].slice(0, MOST_POWERS)
}

/** The same for the whole ground: all that it names among these services. */
export function namedPowers(granted: readonly Power[], services: readonly string[]): readonly Power[] {
  return wantedPowers({ scope: null, narrowings: null }, granted, services)
}

function includes({ services, actions }: Narrowing, { service, action }: ScopedAction): boolean {
  return (services?.includes(service) ?? true) && (actions?.includes(action) ?? true)
}

function limited({ service, action }: ScopedAction, granted: readonly Power[], narrowing: Narrowing): Power[] {
  const { provider, object } = narrowing
  const fitting = granted
    .filter((power) => power.service === service && power.action === action)
    .filter((power) => agrees(power.provider, provider) && agrees(power.object, object))
  if (fitting.length === 0) return [{ service, action, provider, object }]
  return fitting.map((power) => ({
    service,
    action,
    provider: provider ?? power.provider,
    object: object ?? power.object,
  }))
}

/** Whether the ground's limit and the wanted one leave anything in common. */
function agrees(granted: string | null, wanted: string | null): boolean {
  return granted === null || wanted === null || granted === wanted
}

function keyOf({ service, action, provider, object }: Power): string {
  return JSON.stringify([service, action, provider, object])
}
