import { randomUUID } from 'node:crypto'
import type { PartyId } from '../../src/domain/party.js'
import { SYNTHETIC_REGISTER } from '../../dev/population.js'
import { type Database, statement } from '../../src/store/database.js'
import { ensureParty, recordPartyFacts } from '../../src/store/party-store.js'

/** What a register tells of a ground, as the import stores it. */
export interface Relation {
  readonly principal: PartyId
  readonly representative: PartyId | null
  readonly basis: 'parent' | 'guardian' | 'lasting_power' | 'organisation_role'
  /** The register's own code. */
  readonly says: string
  readonly tasks?: readonly string[]
  readonly from?: string
  readonly until?: string
  /** The register, which must have told how fresh it is. */
  readonly source: string
}

const INSERT = statement(
  'test_insert_relation',
  `with made as (
     insert into representation (representation_id, principal, representative, basis, source, source_reference)
     values ($1, $2, $3, $4, $5, $6) returning representation_id
   )
   insert into relation_version (representation_id, says, tasks, valid, recorded)
   select representation_id, $7, $8::text[], tstzrange($9::timestamptz, $10::timestamptz),
          tstzrange(clock_timestamp(), null)
     from made`,
)

/** Makes the register say this from now on. Returns the ground's id. */
export async function tellRelation(database: Database, relation: Relation): Promise<string> {
  const id = randomUUID()
  const { principal, representative, basis, says, tasks = [], from = null, until = null, source } = relation
  await database.query(INSERT, [id, principal, representative, basis, source, `test:${id}`, says, tasks, from, until])
  return id
}

/** Makes the register say that there is such an organisation, or that it has been struck off. */
export async function tellOrganisation(db: Database, name: string, orgnr: string, ceased = false): Promise<PartyId> {
  const partyId = await ensureParty(db, { scheme: 'orgnr', value: orgnr })
  const alive = { familyName: null, bornOn: null, diedOn: null, ceased, protectedAddress: false }
  await recordPartyFacts(db, partyId, { source: SYNTHETIC_REGISTER, name, ...alive, capacityLost: [], residences: [] })
  return partyId
}

const FORGET = statement(
  'test_end_relation',
  `update relation_version set recorded = tstzrange(lower(recorded), clock_timestamp())
    where representation_id = $1 and upper_inf(recorded)`,
)

/** Makes the register say it no more. */
export async function untellRelation(database: Database, id: string): Promise<void> {
  await database.query(FORGET, [id])
}

/** Makes Enhetsregisteret say that someone has this role in an organisation. Returns the ground's id. */
export function tellRole(db: Database, principal: PartyId, representative: PartyId, says: string): Promise<string> {
  return tellRelation(db, { principal, representative, basis: 'organisation_role', says, source: SYNTHETIC_REGISTER })
}
