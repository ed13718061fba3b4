import type { Carrier, OnTrouble, Outcome } from './carrier.js'

/** Milliseconds for the gateway's answer. */
const PATIENCE = 10_000

export interface SmsGateway {
  readonly url: string
  readonly token: string
}

/**
 * SMS through a gateway: a POST of JSON (`id`, `to`, `text`) with a Bearer token. A gateway that keeps the ids, or the
 * `Idempotency-Key`, sends none twice; one that answers 409 to an id that it has is understood.
 */
export function smsGateway({ url, token }: SmsGateway, onTrouble: OnTrouble): Carrier {
  return {
    channel: 'sms',
    async send({ id, to, text }) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(PATIENCE),
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
            'idempotency-key': id,
          },
          body: JSON.stringify({ id, to, text }),
        })
        await response.body?.cancel()
        const outcome = outcomeOf(response.status)
        if (outcome !== 'sent') onTrouble(`sms ${response.status}`)
        return outcome
      } catch (error) {
        onTrouble(`sms ${error instanceof Error ? error.name : 'failed'}`)
        return 'down'
      }
    },
    close: () => undefined,
  }
}

/** Ours to mend (401, 403), or the gateway's (429, 5xx): nothing gets through. What it says of this message is of this one. */
function outcomeOf(status: number): Outcome {
  if ((status >= 200 && status < 300) || status === 409) return 'sent'
  if ([401, 403, 404, 405, 429].includes(status) || status >= 500) return 'down'
  return 'refused'
}
