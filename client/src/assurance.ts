import { TokenRefused } from './refused.js'

export type Assurance = 'substantial' | 'high'

/**
 * Every `acr` that may represent a person, and the eIDAS level it stands for. A table and not a pattern: what ends in
 * `-high` need not be a level. `selfregistered-email` and `entraid` prove no person and are left out on purpose.
 */
const LEVELS: ReadonlyMap<string, 'low' | Assurance> = new Map([
  ['idporten-loa-low', 'low'],
  ['idporten-loa-substantial', 'substantial'],
  ['idporten-loa-high', 'high'],
  ['eidas-loa-substantial', 'substantial'],
  ['eidas-loa-high', 'high'],
  ['Level3', 'substantial'],
  ['Level4', 'high'],
  ['substantial', 'substantial'],
  ['high', 'high'],
])

/** The level of the actor's login; refuses an `acr` outside the table and a level below `minimum`. */
export function readAssurance(acr: string, minimum: Assurance): Assurance {
  const level = LEVELS.get(acr)
  if (level === undefined) throw new TokenRefused('assurance', 'acr is not a known level')
  if (level === 'low' || (level === 'substantial' && minimum === 'high'))
    throw new TokenRefused('assurance', `the actor logged in below the level ${minimum}`)
  return level
}
