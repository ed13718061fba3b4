import type { Language } from '../domain/catalogue.js'
import type { GrantedPower, Power, StoredState } from '../domain/mandate.js'
import type { PartyId } from '../domain/party.js'
import { Problem } from '../domain/problem.js'
import { type Queryable, type Transaction, statement, violatedConstraint } from './database.js'
import { type Evidence, insertEvidence, lacksEvidence } from './evidence-store.js'

/** An instant as PostgreSQL wrote it, in microseconds: a `Date` would lose what tells two changes apart. */
export type Moment = string & { readonly brand: 'Moment' }

export const CHANGES = [
  'given',
  'accepted',
  'declined',
  'narrowed',
  'extended',
  'frozen',
  'thawed',
  'ended',
  'cancelled',
] as const
export type Change = (typeof CHANGES)[number]

/** The text that was shown and confirmed, the catalogue version it was made from, and the login that confirmed it. */
export interface ConfirmedText {
  readonly language: Language
  readonly text: string
  readonly textHash: Buffer
  readonly catalogueVersion: number
  readonly evidence: Evidence
}

/** A register whose word changed something: a death ends what was given. */
export interface RegisterName {
  readonly register: string
}

/** Who changed what, when and why. */
export interface Version {
  readonly mandateId: string
  readonly version: number
  readonly change: Change
  readonly madeBy: PartyId | RegisterName
  /** The organisation that a person made it for; absent or null where he made it for himself. */
  readonly madeFor?: PartyId | null
  readonly madeAt: Moment
  readonly reason: string | null
  /** For what was given, accepted or extended; null for every other change. */
  readonly confirmed: ConfirmedText | null
  /** Ended without a notice to anyone but who ended it and the principal; told to all if absent. */
  readonly quiet?: boolean
}

/** What a mandate was passed on from, and by whom: the representative of that one. */
export interface Through {
  readonly parent: string
  readonly middle: PartyId
}

/** A mandate as it stands, kept from changing by anyone else until the transaction ends. */
export interface LockedMandate {
  readonly mandateId: string
  readonly version: number
  readonly principal: PartyId
  readonly representative: PartyId
  readonly answerBy: Date | null
  /** The database's clock, later than every change of this mandate so far. */
  readonly moment: Moment
  readonly instant: Date
  readonly powers: readonly GrantedPower[]
  /** Null where the principal gave it himself. */
  readonly through: Through | null
  /** What was passed on from it and has not ended, in order of id. */
  readonly below: readonly string[]
}

const POWER_COLUMNS = `
  json_build_object('powerId', w.mandate_power_id, 'service', w.service_id, 'action', w.action, 'provider', w.provider,
    'object', w.object, 'catalogueVersion', w.catalogue_version, 'state', w.state,
    'passingOn', w.passing_on, 'validFrom', floor(extract(epoch from lower(w.valid)) * 1000),
    'validUntil', floor(extract(epoch from upper(w.valid)) * 1000))`

/** From what the representation of this alias was passed on, and by whom; null where it was not. */
export const throughOf = (alias: string): string => `(
  select json_build_object('parent', above.representation_id, 'middle', above.representative)
    from representation above where above.representation_id = ${alias}.parent)`

/** Whether something of the mandate has not ended. */
const isLive = (mandateId: string): string => `exists (
  select from mandate_power w
   where w.mandate_id = ${mandateId} and upper_inf(w.recorded) and w.state in ('offered', 'held', 'active', 'frozen'))`

const LOCK = statement('lock_mandate', 'select version from mandate where mandate_id = $1 for update')
const READ_LOCKED = statement(
  'read_locked_mandate',
  `select m.mandate_id as "mandateId", m.version, n.principal, n.representative, m.answer_by as "answerBy",
          t.moment::text as moment, floor(extract(epoch from t.moment) * 1000)::float8 as instant,
          (select coalesce(json_agg(${POWER_COLUMNS} order by w.mandate_power_id), '[]')
             from mandate_power w where w.mandate_id = m.mandate_id and upper_inf(w.recorded)) as powers,
          ${throughOf('n')} as through,
          (select coalesce(json_agg(c.representation_id order by c.representation_id), '[]')
             from representation c
            where c.parent = m.mandate_id and ${isLive('c.representation_id')}) as below
     from mandate m
     join representation n on n.representation_id = m.mandate_id
     cross join lateral (
       select greatest(clock_timestamp(), max(lower(w.recorded)) + interval '1 microsecond') as moment
         from mandate_power w where w.mandate_id = m.mandate_id) t
    where m.mandate_id = $1 and not ${lacksEvidence('m.mandate_id', 'n.parent')}`,
)

/**
 * Locks the mandate for a change: waits for whoever is changing it or issuing a token from it. Null when there is none
 * that counts.
 *
 * The moment is taken after the lock: `now()` would be the transaction's beginning, which may lie before a change that
 * another made while we waited.
 */
export async function lockMandate(tx: Transaction, mandateId: string): Promise<LockedMandate | null> {
  if ((await tx.query(LOCK, [mandateId])).length === 0) return null
  const [row] = await tx.query<LockedRow>(READ_LOCKED, [mandateId])
  if (row === undefined) return null
  return { ...row, instant: new Date(row.instant), powers: row.powers.map(powerOf) }
}

type LockedRow = Omit<LockedMandate, 'instant' | 'powers'> & {
  readonly instant: number
  readonly powers: readonly PowerRow[]
}

/** A power as JSON carries it: times in milliseconds. */
export type PowerRow = Omit<GrantedPower, 'validFrom' | 'validUntil'> & {
  readonly validFrom: number
  readonly validUntil: number
}

export function powerOf(row: PowerRow): GrantedPower {
  return { ...row, validFrom: new Date(row.validFrom), validUntil: new Date(row.validUntil) }
}

const CLOCK = statement(
  'clock',
  `select t::text as moment, floor(extract(epoch from t) * 1000)::float8 as instant from (select clock_timestamp() as t) c`,
)

/** The database's clock, the one that every instance shares. */
export async function clock(db: Queryable): Promise<{ readonly moment: Moment; readonly instant: Date }> {
  const [row] = await db.query<{ moment: Moment; instant: number }>(CLOCK, [])
  if (row === undefined) throw new Error('the database told no time')
  return { moment: row.moment, instant: new Date(row.instant) }
}

/** Of two that give between the same two people at once the second waits here, where neither yet waits for the other. */
const PAIR_LOCK = (principal: string, representative: string): string =>
  `pg_advisory_xact_lock(hashtextextended(${principal}::text || ${representative}::text, 0))`

const INSERT_REPRESENTATION = statement(
  'insert_mandate_representation',
  `with identity as (
     insert into representation (representation_id, principal, representative, basis, source, parent)
     select $1, $2::uuid, $3::uuid, 'mandate', 'self_service', $5::uuid from ${PAIR_LOCK('$2::uuid', '$3::uuid')}
   )
   insert into mandate (mandate_id, version, answer_by) values ($1, 1, $4)`,
)
const LOCK_PAIR = statement(
  'lock_pair',
  `select ${PAIR_LOCK('principal', 'representative')} from representation where representation_id = $1`,
)
const INSERT_VERSION = statement(
  'insert_mandate_version',
  `insert into mandate_version (mandate_id, version, change, made_by, made_by_register, made_at, reason, language, text,
     text_hash, catalogue_version, quiet, made_for)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
)
const INSERT_POWERS = statement(
  'insert_mandate_powers',
  `insert into mandate_power (mandate_power_id, mandate_id, version, principal, representative, given_by, service_id,
     action, provider, object, catalogue_version, state, passing_on, valid, recorded)
   select w.id, $1, 1, $2, $3, $4, w.service, w.action, w.provider, w.object, $5, $6, w.passing_on,
          tstzrange(w.valid_from, w.valid_until), tstzrange($7::timestamptz, null)
     from unnest($8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[],
       $15::boolean[]) as w (id, service, action, provider, object, valid_from, valid_until, passing_on)`,
)

/** A mandate that is about to be given. */
export interface NewMandate {
  readonly mandateId: string
  readonly principal: PartyId
  readonly representative: PartyId
  /** Null where the principal gives it himself. */
  readonly through: Through | null
  readonly state: Extract<StoredState, 'offered' | 'held' | 'active'>
  readonly answerBy: Date | null
  /** The human who gives it for an organisation; absent where a person gives it himself. */
  readonly signedBy?: PartyId
  readonly givenAt: Moment
  readonly confirmed: ConfirmedText
  readonly powers: readonly (Power & {
    readonly powerId: string
    readonly validFrom: Date
    readonly validUntil: Date
    readonly passingOn: boolean
  })[]
}

/**
 * Writes a new mandate with its first version and its powers.
 *
 * @throws Problem `overlapping_mandate` when the same power is already given for some of the time.
 */
export async function insertMandate(tx: Transaction, given: NewMandate): Promise<void> {
  const { mandateId, principal, representative, through, powers, confirmed } = given
  const giver = through?.middle ?? principal
  await tx.query(INSERT_REPRESENTATION, [mandateId, principal, representative, given.answerBy, through?.parent ?? null])
  await insertVersion(tx, {
    mandateId,
    version: 1,
    change: 'given',
    ...(given.signedBy === undefined ? { madeBy: giver } : { madeBy: given.signedBy, madeFor: giver }),
    madeAt: given.givenAt,
    reason: null,
    confirmed,
  })
  const columns = [
    powers.map((power) => power.powerId),
    powers.map((power) => power.service),
    powers.map((power) => power.action),
    powers.map((power) => power.provider),
    powers.map((power) => power.object),
    powers.map((power) => power.validFrom.toISOString()),
    powers.map((power) => power.validUntil.toISOString()),
    powers.map((power) => power.passingOn),
  ]
  const fixed = [mandateId, principal, representative, giver, confirmed.catalogueVersion, given.state, given.givenAt]
  await tx.query(INSERT_POWERS, [...fixed, ...columns]).catch(asOverlap)
}

async function insertVersion(tx: Transaction, made: Version): Promise<void> {
  const { mandateId, version, change, madeBy, madeAt, reason, confirmed } = made
  const text = [confirmed?.language, confirmed?.text, confirmed?.textHash, confirmed?.catalogueVersion]
  await tx.query(INSERT_VERSION, [
    mandateId,
    version,
    change,
    ...(typeof madeBy === 'string' ? [madeBy, null] : [null, madeBy.register]),
    madeAt,
    reason,
    ...text.map((value) => value ?? null),
    made.quiet ?? false,
    made.madeFor ?? null,
  ])
  if (confirmed !== null) await insertEvidence(tx, made, confirmed.textHash, confirmed.evidence)
}

/** How a power stands after a change. */
export interface ChangedPower {
  readonly powerId: string
  readonly state: StoredState
  /** When it takes effect where it has to wait for that; as it was where absent. */
  readonly validFrom?: Date
  readonly validUntil: Date
}

const BUMP = statement(
  'bump_mandate_version',
  'update mandate set version = version + 1 where mandate_id = $1 returning version',
)
const CHANGE_POWERS = statement(
  'change_mandate_powers',
  `with changed (id, state, valid_until, valid_from) as (
     select * from unnest($3::uuid[], $4::text[], $5::timestamptz[], $8::timestamptz[])
   ), closed as (
     update mandate_power w set recorded = tstzrange(lower(w.recorded), $6::timestamptz)
       from changed c
      where w.mandate_id = $1 and w.mandate_power_id = c.id and upper_inf(w.recorded)
     returning w.*, c.state as new_state, c.valid_until as new_until, coalesce(c.valid_from, lower(w.valid)) as new_from
   )
   insert into mandate_power (mandate_power_id, mandate_id, version, principal, representative, given_by, service_id,
     action, provider, object, catalogue_version, state, passing_on, valid, recorded)
   select mandate_power_id, mandate_id, $2, principal, representative, given_by, service_id, action, provider, object,
          coalesce($7::int, catalogue_version), new_state, passing_on, tstzrange(new_from, new_until), tstzrange(upper(recorded), null)
     from closed
   returning mandate_power_id`,
)

/**
 * Writes the next version of a locked mandate: what was known is closed at this moment, what changed is added.
 *
 * @throws Problem `overlapping_mandate` when a longer period runs into another mandate for the same power.
 */
export async function insertChange(
  tx: Transaction,
  made: Omit<Version, 'version'>,
  powers: readonly ChangedPower[],
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(BUMP, [made.mandateId])
  if (row === undefined) throw new Error('a locked mandate has gone')
  await insertVersion(tx, { ...made, version: row.version })
  if (made.change === 'extended') await tx.query(LOCK_PAIR, [made.mandateId])
  const written = await tx
    .query(CHANGE_POWERS, [
      made.mandateId,
      row.version,
      powers.map((power) => power.powerId),
      powers.map((power) => power.state),
      powers.map((power) => power.validUntil.toISOString()),
      made.madeAt,
      made.change === 'extended' ? (made.confirmed?.catalogueVersion ?? null) : null,
      powers.map((power) => power.validFrom?.toISOString() ?? null),
    ])
    .catch(asOverlap)
  if (written.length !== powers.length) throw new Error('a power that was to change is not there')
  return row.version
}

/** Runs into the constraint that forbids twins: an expected failure, told by the constraint's name. */
function asOverlap(error: unknown): never {
  if (violatedConstraint(error) !== 'mandate_power_no_twins') throw error
  throw new Problem(
    'overlapping_mandate',
    'the same power is already given for some of this time: extend that one',
    {},
    {
      cause: error,
    },
  )
}

const LAPSED_OFFERS = statement(
  'lapsed_offers',
  `select m.mandate_id as "mandateId"
     from mandate m join representation n on n.representation_id = m.mandate_id
    where n.principal = $1 and n.representative = $2 and m.answer_by <= clock_timestamp()
      and coalesce((select above.representative from representation above where above.representation_id = n.parent),
            n.principal) = $3
      and exists (select from mandate_power w where w.mandate_id = m.mandate_id and upper_inf(w.recorded) and w.state = 'offered')
    order by m.mandate_id`,
)

/** Between whom a mandate is, and who gives it: the principal, or who passes his own on. */
export interface GivenBetween {
  readonly principal: PartyId
  readonly representative: PartyId
  readonly giver: PartyId
}

/** Offers of this giver between the two that were not answered in time. */
export async function lapsedOffers(
  db: Queryable,
  { principal, representative, giver }: GivenBetween,
): Promise<string[]> {
  const rows = await db.query<{ mandateId: string }>(LAPSED_OFFERS, [principal, representative, giver])
  return rows.map(({ mandateId }) => mandateId)
}

const OVERLAPPING = statement(
  'overlapping_mandates',
  `select distinct w.mandate_id as "mandateId"
     from mandate_power w
     join unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
          as a (service, action, provider, object, valid_from, valid_until)
       on w.service_id = a.service and w.action = a.action
      and coalesce(w.provider, '') = coalesce(a.provider, '') and coalesce(w.object, '') = coalesce(a.object, '')
      and w.valid && tstzrange(a.valid_from, a.valid_until)
    where w.principal = $1 and w.representative = $2 and w.given_by = $9 and upper_inf(w.recorded)
      and w.state in ('offered', 'held', 'active', 'frozen')
      and not (w.state = 'offered' and exists (
            select from mandate m where m.mandate_id = w.mandate_id and m.answer_by <= clock_timestamp()))
    order by 1`,
)

/**
 * The mandates of this giver between the two that already hold one of these powers for some of the time. An offer that was not
 * answered in time holds nothing: it cannot be extended, and a new one takes its place.
 */
export async function overlappingMandates(
  db: Queryable,
  { principal, representative, giver }: GivenBetween,
  powers: readonly (Power & { readonly validFrom: Date; readonly validUntil: Date })[],
): Promise<string[]> {
  const rows = await db.query<{ mandateId: string }>(OVERLAPPING, [
    principal,
    representative,
    powers.map((power) => power.service),
    powers.map((power) => power.action),
    powers.map((power) => power.provider),
    powers.map((power) => power.object),
    powers.map((power) => power.validFrom.toISOString()),
    powers.map((power) => power.validUntil.toISOString()),
    giver,
  ])
  return rows.map(({ mandateId }) => mandateId)
}

const LIVE_OF = statement(
  'live_mandates_of',
  `with recursive concerned as (
     select n.representation_id from representation n where n.principal = any($1::uuid[]) and n.basis = 'mandate'
     union
     select n.representation_id from representation n where n.representative = any($1::uuid[]) and n.basis = 'mandate'
   ), below as (
     select representation_id from concerned
     union
     select child.representation_id from representation child join below on child.parent = below.representation_id
   )
   select representation_id as "mandateId" from below
    where ${isLive('below.representation_id')}
    order by representation_id`,
)

/** The mandates to and from these parties of which something has not ended, and those passed on from them. In order of id. */
export async function liveMandatesOf(db: Queryable, parties: readonly PartyId[]): Promise<string[]> {
  const rows = await db.query<{ mandateId: string }>(LIVE_OF, [[...parties]])
  return rows.map(({ mandateId }) => mandateId)
}

const GIVEN_BY = statement(
  'live_mandates_given_by',
  `select distinct w.mandate_id as "mandateId" from mandate_power w
    where w.mandate_id in (
            select n.representation_id from representation n where n.principal = $1 and n.basis = 'mandate'
            union
            select passed.representation_id
              from representation above join representation passed on passed.parent = above.representation_id
             where above.representative = $1)
      and w.given_by = $1 and upper_inf(w.recorded) and w.state in ('offered', 'held', 'active', 'frozen')
      and upper(w.valid) > clock_timestamp()
    order by 1`,
)

/** What this party has given, or passed on, and of which something has not ended or run out. In order of id. */
export async function liveMandatesGivenBy(db: Queryable, giver: PartyId): Promise<string[]> {
  const rows = await db.query<{ mandateId: string }>(GIVEN_BY, [giver])
  return rows.map(({ mandateId }) => mandateId)
}
