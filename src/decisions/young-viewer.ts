import { ageOn, osloDay } from '../domain/calendar.js'
import { LEGAL_RULES } from '../domain/legal-rules.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import type { Queryable } from '../store/database.js'
import { namedParties } from '../store/party-store.js'

/** Keeps who acts for a child, and what they did, from the child itself until it is old enough. @throws Problem `principal_too_young` */
export async function refuseYoungViewer(db: Queryable, party: PartyId, instant: Date): Promise<void> {
  const [person] = await namedParties(db, [party])
  const fromAge = LEGAL_RULES.lookFromAge.value
  if (person === undefined || person.bornOn === null || ageOn(person.bornOn, osloDay(instant)) >= fromAge) return
  throw new Problem('principal_too_young', `this is shown from the age of ${fromAge}`, { from_age: fromAge })
}
