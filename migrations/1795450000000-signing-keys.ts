import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The keys that sign what we issue, each for one purpose. */
export class SigningKeys1795450000000 implements MigrationInterface {
  name = 'SigningKeys1795450000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [KEYS, WAKING, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const KEYS = `
-- Whether it is next, active, retiring or removed follows from the times of all keys of its purpose, and is nowhere stored.
create table signing_key (
  kid text collate "C" primary key,
  -- The one type of token that it signs.
  purpose text collate "C" not null check (purpose in ('at+jwt', 'statuslist+jwt', 'secevent+jwt')),
  public_jwk jsonb not null,
  -- The private half: encrypted, or the label of an object in a PKCS#11 module. Gone when the key is.
  sealed bytea,
  label text collate "C",
  -- Shown from this moment on.
  made_at timestamptz not null default clock_timestamp(),
  -- Signs from this moment on, until a later one does. Null while it only stands by.
  signs_from timestamptz check (signs_from >= made_at),
  removed_at timestamptz,
  check (num_nonnulls(sealed, label) <= 1 and (removed_at is not null or num_nonnulls(sealed, label) = 1)),
  check (removed_at is null or sealed is null)
);
create unique index signing_key_one_stands_by on signing_key (purpose) where signs_from is null and removed_at is null;
create unique index signing_key_one_at_a_time on signing_key (purpose, signs_from);
`

const WAKING = `
-- Wakes every instance. A waking that is lost costs two seconds, for they look by the clock too.
create function signing_keys_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('signing_keys_changed', '');
  return null;
end $$;
create trigger signing_key_wakes after insert or update on signing_key
  for each statement execute function signing_keys_changed();
`

const PRIVILEGES = `
-- The server makes the first ones; to change and to remove is for the owner.
grant select, insert on signing_key to fullmakt_server;
`
