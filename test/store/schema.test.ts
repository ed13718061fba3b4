import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { describeSchema } from '../../dev/describe-schema.js'
import { dropDatabase, prepareDatabase } from '../../dev/prepare-database.js'
import { type TestDatabase, testDatabase } from '../support/database.js'

/**
 * What PostgreSQL itself keeps of a schema, asked for without the program that writes `schema.sql`. The table of the
 * migration runner and the months of the log are no part of it.
 */
const OURS = `
  select c.relname::text as of, c.* from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relname !~ '^(migrations|PK_|audit_entry_\\d{4}_\\d{2})'`
const CATALOGUES: Readonly<Record<string, string>> = {
  relations: `
    select o.of, o.relkind, o.relpersistence, o.relispartition, o.relrowsecurity, o.reloptions, pg_get_userbyid(o.relowner) as owner,
           pg_get_expr(o.relpartbound, o.oid) as bound, pg_get_partkeydef(o.oid) as key,
           (select inhparent::regclass::text from pg_inherits where inhrelid = o.oid) as parent
      from (${OURS}) o order by 1`,
  columns: `
    select o.of, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, a.attidentity, a.attgenerated,
           a.attcollation::regcollation::text as collation, pg_get_expr(d.adbin, d.adrelid) as default
      from (${OURS}) o join pg_attribute a on a.attrelid = o.oid and a.attnum > 0
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     order by 1, 2`,
  constraints: `
    select o.of, k.conname, k.contype, k.convalidated, k.condeferrable, k.conislocal, pg_get_constraintdef(k.oid) as definition
      from (${OURS}) o join pg_constraint k on k.conrelid = o.oid order by 1, 2`,
  indexes: `
    select o.of, x.relname as index, i.indisunique, i.indisprimary, i.indisexclusion, i.indisvalid, i.indisready,
           pg_get_indexdef(i.indexrelid) as definition,
           (select inhparent::regclass::text from pg_inherits where inhrelid = i.indexrelid) as parent
      from (${OURS}) o join pg_index i on i.indrelid = o.oid join pg_class x on x.oid = i.indexrelid order by 1, 2`,
  triggers: `
    select o.of, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) as definition
      from (${OURS}) o join pg_trigger t on t.tgrelid = o.oid where not t.tgisinternal order by 1, 2`,
  functions: `
    select p.oid::regprocedure::text as of, p.prosrc, p.prosecdef, p.proconfig, p.provolatile, p.proisstrict, p.proleakproof,
           p.prorettype::regtype::text as result, pg_get_userbyid(p.proowner) as owner,
           (select lanname from pg_language l where l.oid = p.prolang) as language
      from pg_proc p
     where p.pronamespace = 'public'::regnamespace
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
     order by 1`,
  privileges: `
    select * from (
      select o.of, null::text as of_what, pg_get_userbyid(a.grantee) as who, a.privilege_type, a.is_grantable
        from (${OURS}) o, aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a
      union all
      select o.of, t.attname::text, pg_get_userbyid(a.grantee), a.privilege_type, a.is_grantable
        from (${OURS}) o join pg_attribute t on t.attrelid = o.oid, aclexplode(t.attacl) a
      union all
      select p.oid::regprocedure::text, 'function', case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end,
             a.privilege_type, a.is_grantable
        from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       where p.pronamespace = 'public'::regnamespace
         and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      union all
      select nspname, 'schema', case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end, a.privilege_type, a.is_grantable
        from pg_namespace, aclexplode(nspacl) a where nspname = 'public'
    ) held order by 1, 2, 3, 4`,
  others: `
    select 'extension' as of, extname::text as name from pg_extension
    union all select 'namespace', nspname from pg_namespace where nspname !~ '^pg_'
    union all select 'type', typname from pg_type t where typnamespace = 'public'::regnamespace and typrelid = 0 and typelem = 0
    union all select 'policy', polname from pg_policy
    union all select 'default privileges', defaclacl::text from pg_default_acl
    order by 1, 2`,
}

async function cataloguesOf(url: string): Promise<Record<string, unknown[]>> {
  return connected(url, async (client) => {
    const found: Record<string, unknown[]> = {}
    for (const [name, text] of Object.entries(CATALOGUES)) found[name] = (await client.query(text)).rows as unknown[]
    return found
  })
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const run = (url: string, text: string): Promise<unknown> => connected(url, (client) => client.query(text))

const file = readFileSync('migrations/schema.sql', 'utf8')
const name = `schema_${randomBytes(6).toString('hex')}`
let migrated: TestDatabase
let applied: { readonly superuserUrl: string; readonly ownerUrl: string }

beforeAll(async () => {
  migrated = await testDatabase(1)
  await prepareDatabase(migrated.superuserUrl, name)
  const here = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href
  applied = { superuserUrl: here(migrated.superuserUrl), ownerUrl: here(migrated.ownerUrl) }
  await run(applied.ownerUrl, file)
})
afterAll(async () => {
  await dropDatabase(migrated.superuserUrl, name)
  await migrated.drop()
})

describe('schema.sql', () => {
  test('is what the migrations make', async () => {
    expect(await connected(migrated.serverUrl, describeSchema)).toBe(file)
  })

  test('run in an empty database makes the same as the migrations', async () => {
    const [one, other] = [await cataloguesOf(applied.superuserUrl), await cataloguesOf(migrated.superuserUrl)]
    for (const catalogue of Object.keys(CATALOGUES)) {
      expect([catalogue, one[catalogue]]).toEqual([catalogue, other[catalogue]])
      expect(other[catalogue]?.length).toBeGreaterThan(2)
    }
  })

  test('stays what it is when a month of the log is made', async () => {
    const before = await cataloguesOf(migrated.superuserUrl)
    await run(migrated.serverUrl, 'select make_audit_partitions(1)')
    expect(await connected(migrated.serverUrl, describeSchema)).toBe(file)
    expect(await cataloguesOf(migrated.superuserUrl)).toEqual(before)
  })

  test.each([
    ['a column more', 'alter table party add column more text'],
    ['a default less', 'alter table party alter column created_at drop default'],
    ['a column that may be empty', 'alter table party alter column kind drop not null'],
    ['another collation', 'alter table handle alter column handle type text collate "default"'],
    ['a check less', 'alter table mandate drop constraint mandate_version_check'],
    ['a twin forbidden no more', 'alter table mandate_power drop constraint mandate_power_no_twins'],
    ['a key to another table less', 'alter table session drop constraint session_party_id_fkey'],
    ['an index less', 'drop index used_jti_expiry'],
    ['a trigger less', 'drop trigger mandate_power_final on mandate_power'],
    [
      'a function that says yes to all',
      'create or replace function mandate_power_final() returns trigger language plpgsql as $$ begin return new; end $$',
    ],
    ['a function with the caller’s rights', 'alter function make_audit_partitions(integer) security invoker'],
    ['a function for everyone', 'grant execute on function make_audit_partitions(integer) to public'],
    ['a right more', 'grant update on audit_entry to fullmakt_server'],
    ['a right on a column more', 'grant update (state) on mandate_power to fullmakt_server'],
    ['a right for everyone', 'grant select on party to public'],
    ['a right less', 'revoke insert on audit_entry from fullmakt_server'],
    ['a table more', 'create table more (id int)'],
  ])('is told apart from a schema with %s', async (_what, change) => {
    await connected(applied.ownerUrl, async (client) => {
      await client.query('begin')
      await client.query(change)
      expect(await describeSchema(client)).not.toBe(file)
      await client.query('rollback')
    })
  })

  test.each([
    ['a view', 'create view more as select 1 as one'],
    ['a sequence', 'create sequence more'],
    ['a type', `create type more as enum ('a')`],
    ['a schema', 'create schema more'],
    ['a rule for rows', 'alter table party enable row level security'],
  ])('cannot be written of what it does not describe: %s', async (_what, change) => {
    await connected(applied.ownerUrl, async (client) => {
      await client.query('begin')
      await client.query(change)
      await expect(describeSchema(client)).rejects.toThrow('not described: ')
      await client.query('rollback')
    })
  })
})
