import { ageOn, osloDay } from './calendar.js'
import type { Party } from './party.js'

/** Proposed: who is asked whether all is as it should be must be of age. */
const FROM_AGE = 18

/** Whether a register knows the party as a person who can be told of another: of age, alive, and not to be found by number. */
export function canBeTrusted(party: Party, instant: Date): boolean {
  return (
    party.kind === 'person' &&
    party.bornOn !== null &&
    party.diedOn === null &&
    !party.ceased &&
    ageOn(party.bornOn, osloDay(instant)) >= FROM_AGE &&
    // As in giving: the answer must not tell that there is such a one.
    !party.protectedAddress
  )
}
