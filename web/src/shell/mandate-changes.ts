import { type MandatesApi, ownMandates } from '../api.js'
import type { components } from '../generated/api.js'
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
  return send(mandate, change, key, reason === '' ? {} : { reason }, mandatesApi)
}

/** Ends it; quietly, the one it was given to has no notice. */
export function endMandate(
  mandate: Mandate,
  { reason, quiet }: { reason: string; quiet: boolean },
  key: string,
  mandatesApi: MandatesApi,
) {
  const body = { ...(reason === '' ? {} : { reason }), ...(quiet ? { quiet } : {}) }
  return send(mandate, 'end', key, body, mandatesApi)
}

function send(
  mandate: Mandate,
  change: StopOrGo,
  key: string,
  body: components['schemas']['EndingShape'],
  mandatesApi: MandatesApi,
) {
  const address: Paths = `/mandates/{mandateId}/${change}`
  return mandatesApi.POST(address, {
    params: {
      path: { mandateId: mandate.mandate_id },
      header: { 'Idempotency-Key': key, 'If-Match': `"${mandate.version}"` },
    },
    body,
  })
}
