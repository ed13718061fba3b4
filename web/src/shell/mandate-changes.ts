import { api } from '../api.js'
import type { components } from '../generated/api.js'
import type { Mandate } from './own-mandates.js'

export type StopOrGo = 'end' | 'freeze' | 'thaw'

type Paths = `/v1/me/mandates/{mandateId}/${StopOrGo}`

/** Ends, freezes or thaws a mandate as it was seen. */
export function changeMandate(mandate: Mandate, change: StopOrGo, reason: string, key: string) {
  return send(mandate, change, key, reason === '' ? {} : { reason })
}

/** Ends it; quietly, the one it was given to has no notice. */
export function endMandate(mandate: Mandate, { reason, quiet }: { reason: string; quiet: boolean }, key: string) {
  return send(mandate, 'end', key, { ...(reason === '' ? {} : { reason }), ...(quiet ? { quiet } : {}) })
}

function send(mandate: Mandate, change: StopOrGo, key: string, body: components['schemas']['EndingShape']) {
  const address: Paths = `/v1/me/mandates/{mandateId}/${change}`
  return api.POST(address, {
    params: {
      path: { mandateId: mandate.mandate_id },
      header: { 'Idempotency-Key': key, 'If-Match': `"${mandate.version}"` },
    },
    body,
  })
}
