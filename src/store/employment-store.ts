import type { EmployeePower } from '../domain/employment.js'
import type { RepresentationId } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** What an organisation tells of someone who works for it. */
export interface NewEmployment {
  readonly employmentId: RepresentationId
  readonly organisation: PartyId
  readonly employee: PartyId
  /** The client that told us. */
  readonly toldBy: string
  /** Each once. */
  readonly powers: readonly EmployeePower[]
  /** Null: from now on. */
  readonly validFrom: Date | null
  readonly validUntil: Date | null
}

export interface StoredEmployment extends Omit<NewEmployment, 'toldBy' | 'validFrom'> {
  readonly validFrom: Date
}

const INSERT = statement(
  'insert_employment',
  `with identity as (
     insert into representation (representation_id, principal, representative, basis, source, source_reference)
     values ($1::uuid, $2, $3, 'employment', 'employer', ($1::uuid)::text) returning representation_id
   ), told as (
     insert into employment (employment_id, told_by, valid, recorded)
     select representation_id, $4, tstzrange(coalesce($5::timestamptz, clock_timestamp()), $6::timestamptz),
            tstzrange(clock_timestamp(), null)
       from identity
   )
   insert into employment_power (employment_id, service_id, action, provider)
   select i.representation_id, p.service, p.action, p.provider
     from identity i, json_to_recordset($7) as p (service text, action text, provider text)`,
)

/** Records what the organisation told; it counts from the commit on. */
export async function insertEmployment(tx: Transaction, employment: NewEmployment): Promise<void> {
  const { employmentId, organisation, employee, toldBy, powers, validFrom, validUntil } = employment
  const period = [validFrom?.toISOString() ?? null, validUntil?.toISOString() ?? null]
  await tx.query(INSERT, [employmentId, organisation, employee, toldBy, ...period, JSON.stringify(powers)])
}

const COLUMNS = `n.representation_id as "employmentId", n.principal as organisation, n.representative as employee,
  lower(e.valid) as "validFrom", upper(e.valid) as "validUntil",
  (select json_agg(json_build_object('service', p.service_id, 'action', p.action, 'provider', p.provider)
          order by p.service_id, p.action, p.provider)
     from employment_power p where p.employment_id = e.employment_id) as powers`

const FIND = statement(
  'find_employment',
  `select ${COLUMNS} from employment e join representation n on n.representation_id = e.employment_id
    where e.employment_id = $1 and n.principal = $2 and upper_inf(e.recorded)`,
)

/** An employment in this organisation, in force or not; null when there is none. */
export async function findEmployment(
  db: Queryable,
  organisation: PartyId,
  employmentId: string,
): Promise<StoredEmployment | null> {
  const rows = await db.query<StoredEmployment>(FIND, [employmentId, organisation])
  return rows[0] ?? null
}

const LIST = statement(
  'employments_of_organisation',
  `select ${COLUMNS} from employment e join representation n on n.representation_id = e.employment_id
    where n.principal = $1 and n.basis = 'employment' and upper_inf(e.recorded)
      and (upper_inf(e.valid) or upper(e.valid) > clock_timestamp()) and ($2::uuid is null or e.employment_id > $2)
    order by e.employment_id limit $3`,
)

/** Those in force or to come, after the one named, in the order in which they were told. */
export function employmentsOf(
  db: Queryable,
  organisation: PartyId,
  after: string | null,
  limit: number,
): Promise<StoredEmployment[]> {
  return db.query<StoredEmployment>(LIST, [organisation, after, limit])
}

const END = statement(
  'end_employment',
  `with closed as (
     update employment e
        set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 microsecond'))
      where employment_id = $1 and upper_inf(recorded) and (upper_inf(valid) or upper(valid) > clock_timestamp())
     returning *, upper(recorded) as at
   ), ended as (
     insert into employment (employment_id, told_by, valid, recorded)
     select employment_id, $2, tstzrange(lower(valid), at), tstzrange(at, null) from closed where lower(valid) < at
   )
   select at as "endedAt" from closed`,
)

/**
 * Ends an employment now; one that was to begin later never comes to be. It waits for exchanges that use it, and they for
 * it. Null when it had ended.
 */
export async function endEmployment(tx: Transaction, employmentId: string, toldBy: string): Promise<Date | null> {
  const [row] = await tx.query<{ endedAt: Date }>(END, [employmentId, toldBy])
  return row?.endedAt ?? null
}
