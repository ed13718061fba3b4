import type { PartyId } from '../domain/party.js'
import type { BulkConnection, BulkTransaction } from '../store/bulk-connection.js'
import type { Transaction } from '../store/database.js'
import { type FactSource, type Merged, mergeStaged, resolveStaged } from '../store/register-merge.js'
import { type StagedRefusal, beginStaging } from '../store/register-staging.js'
import type { StagedParty } from '../store/staged-rows.js'

/**
 * What has to be done about those who a register says are dead, in the transaction that records it. It runs before the
 * facts are merged, since whoever changes mandates takes their locks before those of relations.
 */
export type OnDeaths = (tx: Transaction, source: string, dead: readonly PartyId[]) => Promise<unknown>

export interface TakenIn {
  readonly parties: readonly StagedParty[]
  readonly refusals: readonly StagedRefusal[]
}

/** Merges what was fetched, and does `also` (the cursor) in the same transaction: both are there afterwards, or neither. */
export function takeIn(
  connection: BulkConnection,
  from: FactSource,
  { parties, refusals }: TakenIn,
  onDeaths: OnDeaths,
  also: (tx: BulkTransaction) => Promise<void> = () => Promise.resolve(),
): Promise<Merged> {
  return connection.transaction(async (tx) => {
    const staging = await beginStaging(tx)
    await staging.add(parties, refusals)
    await onDeaths(tx, from.source, await resolveStaged(tx))
    const merged = await mergeStaged(tx, from)
    await also(tx)
    return merged
  })
}
