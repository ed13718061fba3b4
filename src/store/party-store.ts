import { v7 as timeOrderedId } from 'uuid'
import type { Day } from '../domain/calendar.js'
import type { Identifier } from '../domain/identifier.js'
import type { CapacityField, Party, PartyId } from '../domain/party.js'
import { type Database, type Queryable, statement } from './database.js'

const FIND = statement(
  'find_party',
  'select party_id as "partyId" from party_identifier where scheme = $1 and value = $2',
)

/** The party that bears this identifier now or bore it once; null when none is known. */
export async function findParty(db: Queryable, identifier: Identifier): Promise<PartyId | null> {
  const rows = await db.query<{ partyId: PartyId }>(FIND, [identifier.scheme, identifier.value])
  return rows[0]?.partyId ?? null
}

const ENSURE = statement(
  'ensure_party',
  `with known as (
     select party_id from party_identifier where scheme = $1 and value = $2
   ), named as (
     insert into party_identifier (scheme, value, party_id)
     select $1, $2, $3 where not exists (select from known)
     on conflict do nothing
     returning party_id
   ), made as (
     insert into party (party_id, kind) select party_id, $4 from named
   )
   select party_id as "partyId" from known union all select party_id from named`,
)

/**
 * The party with this identifier, made when there is none. Of two callers at once one makes it and the other finds it. No
 * constraint is run into on the way: what PostgreSQL writes of that in its own log would hold the number.
 */
export async function ensureParty(db: Database, identifier: Identifier): Promise<PartyId> {
  const kind = identifier.scheme === 'orgnr' ? 'organisation' : 'person'
  const [row] = await db.query<{ partyId: PartyId }>(ENSURE, [
    identifier.scheme,
    identifier.value,
    timeOrderedId(),
    kind,
  ])
  const partyId = row?.partyId ?? (await findParty(db, identifier))
  if (partyId === null) throw new Error('a party was neither found nor made')
  return partyId
}

const REPLACE = statement(
  'replace_identifier',
  `with old as (
     select party_id from party_identifier where scheme = $1 and value = $2
   ), replaced as (
     update party_identifier set replaced_at = clock_timestamp() where scheme = $1 and value = $2 and replaced_at is null
   ), named as (
     insert into party_identifier (scheme, value, party_id) select $3, $4, party_id from old
      where not exists (select from party_identifier i where i.scheme = $3 and i.value = $4 and i.party_id = old.party_id)
   )
   select party_id as "partyId" from old`,
)

/**
 * Gives the party of the old identifier a new one; the old one goes on finding it. Told again, it changes nothing. Null
 * when the old one is unknown. Rejects when the new one is another party's: two parties are never made one here.
 */
export async function replaceIdentifier(db: Queryable, old: Identifier, now: Identifier): Promise<PartyId | null> {
  const rows = await db.query<{ partyId: PartyId }>(REPLACE, [old.scheme, old.value, now.scheme, now.value])
  return rows[0]?.partyId ?? null
}

const IS_DEAD = statement(
  'is_dead',
  'select exists (select from party_fact where party_id = $1 and upper_inf(recorded) and died_on is not null) as dead',
)

/** Whether a register says that the party has died. */
export async function isDead(db: Queryable, partyId: PartyId): Promise<boolean> {
  const [row] = await db.query<{ dead: boolean }>(IS_DEAD, [partyId])
  return row?.dead === true
}

/** What a register says of a party. */
export interface PartyFacts {
  readonly source: string
  readonly name: string
  /** Null for organisations. */
  readonly familyName: string | null
  readonly bornOn: Day | null
  readonly diedOn: Day | null
  readonly ceased: boolean
  readonly protectedAddress: boolean
  readonly capacityLost: readonly CapacityField[]
  readonly residences: readonly string[]
}

const RECORD = statement(
  'record_party_facts',
  `with current as (
     select (source, name, family_name, born_on, died_on, protected_address, ceased, capacity_lost, residences)
              is not distinct from ($2, $3, $4, $5::date, $6::date, $7, $8, $9::text[], $10::text[]) as same,
            greatest(clock_timestamp(), lower(recorded) + interval '1 microsecond') as at
       from party_fact where party_id = $1 and upper_inf(recorded)
   ), closed as (
     update party_fact set recorded = tstzrange(lower(recorded), (select at from current))
      where party_id = $1 and upper_inf(recorded) and (select not same from current)
     returning upper(recorded) as at
   ), added as (
     insert into party_fact (party_id, source, name, family_name, born_on, died_on, protected_address, ceased,
       capacity_lost, residences, recorded)
     select $1, $2, $3, $4, $5::date, $6::date, $7, $8, $9::text[], $10::text[], tstzrange(coalesce((select at from closed), clock_timestamp()), null)
      where exists (select from closed) or not exists (select from current)
     on conflict do nothing returning party_id
   )
   select exists (select from current where same) or exists (select from added) as recorded`,
)
const MOST_WRITERS_AT_ONCE = 20

/**
 * Records what a register says now; the same facts again change nothing. The source must have a freshness. Of several
 * that record of one party at once each is recorded, in some order: who finds that another came first tries again.
 */
export async function recordPartyFacts(db: Queryable, partyId: PartyId, facts: PartyFacts): Promise<void> {
  const { source, name, familyName, bornOn, diedOn, protectedAddress, ceased, capacityLost, residences } = facts
  const told = [source, name, familyName, bornOn, diedOn, protectedAddress, ceased, [...capacityLost], [...residences]]
  const values = [partyId, ...told]
  for (let attempt = 0; attempt < MOST_WRITERS_AT_ONCE; attempt++) {
    const [row] = await db.query<{ recorded: boolean }>(RECORD, values)
    if (row?.recorded === true) return
  }
  throw new Error('too many record of the same party at once')
}

const CONFIRM = statement(
  'confirm_register_fresh',
  `insert into register_freshness (source, fresh_at) values ($1, clock_timestamp())
   on conflict (source) do update set fresh_at = greatest(register_freshness.fresh_at, excluded.fresh_at)`,
)

/** Notes that this register's facts are complete as of now. */
export async function confirmRegisterFresh(db: Queryable, source: string): Promise<void> {
  await db.query(CONFIRM, [source])
}

/** A party with what people call it. */
export interface NamedParty extends Party {
  readonly name: string
  readonly familyName: string | null
  /** Null for a person. */
  readonly organisationNumber: string | null
}

const NAMED = statement(
  'named_parties',
  `select p.party_id as "partyId", p.kind, coalesce(f.name, '') as name, f.family_name as "familyName",
          f.born_on::text as "bornOn", f.died_on::text as "diedOn",
          coalesce(f.ceased, false) as ceased, coalesce(f.protected_address, false) as "protectedAddress",
          coalesce(f.capacity_lost, '{}') as "capacityLost", coalesce(f.residences, '{}') as residences, r.fresh_at as "factsFreshAt",
          (select i.value from party_identifier i
            where i.party_id = p.party_id and i.scheme = 'orgnr' and i.replaced_at is null limit 1) as "organisationNumber"
     from party p
     left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
     left join register_freshness r on r.source = f.source
    where p.party_id = any($1::uuid[])`,
)

/** The parties with these ids, in no particular order. */
export async function namedParties(db: Queryable, partyIds: readonly PartyId[]): Promise<NamedParty[]> {
  return db.query<NamedParty>(NAMED, [[...partyIds]])
}

/** A person with the number by which authorities know him. */
export interface NumberedPerson {
  readonly partyId: PartyId
  readonly name: string
  /** National identity number or D-number as it is now; null where there is none. */
  readonly number: string | null
  readonly protectedAddress: boolean
}

const NUMBERED = statement(
  'numbered_persons',
  `select p.party_id as "partyId", coalesce(f.name, '') as name, coalesce(f.protected_address, true) as "protectedAddress",
          (select i.value from party_identifier i
            where i.party_id = p.party_id and i.replaced_at is null and i.scheme in ('fnr', 'dnr')
            order by i.known_since desc, i.value limit 1) as number
     from party p
     left join party_fact f on f.party_id = p.party_id and upper_inf(f.recorded)
    where p.party_id = any($1::uuid[]) and p.kind = 'person'`,
)

/** Those of the parties that are persons, in no particular order. Of whom no register has told, the address counts as protected. */
export async function numberedPersons(db: Queryable, partyIds: readonly PartyId[]): Promise<NumberedPerson[]> {
  return db.query<NumberedPerson>(NUMBERED, [[...partyIds]])
}
