import { randomBytes } from 'node:crypto'
import type { RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, statement } from './database.js'

/** What one client calls these parties and representations. */
export interface Handles {
  ofParty(partyId: PartyId): string
  ofRepresentation(representationId: RepresentationId): string
}

interface HandleRow {
  readonly handle: string
  readonly partyId: PartyId | null
  readonly representationId: RepresentationId | null
}

const ENSURE = statement(
  'ensure_handles',
  `with wanted as (
     select * from unnest($2::text[], $3::uuid[], $4::uuid[]) as w (handle, party_id, representation_id)
   ), known as (
     select handle, party_id, representation_id from handle
      where client_id = $1 and (party_id = any($3) or representation_id = any($4))
   ), made as (
     insert into handle (handle, client_id, party_id, representation_id)
     select handle, $1, party_id, representation_id from wanted w
      where not exists (select from known k where k.party_id = w.party_id or k.representation_id = w.representation_id)
     on conflict do nothing
     returning handle, party_id, representation_id
   )
   select handle, party_id as "partyId", representation_id as "representationId" from known
   union all select handle, party_id, representation_id from made`,
)

/**
 * The client's handles for these parties (`p_…`) and representations (`r_…`), made where it has none: 128 random bits, so
 * that two clients cannot tell that they speak of the same one. One statement, or two when another made one meanwhile.
 */
export async function ensureHandles(
  db: Queryable,
  clientId: string,
  parties: readonly PartyId[],
  representations: readonly RepresentationId[],
): Promise<Handles> {
  const partyIds = [...new Set(parties)].sort()
  const representationIds = [...new Set(representations)].sort()
  const wanted = partyIds.length + representationIds.length
  for (let attempt = 0; wanted > 0 && attempt < 3; attempt++) {
    const rows = await db.query<HandleRow>(ENSURE, [
      clientId,
      [...partyIds.map(() => newHandle('p')), ...representationIds.map(() => newHandle('r'))],
      [...partyIds, ...representationIds.map(() => null)],
      [...partyIds.map(() => null), ...representationIds],
    ])
    if (rows.length === wanted) return handlesOf(rows)
  }
  if (wanted === 0) return handlesOf([])
  throw new Error('handles could not be made')
}

function newHandle(prefix: 'p' | 'r'): string {
  return `${prefix}_${randomBytes(16).toString('base64url')}`
}

function handlesOf(rows: readonly HandleRow[]): Handles {
  const handles = new Map(rows.map(({ handle, partyId, representationId }) => [partyId ?? representationId, handle]))
  const find = (id: PartyId | RepresentationId): string => {
    const handle = handles.get(id)
    if (handle === undefined) throw new Error('no handle was asked for this one')
    return handle
  }
  return { ofParty: find, ofRepresentation: find }
}

/** The representation that a client's handle stands for. Its identity never changes; what it says is not told here. */
export interface Represented {
  readonly representationId: RepresentationId
  readonly principal: PartyId
  /** What the client calls the principal; null where it has no name for him yet. */
  readonly principalHandle: string | null
  /** Null where a register knows of a holder but not his number. */
  readonly representative: PartyId | null
  /** The identifier that the principal bears now; null where he bears none. */
  readonly principalIdentifier: string | null
}

const FIND = statement(
  'find_represented',
  `select n.representation_id as "representationId", n.principal, n.representative,
          (select p.handle from handle p where p.client_id = h.client_id and p.party_id = n.principal) as "principalHandle",
          (select i.value from party_identifier i where i.party_id = n.principal and i.replaced_at is null
            order by i.known_since desc, i.value limit 1) as "principalIdentifier"
     from handle h join representation n using (representation_id)
    where h.handle = $1 and h.client_id = $2`,
)

/** What this client calls by that handle; null when it calls nothing so. */
export async function findRepresented(db: Queryable, clientId: string, handle: string): Promise<Represented | null> {
  // What cannot be a handle is not sent: PostgreSQL refuses some texts altogether, and that would be another answer.
  const asked = /^r_[A-Za-z0-9_-]{22}$/.test(handle) ? handle : ''
  const rows = await db.query<Represented>(FIND, [asked, clientId])
  return rows[0] ?? null
}
