import { type AssuranceLevel, type CatalogueVersion, findService, satisfies, stricter } from '../domain/catalogue.js'
import { coolingOffHours } from '../domain/cooling-off.js'
import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { AskedLogin } from '../store/draft-store.js'

/**
 * Who gives, accepts or widens a power must be logged in as strongly as using it asks for.
 *
 * @throws Problem `login_level_too_low` with the level that is needed.
 */
export function requireLevel(actor: Actor, serviceIds: readonly string[], catalogue: CatalogueVersion): void {
  const needed = neededLevel(serviceIds, catalogue)
  if (satisfies(actor.login.level, needed)) return
  throw new Problem('login_level_too_low', `log in at the level ${needed}`, { required_level: needed })
}

/** The login whose answer confirms a text about these services: what is held before it takes effect asks for a new one. */
export function askedLogin(serviceIds: readonly string[], catalogue: CatalogueVersion): AskedLogin {
  if (coolingOffHours(serviceIds, catalogue) > 0) return { level: 'high', isNew: true }
  return { level: neededLevel(serviceIds, catalogue) === 'high' ? 'high' : 'substantial', isNew: false }
}

function neededLevel(serviceIds: readonly string[], catalogue: CatalogueVersion): AssuranceLevel {
  return serviceIds
    .map((id) => findService(catalogue, id)?.assurance ?? 'high')
    .reduce<AssuranceLevel>(stricter, 'substantial')
}
