import { createHash } from 'node:crypto'
import { type AuditEntry, auditEntry } from '../audit/audit-entry.js'
import { appendWithChange } from '../audit/audit-log.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import { LONGEST_REPORTED_AFTER_MS, type ReportedUse, type UseFault, faultOf } from '../domain/reported-use.js'
import { type AuditRow, exchangeRows } from '../store/audit-store.js'
import type { Database, Transaction } from '../store/database.js'
import { clock } from '../store/mandate-store.js'
import { type GroundUse, noteGroundUses } from '../store/ground-use-store.js'
import { findUses, insertUses } from '../store/use-store.js'
import { LONGEST_LIFE } from './delegation-token.js'
import { type LoggedToken, tokenIn } from './exchange-entry.js'

/** What became of one report: null where the use is kept, now or since an earlier time. */
export interface UseAnswer {
  readonly useId: string
  readonly refused: UseFault | null
}

/**
 * Takes in what services report that they did under their delegation tokens: the log knows by itself what was allowed, and
 * only from them what was done.
 *
 * A token is found in the log, by the entry of its exchange: it has run out when most reports come, and only the client it
 * was issued to, whose audience it is for, may say what was done under it.
 */
export class Uses {
  constructor(private readonly db: Database) {}

  /**
   * Keeps the uses, each with its entry in the log, all in one transaction that is durable when the answer leaves. Each
   * is judged by itself: one that cannot be taken holds up no other. Answers in the order in which they came.
   *
   * A use has an id of its own, and there is no `Idempotency-Key`: who sends again after an outage sends what has gathered
   * since along with it, which is another request. The same use again is the same use, however late; another one
   * under its id is refused.
   */
  async report(clientId: string, uses: readonly ReportedUse[]): Promise<readonly UseAnswer[]> {
    return this.db.transaction(async (tx) => {
      const { instant } = await clock(tx)
      const tokens = await tokensOf(tx, clientId, uses, instant)
      const judged = uses.map((use) => judge(use, tokens.get(use.evaluationId), instant))
      await keep(tx, clientId, judged, instant)
      const kept = await findUses(tx, clientId, [...new Set(uses.map(({ useId }) => useId))])
      return judged.map((report) => answerTo(report, kept.get(report.use.useId)))
    })
  }
}

/** A token that was issued, and the entry of its exchange. */
interface Issued {
  readonly row: AuditRow
  readonly token: LoggedToken
}

interface Judged {
  readonly use: ReportedUse
  readonly contentHash: Buffer
  readonly issued: Issued | undefined
  readonly fault: UseFault | null
}

/** The client's tokens that these uses name, as far as they may still be reported, by evaluation id. */
async function tokensOf(
  tx: Transaction,
  clientId: string,
  uses: readonly ReportedUse[],
  instant: Date,
): Promise<ReadonlyMap<string, Issued>> {
  // A day more than any can be: the log is in parts by month, and the older ones need not be looked into.
  const since = new Date(instant.getTime() - LONGEST_REPORTED_AFTER_MS - LONGEST_LIFE * 1000 - DAY_MS)
  const rows = await exchangeRows(tx, [...new Set(uses.map(({ evaluationId }) => evaluationId))], clientId, since)
  const issued = rows.flatMap((row) => {
    const token = tokenIn(row)
    return token === null ? [] : [[row.entryId, { row, token }] as const]
  })
  return new Map(issued)
}

function judge(use: ReportedUse, issued: Issued | undefined, instant: Date): Judged {
  // Not canonical JSON, which knows no lone surrogates: a use that is refused has a hash, too. The order is always this.
  const contentHash = createHash('sha256')
    .update(JSON.stringify(contentOf(use)))
    .digest()
  return { use, contentHash, issued, fault: faultOf(use, issued?.token ?? null, instant) }
}

/** Writes those that can be taken and are not there yet, and the entry of each. Of several under one id the first counts. */
async function keep(tx: Transaction, clientId: string, judged: readonly Judged[], instant: Date): Promise<void> {
  const first = new Map<string, { use: ReportedUse; contentHash: Buffer; issued: Issued }>()
  for (const { use, contentHash, issued, fault } of judged) {
    if (fault === null && issued !== undefined && !first.has(use.useId)) {
      first.set(use.useId, { use, contentHash, issued })
    }
  }
  const sound = [...first.values()]
  if (sound.length === 0) return
  const written = await insertUses(
    tx,
    sound.map(({ use, contentHash }) => ({ ...use, clientId, reportedAt: instant, contentHash })),
  )
  const entries = sound.filter(({ use }) => written.has(use.useId))
  if (entries.length === 0) return
  await noteGroundUses(
    tx,
    entries.flatMap(({ use, issued }) => groundUseOf(use, issued.token)),
  )
  await appendWithChange(tx, ...entries.map(({ use, issued }) => entryOf(use, issued, clientId, instant)))
}

/** @param kept the hash of what stands under the id now; undefined where nothing does. */
function answerTo({ use, contentHash, fault }: Judged, kept: Buffer | undefined): UseAnswer {
  if (kept === undefined) return { useId: use.useId, refused: fault }
  return { useId: use.useId, refused: contentHash.equals(kept) ? null : 'use_id_reused' }
}

/** What was done is a use of the ground; what failed or was refused is none. */
function groundUseOf({ outcome, power, happenedAt }: ReportedUse, { representation }: LoggedToken): GroundUse[] {
  if (outcome !== 'done' || representation === null) return []
  return [{ representationId: representation, service: power.service, happenedAt }]
}

const DAY_MS = 86_400_000

function entryOf(use: ReportedUse, { row, token }: Issued, clientId: string, instant: Date): AuditEntry {
  const about = { actor: row.actor as PartyId | null, principal: row.principal as PartyId | null, clientId }
  const { audience, representation, jti } = token
  const content = { audience, representation, token: jti, ...contentOf(use) }
  return auditEntry({ kind: 'token_used', occurredAt: instant, ...about, content })
}

/** What makes it this use and no other. */
function contentOf({ useId, evaluationId, power, outcome, reference, happenedAt }: ReportedUse): Record<string, Json> {
  const { service, action, provider, object } = power
  return {
    use: useId,
    evaluation: evaluationId,
    power: { service, action, provider, object },
    outcome,
    reference,
    happened_at: happenedAt.toISOString(),
  }
}
