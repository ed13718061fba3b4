import { randomUUID } from 'node:crypto'
import { ACTIONS, type Action } from './ground.js'
import { isText } from './json.js'
import type { VerifiedToken } from './verify.js'

const OUTCOMES = ['done', 'failed', 'refused'] as const
/** How it came out: done, not possible, or not wanted by this service. */
export type Outcome = (typeof OUTCOMES)[number]

/** What was done under a token. */
export interface Use {
  readonly outcome: Outcome
  /** By which this service finds it again: one line of at most 100 characters, never an identity number. */
  readonly reference?: string | null
  /** What was done, where it is not what the token was verified for. */
  readonly action?: Action
  /** When; now, where it is left out. */
  readonly at?: Date
}

/** A use as it is sent to `/v1/uses`. */
export interface ReportedUse {
  readonly use_id: string
  readonly evaluation_id: string
  readonly service: string
  readonly action: Action
  readonly provider?: string
  readonly object?: string
  readonly outcome: Outcome
  readonly reference?: string
  /** RFC 3339. */
  readonly happened_at: string
}

/** The use under an id of its own. Throws TypeError for what no use can be. */
export function reportedUse(
  { evaluationId, power }: Pick<VerifiedToken, 'evaluationId' | 'power'>,
  use: Use,
): ReportedUse {
  const { outcome, reference = null, action = power.action, at = new Date() } = use
  must(isText(evaluationId) && isText(power.service), 'token')
  must(ACTIONS.includes(action), 'action')
  must(OUTCOMES.includes(outcome), 'outcome')
  must(reference === null || isText(reference), 'reference')
  must(Number.isFinite(at.getTime()), 'at')
  return Object.freeze({
    use_id: randomUUID(),
    evaluation_id: evaluationId,
    service: power.service,
    action,
    ...(power.provider === null ? {} : { provider: power.provider }),
    ...(power.object === null ? {} : { object: power.object }),
    outcome,
    ...(reference === null ? {} : { reference }),
    happened_at: at.toISOString(),
  })
}

function must(given: boolean, name: string): void {
  if (!given) throw new TypeError(`report: "${name}" is missing or not valid`)
}
