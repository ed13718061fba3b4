import type { Action } from '../domain/catalogue.js'
import type { RulingKind } from '../domain/ground.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** Who made a ruling: a client that is registered for its kind, or the person himself. */
export type MadeBy = { readonly client: string } | { readonly party: PartyId }

export interface NewRuling {
  readonly rulingId: string
  readonly kind: RulingKind
  readonly principal: PartyId
  readonly representative: PartyId | null
  readonly service: string | null
  readonly action: Action | null
  readonly object: string | null
  readonly madeBy: MadeBy
  /** The name the matter has with the one who made it. */
  readonly reference: string | null
  /** Null: from now on. */
  readonly validFrom: Date | null
  readonly validUntil: Date | null
}

export interface StoredRuling extends Omit<NewRuling, 'madeBy' | 'validFrom'> {
  readonly validFrom: Date
  /** When it was told to us. */
  readonly recordedAt: Date
}

const HOLD = statement(
  'hold_grounds_of_principal',
  `with given as (
     select m.mandate_id from mandate m join representation n on n.representation_id = m.mandate_id
      where n.principal = $1 order by m.mandate_id for no key update of m
   ), told as (
     select v.representation_id from relation_version v join representation n using (representation_id)
      where n.principal = $1 and upper_inf(v.recorded) order by v.representation_id for no key update of v
   ), works as (
     select e.employment_id from employment e join representation n on n.representation_id = e.employment_id
      where n.principal = $1 and upper_inf(e.recorded) order by e.employment_id for no key update of e
   )
   select count(*) from (select from given union all select from told union all select from works) held`,
)

/** Keeps every ground of this principal from being used until the transaction ends: exchanges wait, and are waited for. */
export async function holdGroundsOf(tx: Transaction, principal: PartyId): Promise<void> {
  await tx.query(HOLD, [principal])
}

const INSERT = statement(
  'insert_ruling',
  `insert into ruling (ruling_id, kind, principal, representative, service_id, action, object, made_by_client,
     made_by_party, reference, valid, recorded)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
     tstzrange(coalesce($11::timestamptz, clock_timestamp()), $12::timestamptz), tstzrange(clock_timestamp(), null))`,
)

/** Records a ruling; it counts from the commit on. */
export async function insertRuling(tx: Transaction, ruling: NewRuling): Promise<void> {
  const { rulingId, kind, principal, representative, service, action, object, madeBy, reference } = ruling
  await tx.query(INSERT, [
    ...[rulingId, kind, principal, representative, service, action, object],
    ...('client' in madeBy ? [madeBy.client, null] : [null, madeBy.party]),
    ...[reference, ruling.validFrom?.toISOString() ?? null, ruling.validUntil?.toISOString() ?? null],
  ])
}

const COLUMNS = `ruling_id as "rulingId", kind, principal, representative, service_id as service, action, object,
  reference, lower(valid) as "validFrom", upper(valid) as "validUntil", lower(recorded) as "recordedAt"`

const FIND_OF_CLIENT = statement(
  'find_ruling_of_client',
  `select ${COLUMNS} from ruling
    where made_by_client = $1 and (ruling_id::text = $2 or reference = $2) and upper_inf(recorded)`,
)

/** The ruling that this client made, by our id or by its own reference; null when there is none. */
export async function findRulingOfClient(db: Queryable, clientId: string, name: string): Promise<StoredRuling | null> {
  const rows = await db.query<StoredRuling>(FIND_OF_CLIENT, [clientId, name])
  return rows[0] ?? null
}

const OF_PARTY = statement(
  'rulings_of_party',
  `select ${COLUMNS} from ruling
    where made_by_party = $1 and upper_inf(recorded) and (upper_inf(valid) or upper(valid) > clock_timestamp())
    order by ruling_id`,
)

/** What this person has reserved, in force or to come. */
export function rulingsOfParty(db: Queryable, party: PartyId): Promise<StoredRuling[]> {
  return db.query<StoredRuling>(OF_PARTY, [party])
}

const END = statement(
  'end_ruling',
  `with closed as (
     update ruling set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 microsecond'))
      where ruling_id = $1 and upper_inf(recorded) and (upper_inf(valid) or upper(valid) > clock_timestamp())
     returning *, upper(recorded) as at
   ), ended as (
     insert into ruling (ruling_id, kind, principal, representative, service_id, action, object, made_by_client,
       made_by_party, reference, valid, recorded)
     select ruling_id, kind, principal, representative, service_id, action, object, made_by_client, made_by_party,
            reference, tstzrange(lower(valid), at), tstzrange(at, null)
       from closed where lower(valid) < at
   )
   select at as "endedAt" from closed`,
)

/** Ends a ruling now; one that was to begin later never comes to be. Null when it had ended, or never was. */
export async function endRuling(tx: Transaction, rulingId: string): Promise<Date | null> {
  const [row] = await tx.query<{ endedAt: Date }>(END, [rulingId])
  return row?.endedAt ?? null
}
