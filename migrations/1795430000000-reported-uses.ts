import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What services report that they did under a delegation token. */
export class ReportedUses1795430000000 implements MigrationInterface {
  name = 'ReportedUses1795430000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [USES, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const USES = `
create table reported_use (
  client_id text collate "C" not null references client,
  -- The client's own name for it, so that a report which comes twice is one use.
  use_id uuid not null,
  -- The log's entry of the exchange by which the token was issued.
  evaluation_id uuid not null,
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  object text collate "C",
  outcome text collate "C" not null check (outcome in ('done', 'failed', 'refused')),
  -- The client's own, of what it did.
  reference text,
  happened_at timestamptz not null,
  reported_at timestamptz not null,
  -- SHA-256 of what was reported: the same again is the same use, anything else under its id is refused.
  content_hash bytea not null,
  primary key (client_id, use_id)
);
create index reported_use_of_token on reported_use (evaluation_id, happened_at desc);

-- A token is found by the entry of its exchange, long after it has run out.
create index audit_entry_of_exchange on audit_entry (entry_id) where kind = 'exchange';
`

const PRIVILEGES = `
grant select, insert on reported_use to fullmakt_server;
`
