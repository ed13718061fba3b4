import { createHash } from 'node:crypto'
import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

/**
 * The name by which someone’s counterpart is called in what he sees: the same every time, so that people of one name and
 * year can be told apart, and another one for every viewer, so that two viewers cannot tell that they speak of the same one.
 */
export function partyRef(viewer: PartyId, other: PartyId): string {
  return createHash('sha256').update(`${viewer}\0${other}`).digest('base64url').slice(0, 22)
}

const COUNTERPARTS = statement(
  'all_counterparts',
  `select principal as other from representation where representative = $1
    union select representative from representation where principal = $1 and representative is not null`,
)

/** Whom this viewer sees under that name; null when there has never been anything between the two. */
export async function partyOfRef(db: Queryable, viewer: PartyId, ref: string): Promise<PartyId | null> {
  const others = await db.query<{ other: PartyId }>(COUNTERPARTS, [viewer])
  return others.find(({ other }) => partyRef(viewer, other) === ref)?.other ?? null
}
