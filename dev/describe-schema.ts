import type pg from 'pg'
import { describeGrants } from './describe-grants.js'

const HEADER = `-- The schema as the migrations make it: read this to know the database. Written by dev/schema.ts, never by hand.
-- The table "migrations", in which the runner notes what has been run, and the months of the log are left out.
`

/**
 * The schema of a migrated database as SQL that can be run in an empty one, whose two roles exist. The same schema is
 * the same text: tables stand in the order in which they were made, everything else by name.
 *
 * @throws Error when the schema holds something that is not described here, such as a view.
 */
export async function describeSchema(client: pg.ClientBase): Promise<string> {
  const lines = async (text: string): Promise<string[]> => {
    const { rows } = await client.query<{ line: string }>(text)
    return rows.map(({ line }) => line)
  }
  const unknown = await lines(UNDESCRIBED)
  if (unknown.length > 0) throw new Error(`not described: ${unknown.join(', ')}`)
  const parts = [
    await lines(EXTENSIONS),
    await lines(TABLES),
    await lines(INDEXES),
    await lines(PARTITIONS),
    await lines(FOREIGN_KEYS),
    await lines(FUNCTIONS),
    await lines(TRIGGERS),
    await describeGrants(client),
  ]
  return [HEADER, ...parts.filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`)].join('\n')
}

/** Tables that the migrations make, the months of the log excepted: those are made as time goes. */
const DESCRIBED = `
  select c.oid, c.relname, c.relkind, c.relispartition, c.relacl from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
     and c.relname <> 'migrations' and c.relname !~ '^audit_entry_\\d{4}_\\d{2}$'`

/** Whatever belongs to no extension and is none of what is described below. */
const UNDESCRIBED = `
  select quote_ident(c.relname) as line from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind not in ('r', 'p', 'i', 'I')
     and c.relname <> 'migrations_id_seq'
     -- The sequence of an identity column is told of with the column.
     and not (c.relkind = 'S' and exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i'))
  union all select t.typname from pg_type t
   where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd', 'r')
     and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
  union all select p.polname from pg_policy p
  union all select t.evtname from pg_event_trigger t
  union all select n.nspname from pg_namespace n where n.nspname !~ '^(pg_|information_schema$|public$)'
  union all select c.relname from pg_class c join (${DESCRIBED}) d using (oid) where c.relrowsecurity or c.reloptions is not null`

const EXTENSIONS = `
  select 'create extension if not exists ' || quote_ident(extname) || ';' as line
    from pg_extension where extname <> 'plpgsql' order by extname`

const COLUMN = `
  '  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
     || case when a.attcollation <> t.typcollation then ' collate ' || quote_ident(l.collname) else '' end
     || case when d.adbin is null then '' else ' default ' || pg_get_expr(d.adbin, d.adrelid, true) end
     || case a.attidentity when 'a' then ' generated always as identity' else '' end
     || case when a.attnotnull then ' not null' else '' end`

const TABLES = `
  with described as (${DESCRIBED}), parts as (
    select c.oid, 1 as rank, a.attnum::int as place, '' as name, ${COLUMN} as part
      from described c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      left join pg_collation l on l.oid = a.attcollation
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    union all
    select c.oid, 2, position(k.contype in 'pucx'), k.conname,
           '  constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid, true)
      from described c join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'x')
  )
  select 'create table ' || quote_ident(c.relname) || E' (\\n' || string_agg(p.part, E',\\n' order by rank, place, name) || E'\\n)'
         || case when c.relkind = 'p' then ' partition by ' || lower(pg_get_partkeydef(c.oid)) else '' end || E';\\n' as line
    from described c join parts p using (oid)
   where not c.relispartition
   group by c.oid, c.relname, c.relkind order by c.oid`

const INDEXES = `
  select pg_get_indexdef(i.indexrelid, 0, true) || ';' as line
    from (${DESCRIBED}) c join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid
   where not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f')
   order by x.relname`

const PARTITIONS = `
  select 'create table ' || quote_ident(c.relname) || ' partition of ' || i.inhparent::regclass || ' '
         || lower(pg_get_expr(r.relpartbound, r.oid)) || ';' as line
    from (${DESCRIBED}) c join pg_inherits i on i.inhrelid = c.oid join pg_class r on r.oid = c.oid
   where c.relispartition order by c.relname`

const FOREIGN_KEYS = `
  select 'alter table ' || quote_ident(c.relname) || ' add constraint ' || quote_ident(k.conname) || ' '
         || pg_get_constraintdef(k.oid, true) || ';' as line
    from (${DESCRIBED}) c join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0
   order by c.relname, k.conname`

const FUNCTIONS = `
  select rtrim(pg_get_functiondef(p.oid), E'\\n') || E';\\n' as line
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
   order by p.proname`

const TRIGGERS = `
  select pg_get_triggerdef(t.oid, true) || ';' as line
    from (${DESCRIBED}) c join pg_trigger t on t.tgrelid = c.oid
   where not t.tgisinternal and t.tgparentid = 0 order by t.tgname`
