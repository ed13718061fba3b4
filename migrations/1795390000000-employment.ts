import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What organisations tell of those who work for them, and logins at work. */
export class Employment1795390000000 implements MigrationInterface {
  name = 'Employment1795390000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [EMPLOYMENT, LOGINS, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const EMPLOYMENT = `
-- Who works for an organisation, as that organisation has told: its identity is a representation, its principal the
-- organisation. What it may be used for never changes: that is an end and another one.
create table employment (
  employment_id uuid not null,
  basis text not null default 'employment' check (basis = 'employment'),
  told_by text collate "C" not null references client,
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null check (not isempty(recorded) and not lower_inf(recorded)),
  foreign key (employment_id, basis) references representation (representation_id, basis),
  exclude using gist (employment_id with =, recorded with &&)
);
create unique index employment_current on employment (employment_id) where upper_inf(recorded);
create trigger employment_closed_once before insert or update on employment
  for each row execute function recorded_is_closed_once();

create table employment_power (
  employment_id uuid not null references representation,
  service_id text collate "C" not null,
  action text collate "C" not null check (action in ('read', 'communicate', 'write', 'receive')),
  provider text collate "C"
);
create unique index employment_power_once on employment_power (employment_id, service_id, action, coalesce(provider, ''));
`

const LOGINS = `
-- Whether the client may tell who works for the organisation that runs it.
alter table client add column may_tell_employments boolean not null default false;
-- Where its users log in at work, beside where they do as themselves.
alter table client add column work_login_issuer text, add column work_login_client_id text,
  add check ((work_login_issuer is null) = (work_login_client_id is null));

-- The organisation that the person is at work for; null for a private login.
alter table actor_grant add column works_for uuid references party;
`

const PRIVILEGES = `
grant select, insert on employment, employment_power to fullmakt_server;
grant update (recorded) on employment to fullmakt_server;
`
