import { type MandatesApi, ownMandates } from '../api.js'
import type { Mandate } from './own-mandates.js'

export type StopOrGo = 'end' | 'freeze' | 'thaw'

type Paths = `/mandates/{mandateId}/${StopOrGo}`

/** Ends, freezes or thaws a mandate as it was seen. */
export function changeMandate(
  mandate: Mandate,
  change: StopOrGo,
  reason: string,
  key: string,
  mandatesApi: MandatesApi = ownMandates,
) {
  const address: Paths = `/mandates/{mandateId}/${change}`
  return mandatesApi.POST(address, {
    params: {
      path: { mandateId: mandate.mandate_id },
      header: { 'Idempotency-Key': key, 'If-Match': `"${mandate.version}"` },
    },
    body: reason === '' ? {} : { reason },
  })
}
