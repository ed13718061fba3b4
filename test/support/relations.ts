import { randomUUID } from 'node:crypto'
import type { PartyId } from '../../src/domain/party.js'
import { type Database, statement } from '../../src/store/database.js'

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
