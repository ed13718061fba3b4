import type { BulkTransaction } from './bulk-connection.js'
import { statement } from './database.js'

/** The tables that a first load fills. */
const FILLED = `array['party', 'party_identifier', 'party_fact', 'representation', 'relation_version']::regclass[]`

const EMPTY = statement(
  'registers_are_empty',
  'select not exists (select from party_fact) and not exists (select from relation_version) as empty',
)

const CLAIM = statement(
  'claim_register_tables',
  'lock table party, party_identifier, party_fact, representation, relation_version in access exclusive mode',
)

/** What other tables refer to stays, and so do checks: everything else can be made again from rows that are there. */
const PARTS = statement(
  'parts_of_register_tables',
  `select conrelid::regclass::text as "table", 'constraint' as sort, quote_ident(conname) as name,
          format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as "make"
     from pg_constraint c
    where conrelid = any(${FILLED}) and contype in ('f', 'x', 'u', 'p')
      and not exists (select from pg_constraint f where f.contype = 'f' and f.confrelid = c.conrelid
                       and f.conindid = c.conindid and c.contype in ('u', 'p') and not f.conrelid = any(${FILLED}))
      and not (contype = 'p' and conrelid in ('party'::regclass, 'representation'::regclass))
   union all
   select indrelid::regclass::text, 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
     from pg_index i
    where indrelid = any(${FILLED}) and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('u', 'p', 'x'))
    order by sort desc, "table", name`,
)

interface Part {
  readonly table: string
  readonly sort: 'constraint' | 'index'
  readonly name: string
  readonly make: string
}

/** Puts back what was taken away. */
export type PutBack = () => Promise<void>

/**
 * Takes indexes, foreign keys and triggers off the register's tables, when they hold nothing a register has told: rows go
 * in several times as fast, and what is made from them at the end holds them to the same rules. In one transaction with
 * the load, so that a break in between leaves nothing behind. Needs the owner's role; until the end everyone else waits.
 *
 * @returns null when registers have told something already: then the tables stay as they are.
 */
export async function stripEmptyTables(tx: BulkTransaction): Promise<PutBack | null> {
  const isEmpty = async (): Promise<boolean> => (await tx.query<{ empty: boolean }>(EMPTY, []))[0]?.empty === true
  if (!(await isEmpty())) return null
  await tx.query(CLAIM, [])
  if (!(await isEmpty())) return null
  await tx.query(statement('give_memory', `set local maintenance_work_mem = '256MB'; set local work_mem = '128MB'`), [])
  const parts = await tx.query<Part>(PARTS, [])
  const foreignFirst = [...parts].sort((one, other) => rank(one) - rank(other))
  for (const { table, sort, name } of foreignFirst) {
    const text = sort === 'index' ? `drop index ${name}` : `alter table ${table} drop constraint ${name}`
    await tx.query(statement('take_off', text), [])
  }
  for (const table of ['party_fact', 'relation_version'])
    await tx.query(statement('rest_triggers', `alter table ${table} disable trigger user`), [])
  return async () => {
    for (const { make } of foreignFirst.toReversed()) await tx.query(statement('put_back', make), [])
    for (const table of ['party_fact', 'relation_version'])
      await tx.query(statement('wake_triggers', `alter table ${table} enable trigger user`), [])
  }
}

/** Foreign keys go first and come back last: they rest on the others. */
function rank({ sort, make }: Part): number {
  if (sort === 'index') return 2
  return make.includes('FOREIGN KEY') ? 0 : 1
}

const GATHER = statement(
  'gather_statistics',
  'analyze party, party_identifier, party_fact, representation, relation_version',
)

/** So that the next question is planned for what is there now. */
export async function gatherStatistics(tx: BulkTransaction): Promise<void> {
  await tx.query(GATHER, [])
}
