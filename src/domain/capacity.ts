import type { Action, Service } from './catalogue.js'
import { LEGAL_RULES } from './legal-rules.js'
import type { CapacityField, Party } from './party.js'

/** Whether the party has lost legal capacity in the field of the service. A field that we do not know counts for each. */
export function lacksCapacity({ capacityLost }: Party, { field }: Service): boolean {
  const counts: readonly CapacityField[] = [field, 'unknown']
  return capacityLost.some((one) => counts.includes(one))
}

/** The same for what the action needs: whoever lacks capacity may still read and write letters. */
export function mayNotDispose(party: Party, service: Service, action: Action): boolean {
  return LEGAL_RULES.needCapacity.value.some((one) => one === action) && lacksCapacity(party, service)
}
