import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Whom a person has asked us to tell when something weighty happens to his mandates. */
export class TrustedContact1795494000000 implements MigrationInterface {
  name = 'TrustedContact1795494000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CONTACTS, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const CONTACTS = `
create table trusted_contact (
  contact_id uuid primary key default gen_random_uuid(),
  -- Who trusts, and whom.
  person uuid not null references party,
  contact uuid not null references party check (contact <> person),
  named_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  -- Either of the two.
  ended_by uuid references party check (ended_by in (person, contact)),
  check ((ended_at is null) = (ended_by is null))
);
-- One at a time.
create unique index trusted_contact_now on trusted_contact (person) where ended_at is null;
create index trusted_contact_of on trusted_contact (contact) where ended_at is null;
create index trusted_contact_named on trusted_contact (person, named_at);
create index trusted_contact_end on trusted_contact (ended_at) where ended_at is not null;
`

const PRIVILEGES = `
grant select, insert, update (ended_at, ended_by), delete on trusted_contact to fullmakt_server;
`
