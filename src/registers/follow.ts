import { BulkConnection } from '../store/bulk-connection.js'
import { ensureRegister, lockRegister } from '../store/register-progress.js'
import type { Merged } from '../store/register-merge.js'
import type { OnDeaths } from './take-in.js'

/** What every follower of a register needs beside the register. */
export interface FollowOptions {
  /** Of the serving role; the follower has a connection of its own while it works. */
  readonly databaseUrl: string
  readonly onDeaths: OnDeaths
  /** Aborted to stop between two pages. */
  readonly signal?: AbortSignal
  /** Told of people who could not be taken in, by code: for an alarm. */
  readonly onRefused: (source: string, refused: Merged['refused']) => void
}

export type Followed =
  /** Read to the end: everything that the register told before this reading began is taken in. */
  | { readonly outcome: 'up_to_date'; readonly events: number; readonly compared: boolean }
  /** Another instance is at it. */
  | { readonly outcome: 'busy' }

/** Does `work` on a connection of its own, while no other instance follows the same register. */
export async function alone(
  { databaseUrl }: FollowOptions,
  source: string,
  work: (connection: BulkConnection) => Promise<Followed>,
): Promise<Followed> {
  const connection = await BulkConnection.open(databaseUrl)
  try {
    if (!(await lockRegister(connection, source))) return { outcome: 'busy' }
    await ensureRegister(connection, source)
    return await work(connection)
  } finally {
    await connection.close()
  }
}
