import type { AssuranceLevel } from '../domain/catalogue.js'

/**
 * Every `acr` that stands for a level of assurance, ID-porten's old names and Ansattporten's among them. A table and no
 * pattern: what ends in `-high` need not be a level. `selfregistered-email` and `entraid` prove no person and are left out.
 */
const LEVELS: ReadonlyMap<unknown, AssuranceLevel> = new Map<unknown, AssuranceLevel>([
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

/** The level that an `acr` stands for, or null: then the login counts for nothing. */
export function levelOf(acr: unknown): AssuranceLevel | null {
  return LEVELS.get(acr) ?? null
}

/** What to ask the provider for, least first: a national login or a foreign one that is at least as good. */
export const ACR_VALUES: Readonly<Record<'substantial' | 'high', string>> = {
  substantial: 'idporten-loa-substantial eidas-loa-substantial',
  high: 'idporten-loa-high eidas-loa-high',
}
