import { type AssuranceLevel, type CatalogueVersion, findService, satisfies, stricter } from '../domain/catalogue.js'
import type { Actor } from '../domain/party.js'
import { Problem } from '../domain/problem.js'

/**
 * Who gives, accepts or widens a power must be logged in as strongly as using it asks for.
 *
 * @throws Problem `login_level_too_low` with the level that is needed.
 */
export function requireLevel(actor: Actor, serviceIds: readonly string[], catalogue: CatalogueVersion): void {
  const needed = serviceIds
    .map((id) => findService(catalogue, id)?.assurance ?? 'high')
    .reduce<AssuranceLevel>(stricter, 'substantial')
  if (satisfies(actor.login.level, needed)) return
  throw new Problem('login_level_too_low', `log in at the level ${needed}`, { required_level: needed })
}
