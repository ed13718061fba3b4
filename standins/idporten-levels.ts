/** The levels a person can log in at, and what a relying party's `acr_values` asks for. */

export const LEVELS = ['substantial', 'high', 'eidas-high'] as const
export type Level = (typeof LEVELS)[number]

/** What a login at each level is called in tokens. The method stands for the eID that is commonest at the level. */
export const LEVEL_CLAIMS: Readonly<Record<Level, { readonly acr: string; readonly amr: string }>> = {
  substantial: { acr: 'idporten-loa-substantial', amr: 'Minid-APP' },
  high: { acr: 'idporten-loa-high', amr: 'BankID' },
  'eidas-high': { acr: 'eidas-loa-high', amr: 'eIDAS' },
}

export const ACR_VALUES: readonly string[] = LEVELS.map((level) => LEVEL_CLAIMS[level].acr)

export function isLevel(value: unknown): value is Level {
  return LEVELS.some((level) => level === value)
}

/**
 * The levels that answer a request's `acr_values` (space-separated, may be absent). A national value is a least level;
 * without one, substantial is enough. A foreign login is offered only to those who ask for it.
 */
export function levelsFor(acrValues: string | undefined): readonly Level[] {
  const asked = acrValues?.split(' ').filter((value) => value !== '') ?? []
  const foreign = asked.some((value) => value.startsWith('eidas-'))
  const national = asked.filter((value) => !value.startsWith('eidas-'))
  if (foreign && national.length === 0) return ['eidas-high']
  const onlyHigh = national.length > 0 && national.every((value) => value === 'idporten-loa-high' || value === 'Level4')
  return [...(onlyHigh ? [] : ['substantial' as const]), 'high', ...(foreign ? ['eidas-high' as const] : [])]
}

/** Whether a session at `acr` is good enough for a request, so that single sign-on may answer it. */
export function answers(acr: string | undefined, acrValues: string | undefined): boolean {
  return levelsFor(acrValues).some((level) => LEVEL_CLAIMS[level].acr === acr)
}
