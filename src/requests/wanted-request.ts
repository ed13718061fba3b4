import type { Action, CatalogueVersion } from '../domain/catalogue.js'
import { wishFor } from '../domain/asked-powers.js'
import type { Day } from '../domain/calendar.js'
import { hindranceOfGiver, isAvailable, planPower, refuseTwins, ruleFor } from '../domain/giving.js'
import type { Identifier } from '../domain/identifier.js'
import type { Power } from '../domain/mandate.js'
import { isCalled } from '../domain/person-name.js'
import { Problem } from '../domain/problem.js'
import type { NamedParty } from '../store/party-store.js'

/** What a helper asks for, of a person whom he names by number and family name. */
export interface WantedRequest {
  readonly principal: Identifier
  readonly familyName: string
  readonly powers: readonly (Omit<Power, 'action'> & { readonly action: string })[]
  readonly until: Day
  readonly message: string | null
}

/** What is asked for, as it could be given to this helper by someone. @throws Problem naming the first rule in the way. */
export function possiblePowers(
  { powers, until }: WantedRequest,
  helper: NamedParty | null,
  catalogue: CatalogueVersion,
  instant: Date,
): Power[] {
  const planned = powers.map((power) => {
    const { service, rule } = ruleFor(power, catalogue)
    if (!isAvailable(helper, rule, instant)) {
      throw new Problem('helper_not_available', 'you cannot be given this', { service: service.id })
    }
    return planPower(wishFor(power, until), service, rule, instant)
  })
  refuseTwins(planned)
  return powers.map((power) => ({ ...power, action: power.action as Action }))
}

/** Whether it is this person, who could give something of it and is shown to those who know number and name. */
export function isMeant(
  party: NamedParty | null,
  { familyName, powers }: WantedRequest,
  catalogue: CatalogueVersion,
  instant: Date,
): boolean {
  if (party?.kind !== 'person' || party.protectedAddress || !isCalled(party, familyName)) return false
  return powers.some((power) => {
    const { service, rule } = ruleFor(power, catalogue)
    return hindranceOfGiver(party, service, rule, instant) === null
  })
}
