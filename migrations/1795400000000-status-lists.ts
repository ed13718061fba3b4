import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Status lists of delegation tokens: which entry stands for which ground at which audience, and the lists as signed. */
export class StatusLists1795400000000 implements MigrationInterface {
  name = 'StatusLists1795400000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [LISTS, WAKING, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const LISTS = `
-- Each has 2^20 entries. A list that is more than half full takes no new ones.
create table status_list (
  list_id integer primary key check (list_id > 0),
  taking boolean not null default true
);
insert into status_list (list_id) values (1);

-- What a list says of it is nowhere stored: it is computed from the ground whenever a list is made.
create table status_entry (
  list_id integer not null references status_list,
  idx integer not null check (idx between 0 and 1048575),
  representation_id uuid references representation,
  audience text collate "C" references audience,
  -- What was known of the ground when the entry was allotted: when that changes, another entry takes its place.
  stands_on numeric,
  -- Of an entry that stands for nothing, what the list says of it: 1 ended, 2 frozen.
  decoy smallint check (decoy in (1, 2)),
  -- No token that names this entry lives longer.
  tokens_until timestamptz not null,
  primary key (list_id, idx),
  unique (representation_id, audience, stands_on),
  check (num_nulls(representation_id, audience, stands_on) = case when decoy is null then 0 else 3 end)
);
create index status_entry_end on status_entry (tokens_until);

-- The newest of each list, as every instance serves it.
create table signed_status_list (
  list_id integer primary key references status_list,
  token text not null,
  signed_at timestamptz not null
);
alter table signed_status_list alter column token set storage external;
`

const WAKING = `
-- Wakes whoever signs the lists. A waking that is lost costs half a minute, for they are signed anew by the clock too.
create function grounds_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('grounds_changed', '');
  return null;
end $$;
create trigger mandate_version_wakes after insert on mandate_version
  for each row when (new.change in ('narrowed', 'frozen', 'thawed', 'ended')) execute function grounds_changed();
create trigger relation_version_wakes after insert or update on relation_version
  for each statement execute function grounds_changed();
create trigger party_fact_wakes after insert or update on party_fact
  for each statement execute function grounds_changed();
create trigger ruling_wakes after insert or update on ruling
  for each statement execute function grounds_changed();
`

const PRIVILEGES = `
grant select on status_list, status_entry, signed_status_list to fullmakt_server;
grant insert, update (taking) on status_list to fullmakt_server;
grant insert, update (tokens_until), delete on status_entry to fullmakt_server;
grant insert, update on signed_status_list to fullmakt_server;
`
