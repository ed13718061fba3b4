import type pg from 'pg'

/** What others than the owner may do: grants on the schema, on tables and their columns, and on functions. */
export async function describeGrants(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(GRANTS)
  return rows.map(({ line }) => line)
}

/** Privileges on things, as rows of thing, grantee and privilege; what the owner may do goes without saying. */
const HELD = `
  select 1 as rank, 'schema ' || quote_ident(n.nspname) as thing, a.grantee, lower(a.privilege_type) as privilege
    from pg_namespace n, aclexplode(n.nspacl) a
   where n.nspname = 'public' and a.grantee not in (0, n.nspowner)
  union all
  select 2, quote_ident(c.relname), a.grantee, lower(a.privilege_type)
    from pg_class c, aclexplode(c.relacl) a
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.grantee <> c.relowner
     and c.relname <> 'migrations' and c.relname !~ '^audit_entry_\\d{4}_\\d{2}$'
  union all
  select 3, quote_ident(c.relname), a.grantee,
         lower(a.privilege_type) || ' (' || string_agg(quote_ident(t.attname), ', ' order by t.attnum) || ')'
    from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
   where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
   group by c.relname, a.grantee, a.privilege_type
  union all
  select 4, 'function ' || p.oid::regprocedure, a.grantee, lower(a.privilege_type)
    from pg_proc p, aclexplode(p.proacl) a
   where p.pronamespace = 'public'::regnamespace and a.grantee not in (0, p.proowner)`

/** A function may be called by anyone unless that was taken back. */
const GRANTS = `
  select 'revoke execute on function ' || p.oid::regprocedure || ' from public;' as line, 0 as rank, p.proname::text as thing
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.proacl is not null
     and not exists (select from aclexplode(p.proacl) a where a.grantee = 0)
     and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all
  select 'grant ' || string_agg(h.privilege, ', ' order by h.privilege) || ' on ' || h.thing || ' to '
           || quote_ident(pg_get_userbyid(h.grantee)) || ';', h.rank, h.thing
    from (${HELD}) h group by h.rank, h.thing, h.grantee
   order by rank, thing, line`
