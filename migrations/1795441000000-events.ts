import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What relying services are told of their grounds, and the outbox it comes out of. */
export class Events1795441000000 implements MigrationInterface {
  name = 'Events1795441000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [OUTBOX, NOTING, CLOCK, EVENTS, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const OUTBOX = `
-- The outbox of what may change a ground: written by the transaction that changes it, gone when clients have been told.
-- Whoever tells them takes whatever is there, so a transaction that commits late is only later, never lost.
create table ground_change (
  change_id bigint generated always as identity primary key,
  -- Of what: a mandate, a relation or an employment by its representation, a party, or the party whom a ruling is about.
  what text not null check (what in ('mandate', 'relation', 'employment', 'party', 'ruling')),
  changed uuid not null,
  -- time: it has only become later; grown: the party is a child no more.
  how text not null check (how in ('narrowed', 'frozen', 'thawed', 'ended', 'told', 'time', 'grown')),
  changed_at timestamptz not null default clock_timestamp()
);
`

/** Transition tables take one kind of event each, so a table that is inserted into and updated has two triggers. */
const notedBy = (table: string, what: string, party: string): string =>
  ['insert', 'update']
    .map(
      (event) => `create trigger ${table}_noted_on_${event} after ${event} on ${table} referencing new table as changed
  for each statement execute function ground_changed('${what}', '${party}');`,
    )
    .join('\n')

const NOTING = `
create function mandate_changed() returns trigger language plpgsql as $$
begin
  insert into public.ground_change (what, changed, how) values ('mandate', new.mandate_id, new.change);
  return null;
end $$;
create trigger mandate_version_noted after insert on mandate_version
  for each row when (new.change in ('narrowed', 'frozen', 'thawed', 'ended')) execute function mandate_changed();

-- For tables that a register, an employer or an authority tells us for: what it is, and the column that names it.
create function ground_changed() returns trigger language plpgsql as $$
begin
  execute format('insert into public.ground_change (what, changed, how) select distinct %L, %I, ''told'' from changed',
    tg_argv[0], tg_argv[1]);
  return null;
end $$;
${notedBy('relation_version', 'relation', 'representation_id')}
${notedBy('employment', 'employment', 'employment_id')}
${notedBy('party_fact', 'party', 'party_id')}
${notedBy('ruling', 'ruling', 'principal')}
`

const CLOCK = `
-- Up to when has been looked for what ends or begins by time alone.
create table event_clock (
  looked_until timestamptz not null
);
create unique index event_clock_once on event_clock ((true));
insert into event_clock values (clock_timestamp());

create index mandate_power_end on mandate_power (upper(valid)) where upper_inf(recorded) and state in ('active', 'frozen');
create index relation_version_end on relation_version (upper(valid)) where upper_inf(recorded) and not upper_inf(valid);
create index employment_end on employment (upper(valid)) where upper_inf(recorded) and not upper_inf(valid);
create index ruling_begin on ruling (lower(valid)) where upper_inf(recorded);
create index ruling_end on ruling (upper(valid)) where upper_inf(recorded) and not upper_inf(valid);
`

const EVENTS = `
-- Each client's events are numbered by themselves, without gaps: its numbers tell nothing of what others are told.
create table event_stream (
  client_id text collate "C" primary key references client,
  last_number bigint not null check (last_number > 0)
);

create table event (
  client_id text collate "C" not null references event_stream,
  number bigint not null,
  jti uuid not null unique,
  -- What the client calls the ground.
  handle text collate "C" not null references handle,
  type text not null check (type in ('delegation-revoked', 'delegation-suspended', 'delegation-resumed',
    'delegation-scope-changed', 'delegation-expired', 'principal-status-changed')),
  told_at timestamptz not null,
  -- By a client that polls; what it could not take is done with too, and here stands why.
  acknowledged_at timestamptz,
  refused_as text,
  primary key (client_id, number),
  check (refused_as is null or acknowledged_at is not null)
);
create index event_of_handle on event (handle, number desc);
create index event_unacknowledged on event (client_id, number) where acknowledged_at is null;
create index event_age on event (told_at);

create index handle_of_representation on handle (representation_id) where representation_id is not null;
create index status_entry_of_employee on status_entry (employee) where employee is not null;
`

const PRIVILEGES = `
grant select, insert, delete on ground_change to fullmakt_server;
grant select, update on event_clock to fullmakt_server;
grant select, insert, update on event_stream to fullmakt_server;
grant select, insert, update (acknowledged_at, refused_as), delete on event to fullmakt_server;
`
